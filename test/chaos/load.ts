import { permissionsIn } from '@repo/discord-permissions'
import { BOT } from '@repo/discord-simulator'
import type { Guild, Random, Simulator } from '@repo/discord-simulator'
import { ChannelType, PermissionFlagsBits } from 'discord-api-types/v10'
import { CLOCK_MS } from './hole.ts'
import type { Happened } from './hole.ts'

/** How often events are sent, in ms: so few at once that the load is even, so many that timers cost little. */
const TURN_MS = 10

/** About what a message of a person is, with its author and member. */
const CONTENT_CHARS = 200

/** As the simulator does. */
const KEPT_PER_CHANNEL = 5_000

/** Of a hundred events: most bots hear of typing and presences first. The rest are TYPING_STARTs. */
const MESSAGES_OF_100 = 30
const VOICE_OF_100 = 5

/** The number that an event of the load carries; null for any other event. */
export function numberOf(event: string, payload: Record<string, unknown>): number | null {
  const text =
    event === 'TYPING_START'
      ? payload['timestamp']
      : event === 'VOICE_STATE_UPDATE'
        ? payload['session_id']
        : event === 'MESSAGE_CREATE'
          ? String(payload['content']).split(' ')[0]
          : undefined
  const n = Number(text)
  return Number.isInteger(n) && n > 0 ? n : null
}

/** Of another channel Discord would tell the bot nothing. */
function botSees(guild: Guild, channel: Guild['channels'][number]): boolean {
  const member = guild.members.find(({ user }) => user.id === BOT.id)
  return member !== undefined && (permissionsIn(member, guild, channel) & PermissionFlagsBits.ViewChannel) !== 0n
}

/** What happened in one guild, and when. */
export class GuildLoad implements Happened {
  readonly id: string
  /** The number of the last event. */
  sent = 0
  /** When each was sent, by its number; by the clock of `performance`. */
  readonly sentAt: number[] = [0]
  /** What any browser was told as it happened. */
  readonly toldAnybody = new Set<number>()
  /** When the gateway received each, as far as backends were told; in ms since the epoch. */
  readonly receivedAt = new Map<number, number>()
  /** Those by which somebody left voice. */
  readonly leaves = new Set<number>()
  /** Of each that is a message, its channel, and the how manyth of that it is. */
  readonly #messages = new Map<number, { channelId: string; index: number }>()
  readonly #messagesOf = new Map<string, number>()

  /** When the gateway has resumed a session, in ms since the epoch. */
  readonly #resumes: readonly number[]

  constructor(id: string, resumes: readonly number[]) {
    this.id = id
    this.#resumes = resumes
  }

  at(n: number): number {
    return performance.timeOrigin + (this.sentAt[n] ?? 0)
  }

  /** As far as backends were told of it. */
  replayed(n: number): boolean {
    const receivedAt = this.receivedAt.get(n)
    // Seen a turn later than it was; and nothing was heard just before, for whoever resumes was cut off.
    return receivedAt !== undefined && this.#resumes.some((at) => this.at(n) < at && at <= receivedAt + CLOCK_MS)
  }

  spoke(n: number, channelId: string): void {
    const index = this.#messagesOf.get(channelId) ?? 0
    this.#messages.set(n, { channelId, index })
    this.#messagesOf.set(channelId, index + 1)
  }

  /** Undefined too of a message that the simulated Discord has forgotten by now: nobody can have it again, nor know that. */
  channelOf(n: number): string | undefined {
    const message = this.#messages.get(n)
    if (!message || (this.#messagesOf.get(message.channelId) ?? 0) - message.index > KEPT_PER_CHANNEL) return undefined
    return message.channelId
  }
}

/** Numbered events at a rate, over some guilds in turn. */
export class Load {
  readonly guilds: readonly GuildLoad[]
  readonly #simulator: Simulator
  readonly #random: Random
  readonly #resumes: number[] = []
  /** Connections that have resumed a session, by their ids. */
  readonly #resumed = new Set<number>()
  #timer: NodeJS.Timeout | null = null
  #turn = 0

  constructor(simulator: Simulator, random: Random) {
    this.#simulator = simulator
    this.#random = random
    this.guilds = simulator.world.guilds().map(({ id }) => new GuildLoad(id, this.#resumes))
  }

  get sent(): number {
    return this.guilds.reduce((sum, { sent }) => sum + sent, 0)
  }

  start(eventsPerSecond: number): void {
    let lastMs = performance.now()
    let due = 0
    this.#timer = setInterval(() => {
      const now = performance.now()
      this.#look()
      // What a busy machine keeps from being sent is sent later: the rate is one over the run.
      due += ((now - lastMs) / 1_000) * eventsPerSecond
      lastMs = now
      for (; due >= 1; due--) this.one()
    }, TURN_MS)
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer)
    this.#timer = null
  }

  /** What was sent before now is replayed by sessions that were resumed since the last time. */
  #look(): void {
    for (const { id, opened_by: by } of this.#simulator.connections()) {
      if (by !== 'resume' || this.#resumed.has(id)) continue
      this.#resumed.add(id)
      this.#resumes.push(performance.timeOrigin + performance.now())
    }
  }

  /** The next event, of the next guild. */
  one(): void {
    const load = this.guilds[this.#turn++ % this.guilds.length]
    const guild = load && this.#simulator.world.guild(load.id)
    if (!load || !guild) throw new Error('the world has lost a guild')
    const n = ++load.sent
    load.sentAt.push(performance.now())
    const { user } = this.#random.pick(guild.members.filter((member) => !member.user.bot))
    const channels = (type: ChannelType) =>
      guild.channels.filter((channel) => channel.type === type && botSees(guild, channel)).map(({ id }) => id)
    const drawn = this.#random.int(1, 100)
    if (drawn <= MESSAGES_OF_100) {
      const channelId = this.#random.pick(channels(ChannelType.GuildText))
      load.spoke(n, channelId)
      this.#simulator.dispatch('MESSAGE_CREATE', {
        guild_id: load.id,
        channel_id: channelId,
        id: this.#simulator.world.nextId(),
        content: `${n} ${'x'.repeat(CONTENT_CHARS)}`,
        author: user,
        timestamp: new Date().toISOString(),
        type: 0,
        flags: 0,
      })
    } else if (drawn <= MESSAGES_OF_100 + VOICE_OF_100) {
      const isThere = guild.voice_states.some(({ user_id: id }) => id === user.id)
      const leaves = isThere && this.#random.chance(0.3)
      const channel_id = leaves ? null : this.#random.pick(channels(ChannelType.GuildVoice))
      if (leaves) load.leaves.add(n)
      const state = { guild_id: load.id, channel_id, user_id: user.id, session_id: String(n) }
      this.#simulator.dispatch('VOICE_STATE_UPDATE', { ...state, deaf: false, mute: false, self_mute: true })
    } else {
      const place = {
        guild_id: load.id,
        channel_id: this.#random.pick(channels(ChannelType.GuildText)),
        user_id: user.id,
      }
      this.#simulator.dispatch('TYPING_START', { ...place, timestamp: n })
    }
  }
}
