import type { GatewayServiceMessage, GatewayServiceV2Message } from '@repo/discord-integration/types'
import { MemoryLog } from '@repo/event-feed'
import { describe, expect, it } from 'vitest'
import { unnamedTokens } from '../src/tokens/link-token.ts'
import { LinkTokens } from '../src/tokens/link-tokens.ts'
import { ask, Backend, startLink, TOKEN, UPGRADE } from './link.ts'

const bearer = { authorization: `Bearer ${TOKEN}` }
const guild = (id: string) => ({ id, name: `Guild ${id}`, channels: [], members: [], roles: [] })
const kinds = (messages: readonly GatewayServiceV2Message[]) =>
  messages.map((message) => {
    if (message.type === 'sync') return `sync ${message.data.state}`
    return message.type === 'event' ? message.data.event : message.type
  })
const errorOf = (message: GatewayServiceV2Message) => {
  if (message.type !== 'error') throw new Error(`${message.type} is no error`)
  return message.data
}
/** The last dispatch of a series, by which a test knows that all before have come. */
const isFence = (message: GatewayServiceV2Message) => message.type === 'event' && message.data.event === 'RESUMED'

describe('the upgrade', () => {
  it.each([
    ['no token', '/', {}, 401, 'UNAUTHORIZED'],
    ['a wrong token', '/', { authorization: 'Bearer nobodys' }, 401, 'UNAUTHORIZED'],
    ['another path', '/link', bearer, 404, 'NOT_FOUND'],
    ['a bad query', '/?guilds=x', bearer, 400, 'BAD_REQUEST'],
    ['an unknown subprotocol', '/', { ...bearer, 'sec-websocket-protocol': 'gateway-service.v9' }, 400, 'BAD_REQUEST'],
    ['an over-long id', '/', { ...bearer, 'last-event-id': 'x'.repeat(100) }, 400, 'BAD_REQUEST'],
    ['a bad key', '/', { ...bearer, 'sec-websocket-key': 'short' }, 400, 'BAD_REQUEST'],
    ['a bad version', '/', { ...bearer, 'sec-websocket-version': '7' }, 400, 'BAD_REQUEST'],
  ])('%s is refused by plain HTTP, with the reason in JSON', async (_what, path, headers, status, code) => {
    await using link = await startLink()
    const answer = await ask(link.port, path, { ...UPGRADE, ...headers })
    expect(answer.status).toBe(status)
    expect(answer.body).toEqual({ error: { code, message: expect.any(String) } })
    expect(link.server.connections.size).toBe(0)
  })

  it('a request without an upgrade is refused the same way, and learns nothing without a token', async () => {
    await using link = await startLink()
    expect(await ask(link.port, '/')).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } })
    expect(await ask(link.port, '/', bearer)).toMatchObject({ status: 400, body: { error: { code: 'BAD_REQUEST' } } })
    expect(await ask(link.port, '/nowhere')).toMatchObject({ status: 404 })
  })

  it('another protocol that is offered is passed over', async () => {
    await using link = await startLink({
      pages: { '/x': async () => ({ status: 200, contentType: 'text/plain', body: 'hi' }) },
    })
    const headers = { connection: 'upgrade, http2-settings', upgrade: 'h2c', 'http2-settings': '' }
    expect(await ask(link.port, '/x', headers)).toMatchObject({ status: 200, body: 'hi' })
  })

  it.each([{ host: 'rebound.example.com' }, { origin: 'https://elsewhere.example.com' }])(
    'the demo is for this machine: %j is refused, with a token too',
    async (headers) => {
      const pages = { '/x': async () => ({ status: 200, contentType: 'text/plain', body: 'hi' }) }
      await using demo = await startLink({ pages, loopbackOnly: true })
      const refused = { status: 403, body: { error: { code: 'FORBIDDEN' } } }
      expect(await ask(demo.port, '/', { ...UPGRADE, ...bearer, ...headers })).toMatchObject(refused)
      expect(await ask(demo.port, '/x', headers)).toMatchObject(refused)
      expect(await ask(demo.port, '/x')).toMatchObject({ status: 200 })

      await using link = await startLink({ pages })
      expect(await ask(link.port, '/x', headers)).toMatchObject({ status: 200 })
    },
  )

  it('neither the log nor an answer holds the token', async () => {
    await using link = await startLink()
    await using _backend = await Backend.open(link.url)
    const answer = await ask(link.port, '/', { ...UPGRADE, authorization: 'Bearer a-mistyped-secret' })
    expect(JSON.stringify([answer, link.lines])).not.toMatch(/a-link-token|a-mistyped/)
  })

  it('any of several tokens is let in', async () => {
    await using link = await startLink({ tokens: new LinkTokens(unnamedTokens(['old-token', 'new-token'])) })
    for (const token of ['old-token', 'new-token']) {
      await using backend = await Backend.open(link.url, { token })
      expect(kinds([await backend.next()])).toEqual(['sync snapshot'])
    }
  })
})

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

  it('filters by guild and by event', async () => {
    await using link = await startLink()
    await using one = await Backend.open(link.url, { query: '?guilds=1' })
    await using typing = await Backend.open(link.url, { query: '?events=TYPING_START,RESUMED' })
    await using some = await Backend.open(link.url, { query: '?guilds=2&snapshot=0' })
    await Promise.all([one.live(), typing.live(), some.live()])
    await link.publish('TYPING_START', { guild_id: '1' }, '1')
    await link.publish('MESSAGE_CREATE', { guild_id: '1' }, '1')
    await link.publish('TYPING_START', { guild_id: '2' }, '2')
    await link.publish('RESUMED', {}, null)
    await link.publish('RESUMED', { guild_id: '1' }, '1')
    await link.publish('RESUMED', { guild_id: '2' }, '2')
    expect(kinds(await one.until(isFence))).toEqual(['TYPING_START', 'MESSAGE_CREATE', 'RESUMED'])
    expect(kinds(await typing.until(isFence))).toEqual(['TYPING_START', 'TYPING_START', 'RESUMED'])
    expect(kinds(await some.until(isFence))).toEqual(['TYPING_START', 'RESUMED'])
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

describe('commands', () => {
  it('are run with who asks, and acknowledged with their requestId', async () => {
    const asked: unknown[] = []
    await using link = await startLink({
      runCommand: async (...call) => {
        asked.push(call)
        return { success: true, message_id: '9' }
      },
    })
    await using backend = await Backend.open(link.url, { version: 1 })
    backend.command('send_message', { channel_id: '5' }, 'req-1')
    expect(await backend.next()).toMatchObject({
      type: 'ack',
      data: { success: true, message_id: '9' },
      requestId: 'req-1',
    })
    expect(asked).toEqual([
      ['send_message', { channel_id: '5' }, expect.objectContaining({ version: 1, requestId: 'req-1' })],
    ])
    expect(JSON.stringify(asked)).not.toContain(TOKEN)
  })

  it.each([
    ['{"type":', 'INVALID_JSON', undefined],
    ['[]', 'INVALID_MESSAGE', ''],
    ['{"type":"event","data":{"event":"X","payload":{}},"ts":1}', 'INVALID_MESSAGE', 'type'],
    ['{"type":"command","data":{"payload":{}},"ts":1}', 'INVALID_MESSAGE', 'data.command'],
  ])('%s is answered, and the connection stays', async (text, code, path) => {
    await using link = await startLink()
    await using backend = await Backend.open(link.url, { version: 1 })
    backend.socket.send(text)
    const error = errorOf(await backend.next())
    expect(error.code).toBe(code)
    if (path !== undefined) expect(error.issues?.map((issue) => issue.path)).toContain(path)
    backend.command('get_status', {})
    expect(await backend.next()).toMatchObject({ type: 'ack' })
  })

  it('a binary message is answered too', async () => {
    await using link = await startLink()
    await using backend = await Backend.open(link.url, { version: 1 })
    backend.socket.send(Buffer.from([1, 2, 3]))
    expect(errorOf(await backend.next())).toMatchObject({ code: 'INVALID_MESSAGE' })
  })

  it('an exception of ours is an INTERNAL_ERROR that tells nothing', async () => {
    const runCommand = async () => {
      throw new TypeError('secret internals')
    }
    await using link = await startLink({ runCommand })
    await using backend = await Backend.open(link.url, { version: 1 })
    backend.command('get_status', {}, 'r')
    const answer = await backend.next()
    expect(errorOf(answer).code).toBe('INTERNAL_ERROR')
    expect(JSON.stringify(answer)).not.toContain('secret')
  })

  it('too many in flight are refused, the others answered', async () => {
    const gate = Promise.withResolvers<void>()
    const runCommand = async () => {
      await gate.promise
      return {}
    }
    await using link = await startLink({ runCommand })
    await using backend = await Backend.open(link.url, { version: 1 })
    for (let n = 0; n < 65; n++) backend.command('get_status', {}, `r-${n}`)
    expect(await backend.next()).toMatchObject({
      type: 'error',
      data: { code: 'TOO_MANY_COMMANDS' },
      requestId: 'r-64',
    })
    gate.resolve()
    const answers = await backend.take(64)
    expect(new Set(answers.map(({ type }) => type))).toEqual(new Set(['ack']))
  })

  it('who keeps at bad messages is closed, who sends a good one in between is not', async () => {
    await using link = await startLink({ limits: { badMessagesMax: 3 } })
    await using backend = await Backend.open(link.url, { version: 1 })
    for (let round = 0; round < 3; round++) {
      for (let n = 0; n < 2; n++) backend.socket.send('?')
      backend.command('get_status', {})
      expect(kinds(await backend.take(3))).toEqual(['error', 'error', 'ack'])
    }
    for (let n = 0; n < 3; n++) backend.socket.send('?')
    expect(await backend.closed).toBe(4003)
    expect(backend.messages.slice(-3).map(({ type }) => type)).toEqual(['error', 'error', 'error'])
  })

  it('a message over the limit closes the connection', async () => {
    await using link = await startLink()
    await using backend = await Backend.open(link.url, { version: 1 })
    backend.socket.send('x'.repeat(256 * 1024 + 1))
    expect(await backend.closed).toBe(1009)
  })

  it('who does not take the answers is not read from', async () => {
    let ran = 0
    const runCommand = async () => {
      ran++
      return 'x'.repeat(64 * 1024)
    }
    await using link = await startLink({ runCommand })
    await using backend = await Backend.open(link.url, { version: 1 })
    backend.socket.pause()
    const count = 4000
    for (let n = 0; n < count; n++) backend.command('get_status', { filler: 'x'.repeat(1024) })
    let before = -1
    while (before !== ran) {
      before = ran
      for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate)
    }
    expect(ran).toBeGreaterThan(0)
    expect(ran).toBeLessThan(count / 2)
    backend.socket.resume()
    expect(await backend.take(count)).toHaveLength(count)
  })
})

describe('life and end', () => {
  it('a peer that answers no ping is closed, one that does is not', async () => {
    await using link = await startLink({ limits: { pingIntervalMs: 40, closeGraceMs: 20 } })
    await using alive = await Backend.open(link.url)
    await using dead = await Backend.open(link.url)
    await Promise.all([alive.live(), dead.live()])
    dead.socket.pause()
    while (link.server.connections.size > 1) await new Promise(setImmediate)
    let pings = 0
    const { promise, resolve } = Promise.withResolvers<void>()
    alive.socket.on('ping', () => ++pings === 4 && resolve())
    await promise
    expect(link.server.connections.size).toBe(1)
  })

  it('a drain lets nobody in, finishes what is in flight, and tells everybody to come back', async () => {
    const gate = Promise.withResolvers<void>()
    const runCommand = async () => {
      await gate.promise
      return {}
    }
    await using link = await startLink({ runCommand })
    await using backend = await Backend.open(link.url, { version: 1 })
    backend.command('get_status', {}, 'before')
    backend.socket.ping()
    await new Promise((resolve) => backend.socket.once('pong', resolve))
    const drained = link.server.drain(60_000)
    expect(await ask(link.port, '/', { ...UPGRADE, ...bearer })).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1' },
      body: { error: { code: 'UNAVAILABLE' } },
    })
    backend.command('get_status', {}, 'after')
    expect(await backend.next()).toMatchObject({ data: { code: 'SHUTTING_DOWN' }, requestId: 'after' })
    gate.resolve()
    await drained
    expect(await backend.next()).toMatchObject({ type: 'ack', requestId: 'before' })
    await link.server.close()
    expect(await backend.closed).toBe(4001)
  })

  it.each([
    [3, 20],
    [100, 5],
  ])('an end tells %i backends to come back one after the other, %i ms apart', async (count, everyMs) => {
    const pauses: { ms: number; over: () => void }[] = []
    const pause = (ms: number) => new Promise<void>((resolve) => pauses.push({ ms, over: resolve }))
    await using link = await startLink({ pause })
    const backends = await Promise.all(Array.from({ length: count }, () => Backend.open(link.url)))
    const closed = link.server.close()
    for (let gone = 1; gone < count; gone++) {
      await expect.poll(() => link.server.connections.size, { interval: 1 }).toBe(count - gone)
      const next = pauses.shift()
      expect(next?.ms).toBe(everyMs)
      next?.over()
    }
    await closed
    expect(await Promise.all(backends.map((backend) => backend.closed))).toEqual(backends.map(() => 4001))
  })

  it('a drain answers each command that is not done in time with OUTCOME_UNKNOWN, and that once', async () => {
    const done = Promise.withResolvers<unknown>()
    await using link = await startLink({ runCommand: () => done.promise })
    await using backend = await Backend.open(link.url, { version: 1 })
    for (const requestId of ['one', 'two', undefined]) backend.command('get_status', {}, requestId)
    backend.socket.ping()
    await new Promise((resolve) => backend.socket.once('pong', resolve))
    await link.server.drain(1)
    done.resolve({ late: true })
    await link.server.close()
    await backend.closed
    expect(backend.messages).toEqual(
      ['one', 'two', undefined].map((requestId) => ({
        type: 'error',
        data: expect.objectContaining({ code: 'OUTCOME_UNKNOWN' }) as unknown,
        ts: expect.any(Number) as unknown,
        ...(requestId !== undefined && { requestId }),
      })),
    )
  })

  it('a drain does not wait for a command that never ends, nor a close for a peer that never answers', async () => {
    await using link = await startLink({ runCommand: () => new Promise(() => {}), limits: { closeGraceMs: 20 } })
    await using backend = await Backend.open(link.url, { version: 1 })
    backend.command('get_status', {})
    backend.socket.ping()
    await new Promise((resolve) => backend.socket.once('pong', resolve))
    backend.socket.pause()
    await link.server.drain(20)
    await link.server.close()
    expect(link.server.connections.size).toBe(0)
  })

  it('a log that fails ends the connection, which may come back', async () => {
    const log = new MemoryLog({ maxAgeMs: 60_000, maxBytes: 1024 * 1024, epoch: 'test' })
    log.read = () => Promise.reject(new Error('disk'))
    await using link = await startLink({ log })
    await link.publish('TYPING_START', { guild_id: '1' })
    await using backend = await Backend.open(link.url, { lastEventId: 'test-0' })
    expect(await backend.closed).toBe(4000)
  })

  it('counts the bytes of the connections that are and were', async () => {
    await using link = await startLink()
    const backend = await Backend.open(link.url)
    await backend.live()
    const during = link.server.traffic
    expect(during.sent).toBeGreaterThan(100)
    await backend[Symbol.asyncDispose]()
    while (link.server.connections.size > 0) await new Promise(setImmediate)
    expect(link.server.traffic.sent).toBeGreaterThanOrEqual(during.sent)
  })

  it('a port that is taken is the system’s error', async () => {
    await using link = await startLink()
    await expect(startLink({ port: link.port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })
})
