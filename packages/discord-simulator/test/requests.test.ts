import { MessageFlags } from 'discord-api-types/v10'
import type { GatewayPresenceUpdate } from 'discord-api-types/v10'
import { describe, expect, test } from 'vitest'
import { BOT, PEOPLE, createManualClock, startSimulator } from '../src/index.ts'
import type { Simulator } from '../src/index.ts'
import { composeMessage, messageEvent } from '../src/world/compose.ts'
import { ALL_INTENTS, RawClient, identified, identity } from './raw-client.ts'

const START_MS = Date.parse('2026-11-20T14:08:00Z')

const guildOf = (simulator: Simulator) => simulator.world.guilds()[0]!
const channelId = (simulator: Simulator, name: string) =>
  guildOf(simulator).channels.find((channel) => channel.name === name)!.id
const botState = (simulator: Simulator) => guildOf(simulator).voice_states.find(({ user_id }) => user_id === BOT.id)

/** Until the simulator has seen that one of its connections is over. */
async function seenClosed(simulator: Simulator, index: number): Promise<void> {
  while (simulator.connections()[index]?.close_code == null) await fetch(`${simulator.url}/_simulator/connections`)
}

/** All events up to one that is sent now. */
async function upToNow(client: RawClient) {
  client.send(1, null)
  const seen: (string | null)[] = []
  await client.until(({ op, t }) => {
    seen.push(t)
    return op === 11
  })
  return seen.slice(0, -1).filter((name) => name !== 'GUILD_CREATE')
}

describe('op 3, presence', () => {
  test('is told in every guild, and seen by who comes later', async () => {
    await using simulator = await startSimulator()
    const { client } = await identified(simulator)
    await using _ = client
    client.send(3, { since: null, activities: [{ name: 'the tide', type: 3 }], status: 'dnd', afk: false })
    for (const { id } of simulator.world.guilds()) {
      expect((await client.event('PRESENCE_UPDATE')).d).toMatchObject({
        user: { id: BOT.id },
        guild_id: id,
        status: 'dnd',
        activities: [{ name: 'the tide', type: 3 }],
        client_status: { web: 'dnd' },
      })
    }
    const presence = guildOf(simulator).presences.find(({ user }) => user.id === BOT.id)
    expect(presence).toMatchObject({ status: 'dnd' })
  })

  test('invisible looks offline', async () => {
    await using simulator = await startSimulator()
    const { client } = await identified(simulator)
    await using _ = client
    client.send(3, { since: null, activities: [{ name: 'x', type: 0 }], status: 'invisible', afk: false })
    expect((await client.event('PRESENCE_UPDATE')).d).toMatchObject({ status: 'offline', activities: [] })
    expect(guildOf(simulator).presences.some(({ user }) => user.id === BOT.id)).toBe(false)
  })

  test('can come with IDENTIFY, and a status that is none closes with 4002', async () => {
    await using simulator = await startSimulator()
    const presence = { since: null, activities: [], status: 'idle', afk: true }
    const { client } = await identified(simulator, { presence })
    expect((await client.event('PRESENCE_UPDATE')).d.status).toBe('idle')
    client.send(3, { ...presence, status: 'asleep' })
    expect(await client.closed).toBe(4002)
  })
})

describe('the bot’s presence', () => {
  const isOnline = (simulator: Simulator) =>
    simulator.world.guilds().map(({ presences }) => presences.some(({ user }) => user.id === BOT.id))

  test('was online with nobody connected, and stayed so after the last session', async () => {
    const clock = createManualClock(START_MS)
    await using simulator = await startSimulator({ clock })
    expect(isOnline(simulator)).toEqual([false, false])
    const { client } = await identified(simulator)
    const { client: other } = await identified(simulator)
    expect(isOnline(simulator)).toEqual([true, true])
    client.socket.close(1000)
    await seenClosed(simulator, 0)
    expect(isOnline(simulator)).toEqual([true, true])
    // A session that may be resumed is not over yet.
    other.socket.terminate()
    await seenClosed(simulator, 1)
    expect(isOnline(simulator)).toEqual([true, true])
    clock.advance(180_000)
    expect(isOnline(simulator)).toEqual([false, false])
  })

  test('is in GUILD_CREATE already, as IDENTIFY says', async () => {
    await using simulator = await startSimulator()
    const presence = { since: null, activities: [], status: 'idle', afk: true }
    const { client } = await identified(simulator, { presence })
    await using _ = client
    const { presences } = (await client.event('GUILD_CREATE')).d as { presences: GatewayPresenceUpdate[] }
    expect(presences.find(({ user }) => user.id === BOT.id)?.status).toBe('idle')
  })

  test('that is none was passed over in IDENTIFY, and closed with 4002 in op 3', async () => {
    await using simulator = await startSimulator()
    await using client = new RawClient(simulator.gatewayUrl)
    await client.op(10)
    client.send(2, identity(simulator, { presence: { since: null, activities: [], status: 'asleep', afk: false } }))
    expect(await client.closed).toBe(4002)
  })
})

describe('op 4, voice', () => {
  const enter = (client: RawClient, simulator: Simulator, name: string | null, fields: object = {}) => {
    const channel_id = name === null ? null : channelId(simulator, name)
    client.send(4, { guild_id: guildOf(simulator).id, channel_id, self_mute: false, self_deaf: false, ...fields })
  }

  test('joins, mutes, and leaves; only joining tells the voice server', async () => {
    await using simulator = await startSimulator()
    const { client, sessionId } = await identified(simulator)
    await using _ = client
    enter(client, simulator, 'Loft')
    const loft = channelId(simulator, 'Loft')
    expect((await client.event('VOICE_STATE_UPDATE')).d).toMatchObject({
      user_id: BOT.id,
      channel_id: loft,
      session_id: sessionId,
      member: { user: { id: BOT.id } },
    })
    const { id: guild_id } = guildOf(simulator)
    expect((await client.next()).d).toEqual({ guild_id, token: expect.any(String), endpoint: expect.any(String) })
    expect(botState(simulator)).toMatchObject({ channel_id: loft })

    enter(client, simulator, 'Loft', { self_mute: true })
    expect((await client.event('VOICE_STATE_UPDATE')).d).toMatchObject({ channel_id: loft, self_mute: true })
    enter(client, simulator, null)
    expect((await client.next()).d).toMatchObject({ channel_id: null })
    expect(botState(simulator)).toBeUndefined()
    enter(client, simulator, null)
    expect(await upToNow(client)).toEqual([])
  })

  test('what is no voice channel, hidden or full is passed over in silence', async () => {
    await using simulator = await startSimulator()
    const { client } = await identified(simulator)
    await using _ = client
    const guild = guildOf(simulator)
    const loft = guild.channels.find(({ name }) => name === 'Loft')!
    enter(client, simulator, 'general')
    client.send(4, { guild_id: '1', channel_id: loft.id })
    client.send(4, { guild_id: guild.id, channel_id: '1' })
    expect(await upToNow(client)).toEqual([])
    Object.assign(loft, { permission_overwrites: [{ id: BOT.id, type: 1, allow: '0', deny: String(1 << 20) }] })
    enter(client, simulator, 'Loft')
    expect(await upToNow(client)).toEqual([])
    // Who may move members may squeeze in.
    Object.assign(loft, { permission_overwrites: [{ id: BOT.id, type: 1, allow: '0', deny: String(1 << 24) }] })
    guild.voice_states.push({ ...guild.voice_states[0]!, user_id: PEOPLE.oddment.id, channel_id: loft.id })
    const fits = guild.voice_states.filter((state) => state.channel_id === loft.id).length
    Object.assign(loft, { user_limit: fits })
    enter(client, simulator, 'Loft')
    expect(await upToNow(client)).toEqual([])
    Object.assign(loft, { user_limit: fits + 1 })
    enter(client, simulator, 'Loft')
    expect(await upToNow(client)).toEqual(['VOICE_STATE_UPDATE', 'VOICE_SERVER_UPDATE'])
  })

  test('ends with its session, and not before', async () => {
    await using simulator = await startSimulator()
    const { client } = await identified(simulator)
    const { client: other } = await identified(simulator)
    await using _ = other
    enter(client, simulator, 'Loft')
    await client.event('VOICE_SERVER_UPDATE')
    expect(await upToNow(other)).toEqual(['VOICE_STATE_UPDATE'])
    simulator.dropConnection(1)
    expect(botState(simulator)).toBeDefined()
    const { client: third } = await identified(simulator)
    enter(third, simulator, 'Loft')
    await third.event('VOICE_SERVER_UPDATE')
    third.socket.close(1000)
    expect((await other.until(({ d }) => d?.channel_id === null)).d.user_id).toBe(BOT.id)
    expect(botState(simulator)).toBeUndefined()
  })
})

describe('op 8, members', () => {
  const ask = (client: RawClient, simulator: Simulator, fields: object) =>
    client.send(8, { guild_id: guildOf(simulator).id, ...fields })
  const chunk = async (client: RawClient) => (await client.event('GUILD_MEMBERS_CHUNK')).d

  test('by prefix, with nonce and presences', async () => {
    await using simulator = await startSimulator()
    const { client } = await identified(simulator)
    await using _ = client
    ask(client, simulator, { query: 'TESSEL', limit: 5, presences: true, nonce: 'n1' })
    const { members, presences, ...rest } = await chunk(client)
    expect(rest).toEqual({ guild_id: guildOf(simulator).id, chunk_index: 0, chunk_count: 1, nonce: 'n1' })
    expect(members.map(({ user }: { user: { username: string } }) => user.username)).toEqual(['tessellate'])
    expect(presences).toEqual(guildOf(simulator).presences.filter(({ user }) => user.id === PEOPLE.tessellate.id))
  })

  test('by ids, saying which are nobody’s; a nonce over 32 bytes is ignored', async () => {
    await using simulator = await startSimulator()
    const { client } = await identified(simulator, { intents: 1 })
    await using _ = client
    const user_ids = [PEOPLE.umberfox.id, '42']
    ask(client, simulator, { user_ids, presences: true, nonce: 'é'.repeat(17) })
    const found = await chunk(client)
    expect(found).toMatchObject({ members: [{ user: { id: PEOPLE.umberfox.id } }], not_found: ['42'] })
    // Presences need their intent.
    expect(found).not.toHaveProperty('nonce')
    expect(found).not.toHaveProperty('presences')
  })

  test('all, in chunks of 1,000, once in 30 s', async () => {
    const clock = createManualClock(START_MS)
    await using simulator = await startSimulator({ clock })
    const { client } = await identified(simulator)
    await using _held = client
    const members = Array.from({ length: 2_001 }, (_, n) => ({
      user: { id: String(n + 1), username: `u${n}` },
      roles: [],
    }))
    simulator.dispatch('GUILD_CREATE', { id: '9', name: 'Crowd', members, member_count: 2_001 })
    const all = { guild_id: '9', query: '', limit: 0, nonce: 'all' }
    client.send(8, all)
    const sizes: number[] = []
    for (let index = 0; index < 3; index++) {
      const part = await chunk(client)
      expect(part).toMatchObject({ chunk_index: index, chunk_count: 3, nonce: 'all' })
      sizes.push(part.members.length)
    }
    expect(sizes).toEqual([1_000, 1_000, 1])

    clock.advance(20_500)
    client.send(8, all)
    expect((await client.event('RATE_LIMITED')).d).toEqual({
      opcode: 8,
      retry_after: 9.5,
      meta: { guild_id: '9', nonce: 'all' },
    })
    // Only all of them are limited: a prefix finds at most 100.
    client.send(8, { guild_id: '9', query: 'u', limit: 0 })
    expect((await chunk(client)).members).toHaveLength(100)
    clock.advance(9_500)
    client.send(8, all)
    expect((await chunk(client)).chunk_count).toBe(3)
  })

  test('a list without the members intent, or of a strange guild, is not answered; neither query nor ids is 4002', async () => {
    await using simulator = await startSimulator()
    const { client } = await identified(simulator, { intents: ALL_INTENTS & ~(1 << 1) })
    ask(client, simulator, { query: '', limit: 0 })
    ask(client, simulator, { query: '', limit: 1 })
    client.send(8, { guild_id: '1', query: 'a', limit: 1 })
    expect(await upToNow(client)).toEqual([])
    ask(client, simulator, {})
    expect(await client.closed).toBe(4002)
  })
})

test('op 31 tells the sounds of guilds', async () => {
  await using simulator = await startSimulator()
  const { client } = await identified(simulator)
  await using _ = client
  client.send(31, { guild_ids: [guildOf(simulator).id, '1'] })
  expect((await client.event('SOUNDBOARD_SOUNDS')).d).toEqual({
    guild_id: guildOf(simulator).id,
    soundboard_sounds: [],
  })
  expect(await upToNow(client)).toEqual([])
})

test('an ephemeral message reaches the bot without guild and member, and is in no history', async () => {
  await using simulator = await startSimulator()
  const { client } = await identified(simulator)
  await using _ = client
  const { world } = simulator
  const located = world.channel(channelId(simulator, 'general'))!
  const before = world.messages.recent(located.channel.id, 1)
  const message = composeMessage(world, located, { author: BOT, content: 'psst', flags: MessageFlags.Ephemeral })
  simulator.dispatch('MESSAGE_CREATE', messageEvent(world, located, message))
  const { d } = await client.event('MESSAGE_CREATE')
  expect(d).toMatchObject({ content: 'psst', flags: 64, channel_id: located.channel.id })
  expect(d).not.toHaveProperty('guild_id')
  expect(d).not.toHaveProperty('member')
  expect(world.messages.recent(located.channel.id, 1)).toEqual(before)
})

describe('op 43, channel info', () => {
  test('was never answered', async () => {
    const clock = createManualClock(START_MS)
    await using simulator = await startSimulator({ clock })
    const { client } = await identified(simulator)
    await using _ = client
    const guild_id = guildOf(simulator).id
    clock.advance(90_000)
    const id = channelId(simulator, 'Friday demo')
    client.send(4, { guild_id, channel_id: id, self_mute: false, self_deaf: false })
    client.send(43, { guild_id, fields: ['voice_start_time', 'mood'] })
    const { channels, ...rest } = (await client.event('CHANNEL_INFO')).d as { channels: object[]; guild_id: string }
    expect(rest).toEqual({ guild_id })
    const at = (START_MS + 90_000) / 1_000
    expect(channels).toContainEqual({ id, voice_start_time: at })
    expect(channels).toContainEqual({ id: channelId(simulator, 'Workbench'), voice_start_time: START_MS / 1_000 })
    client.send(43, { guild_id, fields: ['status'] })
    expect((await client.event('CHANNEL_INFO')).d.channels).toContainEqual({ id, status: null })
  })
})
