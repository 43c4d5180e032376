import type { GatewayCommandPayload, GatewayEventData } from '@repo/discord-integration/clients'
import { LinkError } from '@repo/discord-integration/types'
import { ATTEMPT_MIN_MS } from './deadline.ts'
import { FairShare } from './fair-share.ts'

export type BotSocketOptions = {
  /** Says a payload on the shard of a guild. Throws where there is no such shard. */
  send: (guildId: string, payload: GatewayCommandPayload) => void
  /** How long a payload said now would wait for that shard's turn within Discord's limit, in ms; null while it has no session. */
  waitMs: (guildId: string) => number | null
  /** The shard of a guild, each of which has a socket of its own. */
  shardOf: (guildId: string) => number | null
  /** The ids of the backends that are connected, and share the sockets. */
  backends: () => Iterable<string>
  now?: () => number
}

/** A dispatch, as far as an answer is looked for in it. */
export type Heard = Pick<GatewayEventData, 'type' | 'data'>

type Ask<Answer> = {
  guildId: string
  payload: GatewayCommandPayload
  /** For people: `update voice state`. */
  action: string
  /** Whose share of the socket it is. */
  backendId: string
  deadlineAt: number
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
  readonly #shares = new Map<number | null, FairShare>()
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
   * How long a payload said now would wait, in ms.
   *
   * @throws {LinkError} DISCORD_UNAVAILABLE where there is nothing to say it over.
   */
  requireSession(guildId: string, action: string): number {
    const waitMs = this.#options.waitMs(guildId)
    if (waitMs !== null) return waitMs
    throw new LinkError('DISCORD_UNAVAILABLE', `Failed to ${action}: the shard has no session with Discord`)
  }

  /**
   * Says it, and resolves to the answer.
   *
   * @throws {LinkError} RATE_LIMITED and DISCORD_UNAVAILABLE: it was not said; OUTCOME_UNKNOWN: no answer came in time; what
   * `listen` heard.
   */
  async ask<Answer>(ask: Ask<Answer>): Promise<Answer> {
    const { guildId, payload, action, backendId, deadlineAt, listen } = ask
    const waitMs = this.requireSession(guildId, action)
    const share = this.#shareOf(guildId)
    const retryAfterMs = Math.max(
      share.waitMs(backendId),
      this.#now() + waitMs + ATTEMPT_MIN_MS > deadlineAt ? waitMs || ATTEMPT_MIN_MS : 0,
    )
    if (retryAfterMs > 0) {
      const message = `Failed to ${action}: the gateway socket’s 120 payloads a minute leave no room in time`
      throw new LinkError('RATE_LIMITED', message, { retryAfter: Math.ceil(retryAfterMs) / 1000 })
    }
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
      this.#options.send(guildId, payload)
      share.take(backendId)
      return await Promise.race([promise, tooLate])
    } finally {
      clearTimeout(timer)
      this.#listeners.delete(listener)
    }
  }
  #shareOf(guildId: string): FairShare {
    const shardId = this.#options.shardOf(guildId)
    const share = this.#shares.get(shardId) ?? new FairShare({ backends: this.#options.backends, now: this.#now })
    this.#shares.set(shardId, share)
    return share
  }
}
