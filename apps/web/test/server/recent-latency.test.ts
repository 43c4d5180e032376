import { latencyBucket } from '@repo/discord-integration/types'
import { expect, it } from 'vitest'
import { RecentLatency } from '../../src/server/ops/recent-latency.ts'

function recentAt(now: number) {
  const clock = { now }
  const recent = new RecentLatency(() => clock.now)
  const tell = (ms: number, count: number) => {
    recent.counts()[latencyBucket(ms)]! += count
  }
  return { clock, recent, tell }
}

/** A bucket reaches over a fifth of what is in it. */
const about = (ms: number) => ({ asymmetricMatch: (found: unknown) => Math.abs(Number(found) / ms - 1) < 0.2 })

it('is the median of what was told in the last minute, by whomever and whenever in it', () => {
  const { clock, recent, tell } = recentAt(1_000_000)
  expect(recent.median()).toBeNull()
  tell(5, 10)
  clock.now += 30_000
  expect(recent.median()).toEqual(about(5))
  tell(80, 30)
  expect(recent.median()).toEqual(about(80))
})

it('of what is older than a minute nothing is known any more', () => {
  const { clock, recent, tell } = recentAt(1_000_000)
  tell(5, 10)
  clock.now += 50_000
  expect(recent.median()).toEqual(about(5))
  tell(80, 1)
  clock.now += 10_000
  expect(recent.median()).toEqual(about(80))
  clock.now += 50_000
  expect(recent.median()).toBeNull()
})

it('what was told before the clock was set back is not kept until it is there again', () => {
  const { clock, recent, tell } = recentAt(3_600_000)
  tell(80, 10)
  clock.now = 1_000_000
  expect(recent.median()).toBeNull()
  tell(5, 1)
  expect(recent.median()).toEqual(about(5))
})
