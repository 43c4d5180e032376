import { PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { PEOPLE } from '../src/index.ts'
import { snowflakeAt } from '../src/snowflake.ts'
import { START_MS, refused, scene } from './scene.ts'

const pathOf = ({ channel_id, id }: { channel_id: string; id: string }) => `/channels/${channel_id}/messages/${id}`

test('an edit changes what it names, tells it, and is only for one’s own', async () => {
  await using at = await scene()
  const message = await at.post('general', { content: 'one', embeds: [{ title: 'kept' }] })
  at.clock.advance(5_000)
  const { body } = await at.call('PATCH', pathOf(message), { content: `two <@${PEOPLE.pikelet.id}>` })
  expect(body).toMatchObject({ embeds: [{ title: 'kept' }], mentions: [{ username: 'pikelet' }] })
  expect(Date.parse(body.edited_timestamp as string)).toBe(START_MS + 5_000)
  expect(await at.heard('MESSAGE_UPDATE')).toMatchObject({
    id: message.id,
    content: body.content,
    guild_id: at.guild.id,
  })
  expect((await at.call('GET', pathOf(message))).body.content).toBe(body.content)

  const { body: others } = await at.call('GET', `/channels/${at.channel('build-log')}/messages`)
  const theirs = (others as { id: string; channel_id: string; author: { bot?: boolean } }[]).find((m) => !m.author.bot)!
  expect(await at.call('PATCH', pathOf(theirs), { content: 'x' })).toMatchObject(refused(50005))
  expect((await at.call('PATCH', pathOf(message), { content: '', embeds: [] })).body.code).toBe(50006)
})

test('a deletion is told, and of others’ messages needs MANAGE_MESSAGES', async () => {
  await using at = await scene()
  const message = await at.post('general')
  expect((await at.call('DELETE', pathOf(message))).status).toBe(204)
  expect(await at.heard('MESSAGE_DELETE')).toEqual({ ...message_ids(message), guild_id: at.guild.id })
  expect((await at.call('DELETE', pathOf(message))).body.code).toBe(10008)
  const theirs = (await at.call('GET', `/channels/${at.channel('buy-together')}/messages`)).body[0]
  at.forbid(Bit.ManageMessages)
  expect(await at.call('DELETE', pathOf(theirs))).toMatchObject(refused(50013))
})

const message_ids = ({ id, channel_id }: { id: string; channel_id: string }) => ({ id, channel_id })

test('many are deleted at once, unless one is too old', async () => {
  await using at = await scene()
  const path = `/channels/${at.channel('general')}/messages/bulk-delete`
  const messages = [(await at.post('general')).id, (await at.post('general')).id]
  const old = snowflakeAt(START_MS - 15 * 86_400_000)
  expect((await at.call('POST', path, { messages: [...messages, old] })).body.code).toBe(50034)
  expect((await at.call('POST', path, { messages: [messages[0]] })).body.code).toBe(50016)
  expect((await at.call('POST', path, { messages: [...messages, snowflakeAt(START_MS - 1)] })).status).toBe(204)
  expect((await at.heard('MESSAGE_DELETE_BULK')).ids).toEqual(messages)
})

test('a pin is told three ways, and can be taken off', async () => {
  await using at = await scene()
  const message = await at.post('general')
  const path = `/channels/${message.channel_id}/messages/pins`
  expect((await at.call('PUT', `${path}/${message.id}`)).status).toBe(204)
  expect(await at.heard('MESSAGE_UPDATE')).toMatchObject({ id: message.id, pinned: true })
  expect((await at.heard('CHANNEL_PINS_UPDATE')).last_pin_timestamp).toMatch(/^2026-11-20T14:08/)
  expect(await at.heard('MESSAGE_CREATE')).toMatchObject({ type: 6, message_reference: { message_id: message.id } })
  expect((await at.call('GET', path)).body).toMatchObject({ items: [{ message: { id: message.id } }], has_more: false })
  await at.call('DELETE', `${path}/${message.id}`)
  expect((await at.call('GET', path)).body.items).toEqual([])
  at.forbid(Bit.PinMessages)
  expect(await at.call('PUT', `${path}/${message.id}`)).toMatchObject(refused(50013))
})

test('reactions come, are listed, and go', async () => {
  await using at = await scene()
  const message = await at.post('general')
  const path = `${pathOf(message)}/reactions/${encodeURIComponent('🔥')}`
  expect((await at.call('PUT', `${path}/@me`)).status).toBe(204)
  expect(await at.heard('MESSAGE_REACTION_ADD')).toMatchObject({
    user_id: at.bot.id,
    message_id: message.id,
    emoji: { name: '🔥' },
  })
  expect((await at.call('GET', path)).body).toEqual([at.bot])
  expect((await at.call('GET', pathOf(message))).body.reactions).toMatchObject([{ count: 1, me: true }])
  await at.call('DELETE', `${path}/@me`)
  expect(await at.heard('MESSAGE_REACTION_REMOVE')).toMatchObject({ user_id: at.bot.id })
  expect((await at.call('GET', path)).body).toEqual([])
  expect((await at.call('PUT', `${pathOf(message)}/reactions/nonsense/@me`)).body.code).toBe(10014)
  at.forbid(Bit.AddReactions, 'general')
  expect(await at.call('PUT', `${path}/@me`)).toMatchObject(refused(50013))
})

test('only what is said in an announcement channel can be published, and once', async () => {
  await using at = await scene()
  const message = await at.post('general')
  expect((await at.call('POST', `${pathOf(message)}/crosspost`)).body.code).toBe(50024)
  at.simulator.dispatch('CHANNEL_UPDATE', { id: message.channel_id, guild_id: at.guild.id, type: 5 })
  expect((await at.call('POST', `${pathOf(message)}/crosspost`)).body.flags).toBe(1)
  expect((await at.call('POST', `${pathOf(message)}/crosspost`)).body.code).toBe(40033)
  const { channel_id } = message
  const { id } = at.simulator.people.speak({ channel_id, user_id: PEOPLE.pikelet.id, content: 'News' })
  const published = () => at.call('POST', `${pathOf({ channel_id, id })}/crosspost`)
  for (const bit of [Bit.SendMessages, Bit.ManageMessages]) {
    at.forbid(bit, 'general')
    expect(await published()).toMatchObject(refused(50013))
  }
  at.forbid(0n, 'general')
  expect((await published()).body.flags).toBe(1)
})
