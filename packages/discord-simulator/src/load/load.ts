import { createCipheriv } from 'node:crypto'
import { ChannelType } from 'discord-api-types/v10'
import { z } from 'zod'
import type { Timer } from '../clock.ts'
import { composeMessage, messageEvent } from '../world/compose.ts'
import type { Dispatch, Guild } from '../world/types.ts'
import type { World } from '../world/world.ts'

export const loadBody = z.strictObject({
  /** How many events a second, over all guilds; 'max': as many as the clients take; 0: none. */
  events_per_s: z.union([z.literal('max'), z.number().min(0).max(1_000_000)]),
  /** How large each payload is, in bytes of JSON: no larger than what a client takes in one message. */
  bytes: z.int().min(1).max(65_536).default(1_024),
})
export type LoadOptions = z.input<typeof loadBody>

type Template = { event: object; missing: number }

export interface LoadHost {
  world: World
  /** Sends a dispatch to those whom it concerns. The world does not change: it would remember all of them. */
  send: (dispatch: Dispatch & { payload: object }) => void
  /** How much waits to be sent to the slowest client, in bytes. */
  backlogBytes: () => number
}

/** How often events are sent, in ms. Those of one turn leave in few writes. */
const TURN_MS = 5

/** The same when there is more to send than a turn takes. Not 0: on a manual clock time would then never pass. */
const HURRIED_TURN_MS = 1

/** How many are sent in a turn at most. More would keep heartbeats waiting. */
const MOST_A_TURN = 1_024

/** How far the slowest client may be behind before the load waits for it. More would fill the memory. */
const MAX_BACKLOG_BYTES = 4 * 1_048_576

/** More than a compressor looks back on: 2 MiB for zstd as Node sets it. */
const FILLING_BYTES = 4 * 1_048_576

/** Hexadecimal digits that look random and are the same each time: what people write does not shrink to nothing either. */
const filling = () => {
  const nothing = Buffer.alloc(16)
  return createCipheriv('aes-128-ctr', nothing, nothing)
    .update(Buffer.alloc(FILLING_BYTES / 2))
    .toString('hex')
}

const textChannelOf = (guild: Guild) => guild.channels.find(({ type }) => type === ChannelType.GuildText)

/** Messages at a chosen rate, over all guilds in turn: for benchmarks. They are sent, and kept nowhere but for a resume. */
export class Load {
  readonly #host: LoadHost
  readonly #templates: Template[] = []
  #filling = ''
  #filledTo = 0
  #timer: Timer | null = null
  #sent = 0
  /** Whose turn it is; a load that is started again goes on there, or with many guilds the last would never have one. */
  #turn = 0

  constructor(host: LoadHost) {
    this.#host = host
  }

  get running(): boolean {
    return this.#timer !== null
  }

  /** How many events were sent since the start. */
  get sent(): number {
    return this.#sent
  }

  /** Starts, or goes on with another rate; 0 stops it. Throws a ZodError for a rate or size that cannot be. */
  start(options: LoadOptions): void {
    const { events_per_s, bytes } = loadBody.parse(options)
    this.stop()
    if (events_per_s === 0) return
    this.#sent = 0
    this.#prepare(bytes)
    const { clock } = this.#host.world
    let lastMs = clock.now()
    let due = 0
    const turn = () => {
      const now = clock.now()
      // What cannot be sent now is sent later, but no more than a second's.
      due =
        events_per_s === 'max'
          ? MOST_A_TURN
          : Math.min(due + ((now - lastMs) / 1_000) * events_per_s, Math.max(1, events_per_s))
      lastMs = now
      const count = this.#host.backlogBytes() > MAX_BACKLOG_BYTES ? 0 : Math.min(Math.floor(due), MOST_A_TURN)
      for (let n = 0; n < count; n++) this.#one()
      due -= count
      this.#timer = clock.after(due >= MOST_A_TURN || events_per_s === 'max' ? HURRIED_TURN_MS : TURN_MS, turn)
    }
    this.#timer = clock.after(TURN_MS, turn)
  }

  stop(): void {
    this.#timer?.cancel()
    this.#timer = null
  }

  #one(): void {
    const template = this.#templates[this.#turn++ % this.#templates.length]
    if (!template) return
    this.#sent += 1
    const content = this.#fill(template.missing)
    this.#host.send({ event: 'MESSAGE_CREATE', payload: { ...template.event, id: this.#host.world.nextId(), content } })
  }

  #fill(length: number): string {
    if (this.#filledTo + length > FILLING_BYTES) this.#filledTo = 0
    const from = this.#filledTo
    this.#filledTo += length
    return this.#filling.slice(from, this.#filledTo)
  }

  /** A message for each guild, and how much it lacks to be as long as is asked for. */
  #prepare(bytes: number): void {
    const { world } = this.#host
    this.#filling ||= filling()
    this.#templates.length = 0
    for (const guild of world.guilds()) {
      const channel = textChannelOf(guild)
      const author = guild.members.find(({ user }) => !user.bot)?.user
      if (!channel || !author) continue
      const located = { guild, channel }
      const event = messageEvent(world, located, composeMessage(world, located, { author, content: '' }))
      const missing = Math.max(0, bytes - Buffer.byteLength(JSON.stringify(event)))
      this.#templates.push({ event, missing })
    }
  }
}
