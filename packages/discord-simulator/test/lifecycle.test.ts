import { describe, expect, test } from 'vitest'
import { createManualClock, startSimulator } from '../src/index.ts'
import type { ManualClock, Simulator, SimulatorOptions } from '../src/index.ts'
import { RawClient, identified, identity, resuming } from './raw-client.ts'

const START_MS = Date.parse('2026-11-20T14:08:00Z')

const botInfo = async (simulator: Simulator) => {
  const headers = { authorization: `Bot ${simulator.botToken}` }
  const response = await fetch(`${simulator.apiUrl}/v10/gateway/bot`, { headers })
  return (await response.json()) as { session_start_limit: Record<string, number> }
}

/** Does what Discord documents as the cause of a close code. Returns whom it is to close. */
type Cause = (simulator: Simulator, clock: ManualClock) => Promise<RawClient>

const before =
  (op: number, d: (simulator: Simulator) => unknown): Cause =>
  async (simulator) => {
    const client = new RawClient(simulator.gatewayUrl)
    await client.op(10)
    client.send(op, d(simulator))
    return client
  }
const after =
  (act: (client: RawClient, simulator: Simulator) => void): Cause =>
  async (simulator) => {
    const { client } = await identified(simulator)
    act(client, simulator)
    return client
  }

/** https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes */
const CAUSES: [code: number, cause: string, act: Cause, options?: SimulatorOptions][] = [
  [
    4000,
    'somebody else has resumed the session',
    async (simulator) => {
      const { client, sessionId } = await identified(simulator)
      const other = await resuming(simulator, sessionId, 1)
      await other.event('RESUMED')
      other.socket.terminate()
      return client
    },
  ],
  [4001, 'an opcode that does not exist', after((client) => client.send(99, null))],
  [4002, 'what is no JSON', after((client) => client.text('{"op":1,'))],
  [4002, '4,097 bytes', after((client) => client.text(`{"op":1,"d":null}`.padEnd(4_097)))],
  [4003, 'a payload before IDENTIFY', before(4, () => ({ guild_id: '1', channel_id: null }))],
  [
    4003,
    'a payload after the session was invalidated',
    after((client, simulator) => {
      simulator.invalidate(1, false)
      client.send(4, { guild_id: '1', channel_id: null, self_mute: false, self_deaf: false })
    }),
  ],
  [4004, 'a wrong token', before(2, (simulator) => identity(simulator, { token: 'wrong' }))],
  [4005, 'IDENTIFY twice', after((client, simulator) => client.send(2, identity(simulator)))],
  [
    4007,
    'RESUME with a number never sent',
    async (simulator) => {
      const { client, sessionId } = await identified(simulator)
      client.socket.terminate()
      await client.closed
      return resuming(simulator, sessionId, 9_999)
    },
  ],
  [
    4008,
    '121 payloads in a minute',
    after((client) => {
      for (let sent = 0; sent < 120; sent++) client.send(1, null)
    }),
  ],
  [
    4009,
    'no heartbeat',
    async (simulator, clock) => {
      const { client } = await identified(simulator)
      clock.advance(61_250)
      return client
    },
  ],
  [4010, 'a shard that does not exist', before(2, (simulator) => identity(simulator, { shard: [3, 3] }))],
  [4011, 'too many guilds for one shard', before(2, (simulator) => identity(simulator)), { guildsPerShard: 1 }],
  [
    4012,
    'an old version of the API',
    (simulator) => Promise.resolve(new RawClient(simulator.gatewayUrl, '?v=5&encoding=json')),
  ],
  [4013, 'an intent that does not exist', before(2, (simulator) => identity(simulator, { intents: 1 << 30 }))],
  [4014, 'an intent that is not switched on', before(2, (simulator) => identity(simulator)), { privileged: [] }],
]

describe('close codes', () => {
  test.each(CAUSES)('%d for %s', async (code, _cause, act, options = {}) => {
    const clock = createManualClock(START_MS)
    await using simulator = await startSimulator({ clock, heartbeatTimeoutMs: 61_250, ...options })
    await using client = await act(simulator, clock)
    expect(await client.closed).toBe(code)
    expect(simulator.connections().find(({ close_code }) => close_code === code)?.closed_by).toBe('simulator')
  })

  test('a payload is counted in bytes, not in characters', async () => {
    await using simulator = await startSimulator({ clock: createManualClock(START_MS) })
    const { client } = await identified(simulator)
    await using _ = client
    const text = `{"op":1,"d":null,"x":"${'ü'.repeat(1_000)}"}`
    const of = (bytes: number) => text + ' '.repeat(bytes - Buffer.byteLength(text))
    client.text(of(4_096))
    await client.op(11)
    client.text(of(4_097))
    expect(await client.closed).toBe(4002)
  })

  test('what is no text is closed as WebSockets are, and the session lives', async () => {
    await using simulator = await startSimulator({ clock: createManualClock(START_MS) })
    for (const [bytes, code] of [
      [Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), 1007],
      [Buffer.alloc((1 << 20) + 1, 0x20), 1009],
    ] as const) {
      const { client, sessionId } = await identified(simulator)
      await using _ = client
      client.socket.send(bytes, { binary: false })
      expect(await client.closed).toBe(code)
      expect(simulator.connections().at(-1)).toMatchObject({ close_code: code, closed_by: 'simulator' })
      await using again = await resuming(simulator, sessionId, 1)
      await again.event('RESUMED')
    }
  })

  test('every documented one is there', () => {
    const documented = Array.from({ length: 15 }, (_, index) => 4000 + index).filter((code) => code !== 4006)
    expect([...new Set(CAUSES.map(([code]) => code))]).toEqual(documented)
  })

  test('4,096 bytes and 120 payloads are not too many', async () => {
    await using simulator = await startSimulator({ clock: createManualClock(START_MS) })
    const { client } = await identified(simulator)
    await using _ = client
    client.text(`{"op":1,"d":null}`.padEnd(4_096))
    for (let sent = 2; sent < 120; sent++) client.send(1, null)
    for (let acked = 1; acked < 120; acked++) await client.op(11)
    expect(simulator.connections()[0]?.close_code).toBeNull()
  })
})

describe('heartbeats', () => {
  test('keep a connection, also late ones within the grace', async () => {
    const clock = createManualClock(START_MS)
    await using simulator = await startSimulator({ clock, heartbeatTimeoutMs: 61_250 })
    const { client, sessionId } = await identified(simulator)
    for (let round = 0; round < 3; round++) {
      clock.advance(61_249)
      client.send(1, null)
      await client.op(11)
    }
    clock.advance(61_250)
    expect(await client.closed).toBe(4009)
    // Discord asks for a new session after 4009.
    await using again = await resuming(simulator, sessionId, 1)
    expect(await again.next()).toMatchObject({ op: 9, d: false })
  })

  test('are expected before IDENTIFY too', async () => {
    const clock = createManualClock(START_MS)
    await using simulator = await startSimulator({ clock, heartbeatTimeoutMs: 5_000 })
    await using client = new RawClient(simulator.gatewayUrl)
    await client.op(10)
    clock.advance(5_000)
    expect(await client.closed).toBe(4009)
  })
})

describe('IDENTIFY limits', () => {
  const identify = async (simulator: Simulator, shard: [number, number]) => {
    const client = new RawClient(simulator.gatewayUrl)
    await client.op(10)
    client.send(2, identity(simulator, { shard }))
    const { op, t, d } = await client.next()
    return { client, got: op === 9 ? `op 9 ${d}` : t }
  }

  test('one a bucket within the window; others get op 9, and may try again on the same connection', async () => {
    const clock = createManualClock(START_MS)
    await using simulator = await startSimulator({ clock, maxConcurrency: 2, identifyWindowMs: 5_000 })
    const tries = [
      await identify(simulator, [0, 4]),
      await identify(simulator, [1, 4]),
      await identify(simulator, [2, 4]),
    ]
    expect(tries.map(({ got }) => got)).toEqual(['READY', 'READY', 'op 9 false'])
    clock.advance(4_999)
    const third = tries[2]!.client
    third.send(2, identity(simulator, { shard: [2, 4] }))
    expect(await third.next()).toMatchObject({ op: 9, d: false })
    clock.advance(1)
    third.send(2, identity(simulator, { shard: [2, 4] }))
    await third.event('READY')
    for (const { client } of tries) await client[Symbol.asyncDispose]()
  })

  test('RESUME is free of them, and GET /gateway/bot tells what is left', async () => {
    const clock = createManualClock(START_MS)
    await using simulator = await startSimulator({ clock, sessionStarts: 5, identifyWindowMs: 5_000 })
    const { client, sessionId } = await identified(simulator)
    client.socket.terminate()
    await client.closed
    await using again = await resuming(simulator, sessionId, 3)
    await again.event('RESUMED')
    clock.advance(1_000)
    expect((await botInfo(simulator)).session_start_limit).toEqual({
      total: 5,
      remaining: 4,
      reset_after: 86_399_000,
      max_concurrency: 1,
    })
    clock.advance(86_399_000)
    expect((await botInfo(simulator)).session_start_limit).toMatchObject({ remaining: 5, reset_after: 86_400_000 })
  })

  test('one more than the day allows ends every session and resets the token', async () => {
    await using simulator = await startSimulator({ sessionStarts: 2 })
    const before_ = simulator.botToken
    const first = await identified(simulator)
    const second = await identified(simulator)
    await using third = new RawClient(simulator.gatewayUrl)
    await third.op(10)
    third.send(2, identity(simulator))
    const codes = await Promise.all([first, second, { client: third }].map(({ client }) => client.closed))
    expect(codes).toEqual([4004, 4004, 4004])
    expect(simulator.botToken).not.toBe(before_)
    const url = `${simulator.apiUrl}/v10/gateway/bot`
    expect((await fetch(url, { headers: { authorization: `Bot ${before_}` } })).status).toBe(401)
    expect((await botInfo(simulator)).session_start_limit['remaining']).toBe(0)
    await using again = await resuming(simulator, first.sessionId, 1)
    expect(await again.next()).toMatchObject({ op: 9, d: false })
  })
})

test('what was missed longer ago than it is kept cannot be resumed', async () => {
  const clock = createManualClock(START_MS)
  await using simulator = await startSimulator({ clock, replayWindowMs: 60_000 })
  const { client, sessionId } = await identified(simulator)
  await using _ = client
  simulator.dispatch('ODD_EVENT', { n: 1 })
  clock.advance(60_000)
  simulator.dispatch('ODD_EVENT', { n: 2 })
  const inTime = await resuming(simulator, sessionId, 3)
  expect((await inTime.next()).d.n).toBe(1)
  await inTime[Symbol.asyncDispose]()
  clock.advance(1)
  const later = await resuming(simulator, sessionId, 4)
  expect((await later.next()).d.n).toBe(2)
  await later[Symbol.asyncDispose]()
  await using late = await resuming(simulator, sessionId, 3)
  expect(await late.next()).toMatchObject({ op: 9, d: false })
})
