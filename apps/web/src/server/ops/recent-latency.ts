import { LATENCY_BUCKETS, latencyQuantile } from '@repo/discord-integration/types'

/** In ms. A minute is kept, in which a page tells four times, and forgotten step by step: it takes the same memory whoever tells. */
const STEP_MS = 5_000
const STEPS = 12

/** How late events are, as it was told in the last minute. */
export class RecentLatency {
  /** Counts by bucket, by when they were told, in steps since the epoch. */
  readonly #steps = new Map<number, Float64Array>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  /** By bucket, to add to at this moment. */
  counts(): Float64Array {
    const step = this.#stepNow()
    const counts = this.#steps.get(step) ?? new Float64Array(LATENCY_BUCKETS)
    this.#steps.set(step, counts)
    return counts
  }

  /** In ms; null where nothing was told. */
  median(): number | null {
    this.#stepNow()
    const sum = new Float64Array(LATENCY_BUCKETS)
    for (const counts of this.#steps.values()) for (const [bucket, count] of counts.entries()) sum[bucket]! += count
    return latencyQuantile(sum, 0.5)
  }

  /** What is not of the last minute goes; also what a clock that was set back has left ahead. */
  #stepNow(): number {
    const now = Math.floor(this.#now() / STEP_MS)
    for (const step of this.#steps.keys()) if (step > now || step <= now - STEPS) this.#steps.delete(step)
    return now
  }
}
