import { describe, expect, test } from 'vitest'
import { startSimulator } from '../src/index.ts'
import type { Simulator } from '../src/index.ts'
import { RawClient, identity, identified } from './raw-client.ts'

const compressed = async (simulator: Simulator, compression: string) => {
  const client = new RawClient(simulator.gatewayUrl, `?v=10&encoding=json&compress=${compression}`)
  await client.op(10)
  return client
}

describe.each(['zlib-stream', 'zstd-stream'])('%s', (compression) => {
  test('carries all payloads in one context, each in one binary message, the close frame last', async () => {
    await using simulator = await startSimulator()
    await using client = await compressed(simulator, compression)
    client.send(2, identity(simulator))
    await client.event('READY')
    const ids = [await client.next(), await client.next()].map(({ d }) => d.id)
    expect(ids).toEqual(simulator.world.guilds().map(({ id }) => id))

    const before = client.messages.length
    const text = 'what is said twice is shorter the second time, '.repeat(3)
    for (let n = 0; n < 200; n++) simulator.dispatch('ODD_EVENT', { n, text, long: n === 9 ? text.repeat(2_000) : '' })
    simulator.closeConnection(1, 4000)
    for (let n = 0; n < 200; n++) expect((await client.next()).d).toMatchObject({ n, text })
    expect(await client.closed).toBe(4000)
    const sizes = client.messages.slice(before).map(({ length }) => length)
    expect(sizes).toHaveLength(200)
    expect(sizes[1]).toBeLessThan(80)
  })

  test('is split over messages on request', async () => {
    await using simulator = await startSimulator({ compressedMessageBytes: 100 })
    await using client = await compressed(simulator, compression)
    client.send(2, identity(simulator))
    await client.event('READY')
    await client.event('GUILD_CREATE')
    expect(client.messages.length).toBeGreaterThan(10)
    expect(Math.max(...client.messages.map(({ length }) => length))).toBe(100)
  })

  test('was closed with 4002 when IDENTIFY asked for single payloads to be compressed too', async () => {
    await using simulator = await startSimulator()
    await using client = await compressed(simulator, compression)
    client.send(2, identity(simulator, { compress: true }))
    // It is of no effect then: what comes is text in the stream.
    expect((await client.event('READY')).d).toMatchObject({ v: 10 })
  })
})

test('messages of zlib-stream end with the empty block by which clients know them whole', async () => {
  await using simulator = await startSimulator()
  await using client = await compressed(simulator, 'zlib-stream')
  client.send(2, identity(simulator))
  await client.event('READY')
  for (const message of client.messages) expect(message.subarray(-4).toString('hex')).toBe('0000ffff')
})

test('IDENTIFY with compress has each payload compressed by itself', async () => {
  await using simulator = await startSimulator()
  const { client } = await identified(simulator, { compress: true })
  await using _ = client
  await client.event('GUILD_CREATE')
  // HELLO came before anybody had asked for it.
  expect(client.messages.slice(0, 3).map((message) => message[0])).toEqual([0x7b, 0x78, 0x78])
})
