import { ChannelType, PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { PEOPLE } from '../src/index.ts'
import { scene } from './scene.ts'
import type { Scene } from './scene.ts'

const { pikelet, brackish } = PEOPLE

/** What is asked. What it is about is made before, by a bot that may do all. */
interface Asked {
  method: string
  path: string
  body?: unknown
}
type Ask = (at: Scene) => Asked | Promise<Asked>
type Name = keyof typeof Bit

const guildPath = (at: Scene, path = '') => `/guilds/${at.guild.id}${path}`
const channelPath = (at: Scene, name: string, path = '') => `/channels/${at.channel(name)}${path}`
const memberPath = (at: Scene) => guildPath(at, `/members/${pikelet.id}`)
const asks =
  (method: string, path: (at: Scene) => string | Promise<string>, body?: unknown): Ask =>
  async (at) => ({ method, path: await path(at), ...(body !== undefined && { body }) })
const ofGuild = (method: string, path: string, body?: unknown) => asks(method, (at) => guildPath(at, path), body)
const ofGeneral = (method: string, path: string, body?: unknown) =>
  asks(method, (at) => channelPath(at, 'general', path), body)
const editing = (body: unknown) => asks('PATCH', memberPath, body)

/** Somebody in voice, or on a stage, as the request supposes. */
function inVoice(at: Scene, name: string, user_id: string): void {
  const flags = { deaf: false, mute: false, self_deaf: false, self_mute: false, self_video: false, suppress: true }
  const channel_id = at.channel(name)
  at.simulator.dispatch('VOICE_STATE_UPDATE', { ...flags, guild_id: at.guild.id, channel_id, user_id, session_id: 'x' })
}
const speaking =
  (ask: Ask): Ask =>
  (at) => {
    inVoice(at, 'Loft', pikelet.id)
    return ask(at)
  }
const onStage =
  (who: 'me' | 'other', body: object): Ask =>
  (at) => {
    const id = who === 'me' ? at.bot.id : pikelet.id
    inVoice(at, 'Friday demo', id)
    return { method: 'PATCH', path: guildPath(at, `/voice-states/${who === 'me' ? '@me' : id}`), body }
  }
const anothers = (at: Scene) =>
  at.simulator.people.speak({ user_id: pikelet.id, channel_id: at.channel('general'), content: 'x' }).id
const own = async (at: Scene) => (await at.post('general')).id
async function thread(at: Scene, type = ChannelType.PublicThread): Promise<string> {
  const { body } = await at.call('POST', channelPath(at, 'general', '/threads'), { name: 'x', type })
  return `/channels/${body.id}`
}
function withFile(): FormData {
  const form = new FormData()
  form.set('payload_json', '{"content":"x"}')
  form.set('files[0]', new Blob(['x']), 'x.txt')
  return form
}
const poll = { question: { text: 'Which?' }, answers: [{ poll_media: { text: 'This' } }] }
const rule = { name: 'glue', event_type: 1, trigger_type: 1, trigger_metadata: { keyword_filter: ['glue'] } }
const sound = { name: 'bell', sound: 'data:audio/ogg;base64,AA==' }
const emoji = { name: 'kiln', image: 'data:image/png;base64,AA==' }
const plan = {
  name: 'Kilns',
  entity_type: 3,
  entity_metadata: { location: 'Here' },
  privacy_level: 2,
  scheduled_start_time: '2027-12-01T18:00:00Z',
  scheduled_end_time: '2027-12-01T19:00:00Z',
}
const FIRE = encodeURIComponent('🔥')

/**
 * What a route asks for, as Discord's page of it says. Each is refused with 50013 to a bot that may do all but this, and
 * done for one that may do this too.
 */
const ROUTES: readonly (readonly [name: Name, what: string, ask: Ask])[] = [
  ['ManageNicknames', 'another’s nick', editing({ nick: 'x' })],
  ['ChangeNickname', 'its own nick', ofGuild('PATCH', '/members/@me', { nick: 'x' })],
  ['ManageRoles', 'roles of a member', editing({ roles: [] })],
  ['ModerateMembers', 'a timeout', editing({ communication_disabled_until: '2026-11-20T15:00:00Z' })],
  ['MuteMembers', 'to mute', speaking(editing({ mute: true }))],
  ['DeafenMembers', 'to deafen', speaking(editing({ deaf: true }))],
  ['MoveMembers', 'to move', speaking(editing({ channel_id: null }))],
  ['ManageRoles', 'a role given', asks('PUT', (at) => `${memberPath(at)}/roles/${at.role('Steward').id}`)],
  ['ManageRoles', 'a role taken', asks('DELETE', (at) => `${memberPath(at)}/roles/${at.role('Maker').id}`)],
  ['KickMembers', 'a kick', asks('DELETE', memberPath)],
  ['MuteMembers', 'another to speak on a stage', onStage('other', { suppress: false })],
  ['MuteMembers', 'itself to speak on a stage', onStage('me', { suppress: false })],
  ['RequestToSpeak', 'to ask to speak', onStage('me', { request_to_speak_timestamp: '2026-11-20T14:08:00Z' })],
  ['SendMessages', 'a message', ofGeneral('POST', '/messages', { content: 'x' })],
  ['SendMessages', 'typing', ofGeneral('POST', '/typing', {})],
  ['EmbedLinks', 'an embed', ofGeneral('POST', '/messages', { embeds: [{ title: 'x' }] })],
  [
    'AttachFiles',
    'a file',
    (at) => ({ method: 'POST', path: channelPath(at, 'general', '/messages'), body: withFile() }),
  ],
  [
    'AttachFiles',
    'a file in an edit',
    async (at) => ({
      method: 'PATCH',
      path: channelPath(at, 'general', `/messages/${await own(at)}`),
      body: withFile(),
    }),
  ],
  ['SendPolls', 'a poll', ofGeneral('POST', '/messages', { poll })],
  [
    'ManageGuild',
    'a welcome screen shown',
    async (at) => {
      await at.call('PATCH', guildPath(at, '/welcome-screen'), { description: 'x', welcome_channels: [] })
      return { method: 'GET', path: guildPath(at, '/welcome-screen') }
    },
  ],
  ['ManageGuild', 'a welcome screen', ofGuild('PATCH', '/welcome-screen', { description: 'x' })],
  ['ManageGuild', 'onboarding', ofGuild('PUT', '/onboarding', { prompts: [] })],
  ['ManageRoles', 'onboarding', ofGuild('PUT', '/onboarding', { prompts: [] })],
  ['ManageGuild', 'integrations', ofGuild('GET', '/integrations')],
  [
    'ManageGuild',
    'an integration removed',
    async (at) => {
      const [{ id }] = (await at.call('GET', guildPath(at, '/integrations'))).body as [{ id: string }]
      return { method: 'DELETE', path: guildPath(at, `/integrations/${id}`) }
    },
  ],
  ['ManageGuild', 'the widget’s settings', ofGuild('GET', '/widget')],
  ['ManageGuild', 'the widget', ofGuild('PATCH', '/widget', { enabled: true })],
  ['ManageGuild', 'the vanity URL', ofGuild('GET', '/vanity-url')],
  ['ManageGuild', 'invites of a guild', ofGuild('GET', '/invites')],
  ['ManageGuild', 'a guild', ofGuild('PATCH', '', { name: 'Tidewater' })],
  ['ManageGuild', 'templates', ofGuild('GET', '/templates')],
  ['ManageGuild', 'rules', ofGuild('GET', '/auto-moderation/rules')],
  ['ManageGuild', 'a rule', ofGuild('POST', '/auto-moderation/rules', { ...rule, actions: [{ type: 1 }] })],
  [
    'ModerateMembers',
    'a rule that times out',
    ofGuild('POST', '/auto-moderation/rules', { ...rule, actions: [{ type: 3, metadata: { duration_seconds: 60 } }] }),
  ],
  ['ManageGuild', 'pruning', ofGuild('GET', '/prune?days=30')],
  ['KickMembers', 'pruning', ofGuild('GET', '/prune?days=30')],
  ['BanMembers', 'bans', ofGuild('GET', '/bans')],
  ['BanMembers', 'a ban', ofGuild('PUT', `/bans/${pikelet.id}`)],
  ['BanMembers', 'many bans', ofGuild('POST', '/bulk-ban', { user_ids: [pikelet.id] })],
  ['ManageGuild', 'many bans', ofGuild('POST', '/bulk-ban', { user_ids: [pikelet.id] })],
  ['ViewAuditLog', 'the audit log', ofGuild('GET', '/audit-logs')],
  ['ManageRoles', 'a new role', ofGuild('POST', '/roles', { name: 'x' })],
  ['ManageChannels', 'a new channel', ofGuild('POST', '/channels', { name: 'x' })],
  ['ManageChannels', 'a channel', ofGeneral('PATCH', '', { topic: 'x' })],
  ['ManageChannels', 'a channel deleted', asks('DELETE', (at) => channelPath(at, 'Loft'))],
  ['ManageRoles', 'an overwrite', ofGeneral('PUT', `/permissions/${brackish.id}`, { type: 1, deny: '0' })],
  ['CreateInstantInvite', 'an invite', ofGeneral('POST', '/invites', {})],
  ['ManageChannels', 'invites of a channel', ofGeneral('GET', '/invites')],
  ['ManageWebhooks', 'a webhook', ofGeneral('POST', '/webhooks', { name: 'hook' })],
  ['ManageWebhooks', 'webhooks of a channel', ofGeneral('GET', '/webhooks')],
  ['ManageWebhooks', 'webhooks of a guild', ofGuild('GET', '/webhooks')],
  ['CreateGuildExpressions', 'an emoji', ofGuild('POST', '/emojis', emoji)],
  [
    'ManageGuildExpressions',
    'another’s emoji',
    (at) => {
      const plain = { roles: [], require_colons: true, managed: false, animated: false, available: true }
      const emojis = [{ id: '74', name: 'kiln', ...plain, user: pikelet }]
      at.simulator.dispatch('GUILD_EMOJIS_UPDATE', { guild_id: at.guild.id, emojis })
      return { method: 'PATCH', path: guildPath(at, '/emojis/74'), body: { name: 'kiln2' } }
    },
  ],
  ['CreateGuildExpressions', 'a sound', ofGuild('POST', '/soundboard-sounds', sound)],
  ['CreateEvents', 'an event', ofGuild('POST', '/scheduled-events', plan)],
  [
    'ManageEvents',
    'another’s event',
    asks('PATCH', (at) => guildPath(at, `/scheduled-events/${at.guild.guild_scheduled_events[0]!.id}`), { name: 'x' }),
  ],
  ['CreatePublicThreads', 'a thread', ofGeneral('POST', '/threads', { name: 'x', type: 11 })],
  ['CreatePrivateThreads', 'a private thread', ofGeneral('POST', '/threads', { name: 'x', type: 12 })],
  [
    'SendMessagesInThreads',
    'somebody added to a thread',
    async (at) => ({ method: 'PUT', path: `${await thread(at)}/thread-members/${pikelet.id}` }),
  ],
  [
    'ManageThreads',
    'somebody removed from a thread',
    async (at) => {
      const path = `${await thread(at)}/thread-members/${pikelet.id}`
      await at.call('PUT', path)
      return { method: 'DELETE', path }
    },
  ],
  [
    'ManageMessages',
    'another’s message deleted',
    (at) => ({ method: 'DELETE', path: channelPath(at, 'general', `/messages/${anothers(at)}`) }),
  ],
  [
    'ManageMessages',
    'another’s embeds hidden',
    (at) => ({ method: 'PATCH', path: channelPath(at, 'general', `/messages/${anothers(at)}`), body: { flags: 4 } }),
  ],
  [
    'ManageMessages',
    'many messages deleted',
    async (at) => ({
      method: 'POST',
      path: channelPath(at, 'general', '/messages/bulk-delete'),
      body: { messages: [await own(at), await own(at)] },
    }),
  ],
  [
    'PinMessages',
    'a pin',
    async (at) => ({ method: 'PUT', path: channelPath(at, 'general', `/messages/pins/${await own(at)}`) }),
  ],
  [
    'AddReactions',
    'a reaction',
    async (at) => ({
      method: 'PUT',
      path: channelPath(at, 'general', `/messages/${await own(at)}/reactions/${FIRE}/@me`),
    }),
  ],
  [
    'ManageMessages',
    'reactions cleared',
    async (at) => ({ method: 'DELETE', path: channelPath(at, 'general', `/messages/${await own(at)}/reactions`) }),
  ],
  [
    'ManageMessages',
    'an emoji’s reactions cleared',
    async (at) => ({
      method: 'DELETE',
      path: channelPath(at, 'general', `/messages/${await own(at)}/reactions/${FIRE}`),
    }),
  ],
]

/** All that there is, but what stands above every permission. */
const ALL = Object.values(Bit).reduce((sum, bit) => sum | bit, 0n) & ~Bit.Administrator

test.each(ROUTES)('%s: %s', async (name, _what, ask) => {
  await using at = await scene()
  const { guild, simulator } = at
  // Each role gives the bot all, whatever it gave, and no channel takes or gives anything but the one that is asked about.
  const grant = (bits: bigint) => {
    for (const role of guild.roles) {
      const permissions = String(role.id === guild.id || role.tags?.bot_id === at.bot.id ? bits : 0n)
      simulator.dispatch('GUILD_ROLE_UPDATE', { guild_id: guild.id, role: { ...role, permissions } })
    }
  }
  for (const { id } of guild.channels)
    simulator.dispatch('CHANNEL_UPDATE', { id, guild_id: guild.id, permission_overwrites: [] })
  grant(ALL)
  const { method, path, body } = await ask(at)
  grant(ALL & ~Bit[name])
  expect(await at.call(method, path, body)).toMatchObject({ status: 403, body: { code: 50_013 } })
  grant(ALL)
  expect((await at.call(method, path, body)).status).toBeLessThan(300)
})

test.each([
  ['ViewChannel', 'general', ''],
  ['ViewChannel', 'general', '/messages'],
  ['Connect', 'Loft', '/messages'],
] as const)('without %s what is in %s%s is out of reach', async (name, channel, path) => {
  await using at = await scene()
  expect((await at.call('GET', channelPath(at, channel, path))).status).toBe(200)
  at.forbid(Bit[name], channel)
  expect(await at.call('GET', channelPath(at, channel, path))).toMatchObject({ status: 403, body: { code: 50_001 } })
})

test('an edit embedded what the bot may not embed, and Discord passes over it', async () => {
  await using at = await scene()
  const [old, next] = [[{ title: 'old' }], [{ title: 'next' }]]
  const { id } = await at.post('general', { content: 'x', embeds: old })
  at.forbid(Bit.EmbedLinks, 'general')
  const edit = (body: object) => at.call('PATCH', channelPath(at, 'general', `/messages/${id}`), body)
  expect(await edit({ content: 'y', embeds: next })).toMatchObject({ status: 200, body: { content: 'y', embeds: old } })
  // What cannot be an embed is wrong all the same, and what is there may be taken away.
  expect((await edit({ embeds: [{ title: 5 }] })).body.code).toBe(50_035)
  expect((await edit({ embeds: [] })).body.embeds).toEqual([])
  expect(await edit({ content: '', embeds: next })).toMatchObject({ status: 400, body: { code: 50_006 } })
})

/** How the bot acts on somebody, who must stand below it. */
const ON_MEMBERS: readonly (readonly [what: string, method: string, path: string, body: object | undefined])[] = [
  ['a nick', 'PATCH', '/members/:id', { nick: 'x' }],
  ['a timeout', 'PATCH', '/members/:id', { communication_disabled_until: '2026-11-20T15:00:00Z' }],
  ['the end of a timeout', 'PATCH', '/members/:id', { communication_disabled_until: null }],
  ['a kick', 'DELETE', '/members/:id', undefined],
  ['a ban', 'PUT', '/bans/:id', undefined],
]

test.each(ON_MEMBERS)('%s: of nobody but who stands below the bot', async (_what, method, path, body) => {
  await using at = await scene()
  const { guild, simulator } = at
  const act = (id: string) => at.call(method, guildPath(at, path.replace(':id', id)), body)
  const ranked = (roles: readonly string[]) =>
    simulator.dispatch('GUILD_MEMBER_UPDATE', { guild_id: guild.id, user: pikelet, roles })
  const refusal = { status: 403, body: { code: 50_013 } }
  const held = at.role('gantry')
  const above = { ...at.role('Maker'), id: '90', name: 'above', position: held.position + 1, permissions: '0' }
  simulator.dispatch('GUILD_ROLE_CREATE', { guild_id: guild.id, role: above })
  // That the bot may do all does not lift it.
  simulator.dispatch('GUILD_ROLE_UPDATE', {
    guild_id: guild.id,
    role: { ...held, permissions: String(Bit.Administrator) },
  })
  expect(await act(guild.owner_id)).toMatchObject(refusal)
  for (const role of [above, held]) {
    ranked([role.id])
    expect(await act(pikelet.id)).toMatchObject(refusal)
  }
  ranked([at.role('Moderator').id])
  expect((await act(pikelet.id)).status).toBeLessThan(300)
})

test('who may do all is timed out by nobody, and nobody by themselves', async () => {
  await using at = await scene()
  const until = { communication_disabled_until: '2026-11-20T15:00:00Z' }
  const act = (id: string, body: object = until) => at.call('PATCH', guildPath(at, `/members/${id}`), body)
  const refusal = { status: 403, body: { code: 50_013 } }
  const strong = { ...at.role('Maker'), permissions: String(Bit.Administrator) }
  const { roles } = at.guild.members.find(({ user }) => user.id === pikelet.id)!
  expect(roles).toContain(strong.id)
  at.simulator.dispatch('GUILD_ROLE_UPDATE', { guild_id: at.guild.id, role: strong })
  expect(await act(pikelet.id)).toMatchObject(refusal)
  expect(await act(at.bot.id)).toMatchObject(refusal)
  // Who was timed out before they came to may, is let out.
  expect((await act(pikelet.id, { communication_disabled_until: null })).status).toBe(200)
  at.simulator.dispatch('GUILD_ROLE_UPDATE', { guild_id: at.guild.id, role: { ...strong, permissions: '0' } })
  expect((await act(pikelet.id)).status).toBe(200)
  expect((await act(pikelet.id, { communication_disabled_until: '2027-11-20T15:00:00Z' })).body.code).toBe(50_035)
})
