import { LinkError } from '@repo/discord-integration/types'
import { describe, expect, it } from 'vitest'
import type { CommandOrigin } from '../src/command-origin.ts'
import { DiscordApi } from '../src/commands/discord-api.ts'
import { COMMAND_DEADLINE_MS } from '../src/commands/deadline.ts'
import { discordFailure } from '../src/commands/discord-failure.ts'
import { StoredOutcomes } from '../src/commands/stored-outcomes.ts'
import { createCommandRunner } from '../src/commands/runner.ts'
import { EVERY_SCOPE } from '../src/tokens/scopes.ts'
import { answerJson, fakeDiscord, handlersOf, memoryExpiring, type Answer } from './helpers.ts'

const backend = { id: 'b', name: 'token 1', scopes: EVERY_SCOPE }
const origin: CommandOrigin = { backend, version: 2 }
const message = { channel_id: '42', content: 'Hello!' }
/** Two of these are as much as all embeds of a message may say. */
const wordy = { description: 'x'.repeat(3_000) }

async function started(answer: Answer, limits: { deadlineMs?: number; attemptMaxMs?: number } = {}) {
  const fake = await fakeDiscord(answer)
  const discord = new DiscordApi({ token: 'bot-token', apiUrl: fake.apiUrl, ...limits })
  const shards = [{ id: 0, state: 'ready', since: 5, pingMs: 12, heardAt: null, sessionId: 'secret' }] as const
  const { run } = createCommandRunner({
    handlers: handlersOf({ shards: () => shards, intents: () => 3, discordClockMs: () => -7, now: () => 1_000 }),
    discord,
    outcomes: new StoredOutcomes(memoryExpiring()),
    findCreated: async () => null,
  })
  return { run, ...fake, [Symbol.asyncDispose]: () => fake[Symbol.asyncDispose]() }
}

async function failureOf(promise: Promise<unknown>): Promise<LinkError> {
  try {
    await promise
  } catch (error) {
    if (error instanceof LinkError) return error
    throw error
  }
  throw new Error('it succeeded')
}

const created: Answer = (_request, response) => answerJson(response, 200, { id: '999' })

describe('validation', () => {
  it('names the command that there is not', async () => {
    await using discord = await started(created)
    for (const name of ['send', '__proto__', 'toString', '']) {
      const error = await failureOf(discord.run(name, {}, origin))
      expect(error).toMatchObject({ code: 'UNKNOWN_COMMAND', issues: [{ path: 'data.command' }] })
      expect(error.message).toContain('data.command')
    }
  })

  it.each([
    ['send_message', { content: 'x' }, 'channel_id', 'must be there'],
    ['send_message', null, '', 'Invalid input: expected object, received null'],
    [
      'timeout_member',
      { communication_disabled_until: 'tomorrow' },
      'communication_disabled_until',
      'expected a moment with its zone, as 2027-01-01T12:00:00Z',
    ],
    ['create_emoji', { image: 'https://x' }, 'image', 'expected an upload, or data:image/png;base64,…'],
    ['create_emoji', {}, 'image', 'expected an upload, or data:image/png;base64,…'],
    ['send_message', { files: [{ filename: '..' }] }, 'files.0.filename', expect.stringContaining('dots')],
    ['send_message', { files: [{ filename: ' ' }] }, 'files.0.filename', expect.stringContaining('spaces')],
  ] as const)('of %s says in plain words what is wrong: %j', async (name, fields, field, said) => {
    await using discord = await started(created)
    const { issues } = await failureOf(discord.run(name, fields, origin))
    expect(issues).toContainEqual({ path: ['data.payload', field].filter(Boolean).join('.'), message: said })
  })

  it('the sentence of discord_api is one', async () => {
    await using discord = await started((_request, response) =>
      answerJson(response, 404, { code: 10_003, message: 'Unknown Channel' }),
    )
    const error = await failureOf(discord.run('discord_api', { method: 'GET', path: '/channels/1' }, origin))
    expect(error.message).toBe('Failed to ask Discord: Unknown channel')
  })

  it.each([
    [{ content: 'x' }, 'data.payload.channel_id'],
    [{ channel_id: 'x', content: 'x' }, 'data.payload.channel_id'],
    [{ channel_id: '42', content: '' }, 'data.payload.content'],
    [{ ...message, allowed_mentions: { parse: ['all'] } }, 'data.payload.allowed_mentions.parse.0'],
    [{ ...message, colour: 'red' }, 'data.payload.colour'],
    [{ channel_id: '42' }, 'data.payload.content'],
    [{ channel_id: '42', embeds: [], components: [] }, 'data.payload.content'],
    [{ ...message, embeds: [{ ...wordy, title: 'x' }, wordy] }, 'data.payload.embeds'],
    [{ ...message, embeds: [{ image: { url: 'file:///etc/passwd' } }] }, 'data.payload.embeds.0.image.url'],
    [{ ...message, poll: { question: { text: 'Which?' }, answers: [] } }, 'data.payload.poll.answers'],
    [{ ...message, reply_to: '7', message_reference: { message_id: '7' } }, 'data.payload.reply_to'],
    [{ channel_id: '42', message_reference: { message_id: '7' } }, 'data.payload.content'],
    [
      { channel_id: '42', message_reference: { type: 1, message_id: '7' } },
      'data.payload.message_reference.channel_id',
    ],
    [{ ...message, files: [{ upload: 'https://example.com/a.png' }] }, 'data.payload.files.0.upload'],
    [{ ...message, files: [] }, 'data.payload.files'],
    [null, 'data.payload'],
    [undefined, 'data.payload'],
  ])('%j names the field', async (payload, path) => {
    await using discord = await started(created)
    const error = await failureOf(discord.run('send_message', payload, origin))
    expect(error.code).toBe('INVALID_PAYLOAD')
    expect(error.issues).toEqual([expect.objectContaining({ path })])
    expect(error.message).toContain(path)
    expect(discord.requests).toEqual([])
  })
})

describe('send_message', () => {
  it('shows what a message links to, unless that is suppressed', async () => {
    await using discord = await started(created)
    for (const [requestId, suppressed] of [
      ['r-1', {}],
      ['r-2', { suppress_embeds: false }],
      ['r-3', { suppress_embeds: true }],
    ] as const) {
      await discord.run(
        'send_message',
        { channel_id: '42', content: 'Hello!', ...suppressed },
        { ...origin, requestId },
      )
    }
    const flags = discord.requests.map(({ body }) => (JSON.parse(body) as { flags?: number }).flags)
    expect(flags).toEqual([undefined, undefined, 4])
  })

  it('is also one that has no words, with what else is asked of it', async () => {
    await using discord = await started(created)
    for (const said of [
      { embeds: [wordy, wordy] },
      { components: [{ type: 10, content: 'Hello!' }], flags: 1 << 15 },
      { poll: { question: { text: 'Which?' }, answers: [{ poll_media: { text: 'This' } }] }, tts: true },
      { sticker_ids: ['5'] },
      { message_reference: { type: 1, message_id: '7', channel_id: '43' } },
    ]) {
      await discord.run('send_message', { channel_id: '42', ...said }, origin)
      const body: unknown = JSON.parse(discord.requests.at(-1)?.body ?? '')
      expect(body).toEqual({ ...said, enforce_nonce: true, nonce: expect.stringMatching(/^.{25}$/) })
    }
  })

  it('has the flags that are asked for, and that of suppressed embeds besides', async () => {
    await using discord = await started(created)
    await discord.run('send_message', { ...message, flags: 4_096, suppress_embeds: true }, origin)
    expect(JSON.parse(discord.requests[0]?.body ?? '')).toMatchObject({ flags: 4_100 })
  })

  it('asks Discord for the message, with a nonce', async () => {
    await using discord = await started(created)
    const payload = { ...message, reply_to: '7', allowed_mentions: { parse: [] } }
    expect(await discord.run('send_message', payload, origin)).toEqual({ success: true, message_id: '999' })
    expect(discord.requests).toHaveLength(1)
    expect(discord.requests[0]).toMatchObject({ method: 'POST', path: '/api/v10/channels/42/messages' })
    expect(discord.requests[0]?.headers.authorization).toBe('Bot bot-token')
    const body: unknown = JSON.parse(discord.requests[0]?.body ?? '')
    expect(body).toEqual({
      content: 'Hello!',
      message_reference: { message_id: '7' },
      allowed_mentions: { parse: [] },
      enforce_nonce: true,
      nonce: expect.stringMatching(/^.{25}$/),
    })
  })

  it('one requestId is one message, one nonce also after a restart', async () => {
    await using first = await started(created)
    await using second = await started(created)
    const asked = { ...origin, requestId: 'req-1' }
    const answers = await Promise.all([1, 2].map(() => first.run('send_message', message, asked)))
    answers.push(await first.run('send_message', { content: 'Hello!', channel_id: '42' }, asked))
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(first.requests).toHaveLength(1)
    await second.run('send_message', message, asked)
    expect(nonceOf(second.requests[0]?.body)).toBe(nonceOf(first.requests[0]?.body))
  })

  it('is another message for another token, another text, or without a requestId', async () => {
    await using discord = await started(created)
    const asked = { ...origin, requestId: 'req-1' }
    await discord.run('send_message', message, asked)
    await discord.run('send_message', message, { ...asked, backend: { ...backend, id: 'c', name: 'token 2' } })
    await discord.run('send_message', message, origin)
    await discord.run('send_message', message, origin)
    expect(new Set(discord.requests.map(({ body }) => nonceOf(body))).size).toBe(4)
    const error = await failureOf(discord.run('send_message', { ...message, content: 'else' }, asked))
    expect(error).toMatchObject({ code: 'INVALID_MESSAGE', issues: [{ path: 'requestId' }] })
    expect(discord.requests).toHaveLength(4)
  })

  it('in version 1 the same requestId for another text is another message, in version 2 a mistake', async () => {
    await using discord = await started(created)
    const first: CommandOrigin = { backend, version: 1, requestId: 'req-001' }
    await discord.run('send_message', message, first)
    await discord.run('send_message', message, first)
    await discord.run('send_message', { ...message, content: 'And again' }, first)
    expect(discord.requests).toHaveLength(2)

    const second: CommandOrigin = { backend, version: 2, requestId: 'req-002' }
    await discord.run('send_message', message, second)
    const error = await failureOf(discord.run('send_message', { ...message, content: 'And again' }, second))
    expect(error).toMatchObject({ code: 'INVALID_MESSAGE', issues: [{ path: 'requestId' }] })
  })

  it('a request of the other version of the link is the same request', async () => {
    for (const versions of [[1, 2] as const, [2, 1] as const]) {
      await using discord = await started(created)
      const [first, second] = versions.map((version): CommandOrigin => ({ backend, version, requestId: 'req-001' }))
      if (!first || !second) throw new Error('there are two')
      const both = [discord.run('send_message', message, first), discord.run('send_message', message, second)]
      expect(new Set(await Promise.all(both)).size).toBe(1)
      await discord.run('send_message', message, second)
      expect(discord.requests).toHaveLength(1)
    }
  })

  it('an id that starts over with the process, for another text, is not taken for the first by Discord', async () => {
    await using first = await started(created)
    await using second = await started(created)
    const asked = { ...origin, requestId: 'req-1' }
    await first.run('send_message', message, asked)
    await second.run('send_message', { ...message, content: 'else' }, asked)
    expect(nonceOf(second.requests[0]?.body)).not.toBe(nonceOf(first.requests[0]?.body))
  })

  it.each([
    [403, 50_013, 'Missing Permissions', 'MISSING_PERMISSIONS', 'Failed to send message: Missing permissions'],
    [404, 10_003, 'Unknown Channel', 'UNKNOWN_CHANNEL', 'Failed to send message: Unknown channel'],
    [400, 50_007, 'Cannot send messages to this user', 'CANNOT_SEND_MESSAGES_TO_THIS_USER', undefined],
    [400, 88_888_888, 'Something new', 'DISCORD_ERROR', 'Failed to send message: Something new'],
  ])('Discord’s %i/%i is an error of its name', async (status, code, text, name, said) => {
    await using discord = await started((_request, response) => answerJson(response, status, { message: text, code }))
    const error = await failureOf(discord.run('send_message', message, origin))
    expect(error).toMatchObject({ code: name, discordCode: code, status, retryable: false })
    if (said) expect(error.message).toBe(said)
    expect(discord.requests).toHaveLength(1)
  })

  it.each([
    [0, '401: Unauthorized', 'DISCORD_UNAUTHORIZED'],
    [40_001, 'Unauthorized', 'DISCORD_UNAUTHORIZED'],
    [50_027, 'Invalid Webhook Token', 'INVALID_WEBHOOK_TOKEN'],
  ])('a 401 (%i %s) is answered, and the token is still there for the next', async (code, text, name) => {
    await using discord = await started((_request, response) => answerJson(response, 401, { message: text, code }))
    for (let i = 0; i < 2; i++)
      expect(await failureOf(discord.run('send_message', message, origin))).toMatchObject({ code: name, status: 401 })
    expect(discord.requests).toHaveLength(2)
  })

  it('what Discord refused for the bot’s token is done under the same id when it knows the token', async () => {
    let isKnown = false
    await using discord = await started((request, response, body) => {
      if (isKnown) return created(request, response, body)
      answerJson(response, 401, { message: '401: Unauthorized', code: 0 })
    })
    const asked = { ...origin, requestId: 'r' }
    expect(await failureOf(discord.run('send_message', message, asked))).toMatchObject({ retryable: true, status: 401 })
    isKnown = true
    expect(await discord.run('send_message', message, asked)).toMatchObject({ success: true })
  })

  it('a rate limit beyond the deadline is said, with its seconds', async () => {
    await using discord = await started((_request, response) =>
      answerJson(response, 429, { message: 'slow', retry_after: 60, global: false }, { 'retry-after': '60' }),
    )
    const error = await failureOf(discord.run('send_message', message, origin))
    expect(error).toMatchObject({ code: 'RATE_LIMITED', retryable: true })
    expect(error.retryAfter).toBeGreaterThanOrEqual(60)
    expect(error.retryAfter).toBeLessThan(62)
  })

  it('a rate limit within the deadline is waited for', async () => {
    let calls = 0
    await using discord = await started((request, response, body) => {
      if (++calls > 1) return created(request, response, body)
      answerJson(response, 429, { message: 'slow', retry_after: 0.05, global: false }, { 'retry-after': '0.05' })
    })
    expect(await discord.run('send_message', message, origin)).toMatchObject({ success: true })
    expect(discord.requests).toHaveLength(2)
  })

  it('what waits for a rate limit is not done once its token is revoked, and may be asked for again', async () => {
    let isRevoked = false
    await using discord = await started((request, response, body) => {
      if (discord.requests.length > 1) return created(request, response, body)
      isRevoked = true
      answerJson(response, 429, { message: 'slow', retry_after: 0.05, global: false }, { 'retry-after': '0.05' })
    })
    const asked = { ...origin, requestId: 'r', isRevoked: () => isRevoked }
    expect(await failureOf(discord.run('send_message', message, asked))).toMatchObject({
      code: 'FORBIDDEN',
      retryable: true,
    })
    expect(discord.requests).toHaveLength(1)
    isRevoked = false
    expect(await discord.run('send_message', message, asked)).toMatchObject({ success: true })
  })

  it('what may have been done when its token was revoked is finished', async () => {
    let isRevoked = false
    await using discord = await started((request, response, body) => {
      if (isRevoked) return created(request, response, body)
      isRevoked = true
      response.writeHead(502).end('bad gateway')
    })
    const asked = { ...origin, requestId: 'r', isRevoked: () => isRevoked }
    expect(await discord.run('send_message', message, asked)).toMatchObject({ success: true })
    expect(discord.requests).toHaveLength(2)
  })

  it('a 5xx is tried once more with the same nonce', async () => {
    let calls = 0
    await using discord = await started((request, response, body) => {
      if (++calls > 1) return created(request, response, body)
      response.writeHead(502).end('bad gateway')
    })
    expect(await discord.run('send_message', message, origin)).toMatchObject({ success: true })
    expect(discord.requests).toHaveLength(2)
    expect(nonceOf(discord.requests[0]?.body)).toBe(nonceOf(discord.requests[1]?.body))
  })

  it.each<[string, Answer]>([
    ['5xx twice', (_request, response) => void response.writeHead(503).end()],
    ['connections cut', (request) => void request.socket.destroy()],
    ['no answer at all', () => {}],
    ['an answer that is no message', (_request, response) => answerJson(response, 200, {})],
  ])('after %s it is not known', async (_what, answer) => {
    await using discord = await started(answer, { attemptMaxMs: 200, deadlineMs: 2000 })
    const error = await failureOf(discord.run('send_message', message, origin))
    expect(error).toMatchObject({ code: 'OUTCOME_UNKNOWN', retryable: false })
  })

  it('what is not known is put to Discord again under the same nonce by the one who asks again', async () => {
    let calls = 0
    await using discord = await started((request, response, body) => {
      if (++calls > 2) return created(request, response, body)
      response.writeHead(503).end()
    })
    const asked = { ...origin, requestId: 'req-1' }
    expect(await failureOf(discord.run('send_message', message, asked))).toMatchObject({ code: 'OUTCOME_UNKNOWN' })
    expect(await discord.run('send_message', message, asked)).toMatchObject({ success: true })
    expect(discord.requests).toHaveLength(3)
    expect(new Set(discord.requests.map(({ body }) => nonceOf(body))).size).toBe(1)
  })

  it('a first attempt that may have worked is not called undone by the second', async () => {
    const fake = await fakeDiscord((request) => {
      // The first is read and cut; from then on nobody listens.
      request.socket.destroy()
      void fake[Symbol.asyncDispose]()
    })
    const discord = new DiscordApi({ token: 't', apiUrl: fake.apiUrl })
    const { run } = createCommandRunner({
      handlers: handlersOf(),
      discord,
      outcomes: new StoredOutcomes(memoryExpiring()),
      findCreated: async () => null,
    })
    expect(await failureOf(run('send_message', message, origin))).toMatchObject({ code: 'OUTCOME_UNKNOWN' })
  })

  it('nothing was done where Discord could not be reached', async () => {
    const fake = await fakeDiscord(created)
    await fake[Symbol.asyncDispose]()
    const discord = new DiscordApi({ token: 't', apiUrl: fake.apiUrl })
    const { run } = createCommandRunner({
      handlers: handlersOf(),
      discord,
      outcomes: new StoredOutcomes(memoryExpiring()),
      findCreated: async () => null,
    })
    expect(await failureOf(run('send_message', message, origin))).toMatchObject({
      code: 'DISCORD_UNAVAILABLE',
      retryable: true,
    })
  })

  it.each([
    ['says when', { 'retry-after': '0.05', 'x-ratelimit-scope': 'shared' }],
    ['says at once', { 'retry-after': '0' }],
    ['does not say when', {}],
  ])('what Discord refuses by its limit again and again, and %s, is surely not done', async (_how, headers) => {
    await using discord = await started((_request, response) =>
      answerJson(response, 429, { message: 'slow', retry_after: 0.05, global: false }, headers),
    )
    const error = await failureOf(discord.run('send_message', message, origin))
    expect(error).toMatchObject({ code: 'RATE_LIMITED', retryAfter: expect.any(Number) })
    expect(discord.requests.length).toBeLessThanOrEqual(5)
  })

  it('what waited behind another until its time was up was not done', async () => {
    await using discord = await started(() => {}, { attemptMaxMs: 5000, deadlineMs: 1_500 })
    const first = failureOf(discord.run('send_message', message, origin))
    const second = failureOf(discord.run('send_message', message, origin))
    expect(await first).toMatchObject({ code: 'OUTCOME_UNKNOWN' })
    expect(await second).toMatchObject({ code: 'RATE_LIMITED', retryAfter: expect.any(Number) })
    const aborted = new DOMException('the time is up', 'TimeoutError')
    const unsent = discordFailure(aborted, { action: 'move member', safe: false, sent: false })
    expect(unsent).toMatchObject({ code: 'RATE_LIMITED', retryAfter: 1 })
  })

  it('with too little time left for Discord to answer nothing is sent, not even a second time', async () => {
    await using discord = await started((_request, response) => void response.writeHead(502).end(), { deadlineMs: 999 })
    const unsent = await failureOf(discord.run('send_message', message, origin))
    expect(unsent).toMatchObject({ code: 'RATE_LIMITED', retryAfter: expect.any(Number) })
    expect(discord.requests).toHaveLength(0)
    const api = new DiscordApi({ token: 't', apiUrl: discord.apiUrl })
    const once = { action: 'look', repeatable: 'read' as const, deadlineAt: Date.now() + 1_200 }
    const failed = await failureOf(api.call(once, (rest, signal) => rest.get('/users/1', { signal })))
    expect(failed).toMatchObject({ code: 'DISCORD_UNAVAILABLE', status: 502 })
    expect(discord.requests).toHaveLength(1)
  })

  it('all is given up a second before the deadline, so that the answer is there in time', async () => {
    const deadlines: number[] = []
    const { run } = createCommandRunner({
      handlers: {
        ...handlersOf(),
        send_message: async (_input, { deadlineAt }) => {
          deadlines.push(deadlineAt)
          return { success: true, message_id: '1' }
        },
      },
      discord: new DiscordApi({ token: 't', apiUrl: 'http://127.0.0.1:9/api' }),
      outcomes: new StoredOutcomes(memoryExpiring()),
      findCreated: async () => null,
      now: () => 0,
    })
    await run('send_message', message, origin)
    expect(deadlines).toEqual([COMMAND_DEADLINE_MS - 1_000])
  })

  it('no error holds the text', async () => {
    await using discord = await started((_request, response) =>
      answerJson(response, 403, { message: 'no', code: 50_013 }),
    )
    const error = await failureOf(discord.run('send_message', { ...message, content: 'the-secret-text' }, origin))
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('the-secret-text')
    expect(error.cause).toBeUndefined()
  })
})

describe('commands of one channel, or of one server', () => {
  it.each([
    [
      ['send_message', { channel_id: '42', content: 'x' }],
      ['add_reaction', { channel_id: '42', message_id: '7', emoji: '🔥' }],
      ['send_message', { channel_id: '43', content: 'x' }],
    ],
    [
      ['move_member', { guild_id: '1', user_id: '5', channel_id: '42' }],
      ['move_member', { guild_id: '1', user_id: '6', channel_id: '42' }],
      ['move_member', { guild_id: '2', user_id: '5', channel_id: null }],
    ],
  ] as const)('are done in the order in which they come, and others go past them: %j', async (first, second, other) => {
    const held = Promise.withResolvers<void>()
    await using discord = await started((_request, response) => {
      const isFirst = discord.requests.length === 1
      void (isFirst ? held.promise : Promise.resolve()).then(() => answerJson(response, 200, { id: '999' }))
    })
    const answered: string[] = []
    const all = [first, second, other].map(([name, payload], index) =>
      discord.run(name, payload, origin).then(() => answered.push(['first', 'second', 'other'][index] ?? '')),
    )
    await all[2]
    expect(discord.requests).toHaveLength(2)
    held.resolve()
    await Promise.all(all)
    expect(answered).toEqual(['other', 'first', 'second'])
  })
})

describe('what only reads', () => {
  it('get_channel_messages passes its options on and answers what Discord said', async () => {
    await using discord = await started((_request, response) =>
      answerJson(response, 200, [{ id: '1', anything: true }]),
    )
    const result = await discord.run('get_channel_messages', { channel_id: '42', before: '9', limit: 5 }, origin)
    expect(result).toEqual({ success: true, messages: [{ id: '1', anything: true }] })
    expect(discord.requests[0]?.path).toBe('/api/v10/channels/42/messages?before=9&limit=5')
  })

  it('is simply read again for the same id', async () => {
    await using discord = await started((_request, response) =>
      answerJson(response, 200, [{ id: String(discord.requests.length) }]),
    )
    const asked = { ...origin, requestId: 'r' }
    for (const id of ['1', '2']) {
      expect(await discord.run('get_channel_messages', { channel_id: '42' }, asked)).toMatchObject({
        messages: [{ id }],
      })
    }
  })

  it('is unavailable rather than unknown, and tried again', async () => {
    await using discord = await started((_request, response) => void response.writeHead(500).end())
    const asked = { ...origin, requestId: 'r' }
    for (let i = 0; i < 2; i++) {
      const error = await failureOf(discord.run('get_channel_messages', { channel_id: '42' }, asked))
      expect(error).toMatchObject({ code: 'DISCORD_UNAVAILABLE', status: 500 })
    }
    expect(discord.requests).toHaveLength(4)
  })

  it('get_status tells of the shards, and not their session ids', async () => {
    await using discord = await started(created)
    expect(await discord.run('get_status', {}, origin)).toEqual({
      success: true,
      bot_id: '7',
      intents: 3,
      now: 1_000,
      discord_clock_ms: -7,
      shards: [{ id: 0, state: 'ready', since: 5, ping_ms: 12 }],
    })
  })

  it('get_status has the intent of members for those only who are sent all events of members, and the bot’s id where of it', async () => {
    await using discord = await started(created)
    const some = ['GUILD_MEMBER_ADD', 'GUILD_MEMBER_UPDATE', 'GUILD_MEMBER_REMOVE']
    for (const [events, intents, bot_id] of [
      [[...some, 'GUILD_CREATE'], 3, '7'],
      [['GUILD_CREATE', ...some.slice(1)], 1, '7'],
      [[], 1, null],
    ] as const) {
      const scoped = { ...backend, scopes: { ...EVERY_SCOPE, events: new Set(events) } }
      expect(await discord.run('get_status', {}, { ...origin, backend: scoped })).toMatchObject({ intents, bot_id })
    }
  })
})

function nonceOf(body: string | undefined): unknown {
  const parsed: unknown = JSON.parse(body ?? 'null')
  return typeof parsed === 'object' && parsed !== null && 'nonce' in parsed ? parsed.nonce : undefined
}
