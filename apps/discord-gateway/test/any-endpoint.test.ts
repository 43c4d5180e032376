import { commands, repeatableOf, type CommandPayload, type LinkError } from '@repo/discord-integration/types'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { anyEndpoint } from '../src/commands/any-endpoint.ts'
import { DiscordApi } from '../src/commands/discord-api.ts'
import { issuesOf } from '../src/issues.ts'
import { answerJson, contextOf, fakeDiscord } from './helpers.ts'

const { payload } = commands.discord_api

async function asked(given: CommandPayload<'discord_api'>, actor?: string) {
  await using fake = await fakeDiscord((request, response) => {
    if (request.method === 'DELETE') response.writeHead(204).end()
    else answerJson(response, 201, [{ id: '7' }])
  })
  const discord = new DiscordApi({ token: 'bot-token', apiUrl: fake.apiUrl })
  const result = await anyEndpoint(payload.parse(given), contextOf(discord, { actor }))
  return { result, request: fake.requests[0] }
}

describe('any endpoint', () => {
  it('is asked as the payload says, by version 10 and as the bot', async () => {
    const { result, request } = await asked(
      {
        method: 'POST',
        path: '/channels/1/messages/2/reactions/%F0%9F%94%A5',
        query: { type: 1, ids: ['3', '4'], deep: true },
        body: { a: [1] },
        reason: 'by hand',
      },
      '42',
    )
    expect(result).toEqual({ success: true, status: 201, body: [{ id: '7' }] })
    expect(request).toMatchObject({
      method: 'POST',
      path: '/api/v10/channels/1/messages/2/reactions/%F0%9F%94%A5?type=1&ids=3&ids=4&deep=true',
      body: '{"a":[1]}',
      headers: {
        authorization: 'Bot bot-token',
        'x-audit-log-reason': encodeURIComponent('For user 42: by hand'),
      },
    })
  })

  it('has no body where Discord has none', async () => {
    const { result } = await asked({ method: 'DELETE', path: '/channels/1' })
    expect(result).toEqual({ success: true, status: 204, body: null })
  })

  it.each([
    ['/webhooks/1/a-token', undefined],
    ['/webhooks/1/a-token/messages/@original', undefined],
    ['/interactions/1/a-token/callback', undefined],
    ['/webhooks/1', 'Bot bot-token'],
  ])('is asked without the bot’s token where the path has one: %s', async (path, authorization) => {
    const { request } = await asked({ method: 'PATCH', path, body: {} })
    expect(request?.headers['authorization']).toBe(authorization)
  })
})

describe('a path', () => {
  it.each(['/users/@me', '/gateway', "/a/b~c!$&'()*+,;=:-._/d", '/x/%23%EF%B8%8F%E2%83%A3', `/${'a'.repeat(2_047)}`])(
    'is one: %s',
    (path) => expect(payload.safeParse({ method: 'GET', path }).success).toBe(true),
  )

  it.each([
    '',
    '/',
    'users/@me',
    '//example.com/users',
    'https://example.com/api',
    '/users//@me',
    '/users/@me/',
    '/users/../guilds',
    '/users/./guilds',
    '/a..b',
    '/users/%2e%2E/guilds',
    '/users/.%2e/guilds',
    '/users/%2E/guilds',
    '/users/..%2fguilds',
    '/users/%2Fguilds',
    '/users/%5Cguilds',
    '/users\\guilds',
    '/users?limit=1',
    '/users#me',
    '/users/a b',
    '/users/a\n',
    '/users/%0A',
    '/users/%00',
    '/users/🔥',
    '/users/%',
    '/users/%f',
    '/users/%ff',
    `/${'a'.repeat(2_048)}`,
  ])('is none: %j', (path) => {
    const { issues = [] } = payload.safeParse({ method: 'GET', path }).error ?? {}
    expect(issues.map(({ path: at }) => at.join('.'))).toContain('path')
  })

  it('is in no refusal: it may have a secret in it', () => {
    const { error } = payload.safeParse({ method: 'GET', path: '/webhooks/1/the-secret/..' })
    expect(error?.issues).toHaveLength(1)
    expect(JSON.stringify(error?.issues)).not.toContain('the-secret')
  })

  it('is for the five methods, and a GET has no body', () => {
    const foundIn = (given: object) => payload.safeParse({ path: '/gateway', ...given }).error?.issues
    expect(foundIn({ method: 'HEAD' })).toMatchObject([{ path: ['method'] }])
    expect(foundIn({ method: 'GET', body: {} })).toMatchObject([{ path: ['body'] }])
  })
})

describe('a body', () => {
  const upload = `upload_${'a'.repeat(22)}`
  it.each([
    [{ content: 'x', files: [{ upload }] }, 'body.files'],
    [{ files: [] }, 'body.files'],
    [{ message: { files: [{ upload }] } }, 'body.message.files.0'],
    [[{ icon: { upload } }], 'body.0.icon'],
  ])('takes no files, which go in a form: %j', (body, path) => {
    const { issues = [] } = payload.safeParse({ method: 'POST', path: '/x', body }).error ?? {}
    expect(issues.map(({ path: at }) => at.join('.'))).toEqual([path])
    expect(issues[0]?.message).toContain('`form`')
  })

  it.each([
    [{ body: { content: 'hush \ud800' } }, 'data.body.content'],
    [{ body: { embeds: [{ title: 'x' }, { fields: ['\udc00\ud800'] }] } }, 'data.body.embeds.1.fields.0'],
    [{ body: { a: { 'x\ud800': 1 } } }, 'data.body.a'],
    [{ query: { name: ['x', '\ud800'] } }, 'data.query.name.1'],
  ])('has no text with half of a surrogate pair in it, nor has a query: %j', (more, path) => {
    const { error = new z.ZodError([]) } = payload.safeParse({ method: 'POST', path: '/x', ...more })
    expect(issuesOf(error, ['data'])).toEqual([
      { path, message: 'expected Unicode text: it has half of a surrogate pair' },
    ])
  })

  it.each([
    { content: '🏺' },
    { upload: 'x' },
    { content: upload },
    { components: [{ type: 19, custom_id: 'files' }] },
  ])('may say so without one: %j', (body) =>
    expect(payload.safeParse({ method: 'POST', path: '/x', body }).success).toBe(true),
  )
})

describe('a form', () => {
  const file = { upload: `upload_${'a'.repeat(22)}` }
  const given = { method: 'POST', path: '/x', form: { file } }
  const issuesIn = (more: object) =>
    issuesOf(payload.safeParse({ ...given, ...more }).error ?? new z.ZodError([]), []).map(({ path }) => path)

  it('has one to ten uploads, by names that are safe as they are, and the fields of a body that is an object', () => {
    const files = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`files[${n}]`, file]))
    const named = { file: { ...file, filename: 'kiln.png' }, target_users_file: file }
    for (const form of [{ file }, named, files(10)])
      for (const body of [{}, { body: { payload_json: { a: 1 } } }]) expect(issuesIn({ form, ...body })).toEqual([])
    for (const form of [{}, files(11)]) expect(issuesIn({ form })).toEqual(['form'])
    expect(issuesIn({ form: { file: { ...file, description: 'x' } } })).toEqual(['form.file.description'])
    expect(issuesIn({ form: { file: { upload: 'x' } } })).toEqual(['form.file.upload'])
    expect(issuesIn({ body: [{ a: 1 }] })).toEqual(['body'])
    expect(issuesIn({ body: { file: 'x', File: 'x', toString: 1 } })).toEqual(['body.file'])
    expect(issuesIn({ method: 'GET' })).toEqual(['form'])
  })

  it.each(['', 'a b', 'a"', 'a\r\n', 'é', '1', '_', 'a'.repeat(65), 'files[]', 'files[1000]', 'files[0][1]', '[0]'])(
    'has no part of the name %j',
    (name) => {
      const { error = new z.ZodError([]) } = payload.safeParse({ ...given, form: { [name]: file } })
      const message = 'expected the name of a part, as file or files[0]'
      expect(issuesOf(error, ['data'])).toEqual([{ path: `data.form.${name}`, message }])
    },
  )

  it('adds its files to a message each time: only a PUT of one is twice as once', () => {
    const repeatable = (method: string) => repeatableOf('discord_api', { ...given, method })
    expect(['POST', 'PATCH', 'PUT', 'DELETE'].map(repeatable)).toEqual(['no', 'no', 'idempotent', 'idempotent'])
    expect(repeatableOf('discord_api', { method: 'PATCH', path: '/x', body: {} })).toBe('idempotent')
  })
})

it.each([
  [{ method: 'POST', body: {} }, 'data.payload.body.name'],
  [{ method: 'GET' }, 'data.payload.query.name'],
] as const)('a form that Discord refuses is told by the fields of the payload: %j', async (more, path) => {
  const errors = { name: { _errors: [{ code: 'BASE_TYPE_REQUIRED', message: 'This field is required' }] } }
  const refusal = { code: 50_035, message: 'Invalid Form Body', errors }
  await using fake = await fakeDiscord((_request, response) => answerJson(response, 400, refusal))
  const discord = new DiscordApi({ token: 'bot-token', apiUrl: fake.apiUrl })
  const call = anyEndpoint({ path: '/x', ...more }, contextOf(discord))
  await expect(call).rejects.toMatchObject({ issues: [{ path, message: 'This field is required' }] })
})

it('a file that Discord refuses without a code is told by its part, without what was in it', async () => {
  const refusal = { target_users_file: ['Line 5: "nobody" is no user id', 'Line 7: no user id', 7], retry: 'no' }
  await using fake = await fakeDiscord((_request, response) => answerJson(response, 400, refusal))
  const discord = new DiscordApi({ token: 'bot-token', apiUrl: fake.apiUrl })
  const call = anyEndpoint({ method: 'PUT', path: '/x', body: {} }, contextOf(discord))
  const path = 'data.payload.body.target_users_file'
  await expect(call).rejects.toMatchObject({
    code: 'DISCORD_ERROR',
    message: `Failed to answer: ${path}: Line 5: "…" is no user id; ${path}: Line 7: no user id`,
    issues: [
      { path, message: 'Line 5: "…" is no user id' },
      { path, message: 'Line 7: no user id' },
    ],
  })
})

it.each([
  ['text/csv; charset=utf-8', 'user_id\n1\n', 'user_id\n1\n'],
  ['text/html', '', null],
  ['image/png', 'PNG', null],
])('an answer of %s, %j, is told as %j', async (type, text, body) => {
  await using fake = await fakeDiscord((_request, response) =>
    response.writeHead(200, { 'content-type': type }).end(text),
  )
  const discord = new DiscordApi({ token: 'bot-token', apiUrl: fake.apiUrl })
  expect(await anyEndpoint({ method: 'GET', path: '/x' }, contextOf(discord))).toMatchObject({ status: 200, body })
})

describe('a DELETE whose answer was lost', () => {
  const request = { method: 'DELETE', path: '/channels/1/messages/2' } as const
  const unknown = { code: 10_008, message: 'Unknown Message' }
  const answering = (first: number) =>
    fakeDiscord((_request, response) => answerJson(response, fake.requests.length === 1 ? first : 404, unknown))
  let fake: Awaited<ReturnType<typeof answering>>

  it('is done where Discord does not find it the second time, and not where it never did', async () => {
    for (const [first, method, outcome] of [
      [500, 'DELETE', { success: true, status: 204, body: null }],
      [404, 'DELETE', 'UNKNOWN_MESSAGE'],
      [500, 'PATCH', 'UNKNOWN_MESSAGE'],
    ] as const) {
      fake = await answering(first)
      await using _closed = fake
      const discord = new DiscordApi({ token: 'bot-token', apiUrl: fake.apiUrl })
      const call = anyEndpoint({ ...request, method }, contextOf(discord, { repeatable: 'idempotent' }))
      expect(await call.catch(({ code }: LinkError) => code)).toEqual(outcome)
    }
  })
})
