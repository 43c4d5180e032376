import { LATENCY_BUCKETS, latencyQuantile, latencyTotal, type Figures } from '@repo/discord-integration/types'

/** What is told of now: long enough for pages, which tell every 15 s. */
const RECENT_SECONDS = 60

/**
 * What backends have counted of how late events reach browsers. Each tells all that it has counted since it began; what is
 * new is what it tells more than before.
 */
export class LatencyIntake {
  /** Since it was taken last. */
  #fresh = new Float64Array(LATENCY_BUCKETS)
  /** By second, the oldest first. */
  #recent: Float64Array[] = []

  /** @param before what the same process said before; null where it was not heard of: what it counted by then nobody knows when. */
  take(before: ReadonlyMap<number, number> | null, now: ReadonlyMap<number, number>): void {
    if (!before) return
    for (const [bucket, count] of now) this.#fresh[bucket]! += Math.max(0, count - (before.get(bucket) ?? 0))
  }

  /** A second has passed: what came in it. */
  second(): ArrayLike<number> {
    const passed = this.#fresh
    this.#fresh = new Float64Array(LATENCY_BUCKETS)
    this.#recent.push(passed)
    if (this.#recent.length > RECENT_SECONDS) this.#recent.shift()
    return passed
  }

  /** Of the last minute; null where nothing was told. */
  now(): Figures['latency'] {
    const sum = new Float64Array(LATENCY_BUCKETS)
    for (const counts of this.#recent) for (let at = 0; at < LATENCY_BUCKETS; at++) sum[at]! += counts[at] ?? 0
    const [p50, p99] = [latencyQuantile(sum, 0.5), latencyQuantile(sum, 0.99)]
    return p50 === null || p99 === null ? null : { p50_ms: p50, p99_ms: p99, count: latencyTotal(sum) }
  }
}
