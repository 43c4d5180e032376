import { connect } from 'node:net'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { startSimulator } from '../src/index.ts'
import type { Simulator } from '../src/index.ts'
import { RawClient, identified, identity } from './raw-client.ts'

const DOCUMENTED = new Set([4001, 4002, 4003, 4004, 4005, 4007, 4008, 4010, 4012, 4013, 4014])

/** Waits until everything that was sent is handled: a heartbeat acknowledged, or the connection closed. */
async function settled(client: RawClient): Promise<number | 'open'> {
  client.send(1, null)
  const acked = client.op(11).then(
    () => 'open' as const,
    () => client.closed,
  )
  return acked
}

async function isWell(simulator: Simulator): Promise<void> {
  const { client } = await identified(simulator)
  await client[Symbol.asyncDispose]()
}

const op = fc.oneof(fc.constantFrom(0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 31, 43), fc.integer())
const field = fc.constantFrom('token', 'session_id', 'seq', 'intents', 'shard', 'properties', 'guild_id', 'status')
const d = fc.oneof(fc.jsonValue(), fc.dictionary(field, fc.jsonValue()))

test(
  'no sequence of frames makes it fail: they are taken, or closed with a documented code',
  { timeout: 30_000 },
  async () => {
    await using simulator = await startSimulator()
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.array(fc.record({ op, d }), { maxLength: 5 }), async (known, frames) => {
        await using client = new RawClient(simulator.gatewayUrl)
        await client.op(10)
        if (known) client.send(2, identity(simulator))
        for (const frame of frames) client.text(JSON.stringify(frame))
        const end = await settled(client)
        if (end !== 'open') expect(DOCUMENTED).toContain(end)
      }),
      { numRuns: 150 },
    )
    await isWell(simulator)
  },
)

test('no text makes it fail', { timeout: 30_000 }, async () => {
  await using simulator = await startSimulator()
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async (text) => {
      await using client = new RawClient(simulator.gatewayUrl)
      await client.op(10)
      client.text(text)
      expect([4001, 4002, 4003, 'open']).toContain(await settled(client))
    }),
    { numRuns: 100 },
  )
  await isWell(simulator)
})

test('what is no WebSocket and no HTTP does not make it fail', async () => {
  await using simulator = await startSimulator()
  const port = Number(new URL(simulator.url).port)
  const handshake =
    'GET /?v=10&encoding=json HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
    'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'
  const garbage = [
    '\0\0\0',
    'GET / HTTP/9\r\n\r\n',
    'GET // HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    'GET http://[/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    `${handshake}\xff\xff\xff\xff`,
    // A masked text frame that is no UTF-8.
    Buffer.concat([Buffer.from(handshake), Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28])]),
  ]
  for (const bytes of garbage) {
    await new Promise<void>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
      socket.on('data', () => {})
      socket.on('error', () => {})
      socket.on('close', () => resolve())
    })
  }
  await isWell(simulator)
})
