import fc from 'fast-check'
import { LATENCY_BUCKETS, latencyBucketEnd, latencyQuantile } from '@repo/discord-integration/types'
import { expect, it } from 'vitest'
import { LatencyBook } from '../../src/server/ops/latency-book.ts'
import { perHop } from '../../src/latency-report.ts'
import { LatencyInput } from '../../src/server/ops/ops-inputs.ts'

const noCounts = perHop(() => [])
const totalOf = (book: LatencyBook) => book.all().reduce((sum, [, count]) => sum + count, 0)

it('one person counts for sixty measurements in fifteen seconds, however many they tell of', () => {
  const clock = { now: 0 }
  const book = new LatencyBook(() => clock.now)
  expect(book.take('1', [[10, 100_000]])).toBe(60)
  expect(book.take('1', [[10, 100_000]])).toBe(0)
  expect(book.take('2', [[20, 7]])).toBe(7)
  clock.now += 7_500
  expect(book.take('1', [[10, 100_000]])).toBe(30)
  clock.now += 3_600_000
  expect(book.take('1', [[10, 100_000]])).toBe(60)
  expect(book.all()).toEqual([
    [10, 150],
    [20, 7],
  ])
})

it('who makes figures up among many does not move what half of them see', () => {
  const book = new LatencyBook(() => 0)
  for (let person = 0; person < 50; person++) book.take(`honest ${person}`, [[20, 60]])
  for (let person = 0; person < 10; person++) book.take('liar', [[LATENCY_BUCKETS - 1, 100_000]])
  const counts = Array.from({ length: LATENCY_BUCKETS }, () => 0)
  for (const [bucket, count] of book.all()) counts[bucket] = count
  expect(latencyQuantile(counts, 0.5)).toBeLessThan(10)
  expect(counts.at(-1)).toBe(60)
})

it('lately, one person counts for no more than over all', () => {
  const clock = { now: 0 }
  const book = new LatencyBook(() => clock.now)
  expect(book.recentMedian()).toBeNull()
  for (let person = 0; person < 3; person++) book.take(`honest ${person}`, [[20, 60]])
  book.take('liar', [[LATENCY_BUCKETS - 1, 100_000]])
  expect(book.recentMedian()).toBeGreaterThan(latencyBucketEnd(19))
  expect(book.recentMedian()).toBeLessThan(latencyBucketEnd(20))
  clock.now += 60_000
  expect(book.recentMedian()).toBeNull()
  expect(totalOf(book)).toBe(240)
})

it('what is thinned out keeps its shape', () => {
  const buckets = fc.uniqueArray(
    fc.tuple(fc.integer({ min: 0, max: LATENCY_BUCKETS - 1 }), fc.integer({ min: 1, max: 100_000 })),
    { minLength: 1, selector: ([bucket]) => bucket },
  )
  fc.assert(
    fc.property(buckets, (counts) => {
      const book = new LatencyBook(() => 0)
      const taken = book.take('1', counts)
      const told = counts.reduce((sum, [, count]) => sum + count, 0)
      expect(taken).toBe(Math.min(60, told))
      expect(totalOf(book)).toBe(taken)
      const all = new Map(book.all())
      for (const [bucket, count] of counts) {
        expect(Math.abs((all.get(bucket) ?? 0) - (count / told) * taken)).toBeLessThan(1.01)
      }
    }),
  )
})

it.each([
  ['a bucket that is none', [[LATENCY_BUCKETS, 1]]],
  ['a bucket below the first', [[-1, 1]]],
  ['half a measurement', [[1, 0.5]]],
  ['less than none', [[1, -1]]],
  ['more than a page is sent', [[1, 1e9]]],
  ['more buckets than there are', Array.from({ length: LATENCY_BUCKETS + 1 }, () => [1, 1])],
  ['words', [['1', '1']]],
])('a page that tells of %s is refused, by the name of the hop', (_what, counts) => {
  const { error } = LatencyInput.safeParse({ ...noCounts, web: counts })
  expect(new Set(error?.issues.map(({ path: [hop] }) => hop))).toEqual(new Set(['web']))
})

it.each([
  ['nothing', noCounts, 'expected counts in one of gateway, web, browser, total'],
  ['not of every hop', { total: [[1, 1]] }, 'gateway'],
  ['of a hop that is none', { ...noCounts, discord: [[1, 1]] }, 'discord'],
])('a page that tells %s is refused, and why is said', (_what, report, why) => {
  const { error } = LatencyInput.safeParse(report)
  expect(JSON.stringify(error?.issues)).toContain(why)
})

it('one hop is enough to tell of', () => {
  const report = { ...noCounts, browser: [[1, 1]] }
  expect(LatencyInput.parse(report)).toEqual(report)
})
