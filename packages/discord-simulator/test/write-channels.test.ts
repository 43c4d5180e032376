import { GatewayIntentBits, PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { PEOPLE } from '../src/index.ts'
import { identified } from './raw-client.ts'
import { refused, scene } from './scene.ts'

test('a channel is made, changed and deleted, each told', async () => {
  await using at = await scene()
  const made = (await at.call('POST', `/guilds/${at.guild.id}/channels`, { name: 'Glaze Tests', topic: 'drips' })).body
  expect(await at.heard('CHANNEL_CREATE')).toMatchObject({ id: made.id, name: 'glaze-tests', guild_id: at.guild.id })
  const changed = await at.call('PATCH', `/channels/${made.id}`, { topic: null, rate_limit_per_user: 5 })
  expect(changed.body).toMatchObject({ topic: null, rate_limit_per_user: 5, name: 'glaze-tests' })
  expect(await at.heard('CHANNEL_UPDATE')).toMatchObject({ id: made.id, topic: null })
  await at.call('DELETE', `/channels/${made.id}`)
  expect(await at.heard('CHANNEL_DELETE')).toMatchObject({ id: made.id })
  expect((await at.call('GET', `/channels/${made.id}`)).body.code).toBe(10003)
})

test('whoever was in a voice channel that is deleted is out of it', async () => {
  await using at = await scene()
  const id = at.channel('Workbench')
  const inside = at.guild.voice_states.filter((state) => state.channel_id === id).map((state) => state.user_id)
  expect(inside.length).toBeGreaterThan(0)
  await at.call('DELETE', `/channels/${id}`)
  for (const user_id of inside)
    expect(await at.heard('VOICE_STATE_UPDATE')).toMatchObject({ user_id, channel_id: null })
  expect(await at.heard('CHANNEL_DELETE')).toMatchObject({ id })
})

test('channels and overwrites need their permissions', async () => {
  await using at = await scene()
  const pikelet = `/channels/${at.channel('general')}/permissions/${PEOPLE.pikelet.id}`
  expect((await at.call('PUT', pikelet, { type: 1, deny: String(Bit.SendMessages) })).status).toBe(204)
  expect(await at.heard('CHANNEL_UPDATE')).toMatchObject({
    permission_overwrites: [{ id: PEOPLE.pikelet.id, deny: '2048' }],
  })
  // What one does not have, one does not give.
  expect(await at.call('PUT', pikelet, { type: 1, allow: String(Bit.Administrator) })).toMatchObject(refused(50013))
  expect((await at.call('DELETE', pikelet)).status).toBe(204)
  expect((await at.call('DELETE', pikelet)).body.code).toBe(10009)
  at.forbid(Bit.ManageRoles)
  expect(await at.call('PUT', pikelet, { type: 1 })).toMatchObject(refused(50013))
  at.forbid(Bit.ManageChannels)
  expect(await at.call('PATCH', `/channels/${at.channel('general')}`, { name: 'x' })).toMatchObject(refused(50013))
  expect(await at.call('DELETE', `/channels/${at.channel('general')}`)).toMatchObject(refused(50013))
  expect(await at.call('POST', `/guilds/${at.guild.id}/channels`, { name: 'x' })).toMatchObject(refused(50013))
  const hidden = at.simulator.world.guilds()[1]!.channels.find(({ name }) => name === 'treasury')!
  expect(await at.call('PATCH', `/channels/${hidden.id}`, { name: 'x' })).toMatchObject(refused(50001))
})

test('a thread on a message: told, joined, archived, opened', async () => {
  await using at = await scene()
  const { id } = await at.post('general')
  const path = `/channels/${at.channel('general')}/messages/${id}/threads`
  const thread = (await at.call('POST', path, { name: 'about this' })).body
  expect(thread).toMatchObject({ id, parent_id: at.channel('general'), type: 11, member_count: 1 })
  expect(await at.heard('THREAD_CREATE')).toMatchObject({ id, newly_created: true, owner_id: at.bot.id })
  expect(await at.heard('THREAD_MEMBERS_UPDATE')).toMatchObject({ added_members: [{ user_id: at.bot.id }] })
  expect(await at.heard('MESSAGE_UPDATE')).toMatchObject({ id, flags: 32, thread: { id } })
  expect((await at.call('POST', path, { name: 'again' })).body.code).toBe(160004)

  const members = `/channels/${id}/thread-members`
  await at.call('PUT', `${members}/${PEOPLE.pikelet.id}`)
  expect(await at.heard('THREAD_MEMBERS_UPDATE')).toMatchObject({ member_count: 2 })
  expect((await at.call('GET', members)).body).toHaveLength(2)
  await at.call('DELETE', `${members}/${PEOPLE.pikelet.id}`)
  expect(await at.heard('THREAD_MEMBERS_UPDATE')).toMatchObject({ removed_member_ids: [PEOPLE.pikelet.id] })

  expect((await at.call('PATCH', `/channels/${id}`, { archived: true })).body.thread_metadata.archived).toBe(true)
  expect(await at.heard('THREAD_UPDATE')).toMatchObject({ id, thread_metadata: { archived: true } })
  expect((await at.call('PUT', `${members}/@me`)).body.code).toBe(50083)
  expect((await at.call('PATCH', `/channels/${id}`, { name: 'x' })).body.code).toBe(50083)
  expect((await at.call('PATCH', `/channels/${id}`, { archived: false })).status).toBe(200)
  expect((await at.call('DELETE', `/channels/${id}`)).status).toBe(200)
  expect(await at.heard('THREAD_DELETE')).toMatchObject({ id, guild_id: at.guild.id })
})

test('the members of a thread come whole, and in pages, where that is asked for', async () => {
  await using at = await scene()
  const members = `/channels/${at.channel('cone 6 schedule')}/thread-members`
  for (const { id } of [PEOPLE.pikelet, PEOPLE.brackish]) await at.call('PUT', `${members}/${id}`)
  const idsOf = async (query: string) =>
    ((await at.call('GET', `${members}?${query}`)).body as { user_id: string }[]).map(({ user_id }) => user_id)
  const all = await idsOf('with_member=true')
  expect(all.length).toBeGreaterThan(1)
  expect(all).toEqual(all.toSorted((a, b) => Number(BigInt(a) - BigInt(b))))
  expect(await idsOf(`with_member=true&limit=1&after=${all[0]}`)).toEqual(all.slice(1, 2))
  expect(new Set(await idsOf(`limit=1&after=${all[0]}`))).toEqual(new Set(all))
  expect((await at.call('GET', `${members}?limit=101`)).body.code).toBe(50035)
  const one = `${members}/${PEOPLE.pikelet.id}`
  expect((await at.call('GET', one)).body).not.toHaveProperty('member')
  expect((await at.call('GET', `${one}?with_member=true`)).body).toMatchObject({
    member: { user: { id: PEOPLE.pikelet.id } },
  })
})

test('threads need their permission, and a channel that has them', async () => {
  await using at = await scene()
  const start = (name: string, body: object) => at.call('POST', `/channels/${at.channel(name)}/threads`, body)
  expect((await start('Workbench', { name: 'x', type: 11 })).body.code).toBe(50024)
  expect((await start('general', { name: '' })).body.code).toBe(50035)
  at.forbid(Bit.CreatePublicThreads)
  expect(await start('general', { name: 'x', type: 11 })).toMatchObject(refused(50013))
  expect((await start('general', { name: 'x', type: 12 })).status).toBe(201)
})

test('with GUILDS alone, it was told that others join a thread', async () => {
  await using at = await scene({}, { intents: GatewayIntentBits.Guilds })
  const members = `/channels/${at.channel('cone 6 schedule')}/thread-members`
  await at.call('PUT', `${members}/${PEOPLE.pikelet.id}`)
  await at.call('PUT', `${members}/@me`)
  await at.call('DELETE', `${members}/${PEOPLE.pikelet.id}`)
  await at.call('DELETE', `${members}/@me`)
  expect(await at.heard('THREAD_MEMBERS_UPDATE')).toMatchObject({ added_members: [{ user_id: at.bot.id }] })
  expect(await at.heard('THREAD_MEMBERS_UPDATE')).toMatchObject({ removed_member_ids: [at.bot.id] })
})

test('a thread on a message began empty, its messages had no position, and GUILD_CREATE not the bot’s membership', async () => {
  await using at = await scene()
  const message = await at.post('general', { content: 'the kiln is warm' })
  await at.heard('MESSAGE_CREATE')
  await at.call('POST', `/channels/${message.channel_id}/messages/${message.id}/threads`, { name: 'kiln' })
  const reference = { channel_id: message.channel_id, message_id: message.id, guild_id: at.guild.id }
  const starter = { type: 21, content: '', channel_id: message.id, position: 0, message_reference: reference }
  expect(await at.heard('MESSAGE_CREATE')).toMatchObject({ ...starter, referenced_message: { id: message.id } })
  const posted = (await at.call('POST', `/channels/${message.id}/messages`, { content: 'a' })).body
  const next = (await at.call('POST', `/channels/${message.id}/messages`, { content: 'b' })).body
  expect([posted.position, next.position]).toEqual([0, 1])
  const listed = (await at.call('GET', `/channels/${message.id}/messages`)).body as { type: number }[]
  expect(listed.map(({ type }) => type)).toEqual([0, 0, 21])
  expect(listed[2]).toMatchObject({ referenced_message: { content: 'the kiln is warm' } })
  const thread = (await at.call('GET', `/channels/${message.id}`)).body
  expect(thread).toMatchObject({ message_count: 2, member: { user_id: at.bot.id, id: message.id } })
  const { client } = await identified(at.simulator)
  await using _ = client
  const { threads } = (await client.event('GUILD_CREATE')).d as { threads: { id: string; member?: object }[] }
  const shown = threads.find(({ id }) => id === message.id)!
  expect(shown.member).toMatchObject({ user_id: at.bot.id })
  expect(shown.member).not.toHaveProperty('member')
})
