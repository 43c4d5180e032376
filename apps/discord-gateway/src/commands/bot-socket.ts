import type { GatewayCommandPayload, GatewayEventData } from '@repo/discord-integration/clients'
import { LinkError } from '@repo/discord-integration/types'
import { ATTEMPT_MIN_MS } from './deadline.ts'
import { FairShare } from './fair-share.ts'

export type BotSocketOptions = {
  /** Says a payload on a shard. Throws where there is no such shard. */
  send: (shardId: number, payload: GatewayCommandPayload) => void
  /** How long a payload said now would wait for that shard's turn within Discord's limit, in ms; null while it has no session. */
  waitMs: (shardId: number) => number | null
  /** The shard of a guild, each of which has a socket of its own; null until there are any. */
  shardOf: (guildId: string) => number | null
  /** How many shards there are. */
  shardCount: () => number
  /** The ids of the backends that are connected, and share the sockets. */
  backends: () => Iterable<string>
  now?: () => number
}

/** A dispatch, as far as an answer is looked for in it. */
export type Heard = Pick<GatewayEventData, 'type' | 'data'>

type Tell = {
  payload: GatewayCommandPayload
  /** For people: `update voice state`. */
  action: string
  /** Whose share of the socket it is. */
  backendId: string
  deadlineAt: number
}

type Ask<Answer> = Tell & {
  guildId: string
  /** The answer, once it is complete; undefined while it is not; an error where Discord refuses. */
  listen: (heard: Heard) => Answer | LinkError | undefined
}

/**
 * What backends have the bot say on its own gateway sockets. Discord does not answer there: what it dispatches
 * afterwards tells that it was done, and nothing tells that it was not.
 */
export class BotSocket {
  readonly #options: BotSocketOptions
  readonly #now: () => number
  readonly #shares = new Map<number, FairShare>()
  readonly #listeners = new Set<(heard: Heard) => void>()

  constructor(options: BotSocketOptions) {
    this.#options = options
    this.#now = options.now ?? Date.now
  }

  /** To be told of every dispatch. */
  hear(heard: Heard): void {
    for (const listener of this.#listeners) listener(heard)
  }

  /**
   * The shard of a guild.
   *
   * @throws {LinkError} DISCORD_UNAVAILABLE where there is nothing to say it over.
   */
  requireSession(guildId: string, action: string): number {
    const shardId = this.#options.shardOf(guildId)
    if (shardId !== null && this.#options.waitMs(shardId) !== null) return shardId
    throw new LinkError('DISCORD_UNAVAILABLE', `Failed to ${action}: the shard has no session with Discord`)
  }

  /**
   * Says on all shards what Discord does not answer. Those that have no session now are passed over.
   *
   * @returns the ids of the shards that it was said on.
   * @throws {LinkError} RATE_LIMITED: one has no room in time, and it was said on none.
   */
  tellAll({ payload, ...tell }: Tell): number[] {
    const shardIds = [...Array(this.#options.shardCount()).keys()].filter((id) => this.#options.waitMs(id) !== null)
    for (const shardId of shardIds) this.#requireRoom(shardId, tell)
    for (const shardId of shardIds) this.#say(shardId, payload, tell.backendId)
    return shardIds
  }

  /**
   * Says it, and resolves to the answer.
   *
   * @throws {LinkError} RATE_LIMITED and DISCORD_UNAVAILABLE: it was not said; OUTCOME_UNKNOWN: no answer came in time; what
   * `listen` heard.
   */
  async ask<Answer>(ask: Ask<Answer>): Promise<Answer> {
    const { guildId, payload, action, backendId, deadlineAt, listen } = ask
    const shardId = this.requireSession(guildId, action)
    this.#requireRoom(shardId, ask)
    const { promise, resolve, reject: refuse } = Promise.withResolvers<Answer>()
    const listener = (heard: Heard) => {
      const answer = listen(heard)
      if (answer instanceof LinkError) refuse(answer)
      else if (answer !== undefined) resolve(answer)
    }
    this.#listeners.add(listener)
    const { promise: tooLate, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(
      () =>
        reject(new LinkError('OUTCOME_UNKNOWN', `Failed to ${action}, or not: Discord did not show that it was done`)),
      deadlineAt - this.#now(),
    )
    try {
      this.#say(shardId, payload, backendId)
      return await Promise.race([promise, tooLate])
    } finally {
      clearTimeout(timer)
      this.#listeners.delete(listener)
    }
  }

  /** @throws {LinkError} RATE_LIMITED. */
  #requireRoom(shardId: number, { action, backendId, deadlineAt }: Omit<Tell, 'payload'>): void {
    const waitMs = this.#options.waitMs(shardId) ?? 0
    const retryAfterMs = Math.max(
      this.#shareOf(shardId).waitMs(backendId),
      this.#now() + waitMs + ATTEMPT_MIN_MS > deadlineAt ? waitMs || ATTEMPT_MIN_MS : 0,
    )
    if (retryAfterMs === 0) return
    const message = `Failed to ${action}: the gateway socket’s 120 payloads a minute leave no room in time`
    throw new LinkError('RATE_LIMITED', message, { retryAfter: Math.ceil(retryAfterMs) / 1000 })
  }

  #say(shardId: number, payload: GatewayCommandPayload, backendId: string): void {
    this.#options.send(shardId, payload)
    this.#shareOf(shardId).take(backendId)
  }

  #shareOf(shardId: number): FairShare {
    const share = this.#shares.get(shardId) ?? new FairShare({ backends: this.#options.backends, now: this.#now })
    this.#shares.set(shardId, share)
    return share
  }
}
