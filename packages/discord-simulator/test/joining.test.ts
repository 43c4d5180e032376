import { PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { PEOPLE } from '../src/index.ts'
import { tokenOf } from './oauth-client.ts'
import { restClient } from './rest-client.ts'
import { refused, scene } from './scene.ts'

test('the bot could let nobody into a guild who had asked it to', async () => {
  await using at = await scene()
  const { palimpsest, pikelet } = PEOPLE
  const path = `/guilds/${at.guild.id}/members/${palimpsest.id}`
  const token = (scope: string, who = 'palimpsest') => tokenOf(at.simulator, who, scope)
  const wrong = { status: 400, body: { code: 50_025 } }
  expect(await at.call('PUT', path, { access_token: 'x' })).toMatchObject(wrong)
  expect(await at.call('PUT', path, { access_token: await token('identify') })).toMatchObject(wrong)
  expect(await at.call('PUT', path, { access_token: await token('guilds.join', 'pikelet') })).toMatchObject(wrong)
  const access_token = await token('identify guilds.join')
  const tooHigh = { access_token, roles: [at.role('gantry').id] }
  expect(await at.call('PUT', path, tooHigh)).toMatchObject(refused(50_013))
  const joined = await at.call('PUT', path, { access_token, nick: 'pal', roles: [at.role('Maker').id] })
  expect(joined).toMatchObject({ status: 201, body: { nick: 'pal', roles: [at.role('Maker').id] } })
  expect(await at.heard('GUILD_MEMBER_ADD')).toMatchObject({ guild_id: at.guild.id, user: { id: palimpsest.id } })
  expect((await at.call('PUT', path, { access_token })).status).toBe(204)
  expect((await at.call('GET', path)).body).toMatchObject({ nick: 'pal' })
  await at.call('PUT', `/guilds/${at.guild.id}/bans/${palimpsest.id}`)
  expect(await at.call('PUT', path, { access_token })).toMatchObject({ status: 403, body: { code: 40_007 } })
  const bearer = restClient(at.simulator, `Bearer ${await token('connections', 'pikelet')}`)
  expect(await bearer('GET', '/users/@me/connections')).toMatchObject({ status: 200, body: [] })
  at.forbid(Bit.CreateInstantInvite)
  const other = `/guilds/${at.guild.id}/members/${pikelet.id}`
  expect(await at.call('PUT', other, { access_token })).toMatchObject(refused(50_013))
})

test('what strangers and newcomers are shown of a guild could not be asked for, nor changed', async () => {
  await using at = await scene()
  const guild = `/guilds/${at.guild.id}`
  expect(await at.call('GET', `${guild}/widget.json`)).toMatchObject({ status: 403, body: { code: 50_004 } })
  const settings = { enabled: true, channel_id: at.channel('general') }
  expect((await at.call('PATCH', `${guild}/widget`, settings)).body).toEqual(settings)
  expect(await at.heard('GUILD_UPDATE')).toMatchObject({ widget_enabled: true, widget_channel_id: settings.channel_id })
  expect((await at.call('GET', `${guild}/widget`)).body).toEqual(settings)
  const stranger = restClient(at.simulator, '')
  const widget = (await stranger('GET', `${guild}/widget.json`)).body
  expect(widget).toMatchObject({ name: at.guild.name, presence_count: at.guild.presences.length })
  expect(widget.channels).toContainEqual(expect.objectContaining({ name: 'Loft' }))
  expect((await at.call('GET', `${guild}/vanity-url`)).body).toEqual({ code: null, uses: 0 })

  expect(await at.call('GET', `${guild}/welcome-screen`)).toMatchObject(refused(10_069))
  const channel = { channel_id: at.channel('general'), description: 'Say hello', emoji_id: null, emoji_name: '👋' }
  const screen = { description: 'Clay and wood', welcome_channels: [channel] }
  await at.call('PATCH', `${guild}/welcome-screen`, { ...screen, enabled: true })
  expect((await at.heard('GUILD_UPDATE')).features).toContain('WELCOME_SCREEN_ENABLED')
  expect((await at.call('GET', `${guild}/welcome-screen`)).body).toEqual(screen)

  const onboarding = `${guild}/onboarding`
  const few = { enabled: true, default_channel_ids: [at.channel('general')] }
  expect(await at.call('PUT', onboarding, few)).toMatchObject({ status: 400, body: { code: 350_000 } })
  const option = { title: 'Clay', emoji_name: '🏺', role_ids: [at.role('Maker').id], channel_ids: [] }
  const set = { prompts: [{ id: '1', title: 'What do you make?', options: [option] }], ...few, enabled: false }
  const { body } = await at.call('PUT', onboarding, set)
  expect(body).toMatchObject({ prompts: [{ options: [{ title: 'Clay', emoji: { name: '🏺' } }] }], enabled: false })
  expect((await at.call('GET', onboarding)).body).toEqual(body)

  at.forbid(Bit.ManageGuild)
  for (const path of ['widget', 'vanity-url', 'integrations']) {
    expect(await at.call('GET', `${guild}/${path}`)).toMatchObject(refused(50_013))
  }
  expect(await at.call('PUT', onboarding, set)).toMatchObject(refused(50_013))
  // It is shown to everybody now.
  expect((await at.call('GET', `${guild}/welcome-screen`)).status).toBe(200)
})

test('a guild’s integrations could not be listed, nor the bot’s own taken out', async () => {
  await using at = await scene()
  const path = `/guilds/${at.guild.id}/integrations`
  const [own] = (await at.call('GET', path)).body as [{ id: string }]
  expect(own).toMatchObject({ type: 'discord', application: { id: at.bot.id, bot: { username: 'gantry' } } })
  expect(await at.call('DELETE', `${path}/1`)).toMatchObject(refused(10_005))
  expect((await at.call('DELETE', `${path}/${own.id}`)).status).toBe(204)
  expect(await at.heard('INTEGRATION_DELETE')).toMatchObject({ id: own.id, application_id: at.bot.id })
  expect(await at.heard('GUILD_INTEGRATIONS_UPDATE')).toEqual({ guild_id: at.guild.id })
  expect(await at.heard('GUILD_DELETE')).toMatchObject({ id: at.guild.id })
  expect(await at.call('GET', path)).toMatchObject(refused(10_004))
})
