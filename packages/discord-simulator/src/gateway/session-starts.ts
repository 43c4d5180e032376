import type { Clock } from '../clock.ts'

/** How many IDENTIFYs a bot has in a day, over all shards. */
export const SESSION_STARTS_PER_DAY = 1_000
const DAY_MS = 86_400_000

export interface SessionStartsOptions {
  clock: Clock
  /** How many IDENTIFYs a day. */
  total: number
  /** How many of them at the same time, each in a bucket of its own. */
  maxConcurrency: number
  /** How long an IDENTIFY takes its bucket, in ms. 0: buckets are always free. */
  windowMs: number
}

/** What becomes of an IDENTIFY: taken, refused with op 9, or one too many for the day, which costs the bot its token. */
export type SessionStart = 'taken' | 'too_soon' | 'exhausted'

/**
 * Counts IDENTIFYs: https://docs.discord.com/developers/events/gateway#session-start-limit-object and, for the buckets,
 * https://docs.discord.com/developers/events/gateway#sharding-max-concurrency
 */
export class SessionStarts {
  readonly #options: SessionStartsOptions
  readonly #taken = new Map<number, number>()
  #used = 0
  #resetsAt = -Infinity

  constructor(options: SessionStartsOptions) {
    this.#options = options
  }

  /** The `session_start_limit` of GET /gateway/bot. Until the first IDENTIFY the day has not begun. */
  get limit(): { total: number; remaining: number; reset_after: number; max_concurrency: number } {
    const { clock, total, maxConcurrency } = this.#options
    const left = this.#resetsAt - clock.now()
    const isOver = left <= 0
    return {
      total,
      remaining: isOver ? total : Math.max(0, total - this.#used),
      reset_after: isOver ? DAY_MS : left,
      max_concurrency: maxConcurrency,
    }
  }

  /** Counts an IDENTIFY of a shard. One that is refused for its bucket costs nothing of the day's. */
  take(shard: number): SessionStart {
    const { clock, total, maxConcurrency, windowMs } = this.#options
    const now = clock.now()
    const bucket = shard % maxConcurrency
    const freeAt = this.#taken.get(bucket) ?? -Infinity
    if (now < freeAt) return 'too_soon'
    if (now >= this.#resetsAt) {
      this.#resetsAt = now + DAY_MS
      this.#used = 0
    }
    this.#used += 1
    if (this.#used > total) return 'exhausted'
    if (windowMs > 0) this.#taken.set(bucket, now + windowMs)
    return 'taken'
  }
}
