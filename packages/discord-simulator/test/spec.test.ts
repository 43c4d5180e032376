import { ChannelType } from 'discord-api-types/v10'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { PEOPLE, startSimulator } from '../src/index.ts'
import type { Simulator } from '../src/index.ts'
import { ROUTES } from '../src/rest/routes/all.ts'
import { restClient, routeOf } from './rest-client.ts'
import type { RestCall } from './rest-client.ts'
import { faultsOf, isDescribed } from './spec.ts'

/** Where a case may take its ids from. */
interface Scene {
  simulator: Simulator
  call: RestCall
  guild: string
  /** A channel of the workshop, by name. */
  channel: (name: string) => string
  /** The id of a message of the bot's in #general. */
  message: () => Promise<string>
}

interface Asked {
  path: string
  body?: unknown
}

type Case = (scene: Scene) => Asked | Promise<Asked>

/** One request of each route, that is answered with a success. */
const CASES: Readonly<Record<string, Case>> = {
  'GET /gateway': () => ({ path: '/gateway' }),
  'GET /gateway/bot': () => ({ path: '/gateway/bot' }),
  'GET /users/@me': () => ({ path: '/users/@me' }),
  'GET /users/@me/guilds': () => ({ path: '/users/@me/guilds' }),
  'GET /users/:user_id': () => ({ path: `/users/${PEOPLE.pikelet.id}` }),
  'GET /applications/@me': () => ({ path: '/applications/@me' }),
  'GET /oauth2/applications/@me': () => ({ path: '/oauth2/applications/@me' }),
  'GET /guilds/:guild_id': ({ guild }) => ({ path: `/guilds/${guild}?with_counts=true` }),
  'GET /guilds/:guild_id/channels': ({ guild }) => ({ path: `/guilds/${guild}/channels` }),
  'GET /guilds/:guild_id/roles': ({ guild }) => ({ path: `/guilds/${guild}/roles` }),
  'GET /guilds/:guild_id/members': ({ guild }) => ({ path: `/guilds/${guild}/members?limit=1000` }),
  'GET /guilds/:guild_id/members/:user_id': ({ guild }) => ({ path: `/guilds/${guild}/members/${PEOPLE.pikelet.id}` }),
  'GET /channels/:channel_id': ({ channel }) => ({ path: `/channels/${channel('general')}` }),
  'GET /channels/:channel_id/messages': ({ channel }) => ({ path: `/channels/${channel('build-log')}/messages` }),
  'GET /channels/:channel_id/messages/:message_id': async ({ channel, message }) => ({
    path: `/channels/${channel('general')}/messages/${await message()}`,
  }),
  'POST /channels/:channel_id/messages': ({ channel }) => ({
    path: `/channels/${channel('general')}/messages`,
    body: { content: 'x', nonce: '1', embeds: [{ title: 'a', fields: [{ name: 'b', value: 'c' }] }] },
  }),
  'POST /channels/:channel_id/typing': ({ channel }) => ({ path: `/channels/${channel('general')}/typing`, body: {} }),
}

let scene: Scene

beforeEach(async () => {
  const simulator = await startSimulator()
  const call = restClient(simulator)
  const guild = simulator.world.guilds()[0]!
  const channel = (name: string) =>
    [...guild.channels, ...guild.threads].find((candidate) => candidate.name === name)!.id
  const message = async () =>
    (await call('POST', `/channels/${channel('general')}/messages`, { content: 'x' })).body.id as string
  scene = { simulator, call, guild: guild.id, channel, message }
})
afterEach(() => scene.simulator.close())

const nameOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`

describe('every route answers as Discord describes it', () => {
  test.each(ROUTES.map((route) => [nameOf(route), route] as const))('%s', async (name, route) => {
    const ask = CASES[name]
    if (!ask) throw new Error(`${name} has no case here: add one`)
    const { path, body } = await ask(scene)
    expect(routeOf(route.method, path.split('?')[0]!)).toBe(route)
    expect(isDescribed(route.method, route.path)).toBe(true)
    // The client holds the answer against the description.
    const { status, body: answer } = await scene.call(route.method, path, body)
    expect({ answer, isSuccess: status < 300 }).toMatchObject({ isSuccess: true })
  })

  test('no case is left over', () => {
    expect(Object.keys(CASES).toSorted()).toEqual(ROUTES.map(nameOf).toSorted())
  })

  test('a refusal is one of Discord’s too', async () => {
    expect((await scene.call('GET', '/channels/1')).status).toBe(404)
    expect((await scene.call('POST', `/channels/${scene.channel('general')}/messages`, { tts: 'x' })).status).toBe(400)
  })

  test('every message of the past is described', async () => {
    for (const { id, type } of scene.simulator.world.guilds()[0]!.channels) {
      if (type === ChannelType.GuildText)
        expect((await scene.call('GET', `/channels/${id}/messages?limit=100`)).status).toBe(200)
    }
  })

  test('the description can be failed', () => {
    expect(faultsOf('GET', '/users/:user_id', 200, { ...PEOPLE.pikelet, username: 1 })).toContain('username')
    expect(faultsOf('GET', '/users/:user_id', 201, PEOPLE.pikelet)).toContain('never answers 201')
    expect(faultsOf('GET', '/users/:user_id', 200, PEOPLE.pikelet)).toBe('')
    expect(faultsOf('GET', '/no/such', 200, {})).toContain('no route')
    expect(faultsOf('GET', '/channels/:channel_id', 404, { code: 'x' })).toContain('ErrorResponse')
  })
})
