import { setImmediate as nextTurn } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { EventFeed, MemoryLog } from '../src/index.ts'
import { Consumer } from './consumer.ts'
import { dispatchOf } from './dispatches.ts'
import { texts } from './given.ts'

const WAVES = 200
const CONSUMERS_PER_WAVE = 50
const EVENTS_PER_WAVE = 30

it('a snapshot and what happens meanwhile meet without a seam, ten thousand times', async () => {
  const events = fc.sample(dispatchOf('1', '2', '3', '4'), { numRuns: WAVES * EVENTS_PER_WAVE, seed: 4 })
  const log = new MemoryLog({ maxAgeMs: Infinity, maxBytes: 200_000 })
  // So little at once that a snapshot takes several steps, between which the guilds change.
  const feed = new EventFeed({ log, pageBytes: 200, pageEntries: 3 })
  let snapshots = 0
  let meanwhile = 0
  for (let wave = 0; wave < WAVES; wave++) {
    const consumers = Array.from({ length: CONSUMERS_PER_WAVE }, (_, index) => {
      const consumer = new Consumer(feed, index % 3 === 0 ? { backlogMs: 1_000 } : {})
      consumer.full = 1 + (index % 4)
      return consumer
    })
    for (const { event, guildId, payload } of events.splice(0, EVENTS_PER_WAVE)) {
      await feed.publish(
        { kind: 'dispatch', event, guildId, payload: JSON.stringify(payload), ts: Date.now() },
        payload,
      )
      if (consumers.some(({ isLive }) => !isLive)) meanwhile++
      for (const [index, consumer] of consumers.entries()) consumer.resume(1 + ((index + meanwhile) % 3))
      await nextTurn()
    }
    for (const consumer of consumers) consumer.resume()
    while (!consumers.every(({ isLive, subscription }) => isLive && subscription.lag === 0)) await nextTurn()
    const model = texts(feed.state)
    for (const { state, said, subscription } of consumers) {
      expect(texts(state)).toEqual(model)
      snapshots += said.filter((what) => what.startsWith('snapshot')).length
      subscription.close()
    }
  }
  expect(snapshots).toBeGreaterThanOrEqual(10_000)
  // Most of what happened did so in the middle of somebody's snapshot.
  expect(meanwhile).toBeGreaterThan(WAVES * 3)
  await feed.close()
}, 120_000)
