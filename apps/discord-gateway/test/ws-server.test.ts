import { once } from 'node:events'
import { GATEWAY_SERVICE_V2 } from '@repo/discord-integration/types'
import { MemoryLog } from '@repo/event-feed'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { RunCommand } from '../src/command-origin.ts'
import { unnamedTokens } from '../src/tokens/link-token.ts'
import { LinkTokens } from '../src/tokens/link-tokens.ts'
import { withinScopes } from '../src/tokens/within-scopes.ts'
import { ask, Backend, kinds, startLink, TOKEN, UPGRADE } from './link.ts'

const bearer = { authorization: `Bearer ${TOKEN}` }

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

  it('is a GET', async () => {
    await using link = await startLink()
    const answer = await ask(link.port, '/', { ...UPGRADE, ...bearer }, 'POST')
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'BAD_REQUEST' } } })
  })

  it('names of subprotocols that it does not speak are passed over where it speaks one', async () => {
    await using link = await startLink()
    const socket = new WebSocket(link.url, ['other', GATEWAY_SERVICE_V2], { headers: bearer })
    await once(socket, 'open')
    expect(socket.protocol).toBe(GATEWAY_SERVICE_V2)
    socket.terminate()
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

  it('a drain answers SHUTTING_DOWN while Discord is asked where a command is, which is then not begun', async () => {
    const asked = Promise.withResolvers<void>()
    const found = Promise.withResolvers<string>()
    const over = Promise.withResolvers<void>()
    const ran: string[] = []
    const placed = withinScopes(
      async (command) => void ran.push(command),
      () => null,
      () => null,
      async () => {
        asked.resolve()
        return await found.promise
      },
    )
    const runCommand: RunCommand = (...given) => placed(...given).finally(over.resolve)
    const tokens = new LinkTokens(
      unnamedTokens([TOKEN]).map((token) => {
        const scopes = { ...token.backend.scopes, guilds: new Set(['1']) }
        return { ...token, backend: { ...token.backend, scopes } }
      }),
    )
    await using link = await startLink({ runCommand, tokens })
    await using backend = await Backend.open(link.url, { version: 1 })
    backend.command('get_webhook', { webhook_id: '7' }, 'r')
    await asked.promise
    await link.server.drain(1)
    expect(await backend.next()).toMatchObject({ data: { code: 'SHUTTING_DOWN' }, requestId: 'r' })
    found.resolve('1')
    await over.promise
    expect(ran).toEqual([])
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

  it('a backend may leave with any code or none, and nobody else notices', async () => {
    await using link = await startLink()
    await using stays = await Backend.open(link.url)
    await stays.live()
    for (const leave of [
      ({ socket }: Backend) => socket.close(),
      ({ socket }: Backend) => socket.close(1000),
      ({ socket }: Backend) => socket.close(4004, 'one of the gateway’s own'),
      ({ socket }: Backend) => socket.close(4999, 'of nobody'),
      ({ socket }: Backend) => socket.terminate(),
    ]) {
      const backend = await Backend.open(link.url)
      await backend.live()
      leave(backend)
      await backend.closed
      while (link.server.connections.size > 1) await new Promise(setImmediate)
    }
    await link.publish('TYPING_START', { guild_id: '1' })
    expect(kinds([await stays.next()])).toEqual(['TYPING_START'])
    expect(link.lines.filter((line) => /"level":(?:40|50|60)/.test(line))).toEqual([])
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
