import { ChannelType, OverwriteType, PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import type { APIGuildCategoryChannel } from 'discord-api-types/v10'
import type { TextChannel } from 'discord.js'
import { expect, test } from 'vitest'
import { PEOPLE } from '../src/index.ts'
import { connected } from './discordjs-scene.ts'
import { refused, scene } from './scene.ts'
import type { Scene } from './scene.ts'

const move = (at: Scene, body: readonly object[]) => at.call('PATCH', `/guilds/${at.guild.id}/channels`, body)
const told = async (at: Scene) =>
  (await at.told('CHANNEL_UPDATE')).map(({ payload }) => [payload.name, payload.position] as const)
const positionOf = (at: Scene, name: string) => at.guild.channels.find((channel) => channel.name === name)!.position

test('a channel that was put where another stood pushed it nowhere', async () => {
  await using at = await scene()
  const [general, buildLog, kilnWatch] = ['general', 'build-log', 'kiln-watch'].map((name) => positionOf(at, name))
  await at.call('PATCH', `/channels/${at.channel('inventory')}`, { position: buildLog })
  expect(await told(at)).toEqual([
    ['inventory', buildLog],
    ['build-log', kilnWatch],
    ['kiln-watch', kilnWatch! + 1],
    ['buy-together', kilnWatch! + 2],
  ])
  // Up to the gap that it left; and none of another kind or category gives way.
  expect(positionOf(at, 'keyholders')).toBe(kilnWatch! + 3)
  const made = (await at.call('POST', `/guilds/${at.guild.id}/channels`, { name: 'loose', position: general })).body
  expect([made.position, await told(at)]).toEqual([general, []])
})

test('the list of channels was taken in part, and unchanged it was told anew', async () => {
  await using at = await scene()
  const all = at.guild.channels.map(({ id, position }) => ({ id, position }))
  expect([(await move(at, all)).status, await told(at)]).toEqual([204, []])
  const id = at.channel('general')
  const place = { id, position: 0 }
  expect(await move(at, [place, { id: '1', position: 1 }])).toMatchObject(refused(10003))
  const self = await move(at, [place, { id, parent_id: id }])
  expect(self.body.errors['1'].parent_id._errors[0].code).toBe('CHANNEL_PARENT_INVALID_TYPE')
  expect(await told(at)).toEqual([])
})

test('a channel became its own parent, and a category’s', async () => {
  await using at = await scene()
  const codeOf = async (name: string, parent_id: string) =>
    (await at.call('PATCH', `/channels/${at.channel(name)}`, { parent_id })).body.errors?.parent_id._errors[0].code
  expect(await codeOf('general', at.channel('general'))).toBe('CHANNEL_PARENT_INVALID_TYPE')
  expect(await codeOf('general', '1')).toBe('CHANNEL_PARENT_INVALID')
  expect(await codeOf('Upstairs', at.channel('Channels'))).toBe('CHANNEL_PARENT_INVALID')
  expect(await codeOf('general', at.channel('Upstairs'))).toBeUndefined()
})

test('a category took any number of channels', async () => {
  await using at = await scene()
  const parent_id = at.channel('Upstairs')
  for (let index = 0; index < 49; index++) {
    const channel = { id: String(index + 2), type: 0, name: `c${index}`, position: index, parent_id }
    at.simulator.dispatch('CHANNEL_CREATE', { guild_id: at.guild.id, ...channel })
  }
  const refusal = await at.call('POST', `/guilds/${at.guild.id}/channels`, { name: 'x', parent_id })
  expect(refusal.body.errors.parent_id._errors[0].code).toBe('CHANNEL_PARENT_MAX_CHANNELS')
})

test('a channel that was moved into a category kept its own overwrites though they were to be synced', async () => {
  await using at = await scene()
  const parent_id = at.channel('Upstairs')
  const deny = { type: OverwriteType.Member, deny: String(Bit.SendMessages) }
  await at.call('PUT', `/channels/${parent_id}/permissions/${PEOPLE.pikelet.id}`, deny)
  const id = at.channel('build-log')
  await move(at, [{ id, parent_id }])
  const general = () => at.guild.channels.find((channel) => channel.id === id) as APIGuildCategoryChannel
  expect(general().permission_overwrites).toHaveLength(2)
  await move(at, [{ id, parent_id, lock_permissions: true }])
  expect(general().permission_overwrites).toMatchObject([{ id: PEOPLE.pikelet.id }])
})

test('discord.js moves a channel', async () => {
  await using at = await connected()
  const names = () =>
    (at.general.parent?.children.cache.map((channel) => channel) ?? [])
      .toSorted((a, b) => a.rawPosition - b.rawPosition)
      .map(({ name }) => name)
  const before = names()
  const channel = at.guild.channels.cache.find(({ name }) => name === 'kiln-watch') as TextChannel
  await channel.setPosition(0)
  expect(names()).toEqual(['kiln-watch', ...before.filter((name) => name !== 'kiln-watch')])
  await channel.edit({ position: 2 })
  expect(names().indexOf('kiln-watch')).toBe(2)
})

test('a text channel had a bitrate, and became a voice channel', async () => {
  await using at = await scene()
  const path = `/channels/${at.channel('general')}`
  const { body } = await at.call('PATCH', path, { bitrate: 64_000, user_limit: 3, topic: 'x' })
  expect(body).toMatchObject({ topic: 'x' })
  expect(body).not.toHaveProperty('bitrate')
  expect(body).not.toHaveProperty('user_limit')
  const made = await at.call('POST', `/guilds/${at.guild.id}/channels`, { name: 'x', user_limit: 3 })
  expect(made.body).not.toHaveProperty('user_limit')
  const spoken = await at.call('PATCH', path, { type: ChannelType.GuildVoice })
  expect(spoken.body.errors.type._errors[0].code).toBe('BASE_TYPE_CHOICES')
  expect((await at.call('PATCH', path, { type: ChannelType.GuildAnnouncement })).body.type).toBe(5)
  expect((await at.call('PATCH', `/channels/${at.channel('Loft')}`, { type: 2, user_limit: 3 })).body.user_limit).toBe(
    3,
  )
})

test('a server without the feature for news had announcements', async () => {
  await using at = await scene()
  const channels = `/guilds/${at.guild.id}/channels`
  const news = { name: 'x', type: ChannelType.GuildAnnouncement }
  expect((await at.call('POST', channels, news)).body.type).toBe(ChannelType.GuildAnnouncement)
  at.simulator.dispatch('GUILD_UPDATE', { id: at.guild.id, features: [] })
  const refusal = { code: 50035, errors: { type: { _errors: [{ code: 'BASE_TYPE_CHOICES' }] } } }
  expect((await at.call('POST', channels, news)).body).toMatchObject(refusal)
  expect((await at.call('PATCH', `/channels/${at.channel('general')}`, { type: news.type })).body).toMatchObject(
    refusal,
  )
  expect((await at.call('PATCH', `/channels/${at.channel('announcements')}`, { type: 0 })).body).toMatchObject(refusal)
})

test('an overwrite was for nobody', async () => {
  await using at = await scene()
  const path = `/channels/${at.channel('general')}`
  const nobody = { id: '1', type: OverwriteType.Member }
  expect(await at.call('PUT', `${path}/permissions/1`, nobody)).toMatchObject(refused(10009))
  // A person is no role.
  expect(await at.call('PUT', `${path}/permissions/${PEOPLE.pikelet.id}`, { type: 0 })).toMatchObject(refused(10009))
  expect(await at.call('PATCH', path, { permission_overwrites: [nobody] })).toMatchObject(refused(10009))
  const named = { name: 'x', permission_overwrites: [nobody] }
  expect(await at.call('POST', `/guilds/${at.guild.id}/channels`, named)).toMatchObject(refused(10009))
  // What somebody had stays when the list is sent whole.
  at.simulator.dispatch('CHANNEL_UPDATE', {
    id: at.channel('general'),
    guild_id: at.guild.id,
    permission_overwrites: [{ ...nobody, allow: '0', deny: '0' }],
  })
  expect((await at.call('PATCH', path, { permission_overwrites: [nobody] })).status).toBe(200)
})
