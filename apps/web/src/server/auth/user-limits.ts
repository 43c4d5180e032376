import { UPLOAD_MAX_BYTES } from '@repo/discord-integration/types'
import type { WebConfig } from '../config.ts'
import { RateLimit } from './rate-limit.ts'

/** What somebody has this site do: look something up, have the bot do something, or take so many MiB of a file. */
export type Effort = 'read' | 'write' | 'upload'

/** For so long the gateway keeps what was uploaded, which is why there is no more room for it, in seconds. */
const UPLOADS_KEPT_SECONDS = 15 * 60

/** Less would never let the largest file pass. */
const UPLOAD_LEAST_MIB = UPLOAD_MAX_BYTES / 1024 ** 2

/** How much of each one person may ask for, over all their windows and devices. */
export class UserLimits {
  readonly #rates: { readonly [E in Effort]: RateLimit }

  constructor(
    config: Pick<WebConfig, 'READS_PER_MINUTE' | 'WRITES_PER_MINUTE' | 'UPLOAD_MIB'>,
    now: () => number = Date.now,
  ) {
    const rateOf = (perMinute: number) =>
      new RateLimit({ burst: Math.max(1, Math.floor(perMinute / 2)), perSecond: perMinute / 60, now })
    const uploadMib = Math.max(UPLOAD_LEAST_MIB, config.UPLOAD_MIB)
    this.#rates = {
      read: rateOf(config.READS_PER_MINUTE),
      write: rateOf(config.WRITES_PER_MINUTE),
      upload: new RateLimit({ burst: uploadMib, perSecond: uploadMib / UPLOADS_KEPT_SECONDS, now }),
    }
  }

  /** Null: go on. Else how many seconds to wait. @param cost of what is not counted one by one. */
  take(effort: Effort, userId: string, cost = 1): number | null {
    return this.#rates[effort].take(userId, cost)
  }
}
