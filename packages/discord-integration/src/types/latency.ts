/**
 * How long events take, as counts in fixed buckets: those of different processes are added up, which quantiles cannot be.
 * A bucket ends 2^(1/4) above the one before, so a quantile is right within a fifth.
 */
export const LATENCY_BUCKETS = 72

/** Where the first bucket ends, in ms: shorter than any clock difference that can be told. */
const FIRST_ENDS_MS = 0.25
const PER_DOUBLING = 4

/** Counts by bucket: `LATENCY_BUCKETS` of them. */
export type LatencyCounts = ArrayLike<number>

/** The bucket of a duration in ms. What is below 0 is in the first, what is over a minute in the last. */
export function latencyBucket(ms: number): number {
  if (!(ms > FIRST_ENDS_MS)) return 0
  return Math.min(LATENCY_BUCKETS - 1, Math.ceil(Math.log2(ms / FIRST_ENDS_MS) * PER_DOUBLING - 1e-9))
}

/** Up to where a bucket reaches, in ms. */
export function latencyBucketEnd(bucket: number): number {
  return FIRST_ENDS_MS * 2 ** (bucket / PER_DOUBLING)
}

/** The duration below which that share of the counted lies, in ms; null where nothing was counted. */
export function latencyQuantile(counts: LatencyCounts, share: number): number | null {
  const total = latencyTotal(counts)
  if (total === 0) return null
  const wanted = total * share
  let below = 0
  for (let bucket = 0; bucket < counts.length; bucket++) {
    const here = counts[bucket] ?? 0
    if (here > 0 && below + here >= wanted) {
      const part = Math.min(1, Math.max(0, (wanted - below) / here))
      return latencyBucketEnd(bucket - 1 + part)
    }
    below += here
  }
  return latencyBucketEnd(counts.length - 1)
}

export function latencyTotal(counts: LatencyCounts): number {
  let total = 0
  for (let bucket = 0; bucket < counts.length; bucket++) total += counts[bucket] ?? 0
  return total
}
