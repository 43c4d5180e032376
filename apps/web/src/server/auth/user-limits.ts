import type { WebConfig } from '../config.ts'
import { RateLimit } from './rate-limit.ts'

/** What somebody has this site do: look something up, or have the bot do something. */
export type Effort = 'read' | 'write'

/** How much of each one person may ask for, over all their windows and devices. */
export class UserLimits {
  readonly #rates: { readonly [E in Effort]: RateLimit }

  constructor(config: Pick<WebConfig, 'READS_PER_MINUTE' | 'WRITES_PER_MINUTE'>, now: () => number = Date.now) {
    const rateOf = (perMinute: number) =>
      new RateLimit({ burst: Math.max(1, Math.floor(perMinute / 2)), perSecond: perMinute / 60, now })
    this.#rates = { read: rateOf(config.READS_PER_MINUTE), write: rateOf(config.WRITES_PER_MINUTE) }
  }

  /** Null: go on. Else how many seconds to wait. */
  take(effort: Effort, userId: string): number | null {
    return this.#rates[effort].take(userId)
  }
}
