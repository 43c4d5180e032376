import { describe, expect, it } from 'vitest'
import {
  DiscordGatewayClient,
  GatewayBotError,
  memorySessionStore,
  type GatewayEventData,
  type StoredSession,
} from '../../src/clients/index.ts'
import { GatewayServiceMessageSchema, type GatewayServiceMessage } from '../../src/types/index.ts'
import { LEAVE_VOICE, startClient, TOKEN } from './helpers/connected-client.ts'
import { settle } from './helpers/manual-timers.ts'

describe('GET /gateway/bot', () => {
  it('is asked with the token and the user agent Discord wants', async () => {
    await using setup = await startClient()
    await setup.client.connect()
    const { url, headers } = await setup.discord.requests.next()
    expect(url).toBe('/api/v10/gateway/bot')
    expect(headers.authorization).toBe(`Bot ${TOKEN}`)
    expect(headers['user-agent']).toMatch(/^DiscordBot \(https?:\/\/\S+, \d+\.\d+\.\d+\)$/)
  })

  it('is asked again, with growing waits, until it is answered as documented', async () => {
    await using setup = await startClient()
    setup.discord.botAnswers.push({ status: 502 }, { status: 200, body: { url: 5 } }, { status: 500 })
    const connecting = setup.client.connect()
    for (const wait of [625, 1125, 2125]) {
      await setup.discord.requests.next()
      while (setup.timers.delays.length === 0) await settle()
      expect(setup.timers.delays).toEqual([wait])
      setup.timers.advance(wait)
    }
    await connecting
    expect(setup.client.shards).toHaveLength(1)
  })

  it('is not asked before Retry-After', async () => {
    await using setup = await startClient()
    setup.discord.botAnswers.push({ status: 429, headers: { 'retry-after': '7.5' } })
    const connecting = setup.client.connect()
    await setup.discord.requests.next()
    while (setup.timers.delays.length === 0) await settle()
    expect(setup.timers.delays).toEqual([7_500])
    setup.timers.advance(7_500)
    await connecting
  })

  it('refused with 401 stops with a message about the token, and without the token', async () => {
    await using setup = await startClient()
    setup.discord.botAnswers.push({ status: 401, body: { message: '401: Unauthorized' } })
    const refusal = await setup.client.connect().catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(GatewayBotError)
    expect(String(refusal)).toMatch(/refused the bot token.*Reset Token/)
    expect(setup.logger.lines.map(({ level }) => level)).toEqual(['error'])
    expect(setup.logger.text()).not.toContain(TOKEN)
    expect(setup.client.shards).toEqual([])
  })

  it('says what went wrong, by name', async () => {
    await using setup = await startClient({ apiUrl: 'http://127.0.0.1:2/api' })
    const connecting = setup.client.connect()
    while (setup.logger.lines.length === 0) await settle()
    expect(setup.logger.text()).toContain('ECONNREFUSED')
    await setup.client.close()
    await connecting
  })

  it('is not even asked with a token that no header can carry', () => {
    expect(() => new DiscordGatewayClient({ token: 'sec\nret', intents: 1 })).toThrow(/^((?!sec).)*$/)
  })

  it('given up by close() leaves connect() resolved and nothing started', async () => {
    await using setup = await startClient()
    setup.discord.botAnswers.push({ status: 502 })
    const connecting = setup.client.connect()
    await setup.discord.requests.next()
    await setup.client.close()
    await connecting
    expect(setup.client.shards).toEqual([])
  })
})

describe('shards', () => {
  it('are as many as Discord says, and identify one per 5 s', async () => {
    await using setup = await startClient()
    setup.discord.shards = 3
    await setup.client.connect()
    expect(setup.client.shardCount).toBe(3)
    for (const id of [0, 1, 2]) {
      const peer = await setup.discord.connections.next()
      expect((await peer.greet()).d.shard).toEqual([id, 3])
      await settle()
      expect(setup.discord.connections.size).toBe(0)
      peer.dispatch('READY', 1, setup.discord.ready(`session-${id}`))
      await setup.statuses.until((shards) => shards[id]?.state === 'ready')
      setup.timers.advance(5_250)
    }
    expect(setup.client.shards.map(({ id, sessionId }) => [id, sessionId])).toEqual([
      [0, 'session-0'],
      [1, 'session-1'],
      [2, 'session-2'],
    ])
  })

  it('are as many as were asked for', async () => {
    await using setup = await startClient({ shardCount: 2 })
    await setup.client.connect()
    const peer = await setup.discord.connections.next()
    expect((await peer.greet()).d.shard).toEqual([0, 2])
  })

  it('identify beside each other where max_concurrency allows', async () => {
    await using setup = await startClient({ shardCount: 2 })
    setup.discord.limit.max_concurrency = 2
    await setup.client.connect()
    const peers = [await setup.discord.connections.next(), await setup.discord.connections.next()]
    const shards = await Promise.all(peers.map(async (peer) => (await peer.greet()).d.shard))
    expect(shards).toEqual(
      expect.arrayContaining([
        [0, 2],
        [1, 2],
      ]),
    )
  })

  it('do not identify when the day’s budget is at its reserve', async () => {
    await using setup = await startClient()
    setup.discord.limit.remaining = 100
    await setup.client.connect()
    while (setup.timers.delays.length === 0) await settle()
    expect(setup.discord.connections.size).toBe(0)
    expect(setup.logger.text()).toContain('down to the reserve')
    setup.discord.limit.remaining = 1000
    setup.timers.advance(86_400_000)
    expect((await (await setup.discord.connections.next()).greet()).op).toBe(2)
  })
})

describe('stored sessions', () => {
  const stored = (apiUrl: string, change: Partial<StoredSession> = {}) => {
    const sessions = memorySessionStore()
    const origin = new URL(apiUrl).origin
    const resumeUrl = `${origin.replace('http', 'ws')}/resume`
    sessions.save(0, {
      sessionId: 'old',
      resumeUrl,
      botId: '42',
      apiOrigin: origin,
      intents: 1,
      shardCount: 1,
      ...change,
    })
    sessions.delivered?.(0, 'old', 77)
    return sessions
  }

  async function startWith(change: Partial<StoredSession>, withSequence = true) {
    const setup = await startClient()
    const sessions = stored(setup.discord.apiUrl, change)
    const client = new DiscordGatewayClient({
      token: TOKEN,
      intents: 1,
      apiUrl: setup.discord.apiUrl,
      sessions: withSequence ? sessions : { ...sessions, sequence: () => null },
    })
    await client.connect()
    const peer = await setup.discord.connections.next()
    const answer = await peer.greet()
    return {
      answer,
      async [Symbol.asyncDispose]() {
        await client.close()
        await setup[Symbol.asyncDispose]()
      },
    }
  }

  it('are resumed by a new process, without an IDENTIFY', async () => {
    await using run = await startWith({})
    expect(run.answer).toEqual({ op: 6, d: { token: TOKEN, session_id: 'old', seq: 77 } })
  })

  it.each([{ intents: 3 }, { shardCount: 2 }, { apiOrigin: 'https://discord.com' }])(
    'of %j are not',
    async (change) => {
      await using run = await startWith(change)
      expect(run.answer.op).toBe(2)
    },
  )

  it('without a stored sequence are not', async () => {
    await using run = await startWith({}, false)
    expect(run.answer.op).toBe(2)
  })
})

describe('handlers', () => {
  it('stop being called when they are taken back', async () => {
    await using setup = await startClient()
    const seen: string[] = []
    const off = setup.client.onAnyEvent(({ type }) => void seen.push(type))
    const peer = await setup.ready()
    off()
    peer.dispatch('MESSAGE_CREATE', 2)
    await setup.events.next()
    expect(seen).toEqual(['READY'])
  })

  it('of the status may throw', async () => {
    await using setup = await startClient()
    setup.client.onStatus(() => {
      throw new Error('a chip')
    })
    await setup.ready()
    expect(setup.logger.text()).toContain('a chip')
  })

  it('make the messages of the specification’s example', async () => {
    await using setup = await startClient()
    const gatewayClient = setup.client
    const sent: string[] = []
    const wsServer = { broadcast: (text: string) => void sent.push(text) }

    gatewayClient.onAnyEvent((event: GatewayEventData) => {
      const message: GatewayServiceMessage = {
        type: 'event',
        data: {
          event: event.type,
          payload: event.data,
        },
        ts: Date.now(),
      }

      wsServer.broadcast(JSON.stringify(message))
    })

    const peer = await setup.ready()
    peer.dispatch('VOICE_STATE_UPDATE', 2, { guild_id: '1' })
    await setup.events.next()
    const message = GatewayServiceMessageSchema.parse(JSON.parse(sent.at(-1) ?? ''))
    expect(message).toMatchObject({ type: 'event', data: { event: 'VOICE_STATE_UPDATE', payload: { guild_id: '1' } } })
  })
})

describe('send', () => {
  it('refuses a shard that does not exist, and what Discord would close the connection for', async () => {
    await using setup = await startClient()
    expect(() => setup.client.send(0, LEAVE_VOICE)).toThrow('no shard 0')
    await setup.ready()
    expect(() => setup.client.send(1, LEAVE_VOICE)).toThrow('no shard 1')
    const large = { op: 8, d: { guild_id: '1', query: 'x'.repeat(5000), limit: 1 } } as const
    expect(() => setup.client.send(0, large)).toThrow(RangeError)
  })
})

describe('close', () => {
  it('leaves the session resumable: neither 1000 nor 1001', async () => {
    const sessions = memorySessionStore()
    await using setup = await startClient({ sessions })
    const peer = await setup.ready()
    const closing = setup.client.close()
    expect(await peer.closed).toBe(4200)
    await closing
    expect(setup.client.shards[0]?.state).toBe('stopped')
    expect(sessions.load(0)?.sessionId).toBe('session-1')
    expect(sessions.sequence(0, 'session-1')).toBe(1)
    expect(setup.timers.delays).toEqual([])
  })

  it('waits for what was received to be taken', async () => {
    await using setup = await startClient()
    const peer = await setup.ready()
    const answer = Promise.withResolvers<void>()
    setup.client.onAnyEvent(() => answer.promise)
    peer.dispatch('MESSAGE_CREATE', 2)
    await setup.events.next()
    let closed = false
    const closing = setup.client.close().then(() => (closed = true))
    await peer.closed
    await settle()
    expect(closed).toBe(false)
    answer.resolve()
    await closing
  })

  it.each(['before HELLO', 'while it waits to reconnect'])('ends it %s too', async (when) => {
    await using setup = await startClient()
    await setup.client.connect()
    const peer = await setup.discord.connections.next()
    if (when !== 'before HELLO') {
      peer.cut()
      await setup.state('reconnecting')
    }
    await setup.client.close()
    expect(setup.client.shards[0]?.state).toBe('stopped')
    setup.timers.advance(600_000)
    await settle()
    expect(setup.discord.connections.size).toBe(0)
  })
})
