import type { CommandInput } from '@repo/discord-integration/types'
import { GuildState } from '@repo/event-feed'
import { ChannelType, GatewayIntentBits, OverwriteType, PermissionFlagsBits } from 'discord-api-types/v10'
import { describe, expect, it } from 'vitest'
import type { BotSocket } from '../src/commands/bot-socket.ts'
import { DiscordApi } from '../src/commands/discord-api.ts'
import type { HandlerContext } from '../src/commands/handler.ts'
import type { HandlersOptions } from '../src/commands/handlers.ts'
import { BotPresence } from '../src/sessions/bot-presence.ts'
import { codeOf, contextOf, fakeSocket, handlersOf, memoryNotes } from './helpers.ts'

const BOT = '7'
const { Connect, ViewChannel } = PermissionFlagsBits
const denied = (bits: bigint) => [{ id: BOT, type: OverwriteType.Member, allow: '0', deny: String(bits) }]

const GUILD = {
  id: '1',
  owner_id: '99',
  roles: [{ id: '1', permissions: String(ViewChannel | Connect) }],
  members: [{ user: { id: BOT }, roles: [] }],
  channels: [
    { id: '10', type: ChannelType.GuildText },
    { id: '11', type: ChannelType.GuildVoice, permission_overwrites: [] },
    { id: '12', type: ChannelType.GuildStageVoice, permission_overwrites: [] },
    { id: '15', type: ChannelType.GuildVoice },
    { id: '13', type: ChannelType.GuildVoice, permission_overwrites: denied(Connect) },
    { id: '14', type: ChannelType.GuildVoice, permission_overwrites: denied(ViewChannel) },
  ],
  voice_states: [{ user_id: BOT, channel_id: '11', self_mute: false, self_deaf: true }],
}

const sayingContext = (more: Partial<HandlerContext> = {}) =>
  contextOf(new DiscordApi({ token: 't', apiUrl: 'http://127.0.0.1:9/api' }), {
    repeatable: 'idempotent',
    deadlineAt: Date.now() + 20_000,
    ...more,
  })

/** What the bot says over its own socket, in a guild that is known as given. */
function started(guild: object = GUILD, options: Partial<HandlersOptions> = {}) {
  const state = new GuildState()
  state.apply('GUILD_CREATE', '1', guild)
  const { socket, said } = fakeSocket()
  const handlers = handlersOf({ socket, botId: BOT, guildOf: (id) => state.get(id), ...options })
  const chunks: string[] = []
  const context = sayingContext({ expectChunks: (nonce) => void chunks.push(nonce) })
  return {
    said,
    chunks,
    hear: (type: string, data: object) => socket.hear({ type, data } as unknown as Parameters<BotSocket['hear']>[0]),
    voice: (channel_id: string | null, more: object = {}) =>
      handlers.update_voice_state({ guild_id: '1', channel_id, self_mute: false, self_deaf: false, ...more }, context),
    members: (payload: object) => handlers.request_members({ guild_id: '1', ...payload }, context),
  }
}

describe('update_voice_state', () => {
  it.each([
    ['UNKNOWN_GUILD', 10_004, { guild_id: '2', channel_id: '11' }],
    ['UNKNOWN_GUILD', 10_004, { guild_id: '2', channel_id: null }],
    ['UNKNOWN_CHANNEL', 10_003, { channel_id: '404' }],
    ['CANNOT_EXECUTE_ACTION_ON_THIS_CHANNEL_TYPE', 50_024, { channel_id: '10' }],
    ['MISSING_PERMISSIONS', 50_013, { channel_id: '13' }],
    ['MISSING_ACCESS', 50_001, { channel_id: '14' }],
  ])(
    'is refused with %s (%i) where it is known that Discord would not do it: %j',
    async (code, discordCode, payload) => {
      const bot = started()
      await expect(bot.voice('', payload)).rejects.toMatchObject({ code, discordCode, retryable: false })
      expect(bot.said).toEqual([])
    },
  )

  it.each<[string, object, Partial<HandlersOptions>, string | null]>([
    ['the guild', GUILD, { guildOf: () => undefined }, '404'],
    ['the guild that is left', GUILD, { guildOf: () => undefined }, null],
    ['what has become of a guild that is down', { ...GUILD, unavailable: true }, {}, '404'],
    ['what has become of it, to leave it', { ...GUILD, unavailable: true, voice_states: [] }, {}, null],
    ['the bot as a member', { ...GUILD, members: [] }, {}, '13'],
    ['the roles', { ...GUILD, roles: [] }, {}, '13'],
    ['who may what in the channel', GUILD, {}, '15'],
  ])('is put to Discord where something is not known: %s', async (_what, guild, options, channelId) => {
    const bot = started(guild, options)
    const asked = codeOf(bot.voice(channelId))
    expect(bot.said).toMatchObject([{ shardId: 0, payload: { op: 4, d: { channel_id: channelId } } }])
    bot.hear('VOICE_STATE_UPDATE', { guild_id: '1', user_id: BOT, channel_id: channelId })
    expect(await asked).toBe('done')
  })

  it('is done only when the bot’s own voice state says so, in that guild, as it was asked for', async () => {
    const bot = started()
    let answer: object | undefined
    const asked = bot.voice('12', { self_mute: true }).then((result) => (answer = result))
    const own = { guild_id: '1', user_id: BOT, channel_id: '12', self_mute: true, self_deaf: false }
    for (const other of [
      { user_id: '8' },
      { guild_id: '2' },
      { channel_id: '11' },
      { channel_id: null },
      { self_mute: false },
      { self_deaf: true },
    ]) {
      bot.hear('VOICE_STATE_UPDATE', { ...own, ...other })
    }
    bot.hear('VOICE_SERVER_UPDATE', own)
    await new Promise(setImmediate)
    expect(answer).toBeUndefined()
    bot.hear('VOICE_STATE_UPDATE', own)
    expect(await asked).toEqual({ success: true, voice_state: own })
    expect(bot.said).toHaveLength(1)
  })

  it('what is so already is answered without asking, and nothing else is', async () => {
    const bot = started()
    const voice_state = { guild_id: '1', channel_id: '11', self_deaf: true }
    expect(await bot.voice('11', { self_deaf: true })).toMatchObject({ success: true, voice_state })
    const away = started({ ...GUILD, voice_states: [] })
    expect(await away.voice(null)).toMatchObject({ success: true, voice_state: { channel_id: null } })
    expect([bot.said, away.said]).toEqual([[], []])
    for (const [channelId, more] of [
      ['11', {}],
      ['12', { self_deaf: true }],
      [null, {}],
    ] as const) {
      const asked = bot.voice(channelId, more)
      bot.hear('VOICE_STATE_UPDATE', { guild_id: '1', user_id: BOT, channel_id: channelId, ...more })
      await asked
    }
    expect(bot.said).toHaveLength(3)
  })
})

describe('request_members', () => {
  const nonceOf = (said: readonly unknown[]) =>
    (said.at(-1) as { payload: { d: { nonce: string } } } | undefined)?.payload.d.nonce ?? ''

  it('is answered when the last chunk with its own nonce has come, with all that was not found', async () => {
    const bot = started()
    let answer: object | undefined
    const asked = bot.members({ user_ids: ['5'] }).then((result) => (answer = result))
    const nonce = nonceOf(bot.said)
    expect(nonce).toMatch(/^.{16,32}$/)
    expect(bot.chunks).toEqual([nonce])
    const chunk = (chunk_index: number, more: object = {}) =>
      bot.hear('GUILD_MEMBERS_CHUNK', { guild_id: '1', nonce, chunk_index, chunk_count: 3, ...more })
    chunk(2, { nonce: 'another’s', not_found: ['6'] })
    chunk(2, { nonce: undefined })
    chunk(0, { not_found: ['1'] })
    chunk(1)
    await new Promise(setImmediate)
    expect(answer).toBeUndefined()
    chunk(2, { not_found: ['2'] })
    expect(await asked).toEqual({ success: true, nonce, chunk_count: 3, not_found: ['1', '2'] })
  })

  it('has a nonce of its own each time', async () => {
    const bot = started()
    const nonces = new Set<string>()
    for (let time = 0; time < 3; time += 1) {
      const asked = bot.members({ user_ids: ['5'] })
      nonces.add(nonceOf(bot.said))
      bot.hear('GUILD_MEMBERS_CHUNK', { nonce: nonceOf(bot.said), chunk_index: 0, chunk_count: 1 })
      await asked
    }
    expect(nonces.size).toBe(3)
  })

  it('is refused by Discord’s limit for its own nonce alone', async () => {
    const bot = started()
    const asked = bot.members({ query: '' })
    const limited = (nonce: string, retry_after: number) =>
      bot.hear('RATE_LIMITED', { opcode: 8, retry_after, meta: { guild_id: '1', nonce } })
    limited('another’s', 3)
    limited(nonceOf(bot.said), 12.5)
    await expect(asked).rejects.toMatchObject({ code: 'RATE_LIMITED', retryable: true, retryAfter: 12.5 })
  })

  it('is refused where it is known that Discord would not answer: no such guild, all members without the intent', async () => {
    const bot = started(GUILD, { intents: () => GatewayIntentBits.Guilds })
    await expect(bot.members({ guild_id: '2', query: 'a' })).rejects.toMatchObject({ code: 'UNKNOWN_GUILD' })
    await expect(bot.members({ query: '' })).rejects.toMatchObject({ code: 'MISSING_ACCESS', discordCode: 50_001 })
    expect(bot.said).toEqual([])
    for (const intents of [null, GatewayIntentBits.GuildMembers]) {
      const other = started(GUILD, { intents: () => intents })
      const asked = other.members({ query: '' })
      other.hear('GUILD_MEMBERS_CHUNK', { nonce: nonceOf(other.said), chunk_index: 0, chunk_count: 1 })
      expect(await codeOf(asked)).toBe('done')
    }
  })
})

describe('update_presence', () => {
  const asked: CommandInput<'update_presence'> = { since: null, activities: [], status: 'idle', afk: false }
  const payload = { op: 3, d: asked }

  /** Two shards, and whether each has a session. */
  function shards(waitMs: (number | null)[], backends: readonly string[] = ['b']) {
    const notes = memoryNotes()
    const { socket, said } = fakeSocket({
      waitMs: (id) => waitMs[id] ?? null,
      shardCount: () => waitMs.length,
      backends: () => backends,
    })
    const presence = new BotPresence(notes, (shardId, again) => void said.push({ shardId, payload: again }))
    const { update_presence } = handlersOf({ socket, presence })
    return { notes, said, presence, update: () => update_presence(asked, sayingContext()) }
  }

  it('is said on every shard, and to the next session of each', async () => {
    const { said, presence, update } = shards([0, 0])
    expect(presence.current).toBeNull()
    await update()
    expect(said).toEqual([0, 1].map((shardId) => ({ shardId, payload })))
    expect(presence.current).toEqual(asked)
    // The session goes on, or has said it as it began.
    for (const type of ['RESUMED', 'READY'] as const) presence.hear({ type, shardId: 1 })
    expect(said).toHaveLength(2)
  })

  it('is said on a shard without a session as soon as it has one, once', async () => {
    const { said, presence, update } = shards([0, null])
    await update()
    expect(said).toEqual([{ shardId: 0, payload }])
    for (const type of ['GUILD_CREATE', 'RESUMED', 'RESUMED'] as const) presence.hear({ type, shardId: 1 })
    expect(said.slice(1)).toEqual([{ shardId: 1, payload }])
  })

  it('is known after a restart, and said again in a session that goes on', async () => {
    const { notes, update } = shards([0])
    await update()
    const said: unknown[] = []
    const presence = new BotPresence(notes, (...again) => void said.push(again))
    expect(presence.current).toEqual(asked)
    presence.hear({ type: 'RESUMED', shardId: 0 })
    expect(said).toEqual([[0, payload]])
  })

  it('is said on no shard where one has no room in time', async () => {
    const { said, presence, update } = shards([0, 30_000])
    await expect(update()).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfter: 30 })
    expect(said).toEqual([])
    expect(presence.current).toBeNull()
  })

  it('counts among what a backend may say in a minute', async () => {
    const { update } = shards([0], ['b', 'another'])
    let times = 0
    while ((await codeOf(update())) === 'done') times += 1
    // Half of it is promised, and of that half to the other.
    expect(times).toBeLessThan(114)
    expect(times).toBeGreaterThan(57)
  })
})
