import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { createManualClock, createPlan, printPlan, startSimulator } from '../src/index.ts'
import type { FaultInput, Simulator } from '../src/index.ts'
import { fault } from '../src/faults/fault.ts'
import { RawClient, identified, resuming } from './raw-client.ts'
import { tracedRun } from './traced-run.ts'

const START_MS = Date.parse('2026-11-20T14:08:00Z')

const HANDSHAKE =
  'GET /?v=10&encoding=json HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'

/** All bytes that come over a raw connection after the handshake's answer, until it is cut. */
async function bytesUntilCut(simulator: Simulator): Promise<Buffer> {
  const parts: Buffer[] = []
  await new Promise<void>((resolve) => {
    const socket = connect(Number(new URL(simulator.url).port), '127.0.0.1', () => socket.write(HANDSHAKE))
    socket.on('data', (part: Buffer) => parts.push(part))
    socket.on('error', () => {})
    socket.on('close', () => resolve())
  })
  const all = Buffer.concat(parts)
  return all.subarray(all.indexOf('\r\n\r\n') + 4)
}

const control = (simulator: Simulator, method: string, path: string, body?: unknown) =>
  fetch(`${simulator.url}/_simulator/faults${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })

describe('dropping TCP', () => {
  test.each([0, 1, 2, 5, 60])('before byte %d of the next connection', async (after_bytes) => {
    await using simulator = await startSimulator()
    simulator.faults.inject({ kind: 'drop', next: true, after_bytes: 0 })
    expect(await bytesUntilCut(simulator)).toHaveLength(0)
    simulator.faults.inject({ kind: 'drop', next: true, after_bytes })
    expect(await bytesUntilCut(simulator)).toHaveLength(after_bytes)
    // Only the next one: the session after that is well.
    const { client } = await identified(simulator)
    await client[Symbol.asyncDispose]()
    expect(simulator.connections().map(({ session_id }) => session_id !== null)).toEqual([false, false, true])
  })

  test('in the middle of a dispatch; the session lives, and the replay has it whole', async () => {
    await using simulator = await startSimulator()
    const { client, sessionId } = await identified(simulator)
    simulator.dispatch('ODD_EVENT', { n: 1 })
    await client.event('ODD_EVENT')
    simulator.faults.inject({ kind: 'drop', connection: 1, after_bytes: 300 })
    simulator.dispatch('ODD_EVENT', { n: 2 })
    simulator.dispatch('ODD_EVENT', { n: 3, long: 'x'.repeat(70_000) })
    simulator.dispatch('ODD_EVENT', { n: 4 })
    expect((await client.next()).d).toEqual({ n: 2 })
    expect(await client.closed).toBe(1006)
    await using again = await resuming(simulator, sessionId, 5)
    expect((await again.next()).d).toMatchObject({ n: 3 })
    expect((await again.next()).d).toEqual({ n: 4 })
  })
})

describe('what happens at once', () => {
  const cases: [FaultInput, (client: RawClient) => Promise<unknown>, unknown][] = [
    [{ kind: 'drop' }, (client) => client.closed, 1006],
    [{ kind: 'close', code: 4008 }, (client) => client.closed, 4008],
    [{ kind: 'close', shard: 0 }, (client) => client.closed, 4000],
    [{ kind: 'close', any: true, code: 1001 }, (client) => client.closed, 1001],
    [{ kind: 'close', code: 1011 }, (client) => client.closed, 1011],
    [{ kind: 'reconnect' }, async (client) => (await client.op(7)).d, null],
    [{ kind: 'invalidate' }, async (client) => (await client.op(9)).d, false],
    [{ kind: 'invalidate', resumable: true }, async (client) => (await client.op(9)).d, true],
  ]
  test.each(cases)('%j', async (what, seen, expected) => {
    await using simulator = await startSimulator()
    const { client } = await identified(simulator)
    await using _ = client
    simulator.faults.inject(what)
    expect(await seen(client)).toEqual(expected)
    expect(simulator.faults.active()).toEqual([])
  })

  test('op 7 could not come before HELLO, and who stayed after it was never closed', async () => {
    const clock = createManualClock(START_MS)
    await using simulator = await startSimulator({ clock })
    simulator.faults.inject({ kind: 'reconnect', next: true, close_after_ms: 7_000 })
    await using client = new RawClient(simulator.gatewayUrl)
    expect([(await client.next()).op, (await client.next()).op]).toEqual([7, 10])
    clock.advance(6_999)
    client.send(1, null)
    await client.op(11)
    clock.advance(1)
    expect(await client.closed).toBe(4000)
    // Only that one; and a session that was told so can be resumed.
    const { client: after, sessionId } = await identified(simulator)
    simulator.faults.inject({ kind: 'reconnect' })
    await after.op(7)
    clock.advance(5_000)
    expect(await after.closed).toBe(4000)
    await using again = await resuming(simulator, sessionId, 3)
    expect((await again.next()).t).toBe('RESUMED')
  })

  test('only on the shard or the connection that is meant', async () => {
    await using simulator = await startSimulator()
    const { client: first } = await identified(simulator, { shard: [0, 2] })
    const { client: second } = await identified(simulator, { shard: [1, 2] })
    await using _ = first
    simulator.faults.inject({ kind: 'drop', shard: 1 })
    expect(await second.closed).toBe(1006)
    simulator.faults.inject({ kind: 'drop', connection: 2 })
    expect(simulator.connections().map(({ close_code }) => close_code)).toEqual([null, 1006])
  })
})

describe('what lasts', () => {
  test('no ACK, as often as asked for', async () => {
    await using simulator = await startSimulator()
    const { client } = await identified(simulator)
    await using _ = client
    simulator.faults.inject({ kind: 'no_ack', times: 2 })
    for (let beat = 0; beat < 3; beat++) client.send(1, null)
    client.send(3, { since: null, activities: [], status: 'dnd', afk: false })
    const seen: number[] = []
    await client.until(({ op, t }) => {
      if (op === 11) seen.push(op)
      return t === 'PRESENCE_UPDATE'
    })
    expect(seen).toEqual([11])
  })

  test('delay keeps the order, also of the close frame, and ends with its time', async () => {
    const clock = createManualClock(START_MS)
    await using simulator = await startSimulator({ clock })
    const { client } = await identified(simulator)
    await client.event('GUILD_CREATE')
    await client.event('GUILD_CREATE')
    simulator.faults.inject({ kind: 'delay', ms: 200, jitter_ms: 50, for_ms: 1_000 })
    for (const n of [1, 2, 3]) simulator.dispatch('ODD_EVENT', { n })
    const before = client.messages.length
    clock.advance(199)
    // The answer comes over HTTP, so whatever had been sent before is there too.
    await fetch(`${simulator.url}/_simulator/connections`)
    expect(client.messages).toHaveLength(before)
    clock.advance(52)
    for (const n of [1, 2, 3]) expect((await client.next()).d).toEqual({ n })
    clock.advance(749)
    expect(simulator.faults.active()).toEqual([])
    simulator.dispatch('ODD_EVENT', { n: 4 })
    expect((await client.next()).d).toEqual({ n: 4 })
    simulator.faults.inject({ kind: 'delay', ms: 100 })
    simulator.dispatch('ODD_EVENT', { n: 5 })
    simulator.closeConnection(1, 4000)
    clock.advance(101)
    expect((await client.next()).d).toEqual({ n: 5 })
    expect(await client.closed).toBe(4000)
  })

  test('throttle lets through so many bytes a second', async () => {
    const clock = createManualClock(START_MS)
    const sent: number[] = []
    const onTrace = (line: string) => {
      const entry = JSON.parse(line) as { at: number; sent?: string }
      if (entry.sent?.includes('ODD_EVENT')) sent.push(entry.at - START_MS)
    }
    await using simulator = await startSimulator({ clock, onTrace })
    const { client } = await identified(simulator)
    await using _ = client
    simulator.faults.inject({ kind: 'throttle', bytes_per_s: 100 })
    const empty = '{"t":"ODD_EVENT","s":4,"op":0,"d":{"x":""}}'.length
    for (let n = 0; n < 3; n++) simulator.dispatch('ODD_EVENT', { x: 'x'.repeat(100 - empty) })
    clock.advance(3_000)
    for (let n = 0; n < 3; n++) await client.event('ODD_EVENT')
    expect(sent).toEqual([1_000, 2_000, 3_000])
  })

  test('duplicate sends dispatches twice, with the same number', async () => {
    await using simulator = await startSimulator()
    const { client } = await identified(simulator)
    await using _ = client
    simulator.faults.inject({ kind: 'duplicate', times: 1 })
    for (const n of [1, 2]) simulator.dispatch('ODD_EVENT', { n })
    const numbers = []
    for (let count = 0; count < 3; count++) numbers.push((await client.event('ODD_EVENT')).s)
    expect(numbers).toEqual([4, 4, 5])
  })

  test.each(['lose', 'garble'] as const)('%s spoils a dispatch, which a resume has', async (kind) => {
    await using simulator = await startSimulator()
    const { client, sessionId } = await identified(simulator)
    simulator.faults.inject({ kind, times: 1 })
    for (const n of [1, 2]) simulator.dispatch('ODD_EVENT', { n })
    await expect.poll(() => client.messages.at(-1)?.toString()).toContain('"s":5,')
    const before = client.messages.at(-2)?.toString() ?? ''
    if (kind === 'garble') expect(before).toBe('{"t":"ODD_EVENT","s":4,"op":0,"d":{"n":1}')
    else expect(before).toContain('"s":3,')
    client.socket.close(4000)
    await client.closed
    await using again = await resuming(simulator, sessionId, 3)
    expect([(await again.next()).d, (await again.next()).d]).toEqual([{ n: 1 }, { n: 2 }])
  })

  test('refuse: a status or a reset, as often as asked for', async () => {
    await using simulator = await startSimulator()
    simulator.faults.inject({ kind: 'refuse', status: 503, times: 1 })
    await using refused = new RawClient(simulator.gatewayUrl)
    const status = await new Promise((resolve) => {
      refused.socket.once('unexpected-response', (_request, response) => {
        response.resume()
        refused.socket.terminate()
        resolve(response.statusCode)
      })
    })
    expect(status).toBe(503)
    const { id } = simulator.faults.inject({ kind: 'refuse' })
    for (let count = 0; count < 2; count++) {
      await using reset = new RawClient(simulator.gatewayUrl)
      expect(await reset.closed).toBe(1006)
    }
    simulator.faults.lift(id)
    const { client } = await identified(simulator)
    await client[Symbol.asyncDispose]()
  })

  test.each([
    ['live', 5_000, 'RESUMED'],
    ['die', 5_000, null],
    ['live', 180_001, null],
  ] as const)('an outage, sessions %s, of %d ms', async (sessions, for_ms, next) => {
    const clock = createManualClock(START_MS)
    await using simulator = await startSimulator({ clock })
    const { client, sessionId } = await identified(simulator)
    simulator.faults.inject({ kind: 'outage', for_ms, sessions })
    expect(await client.closed).toBe(1006)
    await using early = new RawClient(simulator.gatewayUrl)
    expect(await early.closed).toBe(1006)
    clock.advance(for_ms)
    await using again = await resuming(simulator, sessionId, 3)
    const answer = await again.next()
    if (next) expect(answer.t).toBe(next)
    else expect(answer).toMatchObject({ op: 9, d: false })
  })
})

describe('REST', () => {
  const post = (simulator: Simulator, signal?: AbortSignal) => {
    const general = simulator.world.guilds()[0]!.channels.find(({ name }) => name === 'general')!
    const messages = simulator.world.messages.recent(general.id, 5_000).length
    const response = fetch(`${simulator.apiUrl}/v10/channels/${general.id}/messages`, {
      method: 'POST',
      headers: { authorization: `Bot ${simulator.botToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ content: 'hello' }),
      ...(signal && { signal }),
    })
    return { response, said: () => simulator.world.messages.recent(general.id, 5_000).length - messages }
  }
  const route = '/channels/:channel_id/messages'

  test('429 with its headers, then 500 after the message was made, then well again', async () => {
    await using simulator = await startSimulator()
    simulator.faults.inject({ kind: 'rest', method: 'POST', route, answer: 429, retry_after: 0.3, times: 1 })
    const limited = post(simulator)
    const response = await limited.response
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '1'])
    expect(response.headers.get('x-ratelimit-scope')).toBe('user')
    expect(await response.json()).toMatchObject({ retry_after: 0.3, global: false })
    expect(limited.said()).toBe(0)

    simulator.faults.inject({ kind: 'rest', route, answer: 500, acts: true, times: 1 })
    const lost = post(simulator)
    expect((await lost.response).status).toBe(500)
    expect(lost.said()).toBe(1)
    const well = post(simulator)
    expect((await well.response).status).toBe(200)
  })

  test('an answer that was to be lost after the deed was spent on a request that was refused', async () => {
    await using simulator = await startSimulator()
    while ((await post(simulator).response).status !== 429);
    simulator.faults.inject({ kind: 'rest', route, answer: 500, acts: true, times: 1 })
    const refused = post(simulator)
    expect((await refused.response).status).toBe(429)
    expect(refused.said()).toBe(0)
    expect(simulator.faults.active()).toHaveLength(1)
  })

  test('a 429 on request had no headers of its bucket, and the words of another scope', async () => {
    await using simulator = await startSimulator()
    const bucket = (await post(simulator).response).headers.get('x-ratelimit-bucket')
    simulator.faults.inject({ kind: 'rest', answer: 429, retry_after: 0.3, scope: 'shared', times: 1 })
    const { headers, ...response } = await post(simulator).response.then(async (answer) => ({
      headers: answer.headers,
      body: (await answer.json()) as object,
    }))
    expect(bucket).toHaveLength(32)
    expect(headers.get('x-ratelimit-bucket')).toBe(bucket)
    expect([headers.get('x-ratelimit-remaining'), headers.get('x-ratelimit-reset-after')]).toEqual(['0', '0.300'])
    expect(response.body).toMatchObject({ message: 'The resource is being rate limited.', retry_after: 0.3 })
  })

  test('whoever went on asking after 429s on request was never banned', async () => {
    await using simulator = await startSimulator({ rateLimits: { invalidRequests: 3 } })
    simulator.faults.inject({ kind: 'rest', answer: 429, scope: 'shared', times: 3 })
    for (let count = 0; count < 3; count++) await post(simulator).response
    expect((await post(simulator).response).status).toBe(200)
    simulator.faults.inject({ kind: 'rest', answer: 429, times: 3 })
    for (let count = 0; count < 3; count++) await post(simulator).response
    const banned = await post(simulator).response
    expect([banned.status, await banned.text()]).toEqual([429, 'error code: 1015'])
  })

  test('a global 429, and only on the method and route that are meant', async () => {
    await using simulator = await startSimulator()
    simulator.faults.inject({ kind: 'rest', method: 'GET', route, answer: 503 })
    simulator.faults.inject({ kind: 'rest', route: '/channels/:channel_id', answer: 503 })
    expect((await post(simulator).response).status).toBe(200)
    simulator.faults.inject({ kind: 'rest', answer: 429, scope: 'global' })
    const response = await post(simulator).response
    expect(response.headers.get('x-ratelimit-global')).toBe('true')
    expect(await response.json()).toMatchObject({ global: true })
  })

  test('hang: nothing comes, and the simulator still ends', async () => {
    await using simulator = await startSimulator()
    simulator.faults.inject({ kind: 'rest', answer: 'hang', times: 1 })
    const giveUp = new AbortController()
    const { response, said } = post(simulator, giveUp.signal)
    while (simulator.faults.active().length > 0) await fetch(`${simulator.url}/_simulator/connections`)
    giveUp.abort()
    await expect(response).rejects.toThrow('aborted')
    expect(said()).toBe(0)
  })
})

describe('/_simulator/faults', () => {
  test('injects, lists, lifts one, lifts all', async () => {
    await using simulator = await startSimulator()
    const made = await control(simulator, 'POST', '', { kind: 'no_ack', shard: 3 })
    expect([made.status, await made.json()]).toEqual([201, { id: 1, fault: { kind: 'no_ack', shard: 3 }, left: null }])
    await control(simulator, 'POST', '', { kind: 'refuse', times: 2 })
    const listed = (await (await control(simulator, 'GET', '')).json()) as { id: number; left: number | null }[]
    expect(listed.map(({ id, left }) => [id, left])).toEqual([
      [1, null],
      [2, 2],
    ])
    expect((await control(simulator, 'DELETE', '/1')).status).toBe(204)
    expect((await control(simulator, 'DELETE', '/1')).status).toBe(404)
    expect((await control(simulator, 'DELETE', '')).status).toBe(204)
    expect(simulator.faults.active()).toEqual([])
  })

  test.each([
    [{ kind: 'gremlins' }, 'kind'],
    [{ kind: 'close', code: 12 }, 'code'],
    [{ kind: 'delay' }, 'ms'],
    [{ kind: 'outage', for_ms: -1 }, 'for_ms'],
    [{ kind: 'drop', after_byte: 3 }, 'after_byte'],
    [{ kind: 'drop', next: true, shard: 0 }, 'next'],
    [{ kind: 'reconnect', next: true, any: true }, 'next'],
    [{ kind: 'rest', answer: 500, route: '/typo' }, 'route'],
    [{ kind: 'rest', answer: 500, route: 'gateway' }, 'route'],
    [{ kind: 'rest', answer: 500, method: 'DELETE', route: '/gateway' }, 'route'],
    [{ kind: 'rest', answer: 500, route: '/channels/:channel_id/mesages' }, 'route'],
  ])('refuses %j, naming %j', async (body, field) => {
    await using simulator = await startSimulator()
    const response = await control(simulator, 'POST', '', body)
    expect([response.status, await response.json()]).toMatchObject([400, { field }])
  })

  test.each([
    { route: '/gateway/bot' },
    { route: '/channels/:channel_id/messages', method: 'POST' },
    { route: '/channels/1187340376982159360/messages/:message_id' },
    { route: '/users/:user_id' },
    { route: '/oauth2/token', method: 'POST' },
    { route: '/oauth2/token/revoke' },
  ])('takes the route of %j', async (on) => {
    await using simulator = await startSimulator()
    expect((await control(simulator, 'POST', '', { kind: 'rest', answer: 500, ...on })).status).toBe(201)
  })

  test('a connection or shard that is not connected was taken for one', async () => {
    await using simulator = await startSimulator()
    const { client } = await identified(simulator, { shard: [0, 2] })
    const status = async (kind: string, place: object) =>
      (await control(simulator, 'POST', '', { kind, ...place })).status
    for (const kind of ['drop', 'close', 'reconnect', 'invalidate']) {
      expect(await status(kind, { connection: 99 })).toBe(404)
      expect(await status(kind, { shard: 1 })).toBe(404)
    }
    expect(await status('close', { shard: 0 })).toBe(201)
    await client.closed
    for (const kind of ['drop', 'close', 'reconnect', 'invalidate']) expect(await status(kind, { any: true })).toBe(404)
    for (const place of [{ any: true }, { connection: 99 }]) expect(await status('no_ack', place)).toBe(404)
    // In process nobody is told, but neither does it stay for ever.
    simulator.faults.inject({ kind: 'no_ack', any: true })
    expect(simulator.faults.active()).toEqual([])
    // What is to hit all may hit none, and what lasts waits for the shard that comes.
    expect(await status('drop', {})).toBe(201)
    expect(await status('no_ack', { shard: 1 })).toBe(201)
  })

  test('that is to hit any hits the one that the seed says', async () => {
    const hits = async (seed: string) => {
      await using simulator = await startSimulator({ seed })
      await using clients = new AsyncDisposableStack()
      for (let n = 0; n < 4; n++) clients.use((await identified(simulator)).client)
      return Array.from({ length: 8 }, () => {
        const { id, fault: placed } = simulator.faults.inject({ kind: 'no_ack', any: true })
        simulator.faults.lift(id)
        return 'connection' in placed ? placed.connection : undefined
      })
    }
    const seen = await hits('weather')
    expect(new Set(seen).size).toBeGreaterThan(1)
    expect(await hits('weather')).toEqual(seen)
    expect(await hits('fair')).not.toEqual(seen)
  })

  test('plays a plan from a seed, and gives it back', async () => {
    const clock = createManualClock(START_MS)
    await using simulator = await startSimulator({ clock })
    const response = await control(simulator, 'POST', '/plan', { seed: 'x', duration_ms: 60_000 })
    expect([response.status, await response.json()]).toEqual([201, createPlan({ seed: 'x', duration_ms: 60_000 })])
    expect((await control(simulator, 'POST', '/plan', { seed: 'x', every_ms: 1 })).status).toBe(400)
  })
})

describe('a plan', () => {
  test('is the same for the same seed, and says how to have it again', () => {
    const plan = createPlan({ seed: 'storm', duration_ms: 3_600_000 })
    expect(createPlan({ seed: 'storm', duration_ms: 3_600_000 })).toEqual(plan)
    expect(createPlan({ seed: 'calm', duration_ms: 3_600_000 })).not.toEqual(plan)
    expect(new Set(plan.steps.map((step) => step.fault.kind)).size).toBeGreaterThan(8)
    for (const step of plan.steps) expect(fault.safeParse(step.fault).success).toBe(true)
    const [first, ...lines] = printPlan(plan).split('\n')
    expect(first).toBe('faults {"seed":"storm","duration_ms":3600000,"every_ms":20000}')
    expect(lines).toHaveLength(plan.steps.length)
  })

  test('happens at its moments, until it is called off', async () => {
    const clock = createManualClock(START_MS)
    const faults: [number, string][] = []
    const onTrace = (line: string) => {
      const entry = JSON.parse(line) as { at: number; fault?: number; kind?: string }
      if (entry.fault !== undefined) faults.push([entry.at - START_MS, entry.kind ?? ''])
    }
    await using simulator = await startSimulator({ clock, onTrace })
    const plan = createPlan({ seed: 'y' })
    const stop = simulator.faults.play(plan)
    clock.advance(300_000)
    stop()
    clock.advance(300_000)
    const due = plan.steps.filter(({ at_ms }) => at_ms <= 300_000)
    expect(due.length).toBeGreaterThan(5)
    expect(faults).toEqual(due.map((step) => [step.at_ms, step.fault.kind]))
  })
})

describe('one seed, one clock, one script', () => {
  test('give the same trace, byte for byte, on any port; another seed gives another', { timeout: 40_000 }, async () => {
    const first = await tracedRun('weather')
    expect(first.split('\n').length).toBeGreaterThan(100)
    expect(await tracedRun('weather')).toBe(first)
    expect(await tracedRun('fair')).not.toBe(first)
  })

  test('every kind of fault of the plan is among those that happened', async () => {
    const kinds = new Set(
      [...(await tracedRun('weather')).matchAll(/"fault":\d+,"kind":"(\w+)"/g)].map(([, kind]) => kind),
    )
    expect([...kinds]).toEqual(expect.arrayContaining(['delay', 'throttle', 'no_ack', 'drop', 'rest']))
  })
})
