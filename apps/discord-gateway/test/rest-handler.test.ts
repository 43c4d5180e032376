import { RequestMethod } from '@discordjs/rest'
import { commands, type CommandDefinition, type RestCommand } from '@repo/discord-integration/types'
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { DiscordApi } from '../src/commands/discord-api.ts'
import type { Handler } from '../src/commands/handler.ts'
import { OwnApplication } from '../src/commands/own-application.ts'
import { reasonOf, restHandler, restRequest } from '../src/commands/rest-handler.ts'
import { answerJson, contextOf, fakeDiscord, handlersOf } from './helpers.ts'

describe('what is asked of Discord', () => {
  it('fields of the route stand in it, the reason in the header, the others in the body', () => {
    const input = { guild_id: '1', user_id: '2', channel_id: null, reason: 'too loud' }
    expect(restRequest({ route: 'PATCH /guilds/{guild_id}/members/{user_id}' }, input)).toEqual({
      method: RequestMethod.Patch,
      fullRoute: '/guilds/1/members/2',
      body: { channel_id: null },
      reason: 'too loud',
    })
  })

  it('of a GET they stand in the query, without those that are not given', () => {
    const request = restRequest(
      { route: 'GET /channels/{channel_id}/messages' },
      { channel_id: '1', limit: 5, before: undefined },
    )
    expect(request).toMatchObject({ fullRoute: '/channels/1/messages' })
    expect(String(request.query)).toBe('limit=5')
  })

  it('what could lead to another route is escaped', () => {
    const input = { channel_id: '1', message_id: '2', emoji: '../%2f?x=1#' }
    const { fullRoute } = restRequest(
      { route: 'PUT /channels/{channel_id}/messages/{message_id}/reactions/{emoji}/@me' },
      input,
    )
    expect(fullRoute).toBe('/channels/1/messages/2/reactions/..%2F%252f%3Fx%3D1%23/@me')
  })

  const byRest = Object.entries<CommandDefinition>(commands).filter(([, { rest }]) => rest)
  it.each(byRest)('%s: its route names fields that its payload has and must have', (_name, { rest, payload }) => {
    const { required = [] } = z.toJSONSchema(payload, { io: 'input' })
    const named = [...(rest?.route ?? '').matchAll(/\{(\w+)\}/g)].map(([, field]) => field)
    // The bot's own application is known.
    expect([...required, 'application_id']).toEqual(expect.arrayContaining(named))
  })

  it.each(byRest)('%s: the answer stands where its result has it', (_name, { rest, result }) => {
    const { properties = {} } = z.toJSONSchema(result)
    expect(Object.keys(properties)).toEqual(['success', ...(rest?.answer === undefined ? [] : [rest.answer])])
  })

  it.each(Object.entries<CommandDefinition>(commands))(
    '%s: says which guild by a field it has',
    (_name, definition) => {
      const { required = [] } = z.toJSONSchema(definition.payload, { io: 'input' })
      expect(definition.guild === null || required.includes(definition.guild)).toBe(true)
    },
  )
})

const discordAt = ({ apiUrl }: { apiUrl: string }) => new DiscordApi({ token: 'bot-token', apiUrl })

it.each(['send_message', 'edit_message', 'get_channel_messages'] as const)(
  '%s says whose it is, so that refusals are counted for them',
  async (name) => {
    const discord = new DiscordApi({ token: 'bot-token', apiUrl: 'http://127.0.0.1:1/api' })
    const called = vi.spyOn(discord, 'call').mockResolvedValue({ id: '1' })
    const handler: Handler<never> = handlersOf()[name]
    await handler({ channel_id: '1', message_id: '2', content: 'Hello!' } as never, contextOf(discord))
    expect(called).toHaveBeenCalledWith(
      expect.objectContaining({ backend: expect.objectContaining({ id: 'b' }) }),
      expect.anything(),
    )
  },
)

describe('whom it is for', () => {
  const route = { channel_id: '1', message_id: '2' }
  it.each([
    ['delete_message', { ...route, reason: 'too loud' }, 'For user 42: too loud'],
    ['delete_message', route, 'For user 42'],
    ['edit_message', { ...route, content: 'x' }, undefined],
  ] as const)('stands in the audit log of Discord where a reason does: %s %j', async (name, input, reason) => {
    await using fake = await fakeDiscord((_request, response) => answerJson(response, 200, {}))
    const discord = new DiscordApi({ token: 'bot-token', apiUrl: fake.apiUrl })
    const handler: Handler<never> = handlersOf()[name]
    await handler(input as never, contextOf(discord, { actor: '42' }))
    expect(fake.requests[0]?.headers['x-audit-log-reason']).toBe(reason && encodeURIComponent(reason))
    expect(fake.requests[0]?.body).not.toContain('42')
  })

  it('leaves out the end of a reason that is too long with it, and nothing of one that is as it was', () => {
    const long = '😀'.repeat(512)
    expect(Array.from(reasonOf(long, '42') ?? '')).toHaveLength(512)
    expect(reasonOf(long, undefined)).toBe(long)
    expect(reasonOf(undefined, undefined)).toBeUndefined()
  })
})

describe('the application of a route', () => {
  const list = { route: 'GET /applications/{application_id}/commands', answer: 'commands' } as const
  const given = () => ({}) as never
  const ready = { type: 'READY', data: { application: { id: '8', flags: 0 } } }
  const answering = () =>
    fakeDiscord((request, response) =>
      answerJson(response, 200, request.url === '/api/v10/applications/@me' ? { id: '9' } : []),
    )
  const pathsOf = ({ requests }: { requests: { path: string }[] }) => requests.map(({ path }) => path.slice(8))

  it('is the bot’s own, as READY says', async () => {
    await using fake = await answering()
    const application = new OwnApplication()
    application.hear(ready)
    // One that says nothing of it changes nothing.
    application.hear({ type: 'READY', data: {} })
    await restHandler(list, false, application)(given(), contextOf(discordAt(fake)))
    expect(pathsOf(fake)).toEqual(['/applications/8/commands'])
  })

  it('is asked for where no READY was heard, once', async () => {
    await using fake = await answering()
    const handler = restHandler(list, false, new OwnApplication())
    const discord = discordAt(fake)
    await Promise.all([handler(given(), contextOf(discord)), handler(given(), contextOf(discord))])
    await handler(given(), contextOf(discord))
    expect(pathsOf(fake).sort()).toEqual([...Array<string>(3).fill('/applications/9/commands'), '/applications/@me'])
  })

  it('is asked for again where Discord did not say', async () => {
    let isDown = true
    await using fake = await fakeDiscord((_request, response) => answerJson(response, isDown ? 403 : 200, { id: '9' }))
    const handler = restHandler(list, false, new OwnApplication())
    const discord = discordAt(fake)
    await expect(handler(given(), contextOf(discord))).rejects.toMatchObject({ status: 403 })
    isDown = false
    await handler(given(), contextOf(discord))
    expect(pathsOf(fake)).toEqual(['/applications/@me', '/applications/@me', '/applications/9/commands'])
  })

  it('is the one that is given', async () => {
    await using fake = await answering()
    await restHandler(list, false, new OwnApplication())({ application_id: '7' }, contextOf(discordAt(fake)))
    expect(pathsOf(fake)).toEqual(['/applications/7/commands'])
  })
})

describe('a form that Discord refuses', () => {
  const faultOf = (message: string) => ({ _errors: [{ code: 'SOME', message }] })
  const refusedWith = async (command: RestCommand, errors: unknown) => {
    const refusal = { code: 50_035, message: 'Invalid Form Body', errors }
    await using fake = await fakeDiscord((_request, response) => answerJson(response, 400, refusal))
    const asked = restHandler(command)({ content: 'x' } as never, contextOf(discordAt(fake)))
    return await asked.then(
      () => expect.fail('it was not refused'),
      (error: unknown) => error,
    )
  }
  const style = { components: { 0: { components: { 0: { style: faultOf('This field is required') } } } } }

  it.each<[RestCommand, object, string]>([
    [{ route: 'POST /x' }, style, 'components.0.components.0.style'],
    [{ route: 'POST /x', under: 'data', fixed: { type: 4 } }, { data: style }, 'components.0.components.0.style'],
    [{ route: 'POST /x', under: 'data', fixed: { type: 4 } }, { type: faultOf('This field is required') }, 'type'],
    [{ route: 'PUT /x', body: 'content' }, { 3: { name: faultOf('This field is required') } }, 'content.3.name'],
    [{ route: 'POST /x' }, { message: style }, 'message.components.0.components.0.style'],
  ])('is told by the fields of the payload: %j %j', async (command, errors, field) => {
    const path = `data.payload.${field}`
    expect(await refusedWith(command, errors)).toMatchObject({
      code: 'INVALID_FORM_BODY_OR_CONTENT_TYPE',
      message: `Failed to answer: Invalid form body: ${path}: This field is required`,
      issues: [{ path, message: 'This field is required' }],
    })
  })

  it('is told by ten of them, and by no value', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 20 }, (_, n) => [n, faultOf('Value "a "secret"" is not int.')]),
    )
    const error = await refusedWith({ route: 'POST /x' }, many)
    expect(error).toMatchObject({ issues: Array.from({ length: 10 }, () => ({ message: 'Value "…" is not int.' })) })
    expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain('secret')
  })

  it('is told as it was where nothing of it can be read', async () => {
    const error = await refusedWith({ route: 'POST /x' }, { a: {}, b: { _errors: [] } })
    expect(error).toMatchObject({ code: 'INVALID_FORM_BODY_OR_CONTENT_TYPE', issues: undefined })
  })
})

describe('a secret in the route', () => {
  it.each([
    ['POST /webhooks/{webhook_id}/{webhook_token}', undefined],
    ['POST /interactions/{webhook_id}/{webhook_token}/callback', undefined],
    ['DELETE /webhooks/{webhook_id}', 'Bot bot-token'],
  ] as const)('goes to Discord without the bot’s token: %s', async (route, authorization) => {
    await using fake = await fakeDiscord((_request, response) => answerJson(response, 200, {}))
    const input = { webhook_id: '1', webhook_token: 'secret' } as never
    await restHandler({ route })(input, contextOf(discordAt(fake)))
    expect(fake.requests[0]?.headers['authorization']).toBe(authorization)
  })

  it('that is wrong says nothing of the bot’s token, however often', async () => {
    await using fake = await fakeDiscord(({ url = '' }, response) =>
      answerJson(response, url.includes('secret') ? 401 : 200, { code: 50_027, message: 'Invalid Webhook Token' }),
    )
    const discord = discordAt(fake)
    const execute = restHandler({ route: 'POST /webhooks/{webhook_id}/{webhook_token}' })
    for (let n = 0; n < 4; n++) {
      const refused = execute({ webhook_id: '1', webhook_token: 'secret' }, contextOf(discord))
      await expect(refused).rejects.toMatchObject({ code: 'INVALID_WEBHOOK_TOKEN' })
    }
    await restHandler({ route: 'GET /webhooks/{webhook_id}' })({ webhook_id: '1' }, contextOf(discord))
    expect(fake.requests.at(-1)?.headers['authorization']).toBe('Bot bot-token')
  })
})

it('an answer without a body is no field of the result', async () => {
  await using fake = await fakeDiscord((_request, response) => void response.writeHead(204).end())
  const handler = restHandler({ route: 'POST /channels/{channel_id}/typing', answer: 'message' })
  expect(await handler({ channel_id: '1' }, contextOf(discordAt(fake)))).toEqual({ success: true })
})

describe('an interaction', () => {
  const answerRoute = 'POST /interactions/{interaction_id}/{interaction_token}/callback'
  const input = { interaction_id: '7', interaction_token: 'a-token', type: 5 } as never
  it.each([answerRoute, 'PATCH /webhooks/{application_id}/{interaction_token}/messages/@original'] as const)(
    'goes past what waits for the global limit: %s',
    async (route) => {
      await using fake = await fakeDiscord((_request, response) => answerJson(response, 200, {}))
      const discord = new DiscordApi({ token: 'bot-token', apiUrl: fake.apiUrl })
      const context = contextOf(discord)
      const other = restHandler({ route: 'DELETE /channels/{channel_id}/messages/{message_id}' })
      // Twice what the global limit lets through in a second, each of a channel and so of a bucket of its own.
      const others = Array.from({ length: 100 }, (_, n) => ({ channel_id: String(n), message_id: '1' }) as never)
      const waiting = Promise.all(others.map((payload) => other(payload, context)))
      await restHandler({ route })({ ...(input as object), application_id: '8' }, context)
      expect(fake.requests.length).toBeLessThan(100)
      expect(fake.requests.some(({ path }) => path.includes('a-token'))).toBe(true)
      await waiting
    },
  )

  it('is done where the try before may have answered it already', async () => {
    const acknowledged = { code: 40_060, message: 'Interaction has already been acknowledged.' }
    await using fake = await fakeDiscord((_request, response) =>
      answerJson(response, fake.requests.length === 1 ? 500 : 400, acknowledged),
    )
    const deferred: Handler<'defer_interaction'> = handlersOf().defer_interaction
    const interaction = { interaction_id: '7', interaction_token: 'a-token' }
    const context = contextOf(discordAt(fake), { repeatable: 'idempotent' })
    expect(await deferred(interaction, context)).toEqual({ success: true })
    expect(fake.requests.map(({ body }) => body)).toEqual(['{"type":5}', '{"type":5}'])
    await expect(deferred(interaction, context)).rejects.toMatchObject({
      code: 'INTERACTION_HAS_ALREADY_BEEN_ACKNOWLEDGED',
    })
  })

  it('is answered within its three seconds or not at all', async () => {
    await using fake = await fakeDiscord((_request, response) =>
      answerJson(response, 429, { message: 'slow', retry_after: 5, global: false }, { 'retry-after': '5' }),
    )
    const discord = new DiscordApi({ token: 'bot-token', apiUrl: fake.apiUrl })
    const tried = restHandler({ route: answerRoute })(input, contextOf(discord))
    await expect(tried).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfter: expect.closeTo(5, 0) })
    expect(fake.requests).toHaveLength(1)
  })
})
