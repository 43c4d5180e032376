import { describe, expect, test } from 'vitest'
import { createManualClock, startSimulator } from '../src/index.ts'
import { shardOf } from '../src/snowflake.ts'
import { ALL_INTENTS, RawClient, identified, identity, resuming } from './raw-client.ts'

const START_MS = Date.parse('2026-11-20T14:08:00Z')

describe('a new session', () => {
  test('begins with HELLO, READY and its guilds, first unavailable, then each', async () => {
    await using simulator = await startSimulator()
    await using client = new RawClient(simulator.gatewayUrl)
    expect(await client.next()).toMatchObject({ op: 10, t: null, s: null, d: { heartbeat_interval: 41_250 } })
    client.send(2, identity(simulator))

    const ready = await client.next()
    expect(ready).toMatchObject({ op: 0, t: 'READY', s: 1, d: { v: 10, user: { username: 'gantry', bot: true } } })
    expect(ready.d.resume_gateway_url).toBe(simulator.gatewayUrl)
    expect(ready.d.application.flags).toBe((1 << 13) | (1 << 15) | (1 << 19))
    const ids = simulator.world.guilds().map(({ id }) => id)
    expect(ready.d.guilds).toEqual(ids.map((id) => ({ id, unavailable: true })))

    const guilds = [await client.next(), await client.next()]
    expect(guilds.map(({ t, s }) => [t, s])).toEqual([
      ['GUILD_CREATE', 2],
      ['GUILD_CREATE', 3],
    ])
    expect(guilds.map(({ d }) => d)).toEqual(simulator.world.guilds())
  })

  test('has frames that begin as those of Discord do', async () => {
    await using simulator = await startSimulator()
    const { client } = await identified(simulator)
    await using _ = client
    const texts: string[] = []
    client.socket.on('message', (data) => texts.push((data as Buffer).toString('utf8')))
    simulator.dispatch('TYPING_START', { user_id: '1', channel_id: '2', timestamp: 3 })
    await client.event('TYPING_START')
    expect(texts.at(-1)).toBe('{"t":"TYPING_START","s":4,"op":0,"d":{"user_id":"1","channel_id":"2","timestamp":3}}')
  })

  test('gets each heartbeat acknowledged, also before IDENTIFY', async () => {
    await using simulator = await startSimulator()
    await using client = new RawClient(simulator.gatewayUrl)
    await client.op(10)
    client.send(1, null)
    expect(await client.next()).toEqual({ op: 11, d: null, t: null, s: null })
  })

  test('is numbered on its own', async () => {
    await using simulator = await startSimulator()
    const first = await identified(simulator)
    await using _1 = first.client
    simulator.dispatch('ODD_EVENT', { n: 1 })
    const second = await identified(simulator)
    await using _2 = second.client
    simulator.dispatch('ODD_EVENT', { n: 2 })
    expect((await first.client.until(({ d }) => d?.n === 2)).s).toBe(5)
    expect((await second.client.until(({ d }) => d?.n === 2)).s).toBe(4)
  })
})

describe('what is refused', () => {
  const before: [what: string, code: number, op: number, d: unknown][] = [
    ['an unknown opcode', 4001, 99, null],
    ['an opcode that only Discord sends', 4001, 0, {}],
    ['IDENTIFY without properties', 4002, 2, { token: 'x', intents: 1 }],
    ['RESUME without a session', 4002, 6, { token: 'x', seq: 1 }],
    ['a presence before IDENTIFY', 4003, 3, { since: null, activities: [], status: 'online', afk: false }],
    ['another token', 4004, 2, { token: 'x', intents: 1, properties: {} }],
    ['RESUME with another token', 4004, 6, { token: 'x', session_id: 'y', seq: 1 }],
  ]
  test.each(before)('%s closes with %d', async (_what, code, op, d) => {
    await using simulator = await startSimulator()
    await using client = new RawClient(simulator.gatewayUrl)
    await client.op(10)
    client.send(op, d)
    expect(await client.closed).toBe(code)
    expect(simulator.connections()).toMatchObject([{ close_code: code, closed_by: 'simulator', session_id: null }])
  })

  const fields: [what: string, code: number, fields: object][] = [
    ['a shard beyond the count', 4010, { shard: [2, 2] }],
    ['a shard that is no pair', 4010, { shard: 'first' }],
    ['no intents', 4013, { intents: undefined }],
    ['negative intents', 4013, { intents: -1 }],
    ['an unknown intent', 4013, { intents: 1 << 30 }],
    ['an intent beyond 32 bits', 4013, { intents: 2 ** 40 }],
  ]
  test.each(fields)('%s closes with %d', async (_what, code, wrong) => {
    await using simulator = await startSimulator()
    await using client = new RawClient(simulator.gatewayUrl)
    await client.op(10)
    client.send(2, identity(simulator, wrong))
    expect(await client.closed).toBe(code)
  })

  test('a privileged intent that is off closes with 4014, one that is on does not', async () => {
    await using simulator = await startSimulator({ privileged: ['members'] })
    const { client } = await identified(simulator, { intents: 1 | 2 })
    await using _ = client
    await using other = new RawClient(simulator.gatewayUrl)
    await other.op(10)
    other.send(2, identity(simulator, { intents: 1 | (1 << 15) }))
    expect(await other.closed).toBe(4014)
  })

  test.each([
    ['text that is no JSON', 'not json'],
    ['JSON that is no payload', '[1,2]'],
    ['more than 4,096 bytes', JSON.stringify({ op: 1, d: null, pad: 'x'.repeat(4_096) })],
  ])('%s closes with 4002', async (_what, text) => {
    await using simulator = await startSimulator()
    await using client = new RawClient(simulator.gatewayUrl)
    await client.op(10)
    client.text(text)
    expect(await client.closed).toBe(4002)
  })

  test('a second IDENTIFY closes with 4005', async () => {
    await using simulator = await startSimulator()
    const { client } = await identified(simulator)
    await using _ = client
    client.send(2, identity(simulator))
    expect(await client.closed).toBe(4005)
  })

  test('the 121st frame within a minute closes with 4008, a minute later it does not', async () => {
    const clock = createManualClock(START_MS)
    await using simulator = await startSimulator({ clock })
    await using client = new RawClient(simulator.gatewayUrl)
    await client.op(10)
    for (let sent = 0; sent < 120; sent++) client.send(1, null)
    for (let acked = 0; acked < 120; acked++) await client.op(11)
    clock.advance(60_000)
    client.send(1, null)
    await client.op(11)
    for (let sent = 0; sent < 120; sent++) client.send(1, null)
    expect(await client.closed).toBe(4008)
  })

  test.each(['?v=8&encoding=json', '?encoding=json'])('the version in %s closes with 4012', async (query) => {
    await using simulator = await startSimulator()
    await using client = new RawClient(simulator.gatewayUrl, query)
    expect(await client.closed).toBe(4012)
  })

  test.each(['&compress=gzip', '&compress=toString', '&encoding=etf'])('%s is refused in HTTP', async (q) => {
    await using simulator = await startSimulator()
    const query = q.includes('encoding') ? `?v=10${q}` : `?v=10&encoding=json${q}`
    await using client = new RawClient(simulator.gatewayUrl, query)
    const refused = await new Promise<{ statusCode?: number | undefined }>((resolve) => {
      client.socket.once('unexpected-response', (_request, response) => {
        response.resume()
        client.socket.terminate()
        resolve(response)
      })
    })
    expect(refused.statusCode).toBe(400)
  })
})

describe('resuming', () => {
  test('replays exactly what was missed, then says RESUMED, and goes on', async () => {
    await using simulator = await startSimulator()
    const { client, sessionId } = await identified(simulator)
    simulator.dispatch('ODD_EVENT', { n: 1 })
    const { s } = await client.event('ODD_EVENT')
    client.socket.close(4000)
    await client.closed
    simulator.dispatch('ODD_EVENT', { n: 2 })
    simulator.dispatch('ODD_EVENT', { n: 3 })

    await using again = await resuming(simulator, sessionId, s ?? 0)
    expect(await again.next()).toMatchObject({ t: 'ODD_EVENT', s: 5, d: { n: 2 } })
    expect(await again.next()).toMatchObject({ t: 'ODD_EVENT', s: 6, d: { n: 3 } })
    expect(await again.next()).toMatchObject({ t: 'RESUMED', op: 0, s: 7 })
    simulator.dispatch('ODD_EVENT', { n: 4 })
    expect(await again.next()).toMatchObject({ t: 'ODD_EVENT', s: 8, d: { n: 4 } })
    expect(simulator.connections()).toMatchObject([
      { opened_by: 'identify', session_id: sessionId, close_code: 4000, closed_by: 'client' },
      { opened_by: 'resume', session_id: sessionId, close_code: null, closed_by: null, shard: [0, 1] },
    ])
  })

  test('twice from the same place replays the same', async () => {
    await using simulator = await startSimulator()
    const { client, sessionId } = await identified(simulator)
    client.socket.terminate()
    await client.closed
    for (const n of [1, 2]) simulator.dispatch('ODD_EVENT', { n })
    for (let round = 0; round < 2; round++) {
      await using again = await resuming(simulator, sessionId, 3)
      expect([await again.next(), await again.next()].map(({ s, d }) => [s, d.n])).toEqual([
        [4, 1],
        [5, 2],
      ])
      expect((await again.next()).t).toBe('RESUMED')
    }
  })

  test.each([1000, 1001])('is not possible after the client closed with %d', async (code) => {
    await using simulator = await startSimulator()
    const { client, sessionId } = await identified(simulator)
    client.socket.close(code)
    await client.closed
    await using again = await resuming(simulator, sessionId, 1)
    expect(await again.next()).toMatchObject({ op: 9, d: false })
    // The connection goes on as if it were new.
    again.send(2, identity(simulator))
    expect((await again.event('READY')).s).toBe(1)
  })

  test.each([1002, 1011, 3000, 4000, 4200, 4999, undefined])(
    'is possible after the client closed with %s',
    async (code) => {
      await using simulator = await startSimulator()
      const { client, sessionId } = await identified(simulator)
      client.socket.close(code)
      await client.closed
      await using again = await resuming(simulator, sessionId, 3)
      expect((await again.next()).t).toBe('RESUMED')
    },
  )

  test('is possible after the simulator cut the connection', async () => {
    await using simulator = await startSimulator()
    const { client, sessionId } = await identified(simulator)
    simulator.dropConnection(1)
    expect(await client.closed).toBe(1006)
    expect(simulator.connections()).toMatchObject([{ close_code: 1006, closed_by: 'simulator' }])
    await using again = await resuming(simulator, sessionId, 3)
    expect((await again.next()).t).toBe('RESUMED')
  })

  test('is possible for some minutes, and then no more', async () => {
    const clock = createManualClock(START_MS)
    await using simulator = await startSimulator({ clock, resumeWindowMs: 180_000 })
    const { client, sessionId } = await identified(simulator)
    client.socket.close(4000)
    await client.closed
    clock.advance(179_999)
    const again = await resuming(simulator, sessionId, 3)
    expect((await again.next()).t).toBe('RESUMED')
    // While somebody is connected, no time counts.
    clock.advance(1_000_000)
    simulator.dispatch('ODD_EVENT', { n: 1 })
    expect((await again.next()).d.n).toBe(1)
    again.socket.close(4000)
    await again.closed
    clock.advance(180_000)
    await using late = await resuming(simulator, sessionId, 5)
    expect(await late.next()).toMatchObject({ op: 9, d: false })
  })

  test('from before what is kept is answered with op 9', async () => {
    await using simulator = await startSimulator({ replayLimit: 2 })
    const { client, sessionId } = await identified(simulator)
    client.socket.close(4000)
    await client.closed
    for (const n of [1, 2, 3]) simulator.dispatch('ODD_EVENT', { n })
    const inTime = await resuming(simulator, sessionId, 4)
    expect((await inTime.next()).d.n).toBe(2)
    inTime.socket.close(4000)
    await inTime.closed
    await using late = await resuming(simulator, sessionId, 3)
    expect(await late.next()).toMatchObject({ op: 9, d: false })
  })

  test('from a number that was never sent closes with 4007, and the session is over', async () => {
    await using simulator = await startSimulator()
    const { client, sessionId } = await identified(simulator)
    client.socket.close(4000)
    await client.closed
    await using again = await resuming(simulator, sessionId, 99)
    expect(await again.closed).toBe(4007)
  })

  test('takes the session over from a connection that is still there', async () => {
    await using simulator = await startSimulator()
    const { client, sessionId } = await identified(simulator)
    await using again = await resuming(simulator, sessionId, 3)
    expect((await again.next()).t).toBe('RESUMED')
    expect(await client.closed).toBe(4000)
    simulator.dispatch('ODD_EVENT', { n: 1 })
    expect((await again.next()).d.n).toBe(1)
  })

  test('goes where READY says', async () => {
    await using simulator = await startSimulator({ resumeGatewayUrl: 'ws://127.0.0.1:1' })
    const { client, ready } = await identified(simulator)
    await using _ = client
    expect(ready.d.resume_gateway_url).toBe('ws://127.0.0.1:1')
  })

  test('behind a proxy, is reached through it', async () => {
    await using simulator = await startSimulator({ gatewayUrl: 'ws://127.0.0.1:1' })
    const answer = await fetch(`${simulator.apiUrl}/v10/gateway`)
    expect(await answer.json()).toEqual({ url: 'ws://127.0.0.1:1' })
    const { client, ready } = await identified(simulator)
    await using _ = client
    expect(ready.d.resume_gateway_url).toBe('ws://127.0.0.1:1')
  })
})

describe('who gets what', () => {
  test('each guild goes to its own shard, what has no guild to shard 0', async () => {
    await using simulator = await startSimulator()
    const count = 2
    const shards = await Promise.all([0, 1].map((id) => identified(simulator, { shard: [id, count] })))
    const guilds = simulator.world.guilds()
    expect(new Set(guilds.map(({ id }) => shardOf(id, count))).size).toBe(2)
    for (const [index, { client, ready }] of shards.entries()) {
      const mine = guilds.filter(({ id }) => shardOf(id, count) === index)
      expect(ready.d).toMatchObject({ shard: [index, count], guilds: mine.map(({ id }) => ({ id })) })
      expect((await client.event('GUILD_CREATE')).d.id).toBe(mine[0]?.id)
    }
    for (const { id } of guilds) simulator.dispatch('ODD_EVENT', { guild_id: id })
    simulator.dispatch('USER_UPDATE', { id: '1' })
    simulator.dispatch('LAST', { guild_id: guilds[0]?.id })
    simulator.dispatch('LAST', { guild_id: guilds[1]?.id })

    for (const [index, { client }] of shards.entries()) {
      const seen: string[] = []
      await client.until((frame) => {
        seen.push(frame.t === 'ODD_EVENT' ? frame.d.guild_id : frame.t)
        return frame.t === 'LAST'
      })
      const mine = guilds.filter(({ id }) => shardOf(id, count) === index).map(({ id }) => id)
      expect(seen).toEqual([...mine, ...(index === 0 ? ['USER_UPDATE'] : []), 'LAST'])
      client.socket.terminate()
    }
  })

  const guild_id = '1187337306399309824'
  const groups: [event: string, intent: number][] = [
    ['VOICE_STATE_UPDATE', 1 << 7],
    ['PRESENCE_UPDATE', 1 << 8],
    ['GUILD_MEMBER_ADD', 1 << 1],
    ['GUILD_BAN_ADD', 1 << 2],
    ['MESSAGE_CREATE', 1 << 9],
    ['MESSAGE_REACTION_ADD', 1 << 10],
    ['TYPING_START', 1 << 11],
    ['CHANNEL_CREATE', 1 << 0],
    ['GUILD_SCHEDULED_EVENT_CREATE', 1 << 16],
  ]
  test.each(groups)('%s arrives with its intent and not without', async (event, intent) => {
    await using simulator = await startSimulator()
    const { client: without } = await identified(simulator, { intents: ALL_INTENTS & ~intent })
    await using _1 = without
    const { client: with_ } = await identified(simulator, { intents: intent })
    await using _2 = with_
    simulator.dispatch(event, { guild_id, user: {} })
    simulator.dispatch('FENCE', { guild_id })
    const arrived = async (client: RawClient) => {
      const names: (string | null)[] = []
      await client.until((frame) => names.push(frame.t) > 0 && frame.t === 'FENCE')
      return names.includes(event)
    }
    expect(await arrived(with_)).toBe(true)
    expect(await arrived(without)).toBe(false)
  })

  test('the bot’s own voice state arrives without the intent', async () => {
    await using simulator = await startSimulator()
    const { client } = await identified(simulator, { intents: 1 })
    await using _ = client
    simulator.dispatch('VOICE_STATE_UPDATE', { guild_id, user_id: simulator.world.bot.id, channel_id: null })
    await client.event('VOICE_STATE_UPDATE')
  })

  test('without message content what others write is blank, except to the bot', async () => {
    await using simulator = await startSimulator()
    const { client } = await identified(simulator, { intents: 1 << 9 })
    await using _ = client
    const { bot } = simulator.world
    const message = { guild_id, content: 'secret', embeds: [{}], attachments: [{}], components: [{}], poll: {} }
    simulator.dispatch('MESSAGE_CREATE', { ...message, author: { id: '1' }, mentions: [] })
    simulator.dispatch('MESSAGE_CREATE', { ...message, author: { id: '1' }, mentions: [{ id: bot.id }] })
    simulator.dispatch('MESSAGE_CREATE', { ...message, author: { id: bot.id }, mentions: [] })
    const blank = await client.event('MESSAGE_CREATE')
    expect(blank.d).toMatchObject({ content: '', embeds: [], attachments: [], components: [], author: { id: '1' } })
    expect(blank.d).not.toHaveProperty('poll')
    expect((await client.event('MESSAGE_CREATE')).d.content).toBe('secret')
    expect((await client.event('MESSAGE_CREATE')).d.content).toBe('secret')
  })

  test('GUILD_CREATE without the presences intent shows only the bot and who is in voice', async () => {
    await using simulator = await startSimulator()
    const { client } = await identified(simulator, { intents: 1 | (1 << 7) })
    await using _ = client
    const { d } = await client.event('GUILD_CREATE')
    const inVoice: string[] = d.voice_states.map((state: { user_id: string }) => state.user_id)
    expect(inVoice).toHaveLength(9)
    expect(new Set(d.members.map((member: { user: { id: string } }) => member.user.id))).toEqual(
      new Set([...inVoice, simulator.world.bot.id]),
    )
    expect(d.presences).toEqual([])
    expect(d.member_count).toBe(13)
  })

  test('what the world says in channels that the bot may not view is not sent', async () => {
    const clock = createManualClock(START_MS)
    await using simulator = await startSimulator({ clock, life: true })
    const { client } = await identified(simulator)
    await using _ = client
    const treasury = simulator.world.guilds()[1]?.channels.find(({ name }) => name === 'treasury')?.id ?? ''
    const said = () => simulator.world.messages.recent(treasury, 9).length
    const before = said()
    while (said() === before) clock.advance(60_000)
    simulator.dispatch('FENCE', {})
    const channels = new Set<string>()
    await client.until(({ t, d }) => {
      if (t === 'MESSAGE_CREATE' || t === 'TYPING_START') channels.add(d.channel_id)
      return t === 'FENCE'
    })
    expect(channels.size).toBeGreaterThan(2)
    expect(channels).not.toContain(treasury)
  })

  test('a guild that is in an outage stays unavailable', async () => {
    await using simulator = await startSimulator()
    const [first, second] = simulator.world.guilds()
    simulator.dispatch('GUILD_DELETE', { id: first?.id, unavailable: true })
    const { client, ready } = await identified(simulator)
    await using _ = client
    expect(ready.d.guilds).toHaveLength(2)
    expect((await client.next()).d.id).toBe(second?.id)
  })
})
