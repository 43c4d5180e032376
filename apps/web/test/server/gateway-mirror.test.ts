import { EventFeed, MemoryLog } from '@repo/event-feed'
import type { FeedBatch } from '@repo/event-feed'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { GatewayMirror } from '../../src/server/init/gateway-mirror.ts'
import type { LinkMessage } from '../../src/server/init/gateway-mirror.ts'
import { FeedReader } from './feed-reader.ts'

type SyncData = Extract<LinkMessage, { type: 'sync' }>['data']

function setUp({ backlogMaxBytes = 1_000_000 } = {}) {
  const feed = new EventFeed({ log: new MemoryLog({ maxAgeMs: 60_000, maxBytes: 1_000_000 }), ready: false })
  const errors: string[] = []
  const logger = pino({ level: 'error' }, { write: (line) => void errors.push(line) })
  const mirror = new GatewayMirror(feed, logger, { backlogMaxBytes })
  return {
    feed,
    mirror,
    errors,
    sync: (data: SyncData) => mirror.receive({ type: 'sync', data, ts: Date.now() }),
    /** The payload's text is told with its own spaces, as a link does that passes Discord's bytes on. */
    event: (event: 'READY' | 'GUILD_CREATE' | 'MESSAGE_CREATE' | 'GUILD_DELETE', payload: object, id?: string) => {
      const text = JSON.stringify(payload, null, 1)
      mirror.receive(
        { type: 'event', data: { event, payload }, ts: Date.now(), ...(id === undefined ? {} : { id }) },
        text,
      )
    },
  }
}

const guild = (id: string, name = 'a') => ({ id, name, channels: [], members: [], voice_states: [] })
const message = (id: string) => ({ guild_id: '1', id })
const spaced = (payload: object) => JSON.stringify(payload, null, 1)

describe('GatewayMirror', () => {
  it('is ready, with what the snapshot said, when the gateway says live', async () => {
    const { feed, sync, event } = setUp()
    const reader = new FeedReader(feed, '2')
    sync({ state: 'snapshot', reason: 'fresh' })
    event('GUILD_CREATE', guild('1'))
    event('GUILD_CREATE', guild('2', 'two'), 'e-7')
    expect(feed.ready).toBe(false)
    sync({ state: 'live', id: 'e-7' })
    await reader.until('sync live')
    expect(feed.ready).toBe(true)
    expect([...feed.state.guildIds()]).toEqual(['1', '2'])
    expect(reader.lines[0]).toMatch(/^sync snapshot/)
    expect(reader.lines[1]).toMatch(/^GUILD_CREATE .*"two"/)
    expect(reader.lines[2]).toBe('sync live e-7')
  })

  it('knows a guild that is down from the snapshot, also where nothing else is known of it', async () => {
    const { feed, sync, event } = setUp()
    const reader = new FeedReader(feed, '2')
    sync({ state: 'snapshot', reason: 'fresh' })
    event('GUILD_DELETE', { id: '2', unavailable: true })
    event('GUILD_CREATE', guild('1'), 'e-7')
    sync({ state: 'live', id: 'e-7' })
    await reader.until('sync live')
    expect(['1', '2', '3'].map((id) => feed.state.lists(id))).toEqual([true, true, false])
    expect(reader.lines).toEqual(['sync snapshot fresh', 'GUILD_DELETE {"id":"2","unavailable":true}', 'sync live e-7'])
    event('GUILD_CREATE', guild('2', 'up again'), 'e-8')
    expect((await reader.until('GUILD_CREATE')).at(-1)).toContain('up again')
  })

  it('counts events that come before live into the snapshot', async () => {
    const { feed, sync, event } = setUp()
    const reader = new FeedReader(feed, '1')
    sync({ state: 'snapshot', reason: 'fresh' })
    event('GUILD_CREATE', guild('1'), 'e-7')
    event('GUILD_CREATE', guild('2'), 'e-8')
    event('GUILD_DELETE', { id: '2' }, 'e-9')
    sync({ state: 'live', id: 'e-9' })
    expect((await reader.until('sync live')).at(-1)).toBe('sync live e-9')
    expect([...feed.state.guildIds()]).toEqual(['1'])
  })

  it('passes live events on as Discord wrote them, each with its id', async () => {
    const { feed, sync, event } = setUp()
    const reader = new FeedReader(feed, '1')
    sync({ state: 'snapshot' })
    event('GUILD_CREATE', guild('1'), 'e-7')
    sync({ state: 'live', id: 'e-7' })
    // At once, while the snapshot is still being taken: the order holds.
    event('MESSAGE_CREATE', message('11'), 'e-8')
    event('MESSAGE_CREATE', message('12'), 'e-20')
    await reader.until('MESSAGE_CREATE e-20')
    expect(reader.lines.slice(-2)).toEqual([
      `MESSAGE_CREATE e-8 ${spaced(message('11'))}`,
      `MESSAGE_CREATE e-20 ${spaced(message('12'))}`,
    ])
    expect([feed.log.epoch, feed.log.from, feed.log.to]).toEqual(['e', 7, 20])
  })

  it('goes on after a resume, and takes what was said twice once', async () => {
    const { feed, sync, event, errors } = setUp()
    const reader = new FeedReader(feed, '1')
    sync({ state: 'snapshot' })
    event('GUILD_CREATE', guild('1'), 'e-7')
    sync({ state: 'live', id: 'e-7' })
    event('MESSAGE_CREATE', message('11'), 'e-8')
    // The link breaks off in the middle of a replay, and replays from the same place again.
    for (let attempt = 0; attempt < 2; attempt += 1) {
      sync({ state: 'resumed' })
      event('MESSAGE_CREATE', message('11'), 'e-8')
      event('MESSAGE_CREATE', message('12'), 'e-9')
    }
    sync({ state: 'live', id: 'e-9' })
    event('MESSAGE_CREATE', message('13'), 'e-10')
    await reader.until('MESSAGE_CREATE e-10')
    const messages = reader.lines.filter((line) => line.startsWith('MESSAGE_CREATE'))
    expect(messages.map((line) => line.split(' ')[1])).toEqual(['e-8', 'e-9', 'e-10'])
    expect(errors).toEqual([])
  })

  it('keeps what it had while a snapshot comes, and when one breaks off', async () => {
    const { feed, sync, event } = setUp()
    const reader = new FeedReader(feed, '1')
    sync({ state: 'snapshot' })
    event('GUILD_CREATE', guild('1', 'before'), 'e-7')
    sync({ state: 'live', id: 'e-7' })
    await reader.until('sync live')
    sync({ state: 'snapshot', reason: 'foreign' })
    event('GUILD_CREATE', guild('1', 'half'))
    expect(feed.state.guildCreate('1')).toMatchObject({ name: 'before' })
    sync({ state: 'snapshot', reason: 'foreign' })
    event('GUILD_CREATE', guild('1', 'whole'), 'f-3')
    sync({ state: 'live', id: 'f-3' })
    await reader.until('sync snapshot foreign')
    await reader.until('sync live f-3')
    expect(reader.lines.filter((line) => line.includes('half'))).toEqual([])
    expect(feed.state.guildCreate('1')).toMatchObject({ name: 'whole' })
    expect(feed.log.epoch).toBe('f')
  })

  it('comes along where the gateway passes what is not for web', async () => {
    const { feed, sync, event, errors } = setUp()
    sync({ state: 'snapshot' })
    event('GUILD_CREATE', guild('1'), 'e-7')
    sync({ state: 'live', id: 'e-7' })
    sync({ state: 'live', id: 'e-30' })
    sync({ state: 'live', id: 'f-40' })
    await expect.poll(() => feed.log.to).toBe(30)
    expect(errors).toEqual([])
  })

  it('forgets a snapshot that broke off, when the next connection is resumed instead', async () => {
    const { feed, sync, event } = setUp()
    const reader = new FeedReader(feed, '1')
    sync({ state: 'snapshot' })
    event('GUILD_CREATE', guild('1', 'before'), 'e-7')
    sync({ state: 'live', id: 'e-7' })
    sync({ state: 'snapshot', reason: 'lagged' })
    event('GUILD_CREATE', guild('1', 'half'))
    sync({ state: 'resumed' })
    event('MESSAGE_CREATE', message('11'), 'e-8')
    sync({ state: 'live', id: 'e-8' })
    await reader.until('MESSAGE_CREATE e-8')
    expect(feed.state.guildCreate('1')).toMatchObject({ name: 'before' })
    expect(reader.lines.filter((line) => line.startsWith('sync snapshot'))).toHaveLength(1)
  })

  it('puts a gap where it was', async () => {
    const { feed, sync, event } = setUp()
    const reader = new FeedReader(feed, '1')
    sync({ state: 'snapshot' })
    event('GUILD_CREATE', guild('1'), 'e-7')
    sync({ state: 'live', id: 'e-7' })
    sync({ state: 'gap', reason: 'upstream', from: 5, to: 6, id: 'e-8' })
    event('MESSAGE_CREATE', message('11'), 'e-9')
    await reader.until('MESSAGE_CREATE e-9')
    expect(reader.lines.slice(-2, -1)).toEqual(['sync gap upstream e-8'])
  })

  it('tells of a shard’s gap nobody whose guild is on another, and everybody where it is not said whose it is', async () => {
    const { feed, sync, event } = setUp()
    const guilds = [0n, 1n].map((shard) => `${(8n + shard) << 22n}`)
    sync({ state: 'snapshot' })
    for (const id of guilds) event('GUILD_CREATE', guild(id), 'e-7')
    sync({ state: 'live', id: 'e-7' })
    const readers = guilds.map((id) => new FeedReader(feed, id))
    for (const reader of readers) await reader.until('sync live')
    sync({ state: 'gap', reason: 'upstream', from: 5, to: 6, shard: [1, 2], id: 'e-8' })
    sync({ state: 'gap', reason: 'upstream', from: 7, to: 8, id: 'e-9' })
    for (const reader of readers) await reader.until('sync gap upstream e-9')
    const gaps = readers.map(({ lines }) => lines.filter((line) => line.startsWith('sync gap')))
    expect(gaps).toEqual([['sync gap upstream e-9'], ['sync gap upstream e-8', 'sync gap upstream e-9']])
  })

  it('tells a guild what could not be restored of a gap, and not in which channels', async () => {
    const { feed, sync, event } = setUp()
    sync({ state: 'snapshot' })
    for (const id of ['1', '2']) event('GUILD_CREATE', guild(id), 'e-7')
    sync({ state: 'live', id: 'e-7' })
    const told: unknown[] = []
    const filter = { guilds: new Set(['1']), events: null, guildless: false }
    const write = ({ items }: FeedBatch) => told.push(...items) > 0
    feed.subscribe({ lastEventId: null, filter, sink: { write } })
    const other = new FeedReader(feed, '2')
    const gap = { state: 'gap' as const, reason: 'upstream' as const, from: 5, to: 6 }
    sync({ ...gap, guild_id: '1', channels: ['11'], id: 'e-8' })
    sync({ ...gap, id: 'e-9' })
    await other.until('sync gap')
    expect(other.lines.at(-1)).toBe('sync gap upstream e-9')
    expect(told.slice(-2)).toEqual([
      { kind: 'sync', data: { ...gap, guild_id: '1', id: 'e-8' } },
      { kind: 'sync', data: { ...gap, id: 'e-9' } },
    ])
  })

  describe('with the events from before its snapshot', () => {
    const ids = (lines: readonly string[]) => lines.map((line) => line.split(' ').slice(0, 2).join(' '))

    it('resumes browsers that are older than web itself, with what they missed, once', async () => {
      const { feed, sync, event, errors } = setUp()
      const reader = new FeedReader(feed, '1', 'e-5')
      const oldest = new FeedReader(feed, '1', 'e-3')
      sync({ state: 'snapshot', reason: 'fresh' })
      event('MESSAGE_CREATE', message('11'), 'e-5')
      event('MESSAGE_CREATE', message('12'), 'e-6')
      sync({ state: 'gap', reason: 'upstream', from: 5, to: 6, id: 'e-7' })
      event('GUILD_CREATE', guild('2'))
      // Between two guilds comes what happened meanwhile, and the last has the id of the newest entry.
      event('MESSAGE_CREATE', message('13'), 'e-8')
      event('GUILD_CREATE', guild('1', 'now'), 'e-8')
      sync({ state: 'live', id: 'e-8' })
      event('MESSAGE_CREATE', message('14'), 'e-9')
      await reader.until('MESSAGE_CREATE e-9')
      const missed = ['MESSAGE_CREATE e-6', 'sync gap', 'MESSAGE_CREATE e-8', 'sync live', 'MESSAGE_CREATE e-9']
      expect(ids(reader.lines)).toEqual(['sync resumed', ...missed])
      expect(reader.lines[1]).toBe(`MESSAGE_CREATE e-6 ${spaced(message('12'))}`)
      expect(oldest.lines[0]).toBe('sync snapshot expired')
      expect([feed.log.from, feed.log.to]).toEqual([4, 9])
      expect(feed.state.guildCreate('1')).toMatchObject({ name: 'now' })
      expect(errors).toEqual([])
    })

    it('takes the snapshot’s last guild for no entry, where nothing was recent enough to be sent', async () => {
      const { feed, sync, event } = setUp()
      const reader = new FeedReader(feed, '1', 'e-6')
      sync({ state: 'snapshot', reason: 'fresh' })
      event('GUILD_CREATE', guild('1'), 'e-7')
      sync({ state: 'live', id: 'e-7' })
      await reader.until('sync live')
      expect(reader.lines[0]).toBe('sync snapshot expired')
      expect(feed.log.from).toBe(7)
    })

    it('keeps a GUILD_CREATE that is an entry, once, be it the only one or the last', async () => {
      const only = setUp()
      only.sync({ state: 'snapshot', reason: 'fresh' })
      only.event('GUILD_CREATE', guild('1'), 'e-7')
      only.event('GUILD_CREATE', guild('2'))
      only.event('GUILD_CREATE', guild('1'), 'e-7')
      only.sync({ state: 'live', id: 'e-7' })
      const last = setUp()
      last.sync({ state: 'snapshot', reason: 'fresh' })
      last.event('MESSAGE_CREATE', message('11'), 'e-6')
      last.event('GUILD_CREATE', guild('1'), 'e-7')
      last.sync({ state: 'live', id: 'e-7' })
      for (const { feed } of [only, last]) {
        const reader = new FeedReader(feed, '1', 'e-6')
        await reader.until('sync live')
        expect(ids(reader.lines)).toEqual(['sync resumed', 'GUILD_CREATE e-7', 'sync live'])
      }
    })

    it('does not let what happened to a guild before its GUILD_CREATE change it', async () => {
      const { feed, sync, event } = setUp()
      sync({ state: 'snapshot', reason: 'fresh' })
      event('GUILD_CREATE', guild('1', 'then'), 'e-5')
      event('GUILD_DELETE', { id: '1' }, 'e-6')
      event('GUILD_CREATE', guild('2', 'gone'), 'e-7')
      event('GUILD_DELETE', { id: '2' }, 'e-8')
      event('GUILD_CREATE', guild('1', 'now'), 'e-8')
      sync({ state: 'live', id: 'e-8' })
      await expect.poll(() => feed.ready).toBe(true)
      expect([...feed.state.guildIds()]).toEqual(['1'])
      expect(feed.state.guildCreate('1')).toMatchObject({ name: 'now' })
      expect(feed.log.from).toBe(4)
    })

    it('keeps the newest where they are more than web has room for, and claims no more', async () => {
      const { feed, sync, event } = setUp({ backlogMaxBytes: 1_000 })
      const [within, before] = [new FeedReader(feed, '1', 'e-20'), new FeedReader(feed, '1', 'e-1')]
      sync({ state: 'snapshot', reason: 'fresh' })
      for (let position = 1; position <= 20; position += 1) {
        event('MESSAGE_CREATE', { ...message('11'), padding: 'x'.repeat(100) }, `e-${position}`)
      }
      event('GUILD_CREATE', guild('1'), 'e-20')
      sync({ state: 'live', id: 'e-20' })
      await before.until('sync live')
      expect(ids(within.lines)).toEqual(['sync resumed', 'sync live'])
      expect(before.lines[0]).toBe('sync snapshot expired')
      expect(feed.log.from).toBeGreaterThan(10)
      expect(feed.log.size.entries).toBe(20 - feed.log.from)
    })

    it('begins anew with each snapshot: of one that broke off nothing is kept', async () => {
      const { feed, sync, event } = setUp()
      sync({ state: 'snapshot', reason: 'fresh' })
      event('MESSAGE_CREATE', message('11'), 'e-5')
      sync({ state: 'snapshot', reason: 'foreign' })
      event('MESSAGE_CREATE', message('11'), 'f-2')
      event('GUILD_CREATE', guild('1'), 'f-2')
      sync({ state: 'live', id: 'f-2' })
      await expect.poll(() => feed.ready).toBe(true)
      expect([feed.log.epoch, feed.log.from, feed.log.to, feed.log.size.entries]).toEqual(['f', 1, 2, 1])
    })
  })

  it('drops, and says so, what has no place in the log that it follows', async () => {
    const { feed, sync, event, errors } = setUp()
    const reader = new FeedReader(feed, '1')
    event('MESSAGE_CREATE', message('10'), 'e-6')
    sync({ state: 'snapshot' })
    event('GUILD_CREATE', guild('1'), 'e-7')
    sync({ state: 'live' })
    expect(feed.ready).toBe(false)
    sync({ state: 'live', id: 'e-7' })
    event('MESSAGE_CREATE', message('11'))
    event('MESSAGE_CREATE', message('12'), 'f-9')
    event('MESSAGE_CREATE', message('13'), 'e-9')
    await reader.until('MESSAGE_CREATE e-9')
    expect(reader.lines.filter((line) => line.startsWith('MESSAGE_CREATE'))).toHaveLength(1)
    expect(errors).toHaveLength(4)
    expect(errors.join('')).not.toContain('guild_id')
  })
})
