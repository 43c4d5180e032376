import { describe, expect, it, vi } from 'vitest'
import { AHEAD_PATIENCE_MS, GuildState, MemoryLog } from '../src/index.ts'
import { Consumer } from './consumer.ts'
import { given, dispatch, guild, message, publish, settled, hold } from './given.ts'

describe('a feed that opens later', () => {
  it('lets its consumers wait, and gives them all that came before, as one snapshot', async () => {
    await using all = given({ ready: false })
    const { feed } = all
    const consumer = new Consumer(feed)
    await publish(feed, guild('1'), guild('2'))
    await settled()
    expect(consumer.said).toEqual([])
    await feed.open()
    await feed.open()
    expect(feed.ready).toBe(true)
    await settled()
    expect(consumer.said).toEqual(['snapshot fresh', 'guild 1', 'guild 2@e-2', 'live@e-2'])
  })
})

describe('a mirror’s new beginning', () => {
  const stateOf = (...ids: string[]) => {
    const state = new GuildState()
    for (const id of ids) state.apply('GUILD_CREATE', id, { id })
    return state
  }

  it('gives everyone a snapshot with the reason, also those in the middle of one, and those who are full later', async () => {
    await using all = given()
    const { feed } = all
    const padding = 'x'.repeat(300_000)
    await publish(feed, dispatch('GUILD_CREATE', '1', { padding }), dispatch('GUILD_CREATE', '2', { padding }))
    const [live, midway, full] = [new Consumer(feed), new Consumer(feed), new Consumer(feed)]
    midway.full = true
    await live.untilLive()
    await full.untilLive()
    full.full = true
    await publish(feed, message('1'))
    await feed.restart({ epoch: 'f', position: 40 }, stateOf('3'), 'upstream')
    expect(live.said.slice(-3)).toEqual(['snapshot upstream', 'guild 3@f-40', 'live@f-40'])
    expect(live.committed).toBe('f-40')
    expect(full.said.at(-1)).toBe('MESSAGE_CREATE 1@e-3')
    midway.resume()
    full.resume()
    await settled()
    expect(midway.said).toEqual(['snapshot fresh', 'guild 1', 'snapshot upstream', 'guild 3@f-40', 'live@f-40'])
    expect(full.said.slice(-3)).toEqual(['snapshot upstream', 'guild 3@f-40', 'live@f-40'])
    await publish(feed, { ...message('3'), position: 44 })
    for (const { said } of [live, midway, full]) expect(said.at(-1)).toBe('MESSAGE_CREATE 3@f-44')
  })

  it('comes in its order among what is published', async () => {
    await using all = given({ ready: false })
    const { feed } = all
    await feed.restart({ epoch: 'f', position: 1 }, stateOf('1'), 'fresh')
    const consumer = new Consumer(feed)
    await consumer.untilLive()
    await Promise.all([
      feed.publish({ ...message('1'), position: 2 }),
      feed.restart({ epoch: 'g', position: 7 }, stateOf('1'), 'foreign'),
      feed.publish({ ...message('1'), position: 8 }),
    ])
    const snapshot = ['snapshot foreign', 'guild 1@g-7', 'live@g-7']
    expect(consumer.said.slice(3)).toEqual(['MESSAGE_CREATE 1@f-2', ...snapshot, 'MESSAGE_CREATE 1@g-8'])
  })

  it('takes a backlog for its log alone, from which older consumers are resumed', async () => {
    await using all = given({ ready: false })
    const { feed } = all
    const [older, oldest] = ['f-6', 'f-3'].map((lastEventId) => new Consumer(feed, { lastEventId }))
    const gone = dispatch('GUILD_DELETE', '1')
    const backlog = [
      { ...gone, position: 5 },
      { ...gone, position: 7 },
    ]
    await feed.restart({ epoch: 'f', position: 9 }, stateOf('1'), 'fresh', backlog)
    await settled()
    expect(feed.state.has('1')).toBe(true)
    expect(older?.said).toEqual(['resumed', 'GUILD_DELETE 1@f-7', 'live@f-9'])
    expect(oldest?.said).toEqual(['snapshot expired', 'guild 1@f-9', 'live@f-9'])
  })

  it('can come further without an entry', async () => {
    await using all = given({ ready: false })
    const { feed } = all
    await feed.restart({ epoch: 'f', position: 1 }, stateOf('1'), 'fresh')
    const consumer = new Consumer(feed)
    const ahead = new Consumer(feed, { lastEventId: 'f-5' })
    await consumer.untilLive()
    await feed.advance(5)
    await ahead.untilLive()
    expect(ahead.said).toEqual(['resumed', 'live@f-5'])
    await feed.announcePositions()
    expect(consumer.said.at(-1)).toBe('live@f-5')
  })
})

describe('a log that takes its time', () => {
  const slow = () => new MemoryLog({ maxAgeMs: 1e9, maxBytes: 1e9, epoch: 'e' })

  it('shows nobody what is stored and not yet applied', async () => {
    const log = slow()
    await using all = given({ log })
    const { feed } = all
    await publish(feed, guild('1'), message('1'))
    using held = hold(log, 'append')
    const published = publish(feed, message('1'))
    await settled()
    expect(log.to).toBe(3)
    const [returning, ahead] = ['e-1', 'e-3'].map((lastEventId) => new Consumer(feed, { lastEventId }))
    await settled()
    expect(returning?.said).toEqual(['resumed', 'MESSAGE_CREATE 1@e-2', 'live@e-2'])
    expect(ahead?.said).toEqual([])
    held.release()
    await published
    await settled()
    expect(returning?.said.slice(3)).toEqual(['MESSAGE_CREATE 1@e-3'])
    expect(ahead?.said).toEqual(['resumed', 'live@e-3'])
  })

  it('does not take one past an append who reads during it and is full again', async () => {
    const log = slow()
    await using all = given({ log })
    const { feed } = all
    const consumer = new Consumer(feed)
    await consumer.untilLive()
    consumer.full = true
    await publish(feed, message('1'))
    await publish(feed, message('1'))
    using held = hold(log, 'append')
    const published = publish(feed, message('1'))
    await settled()
    consumer.resume(1)
    await settled()
    expect(consumer.subscription.position).toBe(2)
    held.release()
    await published
    consumer.resume()
    await settled()
    expect(consumer.positions).toEqual([1, 2, 3])
  })

  it('that has forgotten an append before it was applied loses nobody', async () => {
    const log = new MemoryLog({ maxAgeMs: 1e9, maxBytes: 0, epoch: 'e' })
    await using all = given({ log })
    const { feed } = all
    await publish(feed, message('1'))
    const full = new Consumer(feed)
    await full.untilLive()
    full.full = true
    await publish(feed, message('1'))
    using held = hold(log, 'append')
    const published = publish(feed, message('1'))
    await settled()
    expect(log.from).toBe(3)
    const fresh = new Consumer(feed)
    const returning = new Consumer(feed, { lastEventId: 'e-2' })
    full.resume()
    await settled()
    held.release()
    await published
    expect(full.said).toEqual(['snapshot fresh', 'live@e-1', 'MESSAGE_CREATE 1@e-2', 'MESSAGE_CREATE 1@e-3'])
    expect(fresh.said).toEqual(['snapshot fresh', 'live@e-2', 'MESSAGE_CREATE 1@e-3'])
    expect(returning.said).toEqual(['snapshot expired', 'live@e-2', 'MESSAGE_CREATE 1@e-3'])
  })

  it('gathers what comes during an append into the next', async () => {
    const log = slow()
    await using all = given({ log })
    using held = hold(log, 'append')
    const first = all.feed.publish(message('1'))
    await settled()
    const append = vi.spyOn(log, 'append')
    append.mockClear()
    const more = publish(all.feed, message('1'), message('2'), message('3'))
    await settled()
    expect(append).not.toHaveBeenCalled()
    held.release()
    await Promise.all([first, more])
    expect(append.mock.calls.map(([entries]) => entries.length)).toEqual([3])
  })

  it('gives a reader who became live in mid-read what came during it', async () => {
    const log = slow()
    await using all = given({ log })
    const { feed } = all
    await publish(feed, message('1'))
    using held = hold(log, 'read')
    const consumer = new Consumer(feed, { lastEventId: 'e-0' })
    await settled()
    await publish(feed, message('1'), message('1'))
    held.release()
    await consumer.until((said) => said.length === 5)
    expect(consumer.positions).toEqual([1, 2, 3])
  })

  it('has nothing read before a new beginning told after it', async () => {
    const log = slow()
    await using all = given({ log })
    const { feed } = all
    await publish(feed, message('1'))
    using held = hold(log, 'read')
    const consumer = new Consumer(feed, { lastEventId: 'e-0' })
    await settled()
    await feed.restart({ epoch: 'f', position: 0 }, new GuildState(), 'foreign')
    held.release()
    await settled()
    expect(consumer.said).toEqual(['snapshot foreign', 'live@f-0'])
    await publish(feed, message('1'))
    expect(consumer.said.slice(2)).toEqual(['MESSAGE_CREATE 1@f-1'])
  })

  it('lets nobody begin in the middle of a new beginning', async () => {
    const log = slow()
    await using all = given({ log })
    const { feed } = all
    await publish(feed, guild('1'), guild('2'))
    const early = new Consumer(feed, { lastEventId: 'e-9' })
    const full = new Consumer(feed)
    await full.untilLive()
    full.full = true
    await publish(feed, message('1'))
    using held = hold(log, 'reset')
    const restarted = feed.restart({ epoch: 'f', position: 9 }, new GuildState(), 'upstream')
    await settled()
    const late = new Consumer(feed)
    full.resume()
    await settled()
    all.clock.pass(AHEAD_PATIENCE_MS)
    await settled()
    expect([early.said, late.said, full.said.slice(5)]).toEqual([[], [], []])
    held.release()
    await restarted
    await settled()
    expect(early.said).toEqual(['snapshot foreign', 'live@f-9'])
    expect(late.said).toEqual(['snapshot fresh', 'live@f-9'])
    expect(full.said.slice(5)).toEqual(['snapshot upstream', 'live@f-9'])
  })

  it('shares nothing over a new beginning at the same position', async () => {
    await using all = given()
    const { feed } = all
    const consumer = new Consumer(feed)
    await consumer.untilLive()
    const state = () => new GuildState()
    await Promise.all(['f', 'g'].map((epoch) => feed.restart({ epoch, position: 7 }, state(), 'upstream')))
    expect(consumer.said.slice(2)).toEqual(['snapshot upstream', 'live@f-7', 'snapshot upstream', 'live@g-7'])
  })
})
