import { request } from 'node:http'
import { describe, expect, test } from 'vitest'
import { PEOPLE, startSimulator } from '../src/index.ts'
import type { Simulator } from '../src/index.ts'
import { RawClient, identified, identity, resuming } from './raw-client.ts'

const control = (simulator: Simulator, path: string, body?: unknown) =>
  fetch(`${simulator.url}/_simulator${path}`, {
    ...(body !== undefined && { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })

describe('GET /_simulator/world', () => {
  test('gives each guild as its GUILD_CREATE', async () => {
    await using simulator = await startSimulator()
    const { client } = await identified(simulator)
    await using _ = client
    const response = await control(simulator, '/world')
    expect(await response.json()).toEqual({ guilds: [(await client.next()).d, (await client.next()).d] })
  })
})

describe('POST /_simulator/dispatch', () => {
  test('sends the payload as it is, and makes it true', async () => {
    await using simulator = await startSimulator()
    const { client } = await identified(simulator)
    await using _ = client
    const guild = simulator.world.guilds()[0]!
    const loft = guild.channels.find(({ name }) => name === 'Loft')!
    const payload = {
      guild_id: guild.id,
      channel_id: loft.id,
      user_id: PEOPLE.umberfox.id,
      session_id: 'abc123',
      deaf: false,
      mute: false,
      self_deaf: false,
      self_mute: false,
      suppress: false,
    }
    expect((await control(simulator, '/dispatch', { event: 'VOICE_STATE_UPDATE', payload })).status).toBe(202)
    expect((await client.event('VOICE_STATE_UPDATE')).d).toEqual(payload)
    const state = guild.voice_states.find(({ user_id }) => user_id === PEOPLE.umberfox.id)
    expect(state).toMatchObject({ channel_id: loft.id, session_id: 'abc123', self_video: false })
    expect(state).not.toHaveProperty('guild_id')
  })

  test('sends events that nobody knows, and payloads that make no sense', async () => {
    await using simulator = await startSimulator()
    const { client } = await identified(simulator)
    await using _ = client
    const before = structuredClone(simulator.world.guilds())
    for (const event of ['BRAND_NEW_EVENT', 'constructor', 'GUILD_MEMBER_ADD', 'MESSAGE_CREATE', 'CHANNEL_DELETE']) {
      expect((await control(simulator, '/dispatch', { event, payload: { guild_id: 7, odd: true } })).status).toBe(202)
      expect((await client.event(event)).d).toEqual({ guild_id: 7, odd: true })
    }
    expect(simulator.world.guilds()).toEqual(before)
  })

  test('sends also what happens where the bot may not look', async () => {
    await using simulator = await startSimulator()
    const { client } = await identified(simulator)
    await using _ = client
    const guild = simulator.world.guilds()[1]!
    const { id } = guild.channels.find(({ name }) => name === 'treasury')!
    simulator.dispatch('MESSAGE_CREATE', { id: '1', channel_id: id, guild_id: guild.id, content: 'x' })
    expect((await client.event('MESSAGE_CREATE')).d.channel_id).toBe(id)
  })

  test.each([
    ['{"event":', ''],
    [{ payload: {} }, 'event'],
    [{ event: '', payload: {} }, 'event'],
    [{ event: 7, payload: {} }, 'event'],
    [{ event: 'X' }, 'payload'],
    [{ event: 'X', payload: 'text' }, 'payload'],
    [{ event: 'X', payload: [] }, 'payload'],
    [`{"event":"GUILD_UPDATE","payload":{"x":${'['.repeat(63)}${']'.repeat(63)}}}`, ''],
  ])('refuses %j, naming %j', async (body, field) => {
    await using simulator = await startSimulator()
    const response = await control(simulator, '/dispatch', body)
    expect([response.status, await response.json()]).toEqual([400, { message: expect.any(String), field }])
  })
})

/** A right body of each request, without the ids that it may want. */
const BODIES: readonly [path: string, body: object][] = [
  ['/dispatch', { event: 'X', payload: {} }],
  ['/life', { running: false }],
  ['/load', { events_per_s: 0 }],
  ['/connections/1/close', { code: 4000 }],
  ['/connections/1/drop', {}],
  ['/op', { op: 9 }],
  ['/faults', { kind: 'no_ack' }],
  ['/faults/plan', { seed: 'x' }],
  ['/speak', { user_id: '1', channel_id: '1', content: 'x' }],
  ['/typing', { user_id: '1', channel_id: '1' }],
  ['/react', { user_id: '1', channel_id: '1', message_id: '1', emoji: '🔥' }],
  ['/write', { user_id: '1', content: 'x' }],
  ['/vote', { user_id: '1', channel_id: '1', message_id: '1', answer_ids: [] }],
  ['/follow', { user_id: '1', event_id: '1' }],
  ['/do', { user_id: '1', event: 'X', payload: {} }],
  ['/voice', { user_id: '1', guild_id: '1' }],
  ['/interactions', { user_id: '1', channel_id: '1', command: 'fire' }],
  ['/interactions', { user_id: '1', channel_id: '1', autocomplete: 'fire', options: [] }],
  ['/interactions', { user_id: '1', channel_id: '1', message_id: '1', custom_id: 'x' }],
  ['/interactions', { user_id: '1', channel_id: '1', modal: 'x' }],
]

test.each(BODIES)(
  'POST %s dropped fields that it does not know, so that a slip was taken for less',
  async (path, body) => {
    await using simulator = await startSimulator()
    const slip = await control(simulator, path, { ...body, connection_id: 1 })
    expect([slip.status, await slip.json()]).toMatchObject([400, { field: 'connection_id' }])
    // Whatever else there is to say of it, its shape is right.
    const right = await control(simulator, path, body)
    const said: unknown = right.status === 400 ? await right.json() : {}
    expect(said).toEqual(right.status === 400 ? { message: expect.any(String), field: '' } : {})
  },
)

test('op 9 for a misspelt connection ended the sessions of all', async () => {
  await using simulator = await startSimulator()
  const { client, sessionId } = await identified(simulator)
  await using _ = client
  expect((await control(simulator, '/op', { op: 9, connection_id: 1 })).status).toBe(400)
  client.socket.terminate()
  await using again = await resuming(simulator, sessionId, 1)
  await again.event('RESUMED')
})

test.each([
  [{ command: 'fire', options: [{ name: 'kiln', valu: 'old' }] }, 'options.0.valu'],
  [{ command: '' }, 'command'],
  [{ modal: 'x', fields: { a: 5 } }, 'fields.a'],
  [{ custom_id: 'x' }, 'message_id'],
  [{}, ''],
])('an interaction that is wrong was refused without the field: %j', async (body, field) => {
  await using simulator = await startSimulator()
  const response = await control(simulator, '/interactions', { user_id: '1', channel_id: '1', ...body })
  expect([response.status, await response.json()]).toMatchObject([400, { field }])
})

test('a body of any depth is refused, and the simulator lives', async () => {
  await using simulator = await startSimulator()
  const { id } = simulator.world.guilds()[0]!
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
  const body = `{"event":"GUILD_UPDATE","payload":{"id":"${id}","x":${deep}}}`
  expect((await control(simulator, '/dispatch', body)).status).toBe(400)
  expect((await control(simulator, '/world')).status).toBe(200)
})

describe('connections', () => {
  test('are listed oldest first, with how they began and ended', async () => {
    await using simulator = await startSimulator()
    const { client, sessionId } = await identified(simulator, { shard: [0, 1] })
    client.socket.close(4321)
    await client.closed
    await using again = await resuming(simulator, sessionId, 1)
    await again.event('RESUMED')
    await using fresh = new RawClient(simulator.gatewayUrl)
    await fresh.op(10)
    const response = await control(simulator, '/connections')
    const shard = [0, 1]
    expect(await response.json()).toEqual([
      { id: 1, shard, opened_by: 'identify', session_id: sessionId, close_code: 4321, closed_by: 'client' },
      { id: 2, shard, opened_by: 'resume', session_id: sessionId, close_code: null, closed_by: null },
      { id: 3, shard: null, opened_by: null, session_id: null, close_code: null, closed_by: null },
    ])
  })

  test('can be closed and dropped from outside', async () => {
    await using simulator = await startSimulator()
    const { client, sessionId } = await identified(simulator)
    expect((await control(simulator, '/connections/1/close', { code: 4008 })).status).toBe(202)
    expect(await client.closed).toBe(4008)
    await using again = await resuming(simulator, sessionId, 1)
    await again.event('RESUMED')
    expect((await control(simulator, '/connections/2/drop', {})).status).toBe(202)
    expect(await again.closed).toBe(1006)
    expect((await control(simulator, '/connections/2/close', {})).status).toBe(404)
    expect(await (await control(simulator, '/connections/2/close', { code: 12 })).json()).toMatchObject({
      field: 'code',
    })
  })

  test('a session that was closed with 4009 is over', async () => {
    await using simulator = await startSimulator()
    const { client, sessionId } = await identified(simulator)
    simulator.closeConnection(1, 4009)
    expect(await client.closed).toBe(4009)
    await using again = await resuming(simulator, sessionId, 1)
    expect(await again.next()).toMatchObject({ op: 9, d: false })
  })
})

describe('POST /_simulator/op', () => {
  test('asks for a heartbeat, or to reconnect', async () => {
    await using simulator = await startSimulator()
    const { client } = await identified(simulator)
    await using _ = client
    for (const op of [1, 7]) {
      expect(await (await control(simulator, '/op', { op })).json()).toEqual({ sent: 1 })
      expect(await client.op(op)).toMatchObject({ op, d: null, s: null, t: null })
    }
    expect((await control(simulator, '/op', { op: 3 })).status).toBe(400)
  })

  test('said that it had sent something to a connection that is not there', async () => {
    await using simulator = await startSimulator()
    const response = await control(simulator, '/op', { op: 1, connection: 99 })
    expect([response.status, await response.json()]).toEqual([404, { message: 'No open connection 99.' }])
    // All that are open may be none.
    expect(await (await control(simulator, '/op', { op: 1 })).json()).toEqual({ sent: 0 })
  })

  test('op 9 true keeps the session, false ends it, and the connection may identify anew', async () => {
    await using simulator = await startSimulator()
    const { client, sessionId } = await identified(simulator)
    await using _ = client
    await control(simulator, '/op', { op: 9, d: true })
    expect(await client.op(9)).toMatchObject({ d: true })
    client.send(6, { token: simulator.botToken, session_id: sessionId, seq: 3 })
    await client.event('RESUMED')
    await control(simulator, '/op', { op: 9, d: false })
    expect(await client.op(9)).toMatchObject({ d: false })
    client.send(2, identity(simulator))
    expect((await client.event('READY')).d.session_id).not.toBe(sessionId)
  })
})

describe('strangers', () => {
  const ask = (port: string, headers: Record<string, string>, path = '/_simulator/world') =>
    new Promise<number>((resolve, reject) => {
      request({ host: '127.0.0.1', port, path, headers }, (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      })
        .on('upgrade', (_response, socket) => {
          socket.destroy()
          resolve(101)
        })
        .on('error', reject)
        .end()
    })

  test('any but loopback names in Host and Origin are refused', async () => {
    await using simulator = await startSimulator()
    const { port } = new URL(simulator.url)
    for (const host of ['127.0.0.1', `localhost:${port}`, '[::1]:80']) expect(await ask(port, { host })).toBe(200)
    for (const host of ['example.com', '127.0.0.1.example.com', '10.0.0.1', 'user@localhost', 'localhost/x']) {
      expect(await ask(port, { host })).toBe(403)
    }
    const host = `127.0.0.1:${port}`
    for (const origin of ['http://localhost:3000', 'http://127.0.0.1'])
      expect(await ask(port, { host, origin })).toBe(200)
    for (const origin of ['https://example.com', 'null', '', 'http://localhost.example.com']) {
      expect(await ask(port, { host, origin })).toBe(403)
    }
    expect(await ask(port, { host: 'example.com' }, '/api/v10/gateway')).toBe(403)
  })

  test('also at the gateway', async () => {
    await using simulator = await startSimulator()
    const { port } = new URL(simulator.url)
    const upgrade = {
      connection: 'upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    }
    const path = '/?v=10&encoding=json'
    expect(await ask(port, { ...upgrade, host: 'localhost' }, path)).toBe(101)
    expect(await ask(port, { ...upgrade, host: 'example.com' }, path)).toBe(403)
    expect(await ask(port, { ...upgrade, host: 'localhost', origin: 'https://example.com' }, path)).toBe(403)
    expect(await ask(port, { ...upgrade, host: 'localhost' }, '/elsewhere')).toBe(404)
  })
})

test('life is started and stopped from outside', async () => {
  await using simulator = await startSimulator({ pace: 1_000 })
  const { client } = await identified(simulator)
  await using _ = client
  expect(await (await control(simulator, '/life', { running: true })).json()).toEqual({ running: true })
  await client.event('MESSAGE_CREATE')
  await client.event('VOICE_STATE_UPDATE')
  await control(simulator, '/life', { running: false })
  expect(simulator.life.running).toBe(false)
  expect(await (await control(simulator, '/life', { running: 'yes' })).json()).toMatchObject({ field: 'running' })
  expect((await control(simulator, '/nowhere')).status).toBe(404)
})
