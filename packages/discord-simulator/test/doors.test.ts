import { PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { PEOPLE } from '../src/index.ts'
import { scene } from './scene.ts'
import type { Scene } from './scene.ts'

const { pikelet, tessellate, saltmarsh } = PEOPLE

const ask = async (at: Scene, path: string, body: object) => {
  const response = await fetch(`${at.simulator.url}/_simulator${path}`, { method: 'POST', body: JSON.stringify(body) })
  const text = await response.text()
  return { status: response.status, body: text ? (JSON.parse(text) as { id: string; field?: string }) : undefined }
}

test('only a test in process could let people write, vote, follow and do', async () => {
  await using at = await scene()
  const written = await ask(at, '/write', { user_id: pikelet.id, content: 'Hello' })
  expect(written.status).toBe(201)
  expect(await at.heard('MESSAGE_CREATE')).toMatchObject({ id: written.body!.id, content: 'Hello' })
  expect(await ask(at, '/write', { user_id: '1', content: 'x' })).toMatchObject({ status: 400 })
  expect(await ask(at, '/write', { user_id: pikelet.id })).toMatchObject({ status: 400, body: { field: 'content' } })

  const answers = ['This', 'That'].map((text) => ({ poll_media: { text } }))
  const { id: message_id, channel_id } = await at.post('general', { poll: { question: { text: 'Which?' }, answers } })
  const ballot = { user_id: pikelet.id, channel_id, message_id, answer_ids: [2] }
  expect((await ask(at, '/vote', ballot)).status).toBe(204)
  expect(await at.heard('MESSAGE_POLL_VOTE_ADD')).toMatchObject({ user_id: pikelet.id, answer_id: 2 })
  expect(await ask(at, '/vote', { ...ballot, answer_ids: [9] })).toMatchObject({ status: 400 })

  const event_id = at.guild.guild_scheduled_events[0]!.id
  expect((await ask(at, '/follow', { user_id: pikelet.id, event_id })).status).toBe(204)
  expect(await at.heard('GUILD_SCHEDULED_EVENT_USER_ADD')).toMatchObject({ user_id: pikelet.id })
  await ask(at, '/follow', { user_id: pikelet.id, event_id, interested: false })
  expect(await at.heard('GUILD_SCHEDULED_EVENT_USER_REMOVE')).toMatchObject({ user_id: pikelet.id })

  const payload = { guild_id: at.guild.id, user: saltmarsh }
  const deed = { user_id: tessellate.id, event: 'GUILD_BAN_ADD', payload, reason: 'glue' }
  expect((await ask(at, '/do', deed)).status).toBe(202)
  expect(await at.heard('GUILD_BAN_ADD')).toMatchObject({ user: { id: saltmarsh.id } })
  const { audit_log_entries } = (await at.call('GET', `/guilds/${at.guild.id}/audit-logs?action_type=22`)).body
  expect(audit_log_entries[0]).toMatchObject({ user_id: tessellate.id, target_id: saltmarsh.id, reason: 'glue' })
})

test('what people see of an answer could not be asked for from outside', async () => {
  await using at = await scene()
  await at.call('POST', `/applications/${at.bot.id}/commands`, { name: 'fire', description: 'x' })
  const place = { user_id: pikelet.id, channel_id: at.channel('general') }
  const { body } = await ask(at, '/interactions', { ...place, command: 'fire' })
  const { token } = body as unknown as { token: string }
  await at.call('POST', `/interactions/${body!.id}/${token}/callback`, {
    type: 4,
    data: { content: 'psst', flags: 64 },
  })
  const seen = await fetch(`${at.simulator.url}/_simulator/interactions/${body!.id}`)
  expect(await seen.json()).toMatchObject({ type: 2, answer: 4, messages: [{ content: 'psst' }] })
  expect((await fetch(`${at.simulator.url}/_simulator/interactions/1`)).status).toBe(404)
})

test('the bot was not told of the threads in a channel that it came to view', async () => {
  await using at = await scene()
  const thread = (await at.call('POST', `/channels/${at.channel('general')}/threads`, { name: 'x', type: 11 })).body
  at.forbid(Bit.ViewChannel, 'general')
  const general = { id: at.channel('general'), guild_id: at.guild.id }
  at.simulator.people.does(tessellate.id, 'CHANNEL_UPDATE', { ...general, permission_overwrites: [] })
  expect(await at.heard('THREAD_LIST_SYNC')).toMatchObject({
    guild_id: at.guild.id,
    channel_ids: [general.id],
    threads: [{ id: thread.id }],
    members: [{ id: thread.id, user_id: at.bot.id }],
  })
})
