import { PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { BOT, PEOPLE, startSimulator } from '../src/index.ts'
import { tokenOf } from './oauth-client.ts'
import { identified } from './raw-client.ts'
import { restClient } from './rest-client.ts'
import { refused, scene } from './scene.ts'

const PNG = 'data:image/png;base64,AA=='
const invalidForm = { status: 400, body: { code: 50_035 } }

test('the bot could not rename itself; now it does so here, and in no other simulator', async () => {
  await using at = await scene()
  const { body } = await at.call('PATCH', '/users/@me', { username: 'davit', avatar: PNG })
  expect(body).toMatchObject({ id: at.bot.id, username: 'davit', avatar: expect.stringMatching(/^[0-9a-f]{32}$/) })
  expect(await at.heard('USER_UPDATE')).toMatchObject({ id: at.bot.id, username: 'davit' })
  for (const { id } of at.simulator.world.guilds()) {
    expect(await at.heard('GUILD_MEMBER_UPDATE')).toMatchObject({ guild_id: id, user: { username: 'davit' } })
  }
  const message = (await at.call('POST', `/channels/${at.channel('general')}/messages`, { content: 'x' })).body
  expect(message.author.username).toBe('davit')
  expect((await at.call('PATCH', '/users/@me', { avatar: null })).body).toMatchObject({
    username: 'davit',
    avatar: null,
  })
  expect(await at.call('PATCH', '/users/@me', { username: 'x' })).toMatchObject(invalidForm)
  await using other = await startSimulator()
  expect([BOT.username, other.world.bot.username]).toEqual(['gantry', 'gantry'])
})

test('the application could not be changed: its texts, and the intents that are switched on', async () => {
  await using at = await scene({ privileged: [] }, { intents: 1 })
  const flags = 1 << 15
  const body = { description: 'Lifts.', tags: ['cranes'], icon: PNG, flags, interactions_endpoint_url: null }
  expect((await at.call('PATCH', '/applications/@me', body)).body).toMatchObject({ description: 'Lifts.', flags })
  for (const path of ['/applications/@me', '/oauth2/applications/@me']) {
    expect((await at.call('GET', path)).body).toMatchObject({ description: 'Lifts.', tags: ['cranes'], flags })
  }
  const emptied = { description: null, tags: null }
  expect((await at.call('PATCH', '/applications/@me', emptied)).body).toMatchObject({ description: '' })
  const { client } = await identified(at.simulator, { intents: (1 << 0) | (1 << 1) })
  await client[Symbol.asyncDispose]()
  for (const wrong of [
    { flags: 1 },
    { tags: ['a', 'b', 'c', 'd', 'e', 'f'] },
    { interactions_endpoint_url: 'http://x/' },
  ]) {
    expect(await at.call('PATCH', '/applications/@me', wrong)).toMatchObject(invalidForm)
  }
})

test('who has signed in could not ask what for', async () => {
  await using at = await scene()
  const ask = async (scope: string) =>
    restClient(at.simulator, `Bearer ${await tokenOf(at.simulator, 'pikelet', scope)}`)('GET', '/oauth2/@me')
  const { body } = await ask('identify guilds')
  expect(body).toMatchObject({ application: { id: at.bot.id }, scopes: ['identify', 'guilds'] })
  expect(body).toMatchObject({ user: { id: PEOPLE.pikelet.id }, expires: '2026-11-27T14:08:00.000000+00:00' })
  expect((await ask('guilds')).body).not.toHaveProperty('user')
  expect((await at.call('GET', '/oauth2/@me')).status).toBe(401)
})

test('pins were in the new list only', async () => {
  await using at = await scene()
  const [first, second] = [await at.post('general'), await at.post('general')]
  const path = `/channels/${first.channel_id}/pins`
  await at.call('PUT', `${path}/${second.id}`)
  at.clock.advance(1)
  await at.call('PUT', `${path}/${first.id}`)
  const listed = (await at.call('GET', path)).body as { id: string }[]
  expect(listed.slice(0, 2).map(({ id }) => id)).toEqual([first.id, second.id])
  const { items } = (await at.call('GET', `/channels/${first.channel_id}/messages/pins`)).body
  expect((items as { message: { id: string } }[]).map(({ message }) => message.id)).toEqual(listed.map(({ id }) => id))
  at.forbid(Bit.ReadMessageHistory)
  expect((await at.call('GET', path)).body).toEqual([])
})

test('members who stay away could not be counted, nor pruned', async () => {
  await using at = await scene()
  const path = `/guilds/${at.guild.id}/prune`
  // Neither a role nor a word from them, and they have been there for long.
  const idle = { joined_at: '2025-01-01T00:00:00.000000+00:00', guild_id: at.guild.id }
  const users = ['801', '802'].map((id) => ({ ...PEOPLE.pikelet, id, username: `idle${id}` }))
  at.simulator.dispatch('GUILD_MEMBER_ADD', { ...idle, user: users[0] })
  at.simulator.dispatch('GUILD_MEMBER_ADD', { ...idle, user: users[1], roles: [at.role('Maker').id] })
  const count = async (query: string) => (await at.call('GET', `${path}${query}`)).body.pruned as number
  const without = await count('')
  expect(without).toBeGreaterThan(0)
  expect(await count(`?include_roles=${at.role('Maker').id}`)).toBeGreaterThan(without)
  expect((await at.call('POST', path, { days: 7 })).body).toEqual({ pruned: without })
  const gone = []
  for (let index = 0; index < without; index++) gone.push((await at.heard('GUILD_MEMBER_REMOVE')).user.id)
  expect(gone).toContain('801')
  expect(at.simulator.world.member(at.guild.id, '802')).toBeDefined()
  expect((await at.call('POST', path, { compute_prune_count: false })).body).toEqual({ pruned: null })
  expect(await at.call('GET', `${path}?days=31`)).toMatchObject(invalidForm)
  at.forbid(Bit.KickMembers)
  expect(await at.call('GET', path)).toMatchObject(refused(50_013))
})

test('regions, the preview and how many hold a role were not told', async () => {
  await using at = await scene()
  const regions = (await at.call('GET', '/voice/regions')).body as { id: string }[]
  expect(regions.map(({ id }) => id)).toContain('rotterdam')
  expect((await at.call('GET', `/guilds/${at.guild.id}/regions`)).body).toEqual(regions)
  const { body } = await at.call('GET', `/guilds/${at.guild.id}/preview`)
  expect(body).toMatchObject({ id: at.guild.id, approximate_member_count: at.guild.member_count })
  const counts = (await at.call('GET', `/guilds/${at.guild.id}/roles/member-counts`)).body as Record<string, number>
  const makers = at.guild.members.filter(({ roles }) => roles.includes(at.role('Maker').id)).length
  expect(counts[at.role('Maker').id]).toBe(makers)
  expect(counts).not.toHaveProperty(at.guild.id)
})

test('the bot’s nickname could not be changed in the old way', async () => {
  await using at = await scene()
  const path = `/guilds/${at.guild.id}/members/@me/nick`
  expect(await at.call('PATCH', path, { nick: 'crane' })).toMatchObject({ status: 200, body: { nick: 'crane' } })
  expect(await at.heard('GUILD_MEMBER_UPDATE')).toMatchObject({ user: { id: at.bot.id }, nick: 'crane' })
  at.forbid(Bit.ChangeNickname)
  expect(await at.call('PATCH', path, { nick: 'x' })).toMatchObject(refused(50_013))
})

test('the list of commands’ permissions was taken for a command', async () => {
  await using at = await scene()
  const commands = `/applications/${at.bot.id}/guilds/${at.guild.id}/commands`
  expect(await at.call('GET', `${commands}/permissions`)).toMatchObject({ status: 200, body: [] })
  const { id } = (await at.call('POST', commands, { name: 'fire', description: 'x' })).body as { id: string }
  const path = `${commands}/${id}/permissions`
  expect(await at.call('GET', path)).toMatchObject({ status: 404, body: { code: 10_066 } })
  const permissions = [{ id: PEOPLE.pikelet.id, type: 2, permission: false }]
  // Only people decide that, and only those who may.
  expect(await at.call('PUT', path, { permissions })).toMatchObject({ status: 403, body: { code: 20_001 } })
  const as = async (name: string, scope = 'applications.commands.permissions.update') =>
    restClient(at.simulator, `Bearer ${await tokenOf(at.simulator, name, scope)}`)
  expect(await (await as('pikelet'))('PUT', path, { permissions })).toMatchObject(refused(50_013))
  const owner = await as('tessellate')
  const set = { id, application_id: at.bot.id, guild_id: at.guild.id, permissions }
  expect(await owner('PUT', path, { permissions })).toMatchObject({ status: 200, body: set })
  expect(await at.heard('APPLICATION_COMMAND_PERMISSIONS_UPDATE')).toEqual(set)
  expect((await at.call('GET', path)).body).toEqual(set)
  expect((await owner('GET', `${commands}/permissions`)).body).toEqual([set])
  expect((await (await as('tessellate', 'identify'))('GET', path)).status).toBe(403)
})
