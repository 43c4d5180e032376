import { PermissionFlagsBits } from 'discord-api-types/v10'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { PEOPLE, createManualClock, startSimulator } from '../src/index.ts'
import type { Simulator } from '../src/index.ts'
import { identified } from './raw-client.ts'
import type { RawClient } from './raw-client.ts'

const clock = createManualClock(Date.parse('2026-11-20T14:08:00Z'))
let simulator: Simulator
let client: RawClient

beforeAll(async () => {
  simulator = await startSimulator({ clock, rateLimits: false })
  client = (await identified(simulator)).client
})
afterAll(async () => {
  await client[Symbol.asyncDispose]()
  await simulator.close()
})
beforeEach(() => clock.advance(10 * 60_000))

interface Answer {
  status: number
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any
}

async function call(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${simulator.apiUrl}/v10${path}`, {
    method,
    headers: { authorization: `Bot ${simulator.botToken}`, 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: text ? JSON.parse(text) : undefined }
}
const get = (path: string) => call('GET', path)

const guildNamed = (name: string) => simulator.world.guilds().find((guild) => guild.name === name)!
const channelId = (name: string, guild = 'Tidewater Makers') =>
  guildNamed(guild).channels.find((channel) => channel.name === name)!.id
const post = (channel: string, body: unknown) => call('POST', `/channels/${channelId(channel)}/messages`, body)

const unauthorized = { status: 401, body: { message: '401: Unauthorized', code: 0 } }
const notFound = { status: 404, body: { message: '404: Not Found', code: 0 } }

describe('at the door', () => {
  test('GET /gateway is for anybody', async () => {
    expect(await call('GET', '/gateway', undefined, { authorization: '' })).toEqual({
      status: 200,
      body: { url: simulator.gatewayUrl },
    })
  })

  test.each(['', 'Bot x', 'Bearer x'])('authorization %j is refused', async (authorization) => {
    expect(await call('GET', '/gateway/bot', undefined, { authorization })).toEqual(unauthorized)
  })

  test('unknown routes, methods and versions are refused as at Discord', async () => {
    expect(await get('/no/such/route')).toEqual(notFound)
    expect(await call('DELETE', '/gateway')).toEqual({
      status: 405,
      body: { message: '405: Method Not Allowed', code: 0 },
    })
    const old = await fetch(`${simulator.apiUrl}/v6/gateway`)
    expect([old.status, await old.json()]).toEqual([400, { message: 'Invalid API version provided', code: 50041 }])
  })

  test('HEAD was refused with 405', async () => {
    const headers = { authorization: `Bot ${simulator.botToken}` }
    const response = await fetch(`${simulator.apiUrl}/v10/users/@me`, { method: 'HEAD', headers })
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json'])
    expect(await response.text()).toBe('')
  })

  test('a path that names no snowflake is refused by its field', async () => {
    expect(await get('/channels/abc')).toEqual({
      status: 400,
      body: {
        message: 'Invalid Form Body',
        code: 50035,
        errors: {
          channel_id: { _errors: [{ code: 'NUMBER_TYPE_COERCE', message: 'Value "abc" is not snowflake.' }] },
        },
      },
    })
  })

  test('a body that is no JSON, or says it is something else, is refused', async () => {
    expect(await post('general', '{"content"')).toMatchObject({ status: 400, body: { code: 50109 } })
    const path = `/channels/${channelId('general')}/messages`
    expect(await call('POST', path, 'x', { 'content-type': 'text/plain' })).toMatchObject({
      status: 400,
      body: { code: 50035 },
    })
  })

  test('a body of more than 10 MiB is refused', { timeout: 30_000 }, async () => {
    expect(await post('general', 'x'.repeat(10 * 1024 * 1024 + 1))).toMatchObject({
      status: 413,
      body: { code: 40005 },
    })
  })
})

describe('who the bot is', () => {
  test('GET /gateway/bot tells url, shards and limits', async () => {
    expect((await get('/gateway/bot')).body).toEqual({
      url: simulator.gatewayUrl,
      shards: 1,
      session_start_limit: { total: 1000, remaining: 999, reset_after: expect.any(Number), max_concurrency: 1 },
    })
  })

  test('the bot, its application and its guilds', async () => {
    const { bot } = simulator.world
    expect((await get('/users/@me')).body).toMatchObject({ id: bot.id, username: 'gantry', bot: true })
    const flags = (1 << 13) | (1 << 15) | (1 << 19)
    for (const path of ['/applications/@me', '/oauth2/applications/@me']) {
      expect((await get(path)).body).toMatchObject({ id: bot.id, flags, bot: { id: bot.id } })
    }
    expect((await get('/users/@me/guilds')).body).toMatchObject([
      { name: 'Tidewater Makers' },
      { name: 'Night Ledger' },
    ])
    expect((await get(`/users/${PEOPLE.pikelet.id}`)).body).toEqual(PEOPLE.pikelet)
    expect(await get('/users/1')).toMatchObject({ status: 404, body: { code: 10013 } })
  })

  test('the application’s flags say which privileged intents are on, and members ask for theirs', async () => {
    await using other = await startSimulator({ privileged: ['presences'] })
    const ask = async (path: string) => {
      const headers = { authorization: `Bot ${other.botToken}` }
      const response = await fetch(`${other.apiUrl}/v10${path}`, { headers })
      return (await response.json()) as { flags: number; code: number }
    }
    expect((await ask('/applications/@me')).flags).toBe(1 << 13)
    expect((await ask(`/guilds/${guildNamed('Tidewater Makers').id}/members`)).code).toBe(50001)
  })
})

describe('guilds', () => {
  test('a guild is shown without what only GUILD_CREATE has', async () => {
    const guild = guildNamed('Tidewater Makers')
    const { body } = await get(`/guilds/${guild.id}?with_counts=true`)
    expect(body).toMatchObject({ id: guild.id, owner_id: PEOPLE.tessellate.id, approximate_member_count: 13 })
    for (const key of ['channels', 'members', 'voice_states', 'joined_at', 'member_count']) {
      expect(body).not.toHaveProperty(key)
    }
    expect((await get(`/guilds/${guild.id}/channels`)).body).toEqual(guild.channels)
    expect((await get(`/guilds/${guild.id}/roles`)).body).toEqual(guild.roles)
    expect(await get('/guilds/1')).toEqual({ status: 404, body: { message: 'Unknown Guild', code: 10004 } })
  })

  test('members are listed by id, page by page', async () => {
    const { id } = guildNamed('Night Ledger')
    const all = (await get(`/guilds/${id}/members?limit=1000`)).body as { user: { id: string } }[]
    const ids = all.map(({ user }) => user.id)
    expect(ids).toHaveLength(7)
    expect(ids).toEqual(ids.toSorted((a, b) => Number(BigInt(a) - BigInt(b))))
    const page = (await get(`/guilds/${id}/members?limit=2&after=${ids[2]}`)).body as typeof all
    expect(page.map(({ user }) => user.id)).toEqual(ids.slice(3, 5))
    expect((await get(`/guilds/${id}/members`)).body).toHaveLength(1)
    expect((await get(`/guilds/${id}/members?limit=0`)).body.errors.limit._errors[0].code).toBe('NUMBER_TYPE_MIN')
  })

  test('one member, one who is not one, and nobody', async () => {
    const { id } = guildNamed('Night Ledger')
    expect((await get(`/guilds/${id}/members/${PEOPLE.umberfox.id}`)).body).toMatchObject({ nick: 'the fox' })
    expect((await get(`/guilds/${id}/members/${PEOPLE.pikelet.id}`)).body.code).toBe(10007)
    expect((await get(`/guilds/${id}/members/1`)).body.code).toBe(10013)
  })
})

describe('reading channels', () => {
  test('unknown ones, and ones that the bot may not view', async () => {
    expect(await get('/channels/1')).toEqual({ status: 404, body: { message: 'Unknown Channel', code: 10003 } })
    const missing = { status: 403, body: { message: 'Missing Access', code: 50001 } }
    const treasury = channelId('treasury', 'Night Ledger')
    expect(await get(`/channels/${treasury}`)).toEqual(missing)
    expect(await get(`/channels/${treasury}/messages`)).toEqual(missing)
    expect(await call('POST', `/channels/${treasury}/messages`, { content: 'x' })).toEqual(missing)
    expect((await get(`/channels/${channelId('keyholders')}`)).body.name).toBe('keyholders')
  })

  test('messages come newest first, and by before, after and around', async () => {
    const path = `/channels/${channelId('build-log')}/messages`
    const all = (await get(path)).body as { id: string }[]
    expect(all.length).toBeGreaterThan(10)
    expect(all).toEqual(all.toSorted((a, b) => Number(BigInt(b.id) - BigInt(a.id))))
    const at = (query: string) => get(`${path}?${query}`).then(({ body }) => body as { id: string }[])
    const pivot = all[5]!.id
    expect(await at('limit=3')).toEqual(all.slice(0, 3))
    expect(await at(`limit=3&before=${pivot}`)).toEqual(all.slice(6, 9))
    // The three right after it, not the three newest.
    expect(await at(`limit=3&after=${pivot}`)).toEqual(all.slice(2, 5))
    expect(await at(`limit=3&around=${pivot}`)).toEqual(all.slice(4, 7))
    expect(await at(`after=${all[0]!.id}`)).toEqual([])
    expect((await get(`${path}?limit=101`)).body.errors.limit._errors[0]).toEqual({
      code: 'NUMBER_TYPE_MAX',
      message: 'int value should be less than or equal to 100.',
    })
    expect((await get(`${path}?before=x`)).body.errors.before._errors[0].code).toBe('NUMBER_TYPE_COERCE')
    expect((await get(`${path}?before=1&after=2`)).status).toBe(400)
  })

  test('one message shows its reactions, and what it answers', async () => {
    const path = `/channels/${channelId('build-log')}/messages`
    const all = (await get(path)).body as { id: string; content: string }[]
    const { id } = all.find(({ content }) => content.startsWith('Put me down'))!
    const { body } = await get(`${path}/${id}`)
    expect(body).toMatchObject({
      type: 19,
      author: { username: 'saltmarsh' },
      referenced_message: { author: { username: 'tessellate' } },
      mentions: [{ username: 'tessellate' }],
      reactions: [
        { emoji: { id: null, name: '👍' }, count: 3, me: false },
        { emoji: { id: null, name: '🔥' }, count: 2, me: true },
      ],
    })
    expect(await get(`${path}/1`)).toEqual({ status: 404, body: { message: 'Unknown Message', code: 10008 } })
  })

  test('without READ_MESSAGE_HISTORY the list is empty, and one message is refused', async () => {
    const guild = guildNamed('Tidewater Makers')
    const id = channelId('buy-together')
    const message = (await get(`/channels/${id}/messages`)).body[0].id as string
    const deny = String(PermissionFlagsBits.ReadMessageHistory)
    const overwrite = { id: simulator.world.bot.id, type: 1, allow: '0', deny }
    simulator.dispatch('CHANNEL_UPDATE', { id, guild_id: guild.id, permission_overwrites: [overwrite] })
    expect((await get(`/channels/${id}/messages`)).body).toEqual([])
    expect((await get(`/channels/${id}/messages/${message}`)).body.code).toBe(50013)
    const reply = { content: 'x', message_reference: { message_id: message } }
    expect((await call('POST', `/channels/${id}/messages`, reply)).body.code).toBe(160002)
    simulator.dispatch('CHANNEL_UPDATE', { id, guild_id: guild.id, permission_overwrites: [] })
  })
})

describe('writing', () => {
  test('a message is answered whole, dispatched with guild and member, and in the history', async () => {
    const id = channelId('general')
    const content = `hello <@${PEOPLE.umberfox.id}>`
    const { status, body } = await post('general', { content, nonce: 'n-1' })
    expect(status).toBe(200)
    expect(body).toMatchObject({ type: 0, channel_id: id, content, nonce: 'n-1', author: { username: 'gantry' } })
    expect(body.mentions).toEqual([PEOPLE.umberfox])
    expect(body.timestamp).toBe('2026-11-20T' + new Date(clock.now()).toISOString().slice(11, 23) + '000+00:00')

    const { d } = await client.until((frame) => frame.t === 'MESSAGE_CREATE' && frame.d.id === body.id)
    const { mentions: _1, ...rest } = body
    expect(d).toMatchObject({ ...rest, guild_id: guildNamed('Tidewater Makers').id, nonce: 'n-1' })
    expect(d.member).toMatchObject({ nick: null, deaf: false })
    expect(d.member).not.toHaveProperty('user')
    expect(d.mentions[0].member.roles).toHaveLength(2)

    const { nonce: _2, ...stored } = body
    expect((await get(`/channels/${id}/messages?limit=1`)).body).toEqual([stored])
    expect((await get(`/channels/${id}`)).body.last_message_id).toBe(body.id)
  })

  test('a reply mentions whom it answers, unless told not to', async () => {
    const first = (await post('general', { content: 'one' })).body.id as string
    const reply = { content: 'two', message_reference: { message_id: first } }
    const answer = (await post('general', reply)).body
    expect(answer).toMatchObject({
      type: 19,
      message_reference: { message_id: first, channel_id: channelId('general') },
      referenced_message: { id: first },
      mentions: [{ username: 'gantry' }],
    })
    expect((await post('general', { ...reply, allowed_mentions: { parse: [] } })).body.mentions).toEqual([])
    const lost = { content: 'x', message_reference: { message_id: '1' } }
    expect((await post('general', lost)).body.errors.message_reference._errors[0].code).toBe(
      'MESSAGE_REFERENCE_UNKNOWN_MESSAGE',
    )
    const soft = { content: 'x', message_reference: { message_id: '1', fail_if_not_exists: false } }
    expect((await post('general', soft)).body).toMatchObject({ type: 0 })
  })

  test('a channel that the bot may not write to is refused', async () => {
    const refused = { status: 403, body: { message: 'Missing Permissions', code: 50013 } }
    expect(await post('announcements', { content: 'x' })).toEqual(refused)
    expect(await post('Workshop floor', { content: 'x' })).toMatchObject({ status: 400, body: { code: 50008 } })
    expect((await post('Workbench', { content: 'into a voice channel' })).status).toBe(200)
  })

  const wrong: [what: string, body: object, at: string[], code: string, message?: string][] = [
    [
      'long content',
      { content: 'x'.repeat(2_001) },
      ['content'],
      'BASE_TYPE_MAX_LENGTH',
      'Must be 2000 or fewer in length.',
    ],
    ['content that is no text', { content: { a: 1 } }, ['content'], 'STRING_TYPE_CONVERT'],
    ['a long nonce', { content: 'x', nonce: 'n'.repeat(26) }, ['nonce'], 'NONCE_TYPE_TOO_LONG'],
    ['a nonce that is neither', { content: 'x', nonce: true }, ['nonce'], 'NONCE_TYPE_INVALID_TYPE'],
    ['tts that is no boolean', { content: 'x', tts: 'yes' }, ['tts'], 'BOOLEAN_TYPE_CONVERT'],
    ['embeds that are no list', { embeds: {} }, ['embeds'], 'LIST_TYPE_CONVERT'],
    [
      'too many embeds',
      { embeds: Array.from({ length: 11 }, () => ({ title: 'x' })) },
      ['embeds'],
      'BASE_TYPE_MAX_LENGTH',
    ],
    ['a long title', { embeds: [{ title: 'x'.repeat(257) }] }, ['embeds', '0', 'title'], 'BASE_TYPE_MAX_LENGTH'],
    [
      'a field without a name',
      { embeds: [{ fields: [{ value: 'x' }] }] },
      ['embeds', '0', 'fields', '0', 'name'],
      'BASE_TYPE_REQUIRED',
    ],
    [
      'a field of nothing',
      { embeds: [{ fields: [{ name: '', value: 'x' }] }] },
      ['embeds', '0', 'fields', '0', 'name'],
      'BASE_TYPE_BAD_LENGTH',
    ],
    [
      'embeds too large together',
      { embeds: [{ description: 'x'.repeat(3_001) }, { description: 'x'.repeat(3_001) }] },
      ['embeds'],
      'MAX_EMBED_SIZE_EXCEEDED',
    ],
    [
      'a mention type',
      { content: 'x', allowed_mentions: { parse: ['all'] } },
      ['allowed_mentions', 'parse', '0'],
      'BASE_TYPE_CHOICES',
    ],
    [
      'a reference to no message',
      { content: 'x', message_reference: {} },
      ['message_reference', 'message_id'],
      'BASE_TYPE_REQUIRED',
    ],
  ]
  test.each(wrong)('%s is refused by its field', async (_what, body, at, code, message) => {
    const answer = await post('general', body)
    expect(answer).toMatchObject({ status: 400, body: { message: 'Invalid Form Body', code: 50035 } })
    const { _errors } = at.reduce((level, key) => level[key], answer.body.errors)
    expect(_errors).toEqual([{ code, message: message ?? expect.any(String) }])
  })

  test('2,000 characters are counted as characters', async () => {
    expect((await post('general', { content: '🦊'.repeat(2_000) })).status).toBe(200)
    expect((await post('general', { content: '🦊'.repeat(2_001) })).status).toBe(400)
  })

  test.each([{}, { content: '' }, { content: ' \n ' }, { content: null }, { embeds: [] }])(
    '%j is empty',
    async (body) => {
      expect(await post('general', body)).toEqual({
        status: 400,
        body: { message: 'Cannot send an empty message', code: 50006 },
      })
    },
  )

  test('a nonce that is enforced makes one message, for some minutes', async () => {
    const body = { content: 'once', nonce: 'same', enforce_nonce: true }
    const first = (await post('general', body)).body
    clock.advance(2 * 60_000)
    expect((await post('general', { ...body, content: 'twice' })).body).toEqual(first)
    // Not enforced, it is only a label.
    const labelled = (await post('general', { content: 'x', nonce: 'same' })).body
    expect(labelled.id).not.toBe(first.id)
    clock.advance(4 * 60_000)
    expect([first.id, labelled.id]).not.toContain((await post('general', body)).body.id)
  })

  test('a nonce whose message is gone is refused', async () => {
    const body = { content: 'once', nonce: 'gone', enforce_nonce: true }
    const { id, channel_id } = (await post('general', body)).body
    simulator.dispatch('MESSAGE_DELETE', { id, channel_id, guild_id: guildNamed('Tidewater Makers').id })
    expect((await post('general', body)).body.code).toBe(10008)
  })

  test('@everyone mentions nobody without the permission', async () => {
    expect((await post('general', { content: '@everyone' })).body.mention_everyone).toBe(false)
  })

  test('typing is told', async () => {
    expect((await call('POST', `/channels/${channelId('general')}/typing`)).status).toBe(204)
    const { d } = await client.event('TYPING_START')
    expect(d).toMatchObject({ user_id: simulator.world.bot.id, timestamp: Math.floor(clock.now() / 1_000) })
  })
})

describe('whatever is sent', () => {
  const key = fc.constantFrom('content', 'nonce', 'embeds', 'allowed_mentions', 'message_reference', 'flags', 'tts')
  const path = fc.array(
    fc.oneof(fc.constantFrom('channels', 'guilds', 'users', '@me', 'messages', 'members', '1', '%', '..'), fc.string()),
  )

  test('no body makes it fail, and each answer has a code', { timeout: 30_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(key, fc.jsonValue(), { maxKeys: 4 }), async (body) => {
        const answer = await post('general', body)
        expect([200, 400, 403]).toContain(answer.status)
        if (answer.status !== 200) expect(answer.body).toMatchObject({ code: expect.any(Number) })
      }),
      { numRuns: 300 },
    )
  })

  test('no path makes it fail', { timeout: 30_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(path, fc.constantFrom('GET', 'POST', 'DELETE'), async (segments, method) => {
        const url = `${simulator.apiUrl}/v10/${segments.map((s) => (s === '%' ? s : encodeURIComponent(s))).join('/')}`
        const response = await fetch(url, { method, headers: { authorization: `Bot ${simulator.botToken}` } })
        expect(response.status).toBeLessThan(500)
        await response.arrayBuffer()
      }),
      { numRuns: 200 },
    )
  })
})
