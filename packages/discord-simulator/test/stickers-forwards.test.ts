import { ChannelType, GatewayIntentBits as Intent, PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { PEOPLE, startSimulator } from '../src/index.ts'
import { identified } from './raw-client.ts'
import { restClient } from './rest-client.ts'
import { refused, scene } from './scene.ts'
import type { Scene } from './scene.ts'

function form(fields: Record<string, string> = {}, begins = '\x89PNG', field = 'file'): FormData {
  const made = new FormData()
  for (const [name, value] of Object.entries({ name: 'kiln', description: 'hot', tags: '🔥', ...fields }))
    made.set(name, value)
  made.set(field, new Blob([Buffer.from(begins, 'latin1')]), 'kiln.png')
  return made
}
const stickers = (at: Scene) => `/guilds/${at.guild.id}/stickers`

test('a sticker is made, sent, changed and deleted, and told', async () => {
  await using at = await scene()
  const { body: sticker } = await at.call('POST', stickers(at), form())
  expect(sticker).toMatchObject({ name: 'kiln', tags: '🔥', type: 2, format_type: 1, user: { id: at.bot.id } })
  expect(await at.heard('GUILD_STICKERS_UPDATE')).toEqual({ guild_id: at.guild.id, stickers: [sticker] })
  await at.post('general', { sticker_ids: [sticker.id] })
  expect((await at.heard('MESSAGE_CREATE')).sticker_items).toEqual([{ id: sticker.id, name: 'kiln', format_type: 1 }])
  const path = `${stickers(at)}/${sticker.id}`
  expect((await at.call('PATCH', path, { name: 'oven' })).body).toMatchObject({ id: sticker.id, name: 'oven' })
  expect((await at.heard('GUILD_STICKERS_UPDATE')).stickers).toMatchObject([{ name: 'oven' }])
  await at.call('DELETE', path)
  expect((await at.heard('GUILD_STICKERS_UPDATE')).stickers).toEqual([])
  expect((await at.call('GET', path)).body.code).toBe(10060)
  expect((await at.call('GET', `/stickers/${sticker.id}`)).body.code).toBe(10060)
})

test('a sticker that is unknown, elsewhere or none is refused', async () => {
  await using at = await scene()
  const channel = `/channels/${at.channel('general')}/messages`
  expect((await at.call('POST', channel, { sticker_ids: ['1'] })).body.code).toBe(50081)
  expect((await at.call('POST', stickers(at), { name: 'kiln', description: 'x', tags: 'x' })).body).toMatchObject({
    errors: { description: { _errors: [{ code: 'BASE_TYPE_BAD_LENGTH' }] } },
  })
  expect((await at.call('POST', stickers(at), { name: 'kiln', description: '', tags: 'x' })).body).toMatchObject({
    errors: { file: { _errors: [{ code: 'BASE_TYPE_REQUIRED' }] } },
  })
  expect((await at.call('POST', stickers(at), form({}, '\x89PNG', 'files[0]'))).body).toMatchObject({
    errors: { file: { _errors: [{ code: 'BASE_TYPE_REQUIRED' }] } },
  })
  expect((await at.call('POST', stickers(at), form({}, 'x'))).body.code).toBe(50046)
  expect((await at.call('POST', stickers(at), form({}, 'GIF89a'))).body.format_type).toBe(4)
  for (let made = 1; made < 5; made++) await at.call('POST', stickers(at), form())
  expect((await at.call('POST', stickers(at), form())).body.code).toBe(30039)
  const [sticker] = at.simulator.world.guild(at.guild.id)!.stickers
  const other = at.simulator.world.guilds()[1]!
  const elsewhere = other.channels.find(({ type }) => type === ChannelType.GuildText)!
  const sent = { sticker_ids: [sticker!.id] }
  const path = `/channels/${elsewhere.id}/messages`
  expect((await at.call('POST', path, sent)).status).toBe(200)
  const overwrite = { id: at.bot.id, type: 1, allow: '0', deny: String(Bit.UseExternalStickers) }
  const place = { id: elsewhere.id, guild_id: other.id, permission_overwrites: [overwrite] }
  at.simulator.dispatch('CHANNEL_UPDATE', place)
  expect(await at.call('POST', path, sent)).toMatchObject(refused(50013))
  at.forbid(Bit.CreateGuildExpressions)
  at.forbid(Bit.ManageGuildExpressions)
  expect(await at.call('POST', stickers(at), form())).toMatchObject(refused(50013))
  expect(await at.call('DELETE', `${stickers(at)}/${sticker!.id}`)).toMatchObject(refused(50013))
})

test('a message is carried on with what it said, and on again', async () => {
  await using at = await scene()
  const said = await at.post('general', { content: 'the kiln is on', embeds: [{ title: 'hot' }] })
  const message_reference = { type: 1, message_id: said.id, channel_id: said.channel_id }
  const forward = await at.post('kiln-watch', { message_reference })
  await at.heard('MESSAGE_CREATE')
  const told = await at.heard('MESSAGE_CREATE')
  expect(told).toMatchObject({
    id: forward.id,
    type: 0,
    content: '',
    flags: 1 << 14,
    message_reference: { ...message_reference, guild_id: at.guild.id },
    message_snapshots: [{ message: { content: 'the kiln is on', embeds: [{ title: 'hot' }] } }],
  })
  expect(told).not.toHaveProperty('referenced_message')
  expect(told.message_snapshots[0].message).not.toHaveProperty('author')
  await at.call('DELETE', `/channels/${said.channel_id}/messages/${said.id}`)
  const again = { ...message_reference, message_id: forward.id, channel_id: forward.channel_id }
  await at.post('general', { message_reference: again })
  expect((await at.heard('MESSAGE_CREATE')).message_snapshots).toEqual(told.message_snapshots)
})

test('only what the bot may read is carried on', async () => {
  await using at = await scene()
  const said = await at.post('general')
  const path = `/channels/${at.channel('kiln-watch')}/messages`
  const forward = (fields: object) =>
    at.call('POST', path, {
      message_reference: { type: 1, message_id: said.id, channel_id: said.channel_id, ...fields },
    })
  expect((await forward({ message_id: '1' })).body).toMatchObject({
    code: 50035,
    errors: { message_reference: { _errors: [{ code: 'MESSAGE_REFERENCE_UNKNOWN_MESSAGE' }] } },
  })
  expect(await forward({ channel_id: '1' })).toMatchObject(refused(10003))
  await at.call('PUT', `/channels/${said.channel_id}/messages/pins/${said.id}`)
  const { body } = await at.call('GET', `/channels/${said.channel_id}/messages?limit=1`)
  expect((await forward({ message_id: body[0].id })).body.code).toBe(50035)
  expect((await forward({ channel_id: undefined })).body).toMatchObject({
    errors: { message_reference: { channel_id: { _errors: [{ code: 'BASE_TYPE_REQUIRED' }] } } },
  })
  const poll = { question: { text: 'x' }, answers: [{ poll_media: { text: 'x' } }] }
  expect((await forward({ message_id: (await at.post('general', { poll })).id })).body.code).toBe(50035)
  at.forbid(Bit.ViewChannel, 'general')
  expect(await forward({})).toMatchObject(refused(50001))
})

test('without the content of messages a bot carries on only its own, and reads none that was carried on', async () => {
  await using simulator = await startSimulator({ privileged: ['members'], rateLimits: false })
  const call = restClient(simulator)
  const guild = simulator.world.guilds()[0]!
  const channel_id = guild.channels.find(({ name }) => name === 'general')!.id
  const id = simulator.world.nextId()
  const from = {
    channel_id,
    guild_id: guild.id,
    author: PEOPLE.pikelet,
    timestamp: '2026-11-20T14:08:00Z',
    mentions: [],
  }
  const { client } = await identified(simulator, { intents: Intent.GuildMessages })
  const snapshot = { message: { content: 'secret', embeds: [], attachments: [] } }
  simulator.dispatch('MESSAGE_CREATE', { ...from, id, type: 0, content: '', message_snapshots: [snapshot] })
  expect((await client.event('MESSAGE_CREATE')).d.message_snapshots[0].message.content).toBe('')
  const theirs = { message_reference: { type: 1, channel_id, message_id: id } }
  expect((await call('POST', `/channels/${channel_id}/messages`, theirs)).body.code).toBe(160014)
  const own = (await call('POST', `/channels/${channel_id}/messages`, { content: 'x' })).body.id
  const mine = { message_reference: { type: 1, channel_id, message_id: own } }
  expect((await call('POST', `/channels/${channel_id}/messages`, mine)).status).toBe(200)
})
