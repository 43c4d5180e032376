import { LATENCY_BUCKETS } from '@repo/discord-integration/types'
import { RecentLatency } from './recent-latency.ts'

/** `[bucket, how many]` */
export type Counted = readonly (readonly [bucket: number, count: number])[]

/**
 * What one person counts for, over all their windows and devices: so many measurements at once, and as many again every fifteen
 * seconds, which is how often a page tells. A page in a busy guild measures more; what is beyond is thinned out evenly, so that
 * whoever sees much, or makes it up, weighs no more than any other.
 */
const PERSON_MAX = 60
const PERSON_EVERY_MS = 15_000
/** Those who are remembered at once; beyond, those that have been quiet longest are forgotten. */
const REMEMBERED_MAX = 10_000

/** How late events are, on one hop or the whole way, as pages say: added up since this process began, and of the last minute. */
export class LatencyBook {
  readonly #counts = new Float64Array(LATENCY_BUCKETS)
  readonly #recent: RecentLatency
  readonly #people = new Map<string, { left: number; at: number }>()
  readonly #now: () => number

  constructor(now: () => number = Date.now) {
    this.#now = now
    this.#recent = new RecentLatency(now)
  }

  /** Answers how many were counted. */
  take(userId: string, counted: Counted): number {
    const total = counted.reduce((sum, [, count]) => sum + count, 0)
    const room = this.#roomOf(userId)
    const taken = Math.min(total, Math.floor(room.left))
    if (taken === 0) return 0
    room.left -= taken
    const recent = this.#recent.counts()
    let seen = 0
    let given = 0
    for (const [bucket, count] of counted) {
      seen += count
      // By sums, so that what is rounded away of one bucket is given to the next, and all together are as many as may be.
      const upTo = Math.round((seen / total) * taken)
      this.#counts[bucket]! += upTo - given
      recent[bucket]! += upTo - given
      given = upTo
    }
    return taken
  }

  /** Since the process began; buckets in which nothing was are left out. */
  all(): [bucket: number, count: number][] {
    return [...this.#counts].flatMap((count, bucket) => (count === 0 ? [] : [[bucket, count] as [number, number]]))
  }

  /** Of what was told in the last minute, in ms; null where nothing was. */
  recentMedian(): number | null {
    return this.#recent.median()
  }

  #roomOf(userId: string): { left: number; at: number } {
    const now = this.#now()
    const before = this.#people.get(userId) ?? { left: PERSON_MAX, at: now }
    const since = Math.max(0, now - before.at)
    const room = { left: Math.min(PERSON_MAX, before.left + (since / PERSON_EVERY_MS) * PERSON_MAX), at: now }
    this.#people.delete(userId)
    this.#people.set(userId, room)
    if (this.#people.size > REMEMBERED_MAX) this.#people.delete(this.#people.keys().next().value ?? '')
    return room
  }
}
