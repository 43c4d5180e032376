import { AuditLogEvent as Did, PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { PEOPLE } from '../src/index.ts'
import { refused, scene } from './scene.ts'
import type { Scene } from './scene.ts'

interface Entry {
  id: string
  action_type: number
  target_id: string | null
}

const log = async (at: Scene, query = '') =>
  (await at.call('GET', `/guilds/${at.guild.id}/audit-logs${query}`)).body as {
    audit_log_entries: Entry[]
    users: { id: string }[]
    webhooks: object[]
    threads: { id: string }[]
  }
/** What was done, oldest first. */
const done = async (at: Scene) =>
  (await log(at)).audit_log_entries.toReversed().map(({ action_type }) => Did[action_type])

test('a deed is written down with who, whom, why and what has changed, and told', async () => {
  await using at = await scene()
  const path = `/guilds/${at.guild.id}/members/${PEOPLE.pikelet.id}`
  const headers = { 'x-audit-log-reason': encodeURIComponent('glaze thief ☂') }
  await at.call('PATCH', path, { nick: 'pik' }, headers)
  const told = await at.heard('GUILD_AUDIT_LOG_ENTRY_CREATE')
  expect(told).toEqual({
    id: expect.any(String),
    guild_id: at.guild.id,
    user_id: at.bot.id,
    target_id: PEOPLE.pikelet.id,
    action_type: Did.MemberUpdate,
    changes: [{ key: 'nick', new_value: 'pik' }],
    reason: 'glaze thief ☂',
  })
  const { guild_id: _guild, ...entry } = told
  expect(await log(at)).toMatchObject({
    audit_log_entries: [entry],
    users: [{ id: at.bot.id }, { id: PEOPLE.pikelet.id }],
  })
  await at.call('PATCH', path, { nick: null })
  expect((await at.heard('GUILD_AUDIT_LOG_ENTRY_CREATE')).changes).toEqual([{ key: 'nick', old_value: 'pik' }])
})

test('every kind of deed is its own, and what changes nothing is none', async () => {
  await using at = await scene()
  const guild = `/guilds/${at.guild.id}`
  const pikelet = `${guild}/members/${PEOPLE.pikelet.id}`
  const made = async (path: string, body: object) => (await at.call('POST', path, body)).body

  const room = await made(`${guild}/channels`, { name: 'room' })
  await at.call('PATCH', `/channels/${room.id}`, { topic: 'x' })
  await at.call('PATCH', `/channels/${room.id}`, { topic: 'x' })
  await at.call('PUT', `/channels/${room.id}/permissions/${PEOPLE.pikelet.id}`, { type: 1, deny: '1024' })
  await at.call('PUT', `/channels/${room.id}/permissions/${PEOPLE.pikelet.id}`, { type: 1, deny: '2048' })
  await at.call('DELETE', `/channels/${room.id}/permissions/${PEOPLE.pikelet.id}`)
  const thread = await made(`/channels/${room.id}/threads`, { name: 'aside', type: 11 })
  await at.call('PATCH', `/channels/${thread.id}`, { archived: true })
  await at.call('DELETE', `/channels/${thread.id}`)
  await at.call('DELETE', `/channels/${room.id}`)
  expect(await done(at)).toEqual([
    'ChannelCreate',
    'ChannelUpdate',
    'ChannelOverwriteCreate',
    'ChannelOverwriteUpdate',
    'ChannelOverwriteDelete',
    'ThreadCreate',
    'ThreadUpdate',
    'ThreadDelete',
    'ChannelDelete',
  ])

  const role = await made(`${guild}/roles`, { name: 'Glazer' })
  await at.call('PUT', `${pikelet}/roles/${role.id}`)
  await at.call('PATCH', `${guild}/roles/${role.id}`, { hoist: true })
  await at.call('DELETE', `${guild}/roles/${role.id}`)
  const { code } = await made(`/channels/${at.channel('general')}/invites`, {})
  await at.call('DELETE', `/invites/${code}`)
  const hook = await made(`/channels/${at.channel('general')}/webhooks`, { name: 'hook' })
  await at.call('PATCH', `/webhooks/${hook.id}`, { name: 'kiln' })
  expect((await log(at)).webhooks).toEqual([expect.not.objectContaining({ token: hook.token })])
  await at.call('DELETE', `/webhooks/${hook.id}`)
  const emoji = await made(`${guild}/emojis`, { name: 'kiln', image: 'data:image/png;base64,AA==' })
  await at.call('PATCH', `${guild}/emojis/${emoji.id}`, { name: 'kiln2' })
  await at.call('DELETE', `${guild}/emojis/${emoji.id}`)
  await at.call('PATCH', guild, { name: 'Makers' })
  expect((await done(at)).slice(9)).toEqual([
    'RoleCreate',
    'MemberRoleUpdate',
    'RoleUpdate',
    'RoleDelete',
    'InviteCreate',
    'InviteDelete',
    'WebhookCreate',
    'WebhookUpdate',
    'WebhookDelete',
    'EmojiCreate',
    'EmojiUpdate',
    'EmojiDelete',
    'GuildUpdate',
  ])
})

test('messages of others, and people, are written down, and the bot’s own messages are not', async () => {
  await using at = await scene()
  const guild = `/guilds/${at.guild.id}`
  const channel = at.channel('build-log')
  const { body: past } = await at.call('GET', `/channels/${channel}/messages?limit=100`)
  const [one, two, three] = past.filter((message: { author: { id: string } }) => message.author.id !== at.bot.id)
  const own = await at.post('general')
  await at.call('DELETE', `/channels/${own.channel_id}/messages/${own.id}`)
  await at.call('PUT', `/channels/${channel}/messages/pins/${one.id}`)
  await at.call('DELETE', `/channels/${channel}/messages/${one.id}`)
  await at.call('POST', `/channels/${channel}/messages/bulk-delete`, { messages: [two.id, three.id] })
  const place = { guild_id: at.guild.id, channel_id: at.channel('Loft'), user_id: PEOPLE.pikelet.id }
  at.simulator.dispatch('VOICE_STATE_UPDATE', place)
  await at.call('PATCH', `${guild}/members/${PEOPLE.pikelet.id}`, { channel_id: at.channel('Workbench') })
  await at.call('PATCH', `${guild}/members/${PEOPLE.pikelet.id}`, { channel_id: null })
  await at.call('DELETE', `${guild}/members/${PEOPLE.pikelet.id}`)
  await at.call('PUT', `${guild}/bans/${PEOPLE.saltmarsh.id}`, { delete_message_seconds: 604_800 })
  await at.call('DELETE', `${guild}/bans/${PEOPLE.saltmarsh.id}`)
  const { audit_log_entries } = await log(at)
  const inChannel = { channel_id: channel }
  expect(audit_log_entries.toReversed()).toMatchObject([
    { action_type: Did.MessagePin, target_id: one.author.id, options: { ...inChannel, message_id: one.id } },
    { action_type: Did.MessageDelete, target_id: one.author.id, options: { ...inChannel, count: '1' } },
    { action_type: Did.MessageBulkDelete, target_id: channel, options: { count: '2' } },
    { action_type: Did.MemberMove, target_id: null, options: { channel_id: at.channel('Workbench'), count: '1' } },
    { action_type: Did.MemberDisconnect, target_id: null, options: { count: '1' } },
    { action_type: Did.MemberKick, target_id: PEOPLE.pikelet.id },
    { action_type: Did.MemberBanAdd, target_id: PEOPLE.saltmarsh.id },
    { action_type: Did.MemberBanRemove, target_id: PEOPLE.saltmarsh.id },
  ])
})

test('it is asked for by who, what and when, and by a bot that may', async () => {
  await using at = await scene()
  const { guild } = at
  await at.post('general')
  at.simulator.people.does(guild.owner_id, 'GUILD_BAN_ADD', { guild_id: guild.id, user: PEOPLE.pikelet }, 'spam')
  expect(await at.heard('GUILD_AUDIT_LOG_ENTRY_CREATE')).toMatchObject({ user_id: guild.owner_id, reason: 'spam' })
  await at.call('PATCH', `/guilds/${guild.id}`, { name: 'Makers' })
  await at.call('PATCH', `/guilds/${guild.id}`, { name: 'Menders' })
  const [third, second, first] = (await log(at)).audit_log_entries
  const ids = async (query: string) => (await log(at, query)).audit_log_entries.map(({ id }) => id)
  expect(await ids(`?user_id=${guild.owner_id}`)).toEqual([first!.id])
  expect(await ids(`?action_type=${Did.GuildUpdate}`)).toEqual([third!.id, second!.id])
  expect(await ids(`?before=${third!.id}&limit=1`)).toEqual([second!.id])
  expect(await ids(`?after=${first!.id}`)).toEqual([second!.id, third!.id])
  expect((await at.call('GET', `/guilds/${guild.id}/audit-logs?limit=101`)).body.code).toBe(50035)

  at.forbid(Bit.ViewAuditLog)
  expect(await at.call('GET', `/guilds/${guild.id}/audit-logs`)).toMatchObject(refused(50013))
  await at.call('PATCH', `/guilds/${guild.id}`, { name: 'Makers' })
  // What comes after it is there, and it is not.
  await at.post('general')
  const named = new Set(['GUILD_AUDIT_LOG_ENTRY_CREATE', 'MESSAGE_CREATE'])
  await at.heard('GUILD_UPDATE')
  await at.heard('GUILD_UPDATE')
  await at.heard('GUILD_UPDATE')
  expect((await at.client.until(({ t }) => named.has(t ?? ''))).t).toBe('MESSAGE_CREATE')
})

test('what is done to sounds was not written down', async () => {
  await using at = await scene()
  const path = `/guilds/${at.guild.id}/soundboard-sounds`
  const { body } = await at.call('POST', path, { name: 'hiss', sound: 'data:audio/ogg;base64,AA==' })
  await at.call('PATCH', `${path}/${body.sound_id}`, { name: 'roar' })
  await at.call('DELETE', `${path}/${body.sound_id}`)
  const entries = (await at.call('GET', `/guilds/${at.guild.id}/audit-logs?limit=3`)).body.audit_log_entries
  expect((entries as { action_type: number }[]).map((entry) => entry.action_type)).toEqual([132, 131, 130])
  expect(entries[0].target_id).toBe(body.sound_id)
})
