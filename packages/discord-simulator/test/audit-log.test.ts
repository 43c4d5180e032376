import { AuditLogEvent as Did, PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { PEOPLE } from '../src/index.ts'
import { tokenOf } from './oauth-client.ts'
import { restClient } from './rest-client.ts'
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

test('it is asked for by who, to whom, what and when, and by a bot that may', async () => {
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
  expect(await ids(`?target_id=${PEOPLE.pikelet.id}`)).toEqual([first!.id])
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

const written = async (at: Scene) => (await log(at)).audit_log_entries.toReversed()

test('who follows announcements was not written down, and could not be unfollowed', async () => {
  await using at = await scene()
  const [source, target] = [at.channel('announcements'), at.channel('general')]
  const { body } = await at.call('POST', `/channels/${source}/followers`, { webhook_channel_id: target })
  const hook = `/webhooks/${body.webhook_id}`
  const name = 'Tidewater Makers #announcements'
  expect(await at.heard('GUILD_AUDIT_LOG_ENTRY_CREATE')).toMatchObject({
    action_type: Did.WebhookCreate,
    target_id: body.webhook_id,
    changes: [
      { key: 'type', new_value: 2 },
      { key: 'channel_id', new_value: target },
      { key: 'name', new_value: name },
    ],
  })
  const shown = { id: body.webhook_id, type: 2, name, channel_id: target, source_channel: { id: source } }
  expect((await log(at)).webhooks).toMatchObject([shown])
  expect((await at.call('GET', `/guilds/${at.guild.id}/webhooks`)).body).toMatchObject([shown])
  expect((await at.call('GET', hook)).body).toMatchObject(shown)
  expect((await at.call('PATCH', hook, { channel_id: at.channel('Loft') })).body.code).toBe(50_024)
  const moved = { name: 'News', channel_id: at.channel('build-log') }
  expect((await at.call('PATCH', hook, moved)).body).toMatchObject({ ...shown, ...moved })
  const said = at.simulator.people.speak({ user_id: PEOPLE.brackish.id, channel_id: source, content: 'x' })
  // What is published is published by who may write there.
  at.forbid(0n, 'announcements')
  await at.call('POST', `/channels/${source}/messages/${said.id}/crosspost`)
  const [copy] = (await at.call('GET', `/channels/${moved.channel_id}/messages?limit=1`)).body
  expect(copy).toMatchObject({ webhook_id: body.webhook_id, author: { username: 'News' } })
  expect((await at.call('DELETE', hook)).status).toBe(204)
  expect((await at.call('GET', hook)).body.code).toBe(10_015)
  expect((await done(at)).slice(-2)).toEqual(['WebhookUpdate', 'WebhookDelete'])
})

test('onboarding was not written down', async () => {
  await using at = await scene()
  const put = (body: object) => at.call('PUT', `/guilds/${at.guild.id}/onboarding`, body, { 'x-audit-log-reason': 'y' })
  const prompt = (id: string, title: string) => ({ id, title, options: [{ id: `${id}0`, title: 'x' }] })
  const channels = [at.channel('general')]
  await put({ prompts: [prompt('1', 'Clay?'), prompt('2', 'Wood?')], default_channel_ids: channels })
  await put({ prompts: [prompt('1', 'Clay!'), prompt('3', 'Iron?')], default_channel_ids: [] })
  await put({})
  const reason = 'y'
  const target_id = at.guild.id
  const entry = (name: keyof typeof Did, target: string, changes: unknown) =>
    expect.objectContaining({ action_type: Did[name], target_id: target, changes, reason, user_id: at.bot.id })
  const titled = (new_value: string) => expect.arrayContaining([{ key: 'title', new_value }])
  expect(await written(at)).toEqual([
    entry('OnboardingCreate', target_id, [
      { key: 'default_channel_ids', new_value: channels },
      { key: 'enabled', new_value: false },
      { key: 'mode', new_value: 0 },
    ]),
    entry('OnboardingPromptCreate', '1', titled('Clay?')),
    entry('OnboardingPromptCreate', '2', titled('Wood?')),
    entry('OnboardingUpdate', target_id, [{ key: 'default_channel_ids', old_value: channels, new_value: [] }]),
    entry('OnboardingPromptUpdate', '1', [{ key: 'title', old_value: 'Clay?', new_value: 'Clay!' }]),
    entry('OnboardingPromptDelete', '2', expect.arrayContaining([{ key: 'title', old_value: 'Wood?' }])),
    entry('OnboardingPromptCreate', '3', titled('Iron?')),
  ])
})

test('who lets whom use a command was not written down, as a deed of theirs', async () => {
  await using at = await scene()
  const { body } = await at.call('POST', `/applications/${at.bot.id}/commands`, { name: 'fire', description: 'x' })
  const token = await tokenOf(at.simulator, 'tessellate', 'applications.commands.permissions.update')
  const owner = restClient(at.simulator, `Bearer ${token}`)
  const set = (...permissions: object[]) =>
    owner('PUT', `/applications/${at.bot.id}/guilds/${at.guild.id}/commands/${body.id}/permissions`, { permissions })
  const may = (id: string, permission: boolean) => ({ id, type: 2, permission })
  const [pikelet, brackish] = [PEOPLE.pikelet.id, PEOPLE.brackish.id]
  await set(may(pikelet, true))
  await set(may(pikelet, true))
  await set(may(pikelet, false), may(brackish, true))
  await set(may(brackish, true))
  const changed = (...changes: object[]) => ({
    action_type: Did.ApplicationCommandPermissionUpdate,
    user_id: at.guild.owner_id,
    target_id: body.id,
    options: { application_id: at.bot.id },
    changes,
  })
  expect(await written(at)).toMatchObject([
    changed({ key: pikelet, new_value: may(pikelet, true) }),
    changed(
      { key: pikelet, old_value: may(pikelet, true), new_value: may(pikelet, false) },
      { key: brackish, new_value: may(brackish, true) },
    ),
    changed({ key: pikelet, old_value: may(pikelet, false) }),
  ])
  const { application_commands } = (await at.call('GET', `/guilds/${at.guild.id}/audit-logs`)).body
  expect(application_commands).toMatchObject([{ id: body.id, name: 'fire' }])
})

test('that an integration was removed was not written down before the bot was gone', async () => {
  await using at = await scene()
  const path = `/guilds/${at.guild.id}/integrations`
  const [{ id }] = (await at.call('GET', path)).body
  await at.call('DELETE', `${path}/${id}`)
  const deed = { action_type: Did.IntegrationDelete, target_id: id }
  expect(await at.heard('GUILD_AUDIT_LOG_ENTRY_CREATE')).toMatchObject(deed)
})
