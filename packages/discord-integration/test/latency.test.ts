import fc from 'fast-check'
import { expect, it } from 'vitest'
import { latencyBucket, latencyBucketEnd, LATENCY_BUCKETS, latencyQuantile, latencyTotal } from '../src/types/index.ts'

const counted = (durations: readonly number[]) => {
  const counts = Array.from({ length: LATENCY_BUCKETS }, () => 0)
  for (const ms of durations) counts[latencyBucket(ms)]! += 1
  return counts
}

it('a duration is in the bucket that ends at it or next above it', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 50_000, noNaN: true }), (ms) => {
      const bucket = latencyBucket(ms)
      expect(ms).toBeLessThanOrEqual(latencyBucketEnd(bucket) * (1 + 1e-9))
      if (bucket > 0) expect(ms).toBeGreaterThan(latencyBucketEnd(bucket - 1) * (1 - 1e-9))
    }),
  )
  expect([-5, 0, NaN].map(latencyBucket)).toEqual([0, 0, 0])
  expect([Infinity, 1e12].map(latencyBucket)).toEqual([LATENCY_BUCKETS - 1, LATENCY_BUCKETS - 1])
})

it('quantiles are right within a fifth, and those of a sum are those of all', () => {
  const durations = fc.array(fc.double({ min: 0.3, max: 40_000, noNaN: true }), { minLength: 1, maxLength: 200 })
  fc.assert(
    fc.property(durations, durations, fc.constantFrom(0.5, 0.9, 0.99), (some, others, share) => {
      const sum = counted(some).map((count, bucket) => count + (counted(others)[bucket] ?? 0))
      const sorted = [...some, ...others].sort((a, b) => a - b)
      const right = sorted[Math.ceil(sorted.length * share) - 1] ?? NaN
      const found = latencyQuantile(sum, share) ?? NaN
      expect(latencyTotal(sum)).toBe(sorted.length)
      expect(found / right).toBeGreaterThan(1 / 1.2)
      expect(found / right).toBeLessThan(1.2)
    }),
  )
  expect(latencyQuantile(counted([]), 0.5)).toBeNull()
})
