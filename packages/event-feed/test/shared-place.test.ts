import { describe, expect, it } from 'vitest'
import { ANNOUNCE_INTERVAL_MS, MemoryLog } from '../src/index.ts'
import { Consumer, Place } from './consumer.ts'
import { given, guild, hold, message, only, publish, settled } from './given.ts'

/** Larger than a batch, so that what comes after it is one of its own. */
const big = (id: string) => guild(id, 'x'.repeat(300_000))

describe('consumers that write to one place', () => {
  it('are handed nothing while another’s has filled it, and read it afterwards', async () => {
    await using all = given()
    const { feed } = all
    await publish(feed, guild('1'), guild('2'))
    const place = new Place()
    const [one, other] = ['1', '2'].map((id) => new Consumer(feed, { filter: only(id) }, place)) as [Consumer, Consumer]
    for (const consumer of [one, other]) await consumer.untilLive()
    place.full = 1
    await publish(feed, message('1'), message('2'))
    await publish(feed, message('2'))
    expect([one.positions, other.positions]).toEqual([[3], []])
    expect(other.subscription).toMatchObject({ position: 2, lag: 3 })
    place.resume()
    await settled()
    expect([one.positions, other.positions]).toEqual([[3], [4, 5]])
    await publish(feed, message('2'))
    expect(other.positions).toEqual([4, 5, 6])
    expect(place.isOverfilled).toBe(false)
  })

  it('are not told where they stand while it is full, and are the next time', async () => {
    await using all = given()
    const { feed, clock } = all
    await publish(feed, guild('1'))
    const place = new Place()
    const consumer = new Consumer(feed, { filter: only('1') }, place)
    await consumer.untilLive()
    await publish(feed, message('2'))
    place.full = true
    clock.pass(ANNOUNCE_INTERVAL_MS)
    await settled()
    expect(consumer.said.at(-1)).toBe('live@e-1')
    place.resume()
    clock.pass(ANNOUNCE_INTERVAL_MS)
    await settled()
    expect(consumer.said.at(-1)).toBe('live@e-2')
    expect(place.isOverfilled).toBe(false)
  })

  it('begin when there is room', async () => {
    await using all = given()
    const { feed } = all
    await publish(feed, guild('1'))
    const place = new Place()
    place.full = true
    const consumer = new Consumer(feed, { filter: only('1') }, place)
    await settled()
    expect(consumer.said).toEqual([])
    place.resume()
    await consumer.untilLive()
    expect(consumer.said).toEqual(['snapshot fresh', 'guild 1@e-1', 'live@e-1'])
  })

  it('hold what happened since their last guild back while another fills it', async () => {
    const log = new MemoryLog({ maxAgeMs: 1e9, maxBytes: 1e9, epoch: 'e' })
    await using all = given({ log })
    const { feed } = all
    await publish(feed, big('1'), big('2'), guild('3'))
    const place = new Place()
    const other = new Consumer(feed, { filter: only('3') }, place)
    await other.untilLive()
    place.full = 1
    const slow = new Consumer(feed, {}, place)
    await slow.until((said) => said.includes('guild 1'))
    await publish(feed, message('1'), message('3'))
    // Both read the log, there is room for one, and the other is quicker.
    place.full = 1
    {
      using _held = hold(log, 'read')
      slow.subscription.resume()
      other.subscription.resume()
      await settled()
    }
    await settled()
    expect(place.isFull).toBe(true)
    expect(slow.said).not.toContain('MESSAGE_CREATE 1')
    place.resume()
    await slow.untilLive()
    await settled()
    expect(slow.said).toContain('MESSAGE_CREATE 1')
    expect(other.positions).toEqual([5])
    expect(place.isOverfilled).toBe(false)
  })
})
