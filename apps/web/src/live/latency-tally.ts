import { LATENCY_BUCKETS, latencyBucket } from '@repo/discord-integration/types'

export type LatencyCount = [bucket: number, count: number]

/**
 * How late events reached this page, counted until it is told. Whoever measures one calls `add`; a duration that is not known
 * is not added, and never guessed.
 */
export class LatencyTally {
  #counts = new Map<number, number>()

  /** @param ms from Discord to here. */
  add(ms: number): void {
    if (!Number.isFinite(ms)) return
    this.addCounts([[latencyBucket(ms), 1]])
  }

  /** Of whoever has counted already, or could not tell what was taken. */
  addCounts(counts: readonly LatencyCount[]): void {
    for (const [bucket, count] of counts) {
      if (bucket >= 0 && bucket < LATENCY_BUCKETS) this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + count)
    }
  }

  /** What was counted since the last time; empty where nothing was. */
  take(): LatencyCount[] {
    const counts = [...this.#counts]
    this.#counts = new Map()
    return counts
  }
}

/** This page's. */
export const latencyTally = new LatencyTally()
