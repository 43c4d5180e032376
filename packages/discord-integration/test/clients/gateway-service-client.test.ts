import { describe, expect, it } from 'vitest'
import { GatewayServiceClient } from '../../src/clients/index.ts'
import { closeCodes, LinkError, MAX_COMMAND_BYTES } from '../../src/types/index.ts'
import { LINK_TOKEN, startLink, type GatewayPeer } from './helpers/fake-gateway.ts'
import { settle } from './helpers/manual-timers.ts'

/** The first wait of the backoff, at a random of 0.5. */
const FIRST_WAIT_MS = 150

const rejection = (promise: Promise<unknown>): Promise<LinkError> =>
  promise.then(
    () => expect.fail('it was not rejected'),
    (error: LinkError) => error,
  )

describe('the upgrade', () => {
  it('carries everything that a subscription needs', async () => {
    await using link = await startLink({
      lastEventId: 'k3f9x-1024',
      guilds: ['1', '2'],
      events: ['MESSAGE_CREATE'],
      snapshot: false,
      backlogSeconds: 300,
    })
    await link.up()
    const { url, headers } = await link.gateway.upgrades.next()
    const { pathname, searchParams } = new URL(url ?? '', 'ws://x')
    expect(pathname).toBe('/')
    expect(Object.fromEntries(searchParams)).toEqual({
      guilds: '1,2',
      events: 'MESSAGE_CREATE',
      snapshot: '0',
      backlog: '300',
    })
    expect(headers).toMatchObject({
      authorization: `Bearer ${LINK_TOKEN}`,
      'last-event-id': 'k3f9x-1024',
      'sec-websocket-protocol': 'gateway-service.v2',
    })
    expect(headers['sec-websocket-extensions']).toBeUndefined()
  })

  it('that could never be made is refused at once, without the token in the message', () => {
    const create = (options: object) => () => new GatewayServiceClient({ url: 'ws://x', token: 'x', ...options })
    expect(create({ token: 'sec\nret' })).toThrow(/^((?!sec).)*authorization((?!sec).)*$/)
    expect(create({ lastEventId: 'a\r\nb' })).toThrow('last-event-id')
    expect(create({ url: 'http://x' })).toThrow('ws:')
    expect(create({ url: 'nowhere' })).toThrow(TypeError)
  })

  it('asks for nothing in particular by default', async () => {
    await using link = await startLink()
    await link.up()
    const { url, headers } = await link.gateway.upgrades.next()
    expect(url).toBe('/')
    expect(headers['last-event-id']).toBeUndefined()
  })
})

describe('messages', () => {
  it('come in order and validated, with the payload as the gateway wrote it', async () => {
    await using link = await startLink()
    const peer = await link.up()
    peer.sync('snapshot', undefined, 'fresh')
    peer.sendText(
      '{"type":"event","data":{"event":"GUILD_CREATE","payload":{"id":12345678901234567890}},"ts":5,"id":"e-3"}',
    )
    peer.sync('live', 'e-3')
    const seen = await link.messages.take(3)
    expect(seen.map(({ message }) => message.type)).toEqual(['sync', 'event', 'sync'])
    expect(seen[1]?.payloadText).toBe('{"id":12345678901234567890}')
  })

  it('that have no place in the stream, or none yet, are skipped, and logged by the names of their fields alone', async () => {
    await using link = await startLink()
    const peer = await link.live()
    peer.send({ type: 'command', data: { command: 'x', payload: {} }, ts: 1 })
    peer.send({ type: 'ack', data: 'a secret', requestId: 'nobody', ts: 1 })
    peer.send({ type: 'error', data: 'a secret', ts: 1 })
    peer.send({ type: 'of tomorrow', data: 'a secret', ts: 1 })
    peer.event('MESSAGE_CREATE', { n: 1 }, 'e-11')
    expect((await link.messages.next()).message).toMatchObject({ type: 'event' })
    const warnings = link.logger.lines.filter(({ level }) => level === 'warn')
    expect(warnings.map(({ fields }) => fields)).toEqual([
      { type: 'command' },
      { type: 'ack' },
      { issues: ['data'] },
      { issues: ['type'] },
    ])
    expect(link.logger.text()).not.toMatch(/a secret|a-link-token/)
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('of the handler')
      },
    ],
    [
      'rejects',
      async () => {
        throw new Error('of the handler')
      },
    ],
  ])('come on to a handler that %s, which is logged', async (_how, handler) => {
    await using link = await startLink()
    link.client.onMessage(handler)
    const peer = await link.live()
    peer.event('MESSAGE_CREATE', { n: 1 }, 'e-11')
    await link.messages.next()
    await settle()
    expect(link.logger.lines.at(-1)).toMatchObject({
      level: 'error',
      message: 'a message handler failed',
      fields: { type: 'event', error: 'Error: of the handler' },
    })
    expect(link.client.lastEventId).toBe('e-11')
  })

  const undecodable: Record<string, (peer: GatewayPeer) => void> = {
    'no JSON': (peer) => peer.sendText('{'),
    'an event with wrong fields': (peer) =>
      peer.send({ type: 'event', data: { event: 5, payload: 'a secret' }, ts: 'a secret' }),
    'an event whose payload is cut': (peer) =>
      peer.sendText('{"type":"event","data":{"event":"A","payload":[{"id":"1"}},"ts":5,"id":"e-12"}'),
    'a sync that is none': (peer) => peer.send({ type: 'sync', data: { state: 'a secret' }, ts: 1 }),
    'a binary message': (peer) => peer.sendBinary(Buffer.from('{"a secret":1}')),
    'one larger than any may be': (peer) => peer.sendText(`"${'x'.repeat(64 * 1024 * 1024)}"`),
  }

  it.each(Object.keys(undecodable))('that cannot be decoded (%s) are asked for again', async (name) => {
    await using link = await startLink({ backlogSeconds: 300 })
    const first = await link.live('e-10')
    first.event('MESSAGE_CREATE', { n: 1 }, 'e-11')
    undecodable[name]?.(first)
    first.event('MESSAGE_CREATE', { n: 3 }, 'e-13')
    const again = await link.again()
    expect(again.request.headers['last-event-id']).toBe('e-11')
    again.sync('resumed')
    again.event('MESSAGE_CREATE', { n: 2 }, 'e-12')
    const seen = await link.messages.take(3)
    expect(seen.map(({ message }) => ('id' in message ? message.id : message.data))).toEqual([
      'e-11',
      { state: 'resumed' },
      'e-12',
    ])
    expect(link.logger.lines.filter(({ level }) => level === 'error')).toEqual([])
    expect(link.logger.text()).toContain('cannot be decoded: asking for it again')
    expect(link.logger.text()).not.toMatch(/a secret|a-link-token/)
  })

  it('that cannot be decoded twice are not passed over: there is a snapshot instead, and nothing older', async () => {
    await using link = await startLink({ lastEventId: 'e-11', backlogSeconds: 300 })
    for (const time of [1, 2]) {
      const peer = time === 1 ? await link.up() : await link.again()
      expect(peer.request.headers['last-event-id']).toBe('e-11')
      expect(peer.url.searchParams.get('backlog')).toBe('300')
      peer.sync('resumed')
      peer.sendText('{')
    }
    const anew = await link.again()
    expect(anew.request.headers['last-event-id']).toBeUndefined()
    expect(anew.url.searchParams.has('backlog')).toBe(false)
    expect(link.client.lastEventId).toBeNull()
    expect(link.logger.lines.filter(({ level }) => level === 'error').map(({ fields }) => fields)).toEqual([
      { issues: ['(not JSON)'], lastEventId: 'e-11' },
    ])
    // Cut before it is there, it is still nothing older that is asked for.
    anew.cut()
    const snapshot = await link.again()
    expect(snapshot.url.searchParams.has('backlog')).toBe(false)
    snapshot.sync('snapshot', undefined, 'fresh')
    snapshot.sync('live', 'e-20')
    await link.state('live')
    snapshot.cut()
    const back = await link.again()
    expect(back.request.headers['last-event-id']).toBe('e-20')
    expect(back.url.searchParams.get('backlog')).toBe('300')
  })

  it('reach the other handlers when one throws, and stop when a handler is taken back', async () => {
    await using link = await startLink()
    const off = link.client.onMessage(() => {
      throw new Error('a bug')
    })
    const peer = await link.live()
    expect(link.logger.text()).toContain('a bug')
    off()
    link.logger.lines.length = 0
    peer.event('MESSAGE_CREATE', {}, 'e-11')
    await link.messages.next()
    expect(link.logger.text()).not.toContain('a bug')
    expect(link.client.lastEventId).toBe('e-11')
  })
})

describe('a link that broke', () => {
  it('comes back with the last id', async () => {
    await using link = await startLink()
    const peer = await link.live('e-10')
    peer.event('MESSAGE_CREATE', {}, 'e-11')
    await link.messages.next()
    peer.cut()
    await link.again(FIRST_WAIT_MS)
    await link.gateway.upgrades.next()
    expect((await link.gateway.upgrades.next()).headers['last-event-id']).toBe('e-11')
  })

  it('in the middle of a snapshot comes back with the id from before it', async () => {
    await using link = await startLink({ lastEventId: 'old-1' })
    const peer = await link.up()
    peer.sync('snapshot', undefined, 'foreign')
    peer.event('GUILD_CREATE', { id: '1' })
    peer.event('GUILD_CREATE', { id: '2' }, 'e-50')
    await link.messages.take(3)
    expect(link.client.lastEventId).toBe('old-1')
    peer.cut()
    const second = await link.again()
    await link.gateway.upgrades.next()
    expect((await link.gateway.upgrades.next()).headers['last-event-id']).toBe('old-1')
    second.sync('snapshot', undefined, 'foreign')
    second.event('GUILD_CREATE', { id: '1' }, 'e-60')
    second.sync('live', 'e-60')
    await link.messages.take(3)
    expect(link.client.lastEventId).toBe('e-60')
  })

  it('forgets what a connection said before it said where it stands', async () => {
    await using link = await startLink()
    const first = await link.live('e-10')
    first.cut()
    const second = await link.again()
    second.event('GUILD_CREATE', { id: '1' }, 'e-90')
    await link.messages.next()
    expect(link.client.lastEventId).toBe('e-10')
  })

  it('is tried for ever, with growing waits up to 10 s, and quickly again once it was live', async () => {
    await using link = await startLink()
    const peer = await link.live()
    peer.cut()
    const waits: number[] = []
    for (let i = 0; i < 30; i += 1) link.gateway.refusals.push({ status: 502, body: '<html>' })
    for (let i = 1; i <= 31; i += 1) {
      const status = await link.statuses.until(({ nextAttemptAt }) => nextAttemptAt !== null)
      expect(status).toMatchObject({ state: 'reconnecting', attempt: i })
      waits.push((status.nextAttemptAt ?? 0) - link.timers.now())
      link.timers.advance(waits.at(-1) ?? 0)
    }
    expect(waits.slice(0, 6).map(Math.round)).toEqual([150, 213, 306, 447, 658, 974])
    expect(waits.slice(-20)).toEqual(Array.from({ length: 20 }, () => 5025))
    expect(Math.max(...waits)).toBeLessThanOrEqual(10_000)
    const second = await link.live()
    expect(link.client.status).toMatchObject({ state: 'live', attempt: 0, nextAttemptAt: null })
    expect(link.client.status).not.toHaveProperty('detail')
    second.cut()
    expect((await link.state('reconnecting')).attempt).toBe(1)
  })

  it('does not hammer a gateway that takes it and drops it before it is live', async () => {
    await using link = await startLink()
    const waits: number[] = []
    for (let i = 0; i < 6; i += 1) {
      const peer = await link.up()
      peer.sync('snapshot', undefined, 'fresh')
      await link.messages.next()
      peer.cut()
      const status = await link.state('reconnecting')
      waits.push((status.nextAttemptAt ?? 0) - link.timers.now())
      link.timers.advance(waits.at(-1) ?? 0)
    }
    expect(waits.map(Math.round)).toEqual([150, 213, 306, 447, 658, 974])
  })

  it.each(Object.values(closeCodes).filter(({ reconnect }) => reconnect))(
    'with close code $code comes back after $afterMs ms and a jitter',
    async ({ code, afterMs }) => {
      await using link = await startLink()
      const peer = await link.live()
      peer.close(code)
      const status = await link.state('reconnecting')
      expect((status.nextAttemptAt ?? 0) - link.timers.now()).toBe(afterMs + FIRST_WAIT_MS)
    },
  )

  it('because the token was revoked stays closed, and says so', async () => {
    await using link = await startLink()
    const peer = await link.live()
    const answer = rejection(link.client.sendCommand('get_status', {}))
    peer.close(closeCodes.TOKEN_REVOKED.code)
    expect((await link.state('closed')).detail).toContain('4004')
    expect((await answer).code).toBe('CLOSED')
    expect(link.logger.lines.at(-1)?.level).toBe('error')
    expect((await rejection(link.client.sendCommand('get_status', {}))).code).toBe('CLOSED')
    link.client.connect()
    link.timers.advance(600_000)
    await settle()
    expect(link.gateway.connections.size).toBe(0)
  })
})

describe('a refusal', () => {
  const body = (code: string, message: string) => JSON.stringify({ error: { code, message } })

  it.each([
    [400, 'BAD_REQUEST'],
    [401, 'UNAUTHORIZED'],
    [403, 'FORBIDDEN'],
    [404, 'NOT_FOUND'],
  ])('with %d is tried at the slow cap, and said clearly', async (status, code) => {
    await using link = await startLink()
    link.gateway.refusals.push({ status, body: body(code, 'the reason') })
    link.client.connect()
    const said = await link.state('reconnecting')
    expect(said.detail).toMatch(new RegExp(`HTTP ${status}: the reason`))
    expect((said.nextAttemptAt ?? 0) - link.timers.now()).toBeGreaterThanOrEqual(5_000)
    expect(link.logger.lines.at(-1)).toMatchObject({ level: 'error', fields: { code, status } })
    expect(link.logger.text()).not.toContain(LINK_TOKEN)
    link.timers.advance(10_000)
    await link.gateway.connections.next()
  })

  it.each([
    [503, '3', 3_000],
    [429, '2', 2_000],
    [503, '999999', 60_000],
    [503, 'soon', 0],
  ])('with %d and Retry-After %s waits so long', async (status, header, afterMs) => {
    await using link = await startLink()
    link.gateway.refusals.push({ status, body: body('UNAVAILABLE', 'draining'), headers: { 'retry-after': header } })
    link.client.connect()
    const said = await link.state('reconnecting')
    expect((said.nextAttemptAt ?? 0) - link.timers.now()).toBe(afterMs + FIRST_WAIT_MS)
    expect(link.logger.lines.at(-1)?.level).toBe('warn')
  })

  it('with a proxy’s page is transient, however long the page', async () => {
    await using link = await startLink()
    link.gateway.refusals.push({ status: 502, body: body('NOT_OURS', 'spam').padStart(100_000) })
    link.client.connect()
    const said = await link.state('reconnecting')
    expect(said.detail).toMatch(/HTTP 502: not an answer/)
    expect(said.detail?.length).toBeLessThan(200)
    link.timers.advance(FIRST_WAIT_MS)
    await link.up()
  })

  it('of the subprotocol, by an older gateway, is tried again', async () => {
    await using link = await startLink()
    link.gateway.version2 = false
    link.client.connect()
    expect((await link.state('reconnecting')).detail).toContain('subprotocol')
  })

  it('by nobody at all is tried again', async () => {
    await using link = await startLink({ url: 'ws://127.0.0.1:9' })
    link.client.connect()
    expect((await link.state('reconnecting')).detail).toMatch(/not to be reached/)
  })

  it('by nobody yet is told once, by nobody for seconds is a warning each time, and so is every end', async () => {
    await using none = await startLink({ url: 'ws://127.0.0.1:9' })
    none.client.connect()
    for (let attempt = 1; attempt <= 7; attempt++) {
      await none.statuses.until((status) => status.attempt === attempt && status.state === 'reconnecting')
      none.timers.advance(10_000)
    }
    const told = ({ logger }: typeof none) =>
      logger.lines
        .filter(({ level }) => level !== 'debug')
        .map(({ level, message }) => `${level}: ${message.split(':')[0]}`)
    expect(told(none)).toEqual(['info: waiting for the gateway', 'warn: the link is down', 'warn: the link is down'])
    await using link = await startLink()
    const peer = await link.live()
    peer.cut()
    await link.state('reconnecting')
    expect(told(link).at(-1)).toBe('warn: the link is down')
  })

  it('that never comes ends the try', async () => {
    await using link = await startLink()
    link.gateway.refusals.push({ status: 503, headers: { 'content-length': '5' } })
    link.client.connect()
    await link.gateway.upgrades.next()
    link.timers.advance(10_000)
    expect((await link.state('reconnecting')).attempt).toBe(1)
  })
})

describe('the status', () => {
  it('says connecting, connected, live, and connected again in a snapshot', async () => {
    await using link = await startLink()
    expect(link.client.status.state).toBe('connecting')
    const peer = await link.up()
    peer.sync('snapshot')
    peer.sync('live', 'e-1')
    await link.state('live')
    link.timers.advance(5)
    peer.sync('snapshot', undefined, 'lagged')
    expect(await link.state('connected')).toMatchObject({ since: link.timers.now() })
  })

  it('measures the round trip every few seconds', async () => {
    await using link = await startLink()
    await link.live()
    expect(await link.statuses.until(({ rttMs }) => rttMs !== null)).toMatchObject({ rttMs: 0, state: 'live' })
    link.timers.advance(5_000)
    await link.statuses.next()
  })

  it('may have a handler that throws', async () => {
    await using link = await startLink()
    link.client.onStatus(() => {
      throw new Error('a chip')
    })
    await link.live()
    expect(link.logger.text()).toContain('a chip')
  })
})

describe('silence', () => {
  it('is noticed though the clock is set back meanwhile', async () => {
    let wall = 1_700_000_000_000
    await using link = await startLink({ now: () => wall })
    const peer = await link.live()
    peer.freeze()
    await settle()
    wall -= 3_600_000
    link.timers.advance(40_000)
    expect((await link.state('reconnecting')).detail).toContain('silent')
  })

  it('of more than two pings ends the connection', async () => {
    await using link = await startLink()
    const peer = await link.live()
    peer.freeze()
    await settle()
    link.timers.advance(35_000)
    expect(link.client.status.state).toBe('live')
    link.timers.advance(5_000)
    expect((await link.state('reconnecting')).detail).toContain('silent')
  })
})

describe('a ping of the gateway', () => {
  it('is a sign of life, from one that answers none of ours', async () => {
    await using link = await startLink()
    const peer = await link.live()
    peer.stopPongs()
    for (let i = 0; i < 4; i += 1) {
      link.timers.advance(15_000)
      await peer.ping()
    }
    expect(link.client.status.state).toBe('live')
  })
})

describe('sendCommand', () => {
  const message = { channel_id: '1', content: 'Hello from backend!' }

  it('resolves to the result', async () => {
    await using link = await startLink()
    const peer = await link.live()
    const answer = link.client.sendCommand('send_message', message)
    const { requestId, ts, ...command } = await peer.received.next()
    expect(command).toEqual({ type: 'command', data: { command: 'send_message', payload: message } })
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/)
    expect(ts).toBe(link.timers.now())
    peer.ack(requestId, { success: true, message_id: '999' })
    expect(await answer).toEqual({ success: true, message_id: '999' })
  })

  it.each(['nope', 'toString', '__proto__'])('has no command that there is not: %s', async (name) => {
    await using link = await startLink()
    await link.live()
    const error = await rejection(link.client.sendCommand(name as 'send_message', message))
    expect(error).toBeInstanceOf(LinkError)
    expect(error.code).toBe('UNKNOWN_COMMAND')
  })

  it('says for whom, if that is a user’s id', async () => {
    await using link = await startLink()
    const peer = await link.live()
    const answer = link.client.sendCommand('send_message', message, { actor: '42' })
    const { requestId, data } = await peer.received.next()
    expect(data).toEqual({ command: 'send_message', payload: message, actor: '42' })
    peer.ack(requestId, { success: true, message_id: '999' })
    await answer
    const wrong = rejection(link.client.sendCommand('send_message', message, { actor: '42\n' }))
    expect(await wrong).toMatchObject({ code: 'INVALID_MESSAGE' })
  })

  it('tells answers apart by their request ids', async () => {
    await using link = await startLink()
    const peer = await link.live()
    const answers = ['a', 'b'].map((requestId) => link.client.sendCommand('send_message', message, { requestId }))
    await peer.received.take(2)
    peer.ack('b', { success: true, message_id: '2' })
    peer.ack('a', { success: true, message_id: '1' })
    expect(await Promise.all(answers)).toMatchObject([{ message_id: '1' }, { message_id: '2' }])
  })

  it('rejects with the gateway’s refusal, all of it', async () => {
    await using link = await startLink()
    const peer = await link.live()
    const answer = rejection(link.client.sendCommand('send_message', message, { requestId: 'r' }))
    await peer.received.next()
    const issues = [{ path: 'data.payload.content', message: 'too long' }]
    peer.error('r', {
      message: 'Missing permissions',
      code: 'MISSING_PERMISSIONS',
      discordCode: 50013,
      status: 403,
      issues,
    })
    const error = await answer
    expect(error).toBeInstanceOf(LinkError)
    expect(error).toMatchObject({
      code: 'MISSING_PERMISSIONS',
      message: 'Missing permissions',
      discordCode: 50013,
      status: 403,
      issues,
      retryable: false,
    })
  })

  it('rejects an ack that has not the shape of the result', async () => {
    await using link = await startLink()
    const peer = await link.live()
    const answer = rejection(link.client.sendCommand('send_message', message, { requestId: 'r' }))
    await peer.received.next()
    peer.ack('r', { success: true })
    expect(await answer).toMatchObject({ code: 'INTERNAL_ERROR', issues: [{ path: 'data.message_id' }] })
  })

  it('is not sent while the link is down', async () => {
    await using link = await startLink()
    expect((await rejection(link.client.sendCommand('get_status', {}))).code).toBe('NOT_CONNECTED')
    const peer = await link.live()
    peer.cut()
    await link.state('reconnecting')
    const error = await rejection(link.client.sendCommand('get_status', {}))
    expect([error.code, error.retryable]).toEqual(['NOT_CONNECTED', true])
  })

  it('has a deadline, after which an answer is nobody’s', async () => {
    await using link = await startLink()
    const peer = await link.live()
    const answer = rejection(link.client.sendCommand('get_status', {}, { requestId: 'r', deadlineMs: 500 }))
    await peer.received.next()
    link.timers.advance(499)
    await settle()
    link.timers.advance(1)
    expect((await answer).code).toBe('DEADLINE_EXCEEDED')
    peer.ack('r', {})
    peer.event('MESSAGE_CREATE', {}, 'e-11')
    await link.messages.next()
    expect(link.logger.lines.at(-1)?.message).toContain('nobody waits')
  })

  it('has a deadline of 10 s by default', async () => {
    await using link = await startLink()
    const peer = await link.live()
    const answer = rejection(link.client.sendCommand('get_status', {}))
    await peer.received.next()
    link.timers.advance(10_000)
    expect((await answer).message).toContain('10000 ms')
  })

  it('is sent again with the same request id when the link broke before the answer', async () => {
    await using link = await startLink()
    const first = await link.live()
    const answer = link.client.sendCommand('send_message', message)
    const sent = await first.received.next()
    first.cut()
    const second = await link.again(FIRST_WAIT_MS)
    expect(await second.received.next()).toEqual(sent)
    second.ack(sent.requestId, { success: true, message_id: '7' })
    expect(await answer).toMatchObject({ message_id: '7' })
  })

  describe('that must not be done twice', () => {
    const create = { method: 'POST', path: '/channels/42/threads' } as const
    const done = { success: true, status: 201, body: { id: '7' } }

    it.each([
      ['resumed', undefined],
      ['snapshot', 'expired'],
      ['snapshot', 'lagged'],
    ] as const)('is sent again once the gateway shows that it has its log still (%s %s)', async (state, reason) => {
      await using link = await startLink()
      const first = await link.live()
      const answer = link.client.sendCommand('discord_api', create)
      const sent = await first.received.next()
      first.cut()
      const second = await link.again(FIRST_WAIT_MS)
      void link.client.sendCommand('get_status', {}).catch(() => {})
      expect(await second.received.next()).toMatchObject({ data: { command: 'get_status' } })
      second.sync(state, undefined, reason)
      expect(await second.received.next()).toEqual(sent)
      second.ack(sent.requestId, done)
      expect(await answer).toEqual(done)
    })

    it('is OUTCOME_UNKNOWN where the gateway has another log', async () => {
      await using link = await startLink()
      const first = await link.live()
      const answer = rejection(link.client.sendCommand('discord_api', create))
      await first.received.next()
      first.cut()
      const second = await link.again(FIRST_WAIT_MS)
      second.sync('snapshot', undefined, 'foreign')
      expect(await answer).toMatchObject({ code: 'OUTCOME_UNKNOWN', retryable: false })
      expect(second.received.size).toBe(0)
    })

    it('is so by its payload: what twice is as once is sent again at once', async () => {
      await using link = await startLink()
      const first = await link.live()
      const answer = link.client.sendCommand('discord_api', { ...create, method: 'PUT' })
      const sent = await first.received.next()
      first.cut()
      const second = await link.again(FIRST_WAIT_MS)
      expect(await second.received.next()).toEqual(sent)
      second.ack(sent.requestId, done)
      expect(await answer).toEqual(done)
    })
  })

  it('gives up at its deadline also while the link is down', async () => {
    await using link = await startLink()
    const first = await link.live()
    const answer = rejection(link.client.sendCommand('send_message', message, { deadlineMs: 100 }))
    await first.received.next()
    first.cut()
    await link.state('reconnecting')
    link.timers.advance(100)
    expect((await answer).code).toBe('DEADLINE_EXCEEDED')
    link.timers.advance(FIRST_WAIT_MS)
    const second = await link.up()
    second.sync('resumed', 'e-10')
    await link.messages.next()
    expect(second.received.size).toBe(0)
  })

  it('refuses what the gateway would close the connection for, or cannot be JSON', async () => {
    await using link = await startLink()
    await link.live()
    const large = { ...message, content: 'x'.repeat(MAX_COMMAND_BYTES) }
    expect((await rejection(link.client.sendCommand('send_message', large))).code).toBe('INVALID_PAYLOAD')
    const circular: Record<string, unknown> = { ...message }
    circular.self = circular
    const unserializable = link.client.sendCommand('send_message', circular as never)
    expect((await rejection(unserializable)).code).toBe('INVALID_PAYLOAD')
    const noId = link.client.sendCommand('get_status', {}, { requestId: '' })
    expect((await rejection(noId)).code).toBe('INVALID_MESSAGE')
  })

  it('is rejected with CLOSED by close()', async () => {
    await using link = await startLink()
    const peer = await link.live()
    const answer = rejection(link.client.sendCommand('get_status', {}))
    await peer.received.next()
    const closing = link.client.close()
    expect((await answer).code).toBe('CLOSED')
    expect(await peer.closed).toBe(1000)
    await closing
    expect(link.client.status.state).toBe('closed')
  })
})

describe('close', () => {
  it('ends a wait for the next try', async () => {
    await using link = await startLink()
    const peer = await link.live()
    peer.cut()
    await link.state('reconnecting')
    await link.client.close()
    expect(link.client.status.state).toBe('closed')
    link.client.connect()
    link.timers.advance(60_000)
    await settle()
    expect(link.gateway.connections.size).toBe(0)
  })

  it('does not wait for a gateway that does not answer', async () => {
    await using link = await startLink()
    const peer = await link.live()
    peer.freeze()
    const closing = link.client.close()
    link.timers.advance(1_000)
    await closing
  })
})
