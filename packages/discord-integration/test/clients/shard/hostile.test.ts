import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { startClient, TOKEN } from '../helpers/connected-client.ts'

const small = fc.jsonValue({ maxDepth: 2 })

/** Frames as nobody should send them. What ends a connection by Discord's rules (7, 9) is left to the lifecycle's tests. */
const ops = fc.oneof(fc.constantFrom(0, 1, 2, 8, 10, 11, 12, -1, 1e9, 0.5), fc.constantFrom('0', null, {}, []))
const frame = fc.oneof(
  fc.record(
    {
      op: ops,
      d: small,
      s: fc.oneof(fc.nat(50), small),
      t: fc.oneof(fc.constantFrom('MESSAGE_CREATE', 'RESUMED', ''), small),
    },
    { requiredKeys: [] },
  ),
  small,
)
const text = fc.oneof(
  frame.map((value) => JSON.stringify(value)),
  fc.string(),
  fc.json().map((json) => `{"t":"A","s":1,"op":0,"d":${json}`),
  fc.constantFrom(
    '',
    '{',
    '{"op":0',
    '{"t":"READY","s":1,"op":0,"d":',
    '\\u0000',
    '{"__proto__":{"op":7}}',
    '{"op":10,"d":{"heartbeat_interval":1e308}}',
  ),
)

describe('nothing a server sends', () => {
  it('can crash the client, lose the session, hide an event or get the token into the log', async () => {
    await using setup = await startClient()
    const crashes: unknown[] = []
    const onCrash = (error: unknown): void => void crashes.push(error)
    process.on('uncaughtException', onCrash).on('unhandledRejection', onCrash)
    let peer = await setup.ready()
    const arrived = new Set<number>()
    setup.client.onAnyEvent(({ sequence }) => void arrived.add(sequence))
    const state = () => setup.client.shards[0]?.state

    let sequence = 1
    const hostile = fc.record({
      texts: fc.array(text, { maxLength: 20 }),
      bytes: fc.uint8Array({ maxLength: 50 }),
      again: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(hostile, async ({ texts, bytes, again }) => {
        sequence += 1
        for (let time = 0; !arrived.has(sequence); time++) {
          if (time === 0 || again) {
            for (const line of texts) peer.sendText(line)
            peer.sendBinary(Buffer.from(bytes))
          }
          peer.dispatch('MESSAGE_CREATE', sequence, {})
          await expect.poll(() => arrived.has(sequence) || state() === 'reconnecting', { interval: 1 }).toBe(true)
          if (arrived.has(sequence)) break
          const back = await setup.comeBack(60_000)
          expect(back.answer).toMatchObject({ op: 6, d: { session_id: 'session-1' } })
          peer = back.peer
        }
      }),
      { numRuns: 300 },
    )
    expect(setup.client.shards[0]).toMatchObject({ sessionId: 'session-1' })

    process.off('uncaughtException', onCrash).off('unhandledRejection', onCrash)
    expect(crashes).toEqual([])
    expect(setup.logger.text()).not.toContain(TOKEN)
  })

  it('before HELLO or before READY does either', async () => {
    await using setup = await startClient()
    await setup.client.connect()
    const peer = await setup.discord.connections.next()
    const hostile = ['{', '[]', '{"op":11}', '{"op":0', '{"s":1,"d":{}}']
    for (const line of hostile) peer.sendText(line)
    expect((await peer.greet()).op).toBe(2)
    for (const line of hostile) peer.sendText(line)
    peer.dispatch('READY', 3, setup.discord.ready())
    await setup.state('ready')
    expect((await setup.events.next()).type).toBe('READY')
  })

  it.each(['MESSAGE_CREATE', 'RESUMED'])('that is a %s before READY is taken, nor waited beyond', async (event) => {
    await using setup = await startClient()
    await setup.client.connect()
    const peer = await setup.next()
    peer.dispatch(event, 1)
    const back = await setup.comeBack(60_000)
    expect(back.answer.op).toBe(2)
    expect(setup.events.size).toBe(0)
  })

  it('in a frame beyond the bound costs more than the connection', async () => {
    await using setup = await startClient()
    const peer = await setup.ready()
    peer.sendBinary(Buffer.alloc(64 * 1024 * 1024 + 1))
    await setup.state('reconnecting')
    setup.timers.advance(1_000)
    const second = await setup.discord.connections.next()
    expect((await second.greet()).op).toBe(6)
  })
})
