import { PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { PEOPLE } from '../src/index.ts'
import { refused, scene } from './scene.ts'

test('the application’s own emojis could not be made', async () => {
  await using at = await scene()
  const path = `/applications/${at.bot.id}/emojis`
  const made = (await at.call('POST', path, { name: 'kiln', image: 'data:image/gif;base64,AA==' })).body
  expect(made).toMatchObject({ name: 'kiln', animated: true, user: { id: at.bot.id } })
  expect((await at.call('PATCH', `${path}/${made.id}`, { name: 'oven' })).body).toEqual({ ...made, name: 'oven' })
  expect((await at.call('GET', path)).body).toEqual({ items: [{ ...made, name: 'oven' }] })
  expect((await at.call('DELETE', `${path}/${made.id}`)).status).toBe(204)
  expect(await at.call('GET', `${path}/${made.id}`)).toMatchObject(refused(10_014))
  expect((await at.call('POST', path, { name: 'x', image: 'x' })).body.code).toBe(50_035)
})

test('nobody could react with the application’s own emojis', async () => {
  await using at = await scene()
  const image = 'data:image/png;base64,AA=='
  const { id } = (await at.call('POST', `/applications/${at.bot.id}/emojis`, { name: 'kiln', image })).body
  const message = await at.post('general')
  const { channel_id, id: message_id } = message
  const path = `/channels/${channel_id}/messages/${message_id}`
  const theirs = { user_id: PEOPLE.pikelet.id, channel_id, message_id, emoji: `kiln:${id}` }
  // It is the bot's to bring, and others' to join in.
  expect(() => at.simulator.people.react(theirs)).toThrow('Unknown Emoji')
  expect((await at.call('PUT', `${path}/reactions/kiln:${id}/@me`)).status).toBe(204)
  expect(await at.heard('MESSAGE_REACTION_ADD')).toMatchObject({ emoji: { id, name: 'kiln' } })
  at.simulator.people.react(theirs)
  expect((await at.call('GET', path)).body.reactions).toMatchObject([{ emoji: { id }, count: 2 }])
  expect((await at.call('PUT', `${path}/reactions/kiln:1/@me`)).body.code).toBe(10_014)
})

test('nobody could buy anything of the application', async () => {
  await using at = await scene()
  const application = `/applications/${at.bot.id}`
  const [sku] = (await at.call('GET', `${application}/skus`)).body as [{ id: string }]
  const path = `${application}/entitlements`
  const buy = (more: object) => at.call('POST', path, { sku_id: sku.id, owner_type: 2, ...more })
  expect(await buy({ owner_id: PEOPLE.pikelet.id, sku_id: '1' })).toMatchObject(refused(10_027))
  expect(await buy({ owner_id: '1' })).toMatchObject(refused(10_013))
  const own = (await buy({ owner_id: PEOPLE.pikelet.id })).body
  expect(await at.heard('ENTITLEMENT_CREATE')).toEqual(own)
  const ofGuild = (await buy({ owner_id: at.guild.id, owner_type: 1 })).body
  expect((await at.call('GET', `${path}?guild_id=${at.guild.id}`)).body).toEqual([ofGuild])
  expect((await at.call('GET', path)).body).toEqual([ofGuild, own])

  await at.call('POST', `${application}/commands`, { name: 'fire', description: 'x' })
  at.simulator.interact({ user_id: PEOPLE.pikelet.id, channel_id: at.channel('general'), command: 'fire' })
  expect((await at.heard('INTERACTION_CREATE')).entitlements).toEqual([own, ofGuild])
  expect((await at.call('POST', `${path}/${own.id}/consume`)).status).toBe(204)
  expect(await at.heard('ENTITLEMENT_UPDATE')).toEqual({ ...own, consumed: true })
  expect((await at.call('GET', `${path}/${own.id}`)).body).toEqual({ ...own, consumed: true })
  expect((await at.call('DELETE', `${path}/${own.id}`)).status).toBe(204)
  expect(await at.heard('ENTITLEMENT_DELETE')).toMatchObject({ id: own.id, deleted: true })
  expect(await at.call('GET', `${path}/${own.id}`)).toMatchObject(refused(10_029))
})

test('a guild had no soundboard', async () => {
  await using at = await scene()
  const path = `/guilds/${at.guild.id}/soundboard-sounds`
  const bell = { name: 'bell', sound: 'data:audio/ogg;base64,AA==', volume: 0.5 }
  const made = (await at.call('POST', path, bell)).body
  expect(await at.heard('GUILD_SOUNDBOARD_SOUND_CREATE')).toEqual(made)
  await at.call('PATCH', `${path}/${made.sound_id}`, { name: 'gong', volume: null })
  const gong = { ...made, name: 'gong', volume: 1 }
  expect(await at.heard('GUILD_SOUNDBOARD_SOUND_UPDATE')).toEqual(gong)
  expect((await at.call('GET', path)).body).toEqual({ items: [gong] })
  at.client.send(31, { guild_ids: [at.guild.id] })
  expect((await at.heard('SOUNDBOARD_SOUNDS')).soundboard_sounds).toEqual([gong])
  expect((await at.call('GET', '/soundboard-default-sounds')).body).toHaveLength(6)
  const play = () => at.call('POST', `/channels/${at.channel('Loft')}/send-soundboard-sound`, { sound_id: '1' })
  expect(await play()).toMatchObject(refused(50_013))
  expect((await at.call('DELETE', `${path}/${made.sound_id}`)).status).toBe(204)
  expect(await at.heard('GUILD_SOUNDBOARD_SOUND_DELETE')).toEqual({ sound_id: made.sound_id, guild_id: at.guild.id })
  for (let count = 0; count < 8; count++) await at.call('POST', path, bell)
  expect(await at.call('POST', path, bell)).toMatchObject({ status: 400, body: { code: 30_045 } })
  at.forbid(Bit.CreateGuildExpressions)
  expect(await at.call('POST', path, bell)).toMatchObject(refused(50_013))
})
