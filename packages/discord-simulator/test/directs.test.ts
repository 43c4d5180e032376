import { GatewayIntentBits as Intent } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { PEOPLE, startSimulator } from '../src/index.ts'
import { identified } from './raw-client.ts'
import { scene } from './scene.ts'
import type { Scene } from './scene.ts'

const open = async (at: Scene, recipient_id: string = PEOPLE.pikelet.id) =>
  (await at.call('POST', '/users/@me/channels', { recipient_id })).body as { id: string }

test('a direct channel is opened once, written in, and read', async () => {
  await using at = await scene()
  const channel = await open(at)
  expect(channel).toMatchObject({ type: 1, recipients: [{ id: PEOPLE.pikelet.id }] })
  expect((await open(at)).id).toBe(channel.id)
  const path = `/channels/${channel.id}`

  const { body: sent } = await at.call('POST', `${path}/messages`, { content: `psst <@${PEOPLE.pikelet.id}>` })
  const heard = await at.heard('MESSAGE_CREATE')
  expect(heard).toMatchObject({ id: sent.id, channel_id: channel.id, channel_type: 1, author: { id: at.bot.id } })
  expect(heard).not.toHaveProperty('guild_id')
  expect(heard).not.toHaveProperty('member')
  expect(heard.mentions[0]).not.toHaveProperty('member')
  expect((await at.call('GET', path)).body.last_message_id).toBe(sent.id)

  await at.call('PATCH', `${path}/messages/${sent.id}`, { content: 'hush' })
  expect(await at.heard('MESSAGE_UPDATE')).toMatchObject({ id: sent.id, content: 'hush' })
  await at.call('PUT', `${path}/messages/${sent.id}/reactions/${encodeURIComponent('🔥')}/@me`)
  expect(await at.heard('MESSAGE_REACTION_ADD')).not.toHaveProperty('guild_id')
  await at.call('PUT', `${path}/messages/pins/${sent.id}`)
  expect(await at.heard('CHANNEL_PINS_UPDATE')).toEqual({
    channel_id: channel.id,
    last_pin_timestamp: expect.any(String),
  })
  await at.call('POST', `${path}/typing`, {})
  expect(await at.heard('TYPING_START')).not.toHaveProperty('guild_id')
  await at.call('DELETE', `${path}/messages/${sent.id}`)
  expect(await at.heard('MESSAGE_DELETE')).toEqual({ id: sent.id, channel_id: channel.id })
  expect((await at.call('DELETE', path)).body.id).toBe(channel.id)
})

test('somebody writes to the bot, is answered, and their message is theirs', async () => {
  await using at = await scene()
  const message = at.simulator.people.write(PEOPLE.pikelet.id, 'is the kiln on?')
  const heard = await at.heard('MESSAGE_CREATE')
  expect(heard).toMatchObject({ id: message.id, content: 'is the kiln on?', author: { id: PEOPLE.pikelet.id } })
  expect((await open(at)).id).toBe(message.channel_id)
  const path = `/channels/${message.channel_id}/messages`
  const reply = { content: 'it is', message_reference: { message_id: message.id } }
  expect((await at.call('POST', path, reply)).body).toMatchObject({ referenced_message: { id: message.id } })
  expect((await at.call('DELETE', `${path}/${message.id}`)).body.code).toBe(50003)
  expect((await at.call('GET', `${path}?limit=2`)).body).toHaveLength(2)
})

test('what is for guilds is refused in a direct channel, and who cannot be reached is not', async () => {
  await using at = await scene()
  const { id } = await open(at)
  expect((await at.call('PATCH', `/channels/${id}`, { name: 'x' })).body.code).toBe(50003)
  expect((await at.call('POST', `/channels/${id}/webhooks`, { name: 'x' })).body.code).toBe(50003)
  const ids = { messages: ['1', '2'] }
  expect((await at.call('POST', `/channels/${id}/messages/bulk-delete`, ids)).body.code).toBe(50003)

  expect((await at.call('POST', '/users/@me/channels', { recipient_id: at.bot.id })).body.code).toBe(50033)
  expect((await at.call('POST', '/users/@me/channels', { recipient_id: '1' })).body.code).toBe(50033)
  expect((await at.call('POST', '/users/@me/channels', {})).body).toMatchObject({
    code: 50035,
    errors: { recipient_id: { _errors: [{ code: 'BASE_TYPE_REQUIRED' }] } },
  })

  for (const guild of at.simulator.world.guilds()) {
    at.simulator.dispatch('GUILD_MEMBER_REMOVE', { guild_id: guild.id, user: PEOPLE.pikelet })
  }
  expect((await at.call('POST', `/channels/${id}/messages`, { content: 'x' })).body.code).toBe(50278)
  expect(() => at.simulator.people.write(PEOPLE.pikelet.id, 'x')).toThrow('share no server')
})

test('direct messages come to shard 0, with their own intent, and with their content', async () => {
  await using simulator = await startSimulator()
  const { DirectMessages, GuildMessages } = Intent
  const { client: first } = await identified(simulator, { intents: DirectMessages, shard: [0, 2] })
  const { client: second } = await identified(simulator, { intents: DirectMessages, shard: [1, 2] })
  const { client: others } = await identified(simulator, { intents: GuildMessages | Intent.MessageContent })
  simulator.people.write(PEOPLE.pikelet.id, 'psst')
  expect((await first.event('MESSAGE_CREATE')).d).toMatchObject({ content: 'psst' })
  // What no intent covers comes to everybody, after what has not come.
  simulator.dispatch('FENCE', {})
  simulator.dispatch('FENCE', { guild_id: String(1n << 22n) })
  for (const client of [second, others]) {
    expect((await client.until(({ t }) => t === 'MESSAGE_CREATE' || t === 'FENCE')).t).toBe('FENCE')
  }
})
