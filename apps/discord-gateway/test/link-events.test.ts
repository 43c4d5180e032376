import type { GatewayServiceMessage, GatewayServiceV2Message } from '@repo/discord-integration/types'
import { MemoryLog } from '@repo/event-feed'
import { describe, expect, it } from 'vitest'
import { Backend, isFence, kinds, startLink } from './link.ts'

const guild = (id: string) => ({ id, name: `Guild ${id}`, channels: [], members: [], roles: [] })

describe('events', () => {
  it('version 1 sees the four messages and nothing else', async () => {
    await using link = await startLink()
    await link.publish('GUILD_CREATE', guild('1'))
    await using backend = await Backend.open(link.url, { version: 1 })
    expect(backend.socket.protocol).toBe('')
    expect(kinds([await backend.next()])).toEqual(['GUILD_CREATE'])
    await link.publish('TYPING_START', { guild_id: '1' })
    backend.command('get_status', {}, 'r')
    expect(kinds(await backend.take(2)).sort()).toEqual(['TYPING_START', 'ack'])
  })

  it('version 2 is told where it stands: snapshot, guilds, live, what happens', async () => {
    await using link = await startLink()
    for (const id of ['1', '2']) await link.publish('GUILD_CREATE', guild(id), id)
    await using backend = await Backend.open(link.url)
    expect(backend.socket.protocol).toBe('gateway-service.v2')
    const beginning = await backend.live()
    expect(kinds(beginning)).toEqual(['sync snapshot', 'GUILD_CREATE', 'GUILD_CREATE', 'sync live'])
    expect(beginning.map((message) => ('id' in message ? message.id : undefined))).toEqual([
      undefined,
      undefined,
      'test-2',
      undefined,
    ])
    expect(beginning[0]).toMatchObject({ data: { reason: 'fresh' } })
    expect(beginning[3]).toMatchObject({ data: { id: 'test-2' } })
    await link.publish('TYPING_START', { guild_id: '1' })
    expect(await backend.next()).toMatchObject({ type: 'event', id: 'test-3', data: { event: 'TYPING_START' } })
  })

  it('the time of an event is that of its receipt, and of a snapshot’s guild that of its sending', async () => {
    const ts = Date.now() - 1_000
    await using link = await startLink({ now: () => 77 })
    await link.feed.publish({ kind: 'dispatch', event: 'GUILD_CREATE', guildId: '1', payload: '{"id":"1"}', ts })
    await using fresh = await Backend.open(link.url)
    await using returning = await Backend.open(link.url, { lastEventId: 'test-0' })
    const times = (messages: readonly GatewayServiceV2Message[]) =>
      messages.flatMap((message) => (message.type === 'event' ? [message.ts] : []))
    expect(times(await fresh.live())).toEqual([77])
    expect(times(await returning.live())).toEqual([ts])
  })

  it('version 1 that returns gets what it missed, and no word of it', async () => {
    await using link = await startLink()
    for (let n = 1; n <= 3; n++) await link.publish('TYPING_START', { guild_id: '1', n })
    await using backend = await Backend.open(link.url, { version: 1, lastEventId: 'test-1' })
    expect(await backend.take(2)).toMatchObject([{ id: 'test-2', data: { payload: { n: 2 } } }, { id: 'test-3' }])
    await link.publish('RESUMED', {})
    await backend.until(isFence)
    expect(kinds(backend.messages)).toEqual(['TYPING_START', 'TYPING_START', 'RESUMED'])
  })

  it('a returning backend gets exactly what it missed', async () => {
    await using link = await startLink()
    for (let n = 1; n <= 5; n++) await link.publish('TYPING_START', { guild_id: '1', n })
    await using backend = await Backend.open(link.url, { lastEventId: 'test-3' })
    const [resumed, ...missed] = await backend.live()
    expect(resumed).toMatchObject({ type: 'sync', data: { state: 'resumed' } })
    expect(missed).toMatchObject([
      { data: { payload: { n: 4 } } },
      { data: { payload: { n: 5 } }, id: 'test-5' },
      { type: 'sync' },
    ])
  })

  it('an id of no log is foreign, not refused', async () => {
    await using link = await startLink()
    await using backend = await Backend.open(link.url, { lastEventId: 'what is this' })
    expect(await backend.next()).toMatchObject({ data: { state: 'snapshot', reason: 'foreign' } })
  })

  it('the payload arrives byte for byte', async () => {
    await using link = await startLink()
    await using backend = await Backend.open(link.url)
    await backend.live()
    const payload = '{"guild_id":"1","big":12345678901234567890,"float":1.0,"esc":"\\u00e9\\/","dup":1,"dup":2}'
    await link.feed.publish({ kind: 'dispatch', event: 'SOMETHING_NEW', guildId: '1', payload, ts: 7 })
    await backend.next()
    expect(backend.texts.at(-1)).toBe(
      `{"type":"event","data":{"event":"SOMETHING_NEW","payload":${payload}},"ts":7,"id":"test-1"}`,
    )
  })

  it('filters by guild and by event, in the snapshot too', async () => {
    await using link = await startLink()
    for (const id of ['1', '2']) await link.publish('GUILD_CREATE', guild(id), id)
    await link.publish('GUILD_DELETE', { id: '3', unavailable: true }, '3')
    const queries = [
      '',
      '?guilds=1',
      '?guilds=2&snapshot=0',
      '?events=TYPING_START,RESUMED',
      '?events=GUILD_DELETE,RESUMED',
    ]
    const backends = await Promise.all(queries.map((query) => Backend.open(link.url, { query })))
    const beginnings = await Promise.all(backends.map((backend) => backend.live()))
    expect(beginnings.map((messages) => kinds(messages).slice(1, -1))).toEqual([
      ['GUILD_DELETE', 'GUILD_CREATE', 'GUILD_CREATE'],
      ['GUILD_CREATE'],
      [],
      [],
      ['GUILD_DELETE'],
    ])
    await link.publish('TYPING_START', { guild_id: '1' }, '1')
    await link.publish('MESSAGE_CREATE', { guild_id: '1' }, '1')
    await link.publish('TYPING_START', { guild_id: '2' }, '2')
    await link.publish('READY', {}, null)
    for (const id of ['1', '2']) await link.publish('RESUMED', { guild_id: id }, id)
    const seen = await Promise.all(backends.map((backend) => backend.until(isFence)))
    expect(seen.map(kinds)).toEqual([
      ['TYPING_START', 'MESSAGE_CREATE', 'TYPING_START', 'READY', 'RESUMED'],
      ['TYPING_START', 'MESSAGE_CREATE', 'RESUMED'],
      ['TYPING_START', 'RESUMED'],
      ['TYPING_START', 'TYPING_START', 'RESUMED'],
      ['RESUMED'],
    ])
    for (const backend of backends) await backend[Symbol.asyncDispose]()
  })

  it('what a filter passed over is not sent later to a wider one that comes with its id', async () => {
    await using link = await startLink()
    {
      await using narrow = await Backend.open(link.url, { query: '?guilds=1' })
      await narrow.live()
      await link.publish('TYPING_START', { guild_id: '2' }, '2')
      await link.publish('MESSAGE_CREATE', { guild_id: '1' }, '1')
      expect(await narrow.next()).toMatchObject({ id: 'test-2' })
    }
    await using wide = await Backend.open(link.url, { lastEventId: 'test-2' })
    expect(kinds(await wide.live())).toEqual(['sync resumed', 'sync live'])
  })

  it('a backlog comes between the word of the snapshot and the guilds', async () => {
    await using link = await startLink()
    await link.publish('GUILD_CREATE', guild('1'))
    await link.publish('TYPING_START', { guild_id: '1' })
    await using backend = await Backend.open(link.url, { query: '?backlog=60' })
    const beginning = await backend.live()
    expect(kinds(beginning)).toEqual(['sync snapshot', 'GUILD_CREATE', 'TYPING_START', 'GUILD_CREATE', 'sync live'])
  })

  it('`backfilled` is said to version 2 alone', async () => {
    await using link = await startLink()
    await using old = await Backend.open(link.url, { version: 1 })
    await using backend = await Backend.open(link.url)
    await backend.live()
    const entry = {
      kind: 'dispatch',
      event: 'MESSAGE_CREATE',
      guildId: '1',
      payload: '{}',
      ts: 1,
      backfilled: true,
    } as const
    await link.feed.publish(entry)
    expect(await backend.next()).toMatchObject({ data: { backfilled: true } })
    expect((await old.next()).data).not.toHaveProperty('backfilled')
  })

  it('a broadcast reaches every backend, as the seed shows it', async () => {
    await using link = await startLink()
    const wsServer = link.server
    const backends = await Promise.all([Backend.open(link.url, { version: 1 }), Backend.open(link.url)])
    const message: GatewayServiceMessage = {
      type: 'event',
      data: { event: 'VOICE_STATE_UPDATE', payload: { guild_id: '123456789' } },
      ts: Date.now(),
    }
    wsServer.broadcast(JSON.stringify(message))
    for (const backend of backends) {
      expect((await backend.until(({ type }) => type === 'event')).at(-1)).toEqual(message)
      await backend[Symbol.asyncDispose]()
    }
  })
})

describe('a slow backend', () => {
  const payload = { guild_id: '1', filler: 'x'.repeat(64 * 1024) }

  it('does not slow the others, costs a socket’s worth of memory, and loses nothing', async () => {
    await using link = await startLink()
    await using slow = await Backend.open(link.url)
    await using quick = await Backend.open(link.url)
    await Promise.all([slow.live(), quick.live()])
    slow.socket.pause()
    const count = 400
    for (let n = 1; n <= count; n++) await link.publish('TYPING_START', { ...payload, n })
    await link.publish('RESUMED', { guild_id: '1' })
    expect(await quick.until(isFence)).toHaveLength(count + 1)
    const lags = [...link.server.connections].map(({ lag }) => lag)
    expect(Math.max(...lags)).toBeGreaterThan(count / 4)
    expect(Math.min(...lags)).toBe(0)
    slow.socket.resume()
    const missed = await slow.until(isFence)
    const seen = missed.flatMap((message) =>
      message.type === 'event' && message.data.event === 'TYPING_START' ? [message.data.payload] : [],
    )
    expect(seen).toEqual(Array.from({ length: count }, (_, index) => ({ ...payload, n: index + 1 })))
  })

  it('that falls off the log is told so, and gets a snapshot', async () => {
    await using link = await startLink({
      log: new MemoryLog({ maxAgeMs: 60_000, maxBytes: 1024 * 1024, epoch: 'test' }),
    })
    await using slow = await Backend.open(link.url)
    await slow.live()
    slow.socket.pause()
    for (let n = 1; n <= 400; n++) await link.publish('TYPING_START', { ...payload, n })
    slow.socket.resume()
    const lagged = await slow.until((message) => message.type === 'sync' && message.data.state === 'snapshot')
    expect(lagged.at(-1)).toMatchObject({ data: { reason: 'lagged' } })
    await slow.live()
  })

  it('that does not take a broadcast is cut before memory runs out', async () => {
    await using link = await startLink({ limits: { backlogMaxBytes: 1024 * 1024 } })
    await using slow = await Backend.open(link.url)
    await slow.live()
    slow.socket.pause()
    const text = JSON.stringify({ filler: 'x'.repeat(1024 * 1024) })
    for (let n = 0; n < 50 && link.server.connections.size > 0; n++) {
      link.server.broadcast(text)
      await new Promise(setImmediate)
    }
    slow.socket.resume()
    expect(await slow.closed).toBe(1006)
  })
})
