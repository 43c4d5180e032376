import type { GatewayEventData } from '@repo/discord-integration/clients'
import { snowflakeTime } from '@repo/discord-integration/types'

/** For so long at least, and twice as long at most, a message counts, in ms: the quickest of some minutes had next to no delay. */
const TERM_MS = 5 * 60_000

export type DiscordClockOptions = {
  /** A heartbeat's round trip on that shard, in ms; null where none is known. */
  pingMsOf: (shardId: number) => number | null
  now?: () => number
  /** Time that passes, whatever the clock is set to, in ms. */
  passed?: () => number
}

type Heard = Pick<GatewayEventData, 'type' | 'data' | 'shardId' | 'replayed'>

/**
 * Discord's clock less ours. A message's id has when it was made by theirs
 * (https://docs.discord.com/developers/reference#snowflakes), and we know when it came by ours: what lies between is its
 * way and the difference. The quickest message of some minutes is taken to have come as quickly as a heartbeat does, in half of
 * its round trip: others were slower, and say less. What Discord itself takes before it sends counts as the clock's.
 *
 * What is kept is how far theirs is ahead of the time that passes, so that ours may be set anew at any moment.
 */
export class DiscordClock {
  readonly #pingMsOf: (shardId: number) => number | null
  readonly #now: () => number
  readonly #passed: () => number
  /** The most that it was ahead in this term, and in the one before. */
  #most: number | null = null
  #mostBefore: number | null = null
  #termEndsAt: number

  constructor({ pingMsOf, now = Date.now, passed = () => performance.now() }: DiscordClockOptions) {
    this.#pingMsOf = pingMsOf
    this.#now = now
    this.#passed = passed
    this.#termEndsAt = passed() + TERM_MS
  }

  /** A dispatch has come, now. */
  hear({ type, data, shardId, replayed }: Heard): void {
    // What is sent again happened earlier.
    if (type !== 'MESSAGE_CREATE' || replayed) return
    const madeAt = snowflakeTime(String((data as { id?: unknown } | null)?.id))
    const pingMs = this.#pingMsOf(shardId)
    if (Number.isNaN(madeAt) || pingMs === null) return
    this.#turnTerms()
    const ahead = madeAt + pingMs / 2 - this.#passed()
    this.#most = Math.max(this.#most ?? ahead, ahead)
  }

  /** In ms; null until a message has come that says it, and when the last one was too long ago. */
  get offsetMs(): number | null {
    this.#turnTerms()
    const most = Math.max(this.#most ?? Number.NEGATIVE_INFINITY, this.#mostBefore ?? Number.NEGATIVE_INFINITY)
    return Number.isFinite(most) ? Math.round(most - (this.#now() - this.#passed())) : null
  }

  #turnTerms(): void {
    const passed = this.#passed()
    if (passed < this.#termEndsAt) return
    this.#mostBefore = passed < this.#termEndsAt + TERM_MS ? this.#most : null
    this.#most = null
    this.#termEndsAt = passed + TERM_MS
  }
}
