import { latencyBucket } from '@repo/discord-integration/types'
import { expect, it } from 'vitest'
import { HopMeter } from '../../src/live/hops/hop-figures.ts'
import { LatencyTally } from '../../src/live/latency-tally.ts'

it('counts until it is told, and takes back what could not be', () => {
  const tally = new LatencyTally()
  for (const ms of [10, 10, 200, NaN, Infinity]) tally.add(ms)
  const counts = tally.take()
  expect(counts).toEqual([
    [latencyBucket(10), 2],
    [latencyBucket(200), 1],
  ])
  expect(tally.take()).toEqual([])
  tally.add(10)
  tally.addCounts(counts)
  expect(tally.take()).toEqual([
    [latencyBucket(10), 3],
    [latencyBucket(200), 1],
  ])
})

it('is told of events that are known to have come all the way, and of no others', () => {
  const measured: number[] = []
  const meter = new HopMeter((totalMs) => measured.push(totalMs))
  meter.add({ discord: 100, gateway: 110, web: 111, browser: 117 })
  meter.add({ discord: null, gateway: 110, web: 111, browser: 117 })
  meter.add({ discord: null, gateway: null, web: null, browser: 117 })
  expect(measured).toEqual([17])
})
