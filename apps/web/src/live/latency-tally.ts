import { latencyBucket } from '@repo/discord-integration/types'
import { HOPS, perHop, type Hop, type LatencyReport } from '../latency-report.ts'
import type { Hops } from './hops/event-times.ts'

/**
 * How late events reached this page, counted by hop until it is told. Whoever measures one calls `add`; a duration that is not
 * known is not added, and never guessed.
 */
export class LatencyTally {
  #counts = noCounts()

  /** @param hops what one event took, in ms. */
  add(hops: Hops): void {
    for (const hop of HOPS) {
      const ms = hops[hop]
      if (ms !== null && Number.isFinite(ms)) this.#count(hop, latencyBucket(ms), 1)
    }
  }

  /** What could not be told. */
  putBack(report: LatencyReport): void {
    for (const hop of HOPS) for (const [bucket, count] of report[hop]) this.#count(hop, bucket, count)
  }

  /** What was counted since the last time; null where nothing was. */
  take(): LatencyReport | null {
    const counts = this.#counts
    if (HOPS.every((hop) => counts[hop].size === 0)) return null
    this.#counts = noCounts()
    return perHop((hop) => [...counts[hop]])
  }

  #count(hop: Hop, bucket: number, count: number): void {
    const counts = this.#counts[hop]
    counts.set(bucket, (counts.get(bucket) ?? 0) + count)
  }
}

const noCounts = () => perHop(() => new Map<number, number>())

/** This page's. */
export const latencyTally = new LatencyTally()
