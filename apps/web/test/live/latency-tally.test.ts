import { latencyBucket } from '@repo/discord-integration/types'
import { expect, it } from 'vitest'
import type { Hops } from '../../src/live/hops/event-times.ts'
import { HopMeter } from '../../src/live/hops/hop-figures.ts'
import { LatencyTally } from '../../src/live/latency-tally.ts'

const took = (ms: Partial<Hops>): Hops => ({ gateway: null, web: null, browser: null, total: null, ...ms })

it('counts each hop until it is told, and takes back what could not be', () => {
  const tally = new LatencyTally()
  expect(tally.take()).toBeNull()
  for (const total of [10, 10, 200, NaN, Infinity]) tally.add(took({ web: 1, total }))
  const report = tally.take()
  expect(report).toEqual({
    gateway: [],
    web: [[latencyBucket(1), 5]],
    browser: [],
    total: [
      [latencyBucket(10), 2],
      [latencyBucket(200), 1],
    ],
  })
  expect(tally.take()).toBeNull()
  tally.add(took({ browser: 7, total: 10 }))
  if (report !== null) tally.putBack(report)
  expect(tally.take()).toEqual({
    ...report,
    browser: [[latencyBucket(7), 1]],
    total: [
      [latencyBucket(10), 3],
      [latencyBucket(200), 1],
    ],
  })
})

it('is told of each event what is known of its way, and of what it was not measured, nothing', () => {
  const measured: Hops[] = []
  const meter = new HopMeter((hops) => measured.push(hops))
  meter.add({ discord: 100, gateway: 110, web: 111, browser: 117 })
  meter.add({ discord: null, gateway: 110, web: 111, browser: 117 })
  meter.add({ discord: null, gateway: null, web: null, browser: 117 })
  expect(measured).toEqual([
    { gateway: 10, web: 1, browser: 6, total: 17 },
    { gateway: null, web: 1, browser: 6, total: null },
  ])
})
