import { describe, expect, it, vi } from 'vitest'
import { ANNOUNCE_INTERVAL_MS, AHEAD_PATIENCE_MS, MemoryLog } from '../src/index.ts'
import { Consumer } from './consumer.ts'
import { dispatch, given, guild, message, only, publish, texts, settled } from './given.ts'

describe('a returning consumer', () => {
  it('gets exactly what it missed, then live', async () => {
    await using all = given()
    const { feed } = all
    await publish(feed, guild('1'), guild('2'), message('1'), message('2'), message('1'))
    const consumer = new Consumer(feed, { lastEventId: 'e-2', filter: only('1') })
    await consumer.untilLive()
    expect(consumer.said).toEqual(['resumed', 'MESSAGE_CREATE 1@e-3', 'MESSAGE_CREATE 1@e-5', 'live@e-5'])
  })

  it('that missed nothing costs the log no read', async () => {
    await using all = given()
    const { feed, log } = all
    await publish(feed, message('1'))
    const read = vi.spyOn(log, 'read')
    const consumer = new Consumer(feed, { lastEventId: 'e-1' })
    await consumer.untilLive()
    expect(consumer.said).toEqual(['resumed', 'live@e-1'])
    expect(read).not.toHaveBeenCalled()
  })

  it('gets a long absence in pages, and the process goes on in between', async () => {
    await using all = given()
    const { feed } = all
    await publish(feed, ...Array.from({ length: 2_000 }, () => message('1')))
    const consumer = new Consumer(feed, { lastEventId: 'e-0' })
    await consumer.untilLive()
    expect(consumer.positions).toEqual(Array.from({ length: 2_000 }, (_, index) => index + 1))
    expect(consumer.batches.length).toBeGreaterThanOrEqual(4)
  })

  it('is treated as new, and told why, when its id is foreign or fell off', async () => {
    await using all = given({ maxBytes: 1_000 })
    const { feed } = all
    await publish(feed, guild('1'), ...Array.from({ length: 50 }, () => message('1')))
    for (const [lastEventId, reason] of Object.entries({ 'e-1': 'expired', 'f-50': 'foreign', '': 'foreign' })) {
      const consumer = new Consumer(feed, { lastEventId })
      await consumer.untilLive()
      expect(consumer.said).toEqual([`snapshot ${reason}`, 'guild 1@e-51', 'live@e-51'])
    }
  })

  it('whose filter was another up to there is treated as new, and told why', async () => {
    await using all = given()
    const { feed } = all
    await publish(feed, guild('1'), guild('2'), message('1'), message('2'))
    const filterSince = { epoch: 'e', position: 3 }
    for (const lastEventId of ['e-1', 'e-3']) {
      const consumer = new Consumer(feed, { lastEventId, filterSince, filter: only('2') })
      await consumer.untilLive()
      expect(consumer.said).toEqual(['snapshot permissions_changed', 'guild 2@e-4', 'live@e-4'])
    }
    const since = new Consumer(feed, { lastEventId: 'e-4', filterSince })
    const ofAnotherLog = new Consumer(feed, { lastEventId: 'e-3', filterSince: { epoch: 'd', position: 3 } })
    for (const consumer of [since, ofAnotherLog]) {
      await consumer.untilLive()
      expect(consumer.said[0]).toBe('resumed')
    }
  })

  it('ahead of the log waits for it', async () => {
    await using all = given()
    const { feed, clock } = all
    await publish(feed, guild('1'))
    const consumer = new Consumer(feed, { lastEventId: 'e-2' })
    await settled()
    expect(consumer.said).toEqual([])
    await publish(feed, message('1'), message('1'))
    await consumer.untilLive()
    expect(consumer.said).toEqual(['resumed', 'MESSAGE_CREATE 1@e-3', 'live@e-3'])
    clock.pass(AHEAD_PATIENCE_MS)
    await settled()
    expect(consumer.said).toHaveLength(3)
  })

  it('ahead of the log for too long is foreign', async () => {
    await using all = given()
    const { feed, clock } = all
    await publish(feed, guild('1'))
    const consumer = new Consumer(feed, { lastEventId: 'e-2' })
    await settled()
    clock.pass(AHEAD_PATIENCE_MS - 1)
    await settled()
    expect(consumer.said).toEqual([])
    clock.pass(1)
    await consumer.untilLive()
    expect(consumer.said).toEqual(['snapshot foreign', 'guild 1@e-1', 'live@e-1'])
  })

  it('ahead of a mirror that lags is not given the past as a snapshot, and told again what it knew', async () => {
    let behind = true
    await using all = given({ aheadPatienceMs: 10_000, behind: () => behind })
    const { feed, clock } = all
    await publish(feed, guild('1'))
    const [consumer, lost] = ['e-3', 'e-9'].map((lastEventId) => new Consumer(feed, { lastEventId }))
    for (let patience = 0; patience < 3; patience++) {
      clock.pass(10_000)
      await settled()
    }
    expect(consumer?.said).toEqual([])
    behind = false
    await publish(feed, message('1'), message('1'), message('1'))
    await consumer?.untilLive()
    expect(consumer?.said).toEqual(['resumed', 'MESSAGE_CREATE 1@e-4', 'live@e-4'])
    clock.pass(10_000)
    await lost?.untilLive()
    expect(lost?.said[0]).toBe('snapshot foreign')
  })
})

describe('a slow consumer', () => {
  it('stands still while its sink is full, and misses nothing', async () => {
    await using all = given()
    const { feed } = all
    const consumer = new Consumer(feed)
    const other = new Consumer(feed)
    await consumer.untilLive()
    consumer.full = true
    await publish(feed, message('1'))
    await publish(feed, message('1'))
    await publish(feed, message('1'))
    expect(consumer.positions).toEqual([1])
    expect(consumer.subscription).toMatchObject({ position: 1, lag: 2 })
    expect(other.positions).toEqual([1, 2, 3])
    consumer.resume()
    await consumer.until((said) => said.length === 5)
    await publish(feed, message('1'))
    expect(consumer.positions).toEqual([1, 2, 3, 4])
    expect(consumer.syncs).toHaveLength(2)
  })

  it('that fell off the log is told so and gets a snapshot', async () => {
    await using all = given({ maxBytes: 1_000 })
    const { feed } = all
    const consumer = new Consumer(feed)
    await consumer.untilLive()
    await publish(feed, guild('1'))
    consumer.full = true
    for (let index = 0; index < 50; index++) await publish(feed, message('1', `${index}`))
    expect(consumer.said.slice(2)).toEqual(['GUILD_CREATE 1@e-1', 'MESSAGE_CREATE 1@e-2'])
    consumer.resume()
    await consumer.untilLive()
    expect(consumer.said.slice(4)).toEqual(['snapshot lagged', 'guild 1@e-51', 'live@e-51'])
    expect(texts(consumer.state)).toEqual(texts(feed.state))
  })

  it('may say that it has room again before it has said that it is full', async () => {
    await using all = given()
    const { feed } = all
    const consumer = new Consumer(feed)
    await consumer.untilLive()
    const write = consumer.write.bind(consumer)
    consumer.write = (batch) => {
      write(batch)
      consumer.subscription.resume()
      return false
    }
    await publish(feed, message('1'))
    await publish(feed, message('1'))
    expect(consumer.positions).toEqual([1, 2])
  })

  it('that another’s sink resumes in the middle of a delivery is not told twice', async () => {
    await using all = given()
    const { feed } = all
    const [slow, other] = [new Consumer(feed), new Consumer(feed)]
    await settled()
    slow.full = true
    const write = other.write.bind(other)
    other.write = (batch) => {
      slow.resume()
      return write(batch)
    }
    await publish(feed, message('1'))
    await publish(feed, message('1'))
    expect(slow.positions).toEqual([1, 2])
    expect(other.positions).toEqual([1, 2])
  })

  it('that throws ends its own subscription and no other', async () => {
    await using all = given()
    const { feed } = all
    const [bad, good] = [new Consumer(feed), new Consumer(feed)]
    await good.untilLive()
    expect(feed.consumers).toBe(2)
    bad.throws = true
    await publish(feed, message('1'))
    await publish(feed, message('1'))
    expect(good.positions).toEqual([1, 2])
    expect(bad.ended).toBe(true)
    expect(bad.subscription.position).toBeNull()
    expect(feed.consumers).toBe(1)
  })

  it('is ended, and told why, when the log cannot be read', async () => {
    const log = new MemoryLog({ maxAgeMs: 1e9, maxBytes: 1e9 })
    await using all = given({ log })
    await publish(all.feed, message('1'))
    vi.spyOn(log, 'read').mockRejectedValue(new Error('the disk is gone'))
    const consumer = new Consumer(all.feed, { lastEventId: `${log.epoch}-0` })
    await settled()
    expect(consumer.ended).toBe(true)
    expect(all.feed.consumers).toBe(0)
  })

  it('that closes in the middle of a batch gets nothing more', async () => {
    await using all = given()
    const { feed } = all
    const consumer = new Consumer(feed)
    await consumer.untilLive()
    const write = consumer.write.bind(consumer)
    consumer.write = (batch) => {
      consumer.subscription.close()
      consumer.subscription.close()
      return write(batch)
    }
    await publish(feed, message('1'))
    await publish(feed, message('1'))
    expect(consumer.positions).toEqual([1])
    expect(feed.consumers).toBe(0)
  })
})

describe('the id of a consumer whom nothing concerns', () => {
  it('moves on every interval, once', async () => {
    await using all = given()
    const { feed, clock } = all
    const [quiet, other] = [new Consumer(feed, { filter: only('1') }), new Consumer(feed, { filter: only('2') })]
    await settled()
    await publish(feed, message('2'))
    clock.pass(ANNOUNCE_INTERVAL_MS - 1)
    await settled()
    expect(quiet.said).toHaveLength(2)
    clock.pass(1)
    await settled()
    expect(quiet.said.slice(2)).toEqual(['live@e-1'])
    expect(other.said.slice(2)).toEqual(['MESSAGE_CREATE 2@e-1'])
    clock.pass(ANNOUNCE_INTERVAL_MS)
    await settled()
    expect(quiet.said).toHaveLength(3)
    expect(clock.running).toBe(1)
    await publish(feed, message('1'), message('2'))
    clock.pass(ANNOUNCE_INTERVAL_MS)
    await settled()
    expect(quiet.said.slice(3)).toEqual(['MESSAGE_CREATE 1@e-2', 'live@e-3'])
  })

  it('moves past member chunks, which may have been held back from it', async () => {
    await using all = given()
    const { feed } = all
    await publish(feed, message('1'))
    const consumers = [new Consumer(feed), new Consumer(feed, { lastEventId: 'e-1' })]
    await settled()
    await publish(feed, message('1'), dispatch('GUILD_MEMBERS_CHUNK', '1', { members: [] }))
    consumers.push(new Consumer(feed, { lastEventId: 'e-1' }))
    await settled()
    await feed.announcePositions()
    for (const consumer of consumers) {
      expect(consumer.said.slice(-3)).toEqual(['MESSAGE_CREATE 1@e-2', 'GUILD_MEMBERS_CHUNK 1@e-3', 'live@e-3'])
    }
  })

  it('moves before a planned close, and not while the sink is full', async () => {
    await using all = given()
    const { feed } = all
    const [quiet, full] = [new Consumer(feed, { filter: only('1') }), new Consumer(feed)]
    await settled()
    full.full = true
    await publish(feed, message('2'))
    void feed.publish(message('2'))
    await feed.announcePositions()
    expect(quiet.said.slice(2)).toEqual(['live@e-2'])
    expect(full.said.slice(2)).toEqual(['MESSAGE_CREATE 2@e-1'])
    quiet.full = true
    await publish(feed, message('2'))
    await feed.announcePositions()
    await publish(feed, message('1'))
    quiet.resume()
    await settled()
    expect(quiet.said.slice(3)).toEqual(['live@e-3', 'MESSAGE_CREATE 1@e-4'])
  })

  it('is not told again to one who has just read it', async () => {
    await using all = given()
    const { feed } = all
    await publish(feed, message('1'), message('1'))
    const consumers = [null, 'e-1', 'e-2'].map((lastEventId) => new Consumer(feed, { lastEventId }))
    await settled()
    for (const consumer of consumers) consumer.full = true
    await publish(feed, message('1'))
    await publish(feed, message('1'))
    for (const consumer of consumers) consumer.resume()
    await settled()
    const before = consumers.map(({ said }) => said.length)
    await feed.announcePositions()
    expect(consumers.map(({ said }) => said.length)).toEqual(before)
  })

  it('runs no timer for nobody', async () => {
    const { feed, clock } = given()
    const consumer = new Consumer(feed)
    await consumer.untilLive()
    expect(clock.running).toBe(1)
    consumer.subscription.close()
    clock.pass(ANNOUNCE_INTERVAL_MS)
    expect(clock.running).toBe(0)
    await feed.close()
  })
})
