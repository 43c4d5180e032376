import { connect } from 'node:net'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PEOPLE, startSimulator } from '../src/index.ts'
import type { Guild, Simulator } from '../src/index.ts'
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

/** All that bots ask for at first, and one new session with all its guilds: nothing of it may fail. */
async function answersAll(simulator: Simulator, guildId: string, channelId: string): Promise<void> {
  const headers = { authorization: `Bot ${simulator.botToken}` }
  const ofGuild = ['', '/channels', '/roles', '/members?limit=1000', '/members/search?query=p', '/threads/active']
  const ofChannel = ['', '/messages', '/messages/1', '/messages/pins']
  const paths = [
    ...ofGuild.map((path) => `/guilds/${guildId}${path}`),
    ...ofChannel.map((path) => `/channels/${channelId}${path}`),
  ]
  for (const path of ['/users/@me/guilds', '/applications/@me', ...paths]) {
    const { status } = await fetch(`${simulator.apiUrl}/v10${path}`, { headers })
    expect({ path, status: status < 500 }).toEqual({ path, status: true })
  }
  const { client } = await identified(simulator)
  await using _ = client
  for (const { unavailable } of simulator.world.guilds()) if (!unavailable) await client.event('GUILD_CREATE')
  client.send(8, { guild_id: guildId, query: 'x', limit: 5, presences: true })
  if (simulator.world.guild(guildId)) await client.event('GUILD_MEMBERS_CHUNK')
}

test.each([
  ['GUILD_ROLE_UPDATE', (guild: Guild) => ({ guild_id: guild.id, role: { ...guild.roles[0], permissions: 'abc' } })],
  ['GUILD_CREATE', () => ({ id: '5', name: 'odd', members: [{}], roles: [{ id: '5' }], channels: 7, presences: [1] })],
  ['GUILD_UPDATE', ({ id }: Guild) => ({ id, roles: 'none', channels: [{ id: '6', permission_overwrites: [{}] }] })],
  ['GUILD_MEMBER_UPDATE', (guild: Guild) => ({ guild_id: guild.id, user: { id: PEOPLE.pikelet.id }, nick: 7 })],
  ['GUILD_MEMBER_ADD', (guild: Guild) => ({ guild_id: guild.id, user: { id: '77' }, roles: null })],
  ['CHANNEL_UPDATE', (guild: Guild) => ({ ...guild.channels[1], permission_overwrites: [{ id: '1', allow: 'x' }] })],
])('one %s that was wrong broke REST and IDENTIFY until a restart', async (event, payload) => {
  await using simulator = await startSimulator({ rateLimits: false })
  const guild = simulator.world.guilds()[0]!
  const general = guild.channels.find(({ name }) => name === 'general')!.id
  simulator.dispatch(event, payload(guild))
  await answersAll(simulator, guild.id, general)
})

test('no dispatch makes REST or IDENTIFY fail', { timeout: 60_000 }, async () => {
  await using simulator = await startSimulator({ rateLimits: false, sessionStarts: 1_000_000 })
  const guild = simulator.world.guilds()[0]!
  const whole = structuredClone(guild)
  const general = guild.channels.find(({ name }) => name === 'general')!.id
  const anId = fc.constantFrom(guild.id, general, PEOPLE.pikelet.id, '7', 'x')
  const odd = fc.oneof(anId, fc.constantFrom(null, 7, -1, true, 'abc', '', 1e21), fc.jsonValue())
  const fields =
    `id guild_id channel_id user_id roles permissions position permission_overwrites type nick username name
    parent_id members channels threads presences voice_states emojis author content embeds mentions last_message_id
    thread_metadata owner_id status member_count features allow deny communication_disabled_until`.split(/\s+/)
  const part = fc.dictionary(fc.constantFrom(...fields), odd, { maxKeys: 6 })
  const nested = fc.oneof(odd, part, fc.array(fc.oneof(part, fc.record({ id: anId, user: part })), { maxLength: 3 }))
  const body = fc.tuple(
    fc.dictionary(fc.constantFrom(...fields, 'user', 'role'), nested, { maxKeys: 8 }),
    part,
    part,
    part,
  )
  const names =
    `GUILD_CREATE GUILD_UPDATE GUILD_ROLE_CREATE GUILD_ROLE_UPDATE CHANNEL_CREATE CHANNEL_UPDATE THREAD_CREATE
    THREAD_UPDATE GUILD_MEMBER_ADD GUILD_MEMBER_UPDATE PRESENCE_UPDATE VOICE_STATE_UPDATE MESSAGE_CREATE MESSAGE_UPDATE
    GUILD_EMOJIS_UPDATE THREAD_MEMBERS_UPDATE GUILD_BAN_ADD STAGE_INSTANCE_CREATE`.split(/\s+/)
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...names), body, async (event, [payload, user, role, message]) => {
      // Nearly right: it names what there is, and is wrong within.
      const place = { guild_id: guild.id, channel_id: general, user_id: PEOPLE.pikelet.id }
      const ids = { id: event.startsWith('GUILD') ? guild.id : event.startsWith('MESSAGE') ? '1' : general }
      const within = { user: { ...user, id: PEOPLE.pikelet.id }, role: { ...role, id: guild.id }, author: message }
      simulator.world.putGuild(structuredClone(whole))
      simulator.dispatch(event, { ...within, ...payload, ...place, ...ids })
      await answersAll(simulator, guild.id, general)
    }),
    { numRuns: 150 },
  )
})
