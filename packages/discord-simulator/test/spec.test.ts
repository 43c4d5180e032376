import { ChannelType } from 'discord-api-types/v10'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { PEOPLE, startSimulator } from '../src/index.ts'
import type { Simulator } from '../src/index.ts'
import { ROUTES } from '../src/rest/routes/all.ts'
import { tokenOf } from './oauth-client.ts'
import { restClient, routeOf } from './rest-client.ts'
import type { RestCall } from './rest-client.ts'
import { faultsOf, isDescribed } from './spec.ts'

/** Where a case may take its ids from. */
interface Scene {
  simulator: Simulator
  call: RestCall
  guild: string
  /** A channel of the workshop, by name. */
  channel: (name: string) => string
  /** The id of a message of the bot's in #general. */
  message: () => Promise<string>
}

interface Asked {
  path: string
  body?: unknown
  /** Whose own token is used, instead of the bot's. */
  as?: string
  /** What that token is good for, if not for the usual. */
  scope?: string
}

type Case = (scene: Scene) => Asked | Promise<Asked>

const FIRE = encodeURIComponent('🔥')
const aMessage = async (at: Scene) => `/channels/${at.channel('general')}/messages/${await at.message()}`
const aPin = async (at: Scene) => (await aMessage(at)).replace('/messages/', '/messages/pins/')
async function aReaction(at: Scene): Promise<string> {
  const path = `${await aMessage(at)}/reactions/${FIRE}`
  await at.call('PUT', `${path}/@me`)
  return path
}

async function aThread(at: Scene): Promise<string> {
  const { body } = await at.call('POST', `/channels/${at.channel('general')}/threads`, { name: 'aside', type: 11 })
  return `/channels/${body.id}`
}

const roleId = (at: Scene, name: string) =>
  at.simulator.world.guild(at.guild)!.roles.find((role) => role.name === name)!.id
const botRole = (at: Scene) => at.simulator.world.guild(at.guild)!.roles.find(({ name }) => name === 'gantry')!
const aRole = (at: Scene) => `/guilds/${at.guild}/roles/${roleId(at, 'Steward')}`
const aHeldRole = (at: Scene) => `/guilds/${at.guild}/members/${PEOPLE.pikelet.id}/roles/${roleId(at, 'Steward')}`
const aBan = (at: Scene) => `/guilds/${at.guild}/bans/${PEOPLE.pikelet.id}`
const speaker = { deaf: false, mute: false, self_deaf: false, self_mute: false, self_video: false, suppress: true }
function onStage(at: Scene, user_id: string): void {
  const place = { guild_id: at.guild, channel_id: at.channel('Friday demo'), user_id, session_id: 'x' }
  at.simulator.dispatch('VOICE_STATE_UPDATE', { ...speaker, ...place, request_to_speak_timestamp: null })
}
function aVoiceState(at: Scene): string {
  onStage(at, PEOPLE.pikelet.id)
  return `/guilds/${at.guild}/voice-states/${PEOPLE.pikelet.id}`
}
function myVoiceState(at: Scene): string {
  onStage(at, at.simulator.world.bot.id)
  return `/guilds/${at.guild}/voice-states/@me`
}
const anInvite = async (at: Scene) =>
  `/invites/${(await at.call('POST', `/channels/${at.channel('general')}/invites`, {})).body.code}`
function targetsForm(): FormData {
  const form = new FormData()
  form.set('target_users_file', new Blob([`user_id\n${PEOPLE.pikelet.id}\n`]), 'users.csv')
  return form
}
async function aTargeted(at: Scene): Promise<string> {
  const path = await anInvite(at)
  await at.call('PUT', `${path}/target-users`, targetsForm())
  return path
}
const EMOJI = { name: 'kiln', image: 'data:image/png;base64,AA==' }
const anEmoji = async (at: Scene) =>
  `/guilds/${at.guild}/emojis/${(await at.call('POST', `/guilds/${at.guild}/emojis`, EMOJI)).body.id}`

const COMMAND = {
  name: 'fire',
  description: 'Lights a kiln',
  options: [{ type: 3, name: 'kiln', description: 'Which one', required: true }],
}
const BUTTONS = [{ type: 1, components: [{ type: 2, style: 1, label: 'Stop', custom_id: 'stop' }] }]
async function aCommand(at: Scene, scope: string): Promise<string> {
  const path = `/applications/${at.simulator.world.bot.id}${scope}/commands`
  return `${path}/${(await at.call('POST', path, COMMAND)).body.id}`
}
async function anInteraction(at: Scene) {
  await aCommand(at, '')
  const place = { user_id: PEOPLE.pikelet.id, channel_id: at.channel('general') }
  return at.simulator.interact({ ...place, command: 'fire', options: [{ name: 'kiln', value: 'old' }] })
}
async function anOriginal(at: Scene): Promise<string> {
  const { id, token } = await anInteraction(at)
  await at.call('POST', `/interactions/${id}/${token}/callback`, { type: 4, data: { content: 'x', flags: 64 } })
  return `/webhooks/${at.simulator.world.bot.id}/${token}/messages/@original`
}
async function aHook(at: Scene) {
  const { id, token } = (await at.call('POST', `/channels/${at.channel('general')}/webhooks`, { name: 'hook' })).body
  return { byId: `/webhooks/${id}`, byToken: `/webhooks/${id}/${token}` }
}
async function aHookMessage(at: Scene): Promise<string> {
  const { byToken } = await aHook(at)
  return `${byToken}/messages/${(await at.call('POST', `${byToken}?wait=true`, { content: 'x' })).body.id}`
}

async function aPoll(at: Scene) {
  const channel_id = at.channel('general')
  const poll = { question: { text: 'Which?' }, answers: [{ poll_media: { text: 'This', emoji: { name: '🔥' } } }] }
  const { id } = (await at.call('POST', `/channels/${channel_id}/messages`, { poll })).body
  return { path: `/channels/${channel_id}/polls/${id}`, channel_id, message_id: id as string }
}
function stickerForm(): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries({ name: 'kiln', description: '', tags: '🔥' })) form.set(name, value)
  form.set('file', new Blob([Buffer.from('\x89PNG', 'latin1')]), 'kiln.png')
  return form
}
async function aSticker(at: Scene) {
  const path = `/guilds/${at.guild}/stickers`
  const { id } = (await at.call('POST', path, stickerForm())).body
  return { id: id as string, path: `${path}/${id}` }
}

async function anEvent(at: Scene) {
  const scheduled_start_time = new Date(Date.now() + 3_600_000).toISOString()
  const recurrence_rule = { start: scheduled_start_time, frequency: 2, by_weekday: [4] }
  const place = { entity_type: 2, channel_id: at.channel('Loft'), privacy_level: 2 }
  const path = `/guilds/${at.guild}/scheduled-events`
  const body = { name: 'Firing', scheduled_start_time, recurrence_rule, ...place }
  const { id } = (await at.call('POST', path, body)).body
  return { path: `${path}/${id}`, id: id as string, list: path, body }
}
async function aStage(at: Scene): Promise<string> {
  const body = { channel_id: at.channel('Friday demo'), topic: 'Glazes' }
  await at.call('POST', '/stage-instances', body)
  return `/stage-instances/${body.channel_id}`
}
const RULE = { name: 'No glue', event_type: 1, trigger_type: 1, trigger_metadata: { keyword_filter: ['glue'] } }
async function aRule(at: Scene) {
  const actions = [
    { type: 1 },
    { type: 2, metadata: { channel_id: at.channel('general') } },
    { type: 3, metadata: { duration_seconds: 60 } },
  ]
  const list = `/guilds/${at.guild}/auto-moderation/rules`
  const body = { ...RULE, actions }
  const { id } = (await at.call('POST', list, body)).body
  return { path: `${list}/${id}`, list, body }
}
const PERMISSIONS = { permissions: [{ id: PEOPLE.pikelet.id, type: 2, permission: false }] }
async function somePermissions(at: Scene): Promise<string> {
  const path = `${await aCommand(at, `/guilds/${at.guild}`)}/permissions`
  const token = await tokenOf(at.simulator, 'tessellate', 'applications.commands.permissions.update')
  await restClient(at.simulator, `Bearer ${token}`)('PUT', path, PERMISSIONS)
  return path
}

const joinBody = async (at: Scene) => ({
  access_token: await tokenOf(at.simulator, 'palimpsest', 'identify guilds.join'),
  roles: [roleId(at, 'Maker')],
})
const aWelcome = async (at: Scene) => {
  const path = `/guilds/${at.guild}/welcome-screen`
  const body = { description: 'x', welcome_channels: [{ channel_id: at.channel('general'), description: 'x' }] }
  await at.call('PATCH', path, body)
  return { path, body }
}
const ONBOARDING = {
  prompts: [
    { id: '1', title: 'x', options: [{ title: 'x', emoji_name: '🔥', role_ids: [], channel_ids: [] }], required: true },
  ],
}

const emojisOfBot = ({ simulator }: Scene) => `/applications/${simulator.world.bot.id}/emojis`
const anOwnEmoji = async (at: Scene) => `${emojisOfBot(at)}/${(await at.call('POST', emojisOfBot(at), EMOJI)).body.id}`
const entitlements = ({ simulator }: Scene) => `/applications/${simulator.world.bot.id}/entitlements`
const BOUGHT = { sku_id: '1210000000000000002', owner_id: PEOPLE.pikelet.id, owner_type: 2 }
const anEntitlement = async (at: Scene) =>
  `${entitlements(at)}/${(await at.call('POST', entitlements(at), BOUGHT)).body.id}`
const SOUND = { name: 'bell', sound: 'data:audio/ogg;base64,AA==', emoji_name: '🔔' }
const sounds = ({ guild }: Scene) => `/guilds/${guild}/soundboard-sounds`
const aSound = async (at: Scene) => `${sounds(at)}/${(await at.call('POST', sounds(at), SOUND)).body.sound_id}`

async function aTemplate(at: Scene) {
  const list = `/guilds/${at.guild}/templates`
  const { code } = (await at.call('POST', list, { name: 'x' })).body as { code: string }
  return { list, code, path: `${list}/${code}` }
}

/** One request of each route, that is answered with a success. */
const CASES: Readonly<Record<string, Case>> = {
  'GET /gateway': () => ({ path: '/gateway' }),
  'GET /gateway/bot': () => ({ path: '/gateway/bot' }),
  'GET /users/@me': () => ({ path: '/users/@me' }),
  'GET /users/@me/guilds': () => ({ path: '/users/@me/guilds' }),
  'GET /users/@me/guilds/:guild_id/member': ({ guild }) => ({
    path: `/users/@me/guilds/${guild}/member`,
    as: 'pikelet',
  }),
  'GET /users/:user_id': () => ({ path: `/users/${PEOPLE.pikelet.id}` }),
  'GET /applications/@me': () => ({ path: '/applications/@me' }),
  'GET /oauth2/applications/@me': () => ({ path: '/oauth2/applications/@me' }),
  'PATCH /users/@me': () => ({ path: '/users/@me', body: { username: 'gantry the second', avatar: EMOJI.image } }),
  'PATCH /applications/@me': () => ({
    path: '/applications/@me',
    body: { description: 'x', tags: ['a'], flags: 1 << 19 },
  }),
  'GET /oauth2/@me': () => ({ path: '/oauth2/@me', as: 'pikelet' }),
  'GET /channels/:channel_id/pins': async (at) => {
    await at.call('PUT', await aPin(at))
    return { path: `/channels/${at.channel('general')}/pins` }
  },
  'GET /voice/regions': () => ({ path: '/voice/regions' }),
  'GET /guilds/:guild_id/regions': ({ guild }) => ({ path: `/guilds/${guild}/regions` }),
  'GET /guilds/:guild_id/prune': ({ guild }) => ({ path: `/guilds/${guild}/prune?days=30` }),
  'POST /guilds/:guild_id/prune': ({ guild }) => ({ path: `/guilds/${guild}/prune`, body: { days: 30 } }),
  'GET /guilds/:guild_id/preview': ({ guild }) => ({ path: `/guilds/${guild}/preview` }),
  'GET /guilds/:guild_id/roles/member-counts': ({ guild }) => ({ path: `/guilds/${guild}/roles/member-counts` }),
  'PATCH /guilds/:guild_id/members/@me/nick': ({ guild }) => ({
    path: `/guilds/${guild}/members/@me/nick`,
    body: { nick: 'g' },
  }),
  'GET /applications/:application_id/guilds/:guild_id/commands/permissions': async (at) => {
    const path = await somePermissions(at)
    return { path: path.replace(/\/\d+\/permissions$/, '/permissions') }
  },
  'GET /applications/:application_id/guilds/:guild_id/commands/:command_id/permissions': async (at) => ({
    path: await somePermissions(at),
  }),
  'PUT /applications/:application_id/guilds/:guild_id/commands/:command_id/permissions': async (at) => ({
    path: `${await aCommand(at, `/guilds/${at.guild}`)}/permissions`,
    body: PERMISSIONS,
    as: 'tessellate',
    scope: 'applications.commands.permissions.update',
  }),
  'GET /users/@me/connections': () => ({ path: '/users/@me/connections', as: 'pikelet', scope: 'connections' }),
  'PUT /guilds/:guild_id/members/:user_id': async (at) => ({
    path: `/guilds/${at.guild}/members/${PEOPLE.palimpsest.id}`,
    body: await joinBody(at),
  }),
  'GET /guilds/:guild_id/widget': ({ guild }) => ({ path: `/guilds/${guild}/widget` }),
  'PATCH /guilds/:guild_id/widget': ({ guild, channel }) => ({
    path: `/guilds/${guild}/widget`,
    body: { enabled: true, channel_id: channel('general') },
  }),
  'GET /guilds/:guild_id/widget.json': async ({ call, guild }) => {
    await call('PATCH', `/guilds/${guild}/widget`, { enabled: true })
    return { path: `/guilds/${guild}/widget.json` }
  },
  'GET /guilds/:guild_id/vanity-url': ({ guild }) => ({ path: `/guilds/${guild}/vanity-url` }),
  'GET /guilds/:guild_id/welcome-screen': async (at) => ({ path: (await aWelcome(at)).path }),
  'PATCH /guilds/:guild_id/welcome-screen': (at) => aWelcome(at),
  'GET /guilds/:guild_id/onboarding': async ({ call, guild }) => {
    await call('PUT', `/guilds/${guild}/onboarding`, ONBOARDING)
    return { path: `/guilds/${guild}/onboarding` }
  },
  'PUT /guilds/:guild_id/onboarding': ({ guild }) => ({ path: `/guilds/${guild}/onboarding`, body: ONBOARDING }),
  'GET /guilds/:guild_id/integrations': ({ guild }) => ({ path: `/guilds/${guild}/integrations` }),
  'DELETE /guilds/:guild_id/integrations/:integration_id': async ({ call, guild }) => {
    const [{ id }] = (await call('GET', `/guilds/${guild}/integrations`)).body as [{ id: string }]
    return { path: `/guilds/${guild}/integrations/${id}` }
  },
  'GET /applications/:application_id/emojis': async (at) => {
    await anOwnEmoji(at)
    return { path: emojisOfBot(at) }
  },
  'POST /applications/:application_id/emojis': (at) => ({ path: emojisOfBot(at), body: EMOJI }),
  'GET /applications/:application_id/emojis/:emoji_id': async (at) => ({ path: await anOwnEmoji(at) }),
  'PATCH /applications/:application_id/emojis/:emoji_id': async (at) => ({
    path: await anOwnEmoji(at),
    body: { name: 'kiln2' },
  }),
  'DELETE /applications/:application_id/emojis/:emoji_id': async (at) => ({ path: await anOwnEmoji(at) }),
  'GET /applications/:application_id/skus': ({ simulator }) => ({
    path: `/applications/${simulator.world.bot.id}/skus`,
  }),
  'GET /applications/:application_id/entitlements': async (at) => {
    await anEntitlement(at)
    return { path: entitlements(at) }
  },
  'POST /applications/:application_id/entitlements': (at) => ({ path: entitlements(at), body: BOUGHT }),
  'GET /applications/:application_id/entitlements/:entitlement_id': async (at) => ({ path: await anEntitlement(at) }),
  'POST /applications/:application_id/entitlements/:entitlement_id/consume': async (at) => ({
    path: `${await anEntitlement(at)}/consume`,
  }),
  'DELETE /applications/:application_id/entitlements/:entitlement_id': async (at) => ({
    path: await anEntitlement(at),
  }),
  'GET /soundboard-default-sounds': () => ({ path: '/soundboard-default-sounds' }),
  'GET /guilds/:guild_id/soundboard-sounds': async (at) => {
    await aSound(at)
    return { path: sounds(at) }
  },
  'POST /guilds/:guild_id/soundboard-sounds': (at) => ({ path: sounds(at), body: SOUND }),
  'GET /guilds/:guild_id/soundboard-sounds/:sound_id': async (at) => ({ path: await aSound(at) }),
  'PATCH /guilds/:guild_id/soundboard-sounds/:sound_id': async (at) => ({
    path: await aSound(at),
    body: { volume: 0.5 },
  }),
  'DELETE /guilds/:guild_id/soundboard-sounds/:sound_id': async (at) => ({ path: await aSound(at) }),
  'POST /channels/:channel_id/send-soundboard-sound': (at) => {
    const channel_id = at.channel('Loft')
    const state = { ...speaker, suppress: false, session_id: 'x', user_id: at.simulator.world.bot.id }
    at.simulator.dispatch('VOICE_STATE_UPDATE', { ...state, guild_id: at.guild, channel_id })
    const role = { ...botRole(at), permissions: String((1n << 42n) | (1n << 21n) | BigInt(botRole(at).permissions)) }
    at.simulator.dispatch('GUILD_ROLE_UPDATE', { guild_id: at.guild, role })
    return { path: `/channels/${channel_id}/send-soundboard-sound`, body: { sound_id: '1' } }
  },
  'POST /channels/:channel_id/followers': (at) => ({
    path: `/channels/${at.channel('announcements')}/followers`,
    body: { webhook_channel_id: at.channel('general') },
  }),
  'POST /webhooks/:webhook_id/:webhook_token/slack': async (at) => ({
    path: `${(await aHook(at)).byToken}/slack`,
    body: { text: 'x' },
  }),
  'POST /webhooks/:webhook_id/:webhook_token/github': async (at) => ({
    path: `${(await aHook(at)).byToken}/github`,
    body: { sender: { login: 'octocat' }, action: 'opened', issue: { number: 1, title: 'x' } },
  }),
  'GET /guilds/templates/:code': async (at) => ({ path: `/guilds/templates/${(await aTemplate(at)).code}` }),
  'GET /guilds/:guild_id/templates': async (at) => ({ path: (await aTemplate(at)).list }),
  'POST /guilds/:guild_id/templates': ({ guild }) => ({ path: `/guilds/${guild}/templates`, body: { name: 'x' } }),
  'PUT /guilds/:guild_id/templates/:code': async (at) => ({ path: (await aTemplate(at)).path }),
  'PATCH /guilds/:guild_id/templates/:code': async (at) => ({
    path: (await aTemplate(at)).path,
    body: { description: 'y' },
  }),
  'DELETE /guilds/:guild_id/templates/:code': async (at) => ({ path: (await aTemplate(at)).path }),
  'GET /guilds/:guild_id': ({ guild }) => ({ path: `/guilds/${guild}?with_counts=true` }),
  'GET /guilds/:guild_id/channels': ({ guild }) => ({ path: `/guilds/${guild}/channels` }),
  'GET /guilds/:guild_id/roles': ({ guild }) => ({ path: `/guilds/${guild}/roles` }),
  'GET /guilds/:guild_id/members': ({ guild }) => ({ path: `/guilds/${guild}/members?limit=1000` }),
  'GET /guilds/:guild_id/members/:user_id': ({ guild }) => ({ path: `/guilds/${guild}/members/${PEOPLE.pikelet.id}` }),
  'GET /channels/:channel_id': ({ channel }) => ({ path: `/channels/${channel('general')}` }),
  'GET /channels/:channel_id/messages': ({ channel }) => ({ path: `/channels/${channel('build-log')}/messages` }),
  'GET /channels/:channel_id/messages/:message_id': async ({ channel, message }) => ({
    path: `/channels/${channel('general')}/messages/${await message()}`,
  }),
  'POST /channels/:channel_id/messages': ({ channel }) => ({
    path: `/channels/${channel('general')}/messages`,
    body: { content: 'x', nonce: '1', embeds: [{ title: 'a', fields: [{ name: 'b', value: 'c' }] }] },
  }),
  'POST /channels/:channel_id/typing': ({ channel }) => ({ path: `/channels/${channel('general')}/typing`, body: {} }),
  'PATCH /channels/:channel_id/messages/:message_id': async (at) => ({
    path: await aMessage(at),
    body: { content: 'y' },
  }),
  'DELETE /channels/:channel_id/messages/:message_id': async (at) => ({ path: await aMessage(at) }),
  'POST /channels/:channel_id/messages/bulk-delete': async ({ channel, message }) => ({
    path: `/channels/${channel('general')}/messages/bulk-delete`,
    body: { messages: [await message(), await message()] },
  }),
  'POST /channels/:channel_id/messages/:message_id/crosspost': async (at) => {
    const id = at.channel('general')
    at.simulator.dispatch('CHANNEL_UPDATE', { id, guild_id: at.guild, type: ChannelType.GuildAnnouncement })
    return { path: `${await aMessage(at)}/crosspost` }
  },
  'GET /channels/:channel_id/messages/pins': async (at) => {
    await at.call('PUT', await aPin(at))
    return { path: `/channels/${at.channel('general')}/messages/pins` }
  },
  'PUT /channels/:channel_id/messages/pins/:message_id': async (at) => ({ path: await aPin(at) }),
  'PUT /channels/:channel_id/pins/:message_id': async (at) => ({ path: (await aPin(at)).replace('/messages', '') }),
  'DELETE /channels/:channel_id/messages/pins/:message_id': async (at) => ({ path: await aPin(at) }),
  'DELETE /channels/:channel_id/pins/:message_id': async (at) => ({ path: (await aPin(at)).replace('/messages', '') }),
  'PUT /channels/:channel_id/messages/:message_id/reactions/:emoji/@me': async (at) => ({
    path: `${await aMessage(at)}/reactions/${FIRE}/@me`,
  }),
  'DELETE /channels/:channel_id/messages/:message_id/reactions/:emoji/@me': async (at) => ({
    path: `${await aReaction(at)}/@me`,
  }),
  'DELETE /channels/:channel_id/messages/:message_id/reactions/:emoji/:user_id': async (at) => ({
    path: `${await aReaction(at)}/${at.simulator.world.bot.id}`,
  }),
  'GET /channels/:channel_id/messages/:message_id/reactions/:emoji': async (at) => ({ path: await aReaction(at) }),
  'DELETE /channels/:channel_id/messages/:message_id/reactions/:emoji': async (at) => ({ path: await aReaction(at) }),
  'DELETE /channels/:channel_id/messages/:message_id/reactions': async (at) => ({
    path: `${await aMessage(at)}/reactions`,
  }),
  'POST /channels/:channel_id/messages/:message_id/threads': async (at) => ({
    path: `${await aMessage(at)}/threads`,
    body: { name: 'on it' },
  }),
  'POST /channels/:channel_id/threads': ({ channel }) => ({
    path: `/channels/${channel('general')}/threads`,
    body: { name: 'aside', type: 11 },
  }),
  'GET /guilds/:guild_id/threads/active': async (at) => {
    await aThread(at)
    return { path: `/guilds/${at.guild}/threads/active` }
  },
  'GET /channels/:channel_id/threads/archived/public': async (at) => {
    await at.call('PATCH', await aThread(at), { archived: true })
    return { path: `/channels/${at.channel('general')}/threads/archived/public` }
  },
  'GET /channels/:channel_id/threads/archived/private': ({ channel }) => ({
    path: `/channels/${channel('general')}/threads/archived/private`,
  }),
  'GET /channels/:channel_id/users/@me/threads/archived/private': async (at) => {
    const threads = `/channels/${at.channel('general')}/threads`
    const { body } = await at.call('POST', threads, { name: 'hushed', type: 12 })
    await at.call('PATCH', `/channels/${body.id}`, { archived: true })
    return { path: `/channels/${at.channel('general')}/users/@me/threads/archived/private` }
  },
  'GET /channels/:channel_id/threads/search': async (at) => {
    const path = `${await aMessage(at)}/threads`
    await at.call('POST', path, { name: 'a long aside' })
    return { path: `/channels/${at.channel('general')}/threads/search?name=aside&archived=false` }
  },
  'GET /guilds/:guild_id/messages/search': async (at) => {
    await aReaction(at)
    await aPoll(at)
    return { path: `/guilds/${at.guild}/messages/search?limit=25&include_nsfw=true&sort_by=relevance` }
  },
  'GET /channels/:channel_id/thread-members': async (at) => ({
    path: `${await aThread(at)}/thread-members?with_member=true`,
  }),
  'GET /channels/:channel_id/thread-members/:user_id': async (at) => ({
    path: `${await aThread(at)}/thread-members/${at.simulator.world.bot.id}`,
  }),
  'PUT /channels/:channel_id/thread-members/@me': async (at) => ({ path: `${await aThread(at)}/thread-members/@me` }),
  'DELETE /channels/:channel_id/thread-members/@me': async (at) => ({
    path: `${await aThread(at)}/thread-members/@me`,
  }),
  'PUT /channels/:channel_id/thread-members/:user_id': async (at) => ({
    path: `${await aThread(at)}/thread-members/${PEOPLE.pikelet.id}`,
  }),
  'DELETE /channels/:channel_id/thread-members/:user_id': async (at) => ({
    path: `${await aThread(at)}/thread-members/${PEOPLE.pikelet.id}`,
  }),
  'POST /guilds/:guild_id/channels': ({ guild }) => ({
    path: `/guilds/${guild}/channels`,
    body: { name: 'New Room', type: 2 },
  }),
  'PATCH /guilds/:guild_id/channels': ({ guild, channel }) => ({
    path: `/guilds/${guild}/channels`,
    body: [{ id: channel('general'), position: 1 }],
  }),
  'PATCH /channels/:channel_id': ({ channel }) => ({ path: `/channels/${channel('general')}`, body: { topic: 'x' } }),
  'DELETE /channels/:channel_id': ({ channel }) => ({ path: `/channels/${channel('Loft')}` }),
  'PUT /channels/:channel_id/permissions/:overwrite_id': ({ channel }) => ({
    path: `/channels/${channel('general')}/permissions/${PEOPLE.pikelet.id}`,
    body: { type: 1, deny: '1024' },
  }),
  'DELETE /channels/:channel_id/permissions/:overwrite_id': async (at) => {
    const path = `/channels/${at.channel('general')}/permissions/${PEOPLE.pikelet.id}`
    await at.call('PUT', path, { type: 1, deny: '1024' })
    return { path }
  },
  'GET /guilds/:guild_id/members/search': ({ guild }) => ({ path: `/guilds/${guild}/members/search?query=pik` }),
  'PATCH /guilds/:guild_id/members/:user_id': ({ guild }) => ({
    path: `/guilds/${guild}/members/${PEOPLE.pikelet.id}`,
    body: { nick: 'pik', communication_disabled_until: new Date(Date.now() + 60_000).toISOString() },
  }),
  'PATCH /guilds/:guild_id/members/@me': ({ guild }) => ({ path: `/guilds/${guild}/members/@me`, body: { nick: 'g' } }),
  'DELETE /guilds/:guild_id/members/:user_id': ({ guild }) => ({
    path: `/guilds/${guild}/members/${PEOPLE.pikelet.id}`,
  }),
  'PUT /guilds/:guild_id/members/:user_id/roles/:role_id': (at) => ({ path: aHeldRole(at) }),
  'DELETE /guilds/:guild_id/members/:user_id/roles/:role_id': (at) => ({ path: aHeldRole(at) }),
  'GET /guilds/:guild_id/bans': async (at) => {
    await at.call('PUT', aBan(at))
    return { path: `/guilds/${at.guild}/bans` }
  },
  'GET /guilds/:guild_id/bans/:user_id': async (at) => {
    await at.call('PUT', aBan(at))
    return { path: aBan(at) }
  },
  'PUT /guilds/:guild_id/bans/:user_id': (at) => ({ path: aBan(at) }),
  'DELETE /guilds/:guild_id/bans/:user_id': async (at) => {
    await at.call('PUT', aBan(at))
    return { path: aBan(at) }
  },
  'POST /guilds/:guild_id/bulk-ban': ({ guild }) => ({
    path: `/guilds/${guild}/bulk-ban`,
    body: { user_ids: [PEOPLE.pikelet.id, PEOPLE.tessellate.id] },
  }),
  'GET /guilds/:guild_id/audit-logs': async (at) => {
    await at.call('PATCH', `/guilds/${at.guild}/members/${PEOPLE.pikelet.id}`, { nick: 'pik' })
    await at.call('POST', `/channels/${at.channel('general')}/webhooks`, { name: 'hook' })
    await at.call('PATCH', await aThread(at), { name: 'besides' })
    await anEvent(at)
    await aRule(at)
    return { path: `/guilds/${at.guild}/audit-logs` }
  },
  'GET /channels/:channel_id/polls/:message_id/answers/:answer': async (at) => {
    const { path, channel_id, message_id } = await aPoll(at)
    at.simulator.people.vote(PEOPLE.pikelet.id, { channel_id, message_id, answer_ids: [1] })
    return { path: `${path}/answers/1` }
  },
  'POST /channels/:channel_id/polls/:message_id/expire': async (at) => ({ path: `${(await aPoll(at)).path}/expire` }),
  'GET /stickers/:sticker_id': async (at) => ({ path: `/stickers/${(await aSticker(at)).id}` }),
  'GET /sticker-packs': () => ({ path: '/sticker-packs' }),
  'GET /sticker-packs/:pack_id': async ({ call }) => {
    const { sticker_packs } = (await call('GET', '/sticker-packs')).body as { sticker_packs: { id: string }[] }
    return { path: `/sticker-packs/${sticker_packs[0]!.id}` }
  },
  'GET /guilds/:guild_id/stickers': async (at) => {
    await aSticker(at)
    return { path: `/guilds/${at.guild}/stickers` }
  },
  'POST /guilds/:guild_id/stickers': (at) => ({ path: `/guilds/${at.guild}/stickers`, body: stickerForm() }),
  'GET /guilds/:guild_id/stickers/:sticker_id': async (at) => ({ path: (await aSticker(at)).path }),
  'PATCH /guilds/:guild_id/stickers/:sticker_id': async (at) => ({
    path: (await aSticker(at)).path,
    body: { description: null },
  }),
  'DELETE /guilds/:guild_id/stickers/:sticker_id': async (at) => ({ path: (await aSticker(at)).path }),
  'GET /guilds/:guild_id/scheduled-events': async (at) => ({
    path: `${(await anEvent(at)).list}?with_user_count=true`,
  }),
  'POST /guilds/:guild_id/scheduled-events': async (at) => {
    const { list, body } = await anEvent(at)
    return { path: list, body }
  },
  'GET /guilds/:guild_id/scheduled-events/:event_id': async (at) => ({ path: (await anEvent(at)).path }),
  'PATCH /guilds/:guild_id/scheduled-events/:event_id': async (at) => ({
    path: (await anEvent(at)).path,
    body: {
      entity_type: 3,
      channel_id: null,
      entity_metadata: { location: 'The yard' },
      scheduled_end_time: new Date(Date.now() + 7_200_000).toISOString(),
    },
  }),
  'DELETE /guilds/:guild_id/scheduled-events/:event_id': async (at) => ({ path: (await anEvent(at)).path }),
  'GET /guilds/:guild_id/scheduled-events/:event_id/users': async (at) => {
    const { path, id } = await anEvent(at)
    at.simulator.people.follow(PEOPLE.pikelet.id, id)
    return { path: `${path}/users?with_member=true` }
  },
  'POST /stage-instances': (at) => ({
    path: '/stage-instances',
    body: { channel_id: at.channel('Friday demo'), topic: 'Glazes' },
  }),
  'GET /stage-instances/:channel_id': async (at) => ({ path: await aStage(at) }),
  'PATCH /stage-instances/:channel_id': async (at) => ({ path: await aStage(at), body: { topic: 'Kilns' } }),
  'DELETE /stage-instances/:channel_id': async (at) => ({ path: await aStage(at) }),
  'PUT /channels/:channel_id/voice-status': (at) => ({
    path: `/channels/${at.channel('Loft')}/voice-status`,
    body: { status: 'Quiet, firing' },
  }),
  'GET /guilds/:guild_id/auto-moderation/rules': async (at) => ({ path: (await aRule(at)).list }),
  'POST /guilds/:guild_id/auto-moderation/rules': async (at) => {
    const { list, body } = await aRule(at)
    return { path: list, body }
  },
  'GET /guilds/:guild_id/auto-moderation/rules/:rule_id': async (at) => ({ path: (await aRule(at)).path }),
  'PATCH /guilds/:guild_id/auto-moderation/rules/:rule_id': async (at) => ({
    path: (await aRule(at)).path,
    body: { enabled: true },
  }),
  'DELETE /guilds/:guild_id/auto-moderation/rules/:rule_id': async (at) => ({ path: (await aRule(at)).path }),
  'POST /users/@me/channels': () => ({ path: '/users/@me/channels', body: { recipient_id: PEOPLE.pikelet.id } }),
  'GET /guilds/:guild_id/roles/:role_id': ({ guild }) => ({ path: `/guilds/${guild}/roles/${guild}` }),
  'POST /guilds/:guild_id/roles': ({ guild }) => ({ path: `/guilds/${guild}/roles`, body: { name: 'x', color: 255 } }),
  'PATCH /guilds/:guild_id/roles': ({ guild }) => ({
    path: `/guilds/${guild}/roles`,
    body: [{ id: guild, position: 0 }],
  }),
  'PATCH /guilds/:guild_id/roles/:role_id': (at) => ({ path: aRole(at), body: { name: 'y' } }),
  'DELETE /guilds/:guild_id/roles/:role_id': (at) => ({ path: aRole(at) }),
  'GET /guilds/:guild_id/voice-states/:user_id': (at) => ({ path: aVoiceState(at) }),
  'PATCH /guilds/:guild_id/voice-states/:user_id': (at) => ({ path: aVoiceState(at), body: { suppress: false } }),
  'GET /guilds/:guild_id/voice-states/@me': (at) => ({ path: myVoiceState(at) }),
  'PATCH /guilds/:guild_id/voice-states/@me': (at) => ({ path: myVoiceState(at), body: { suppress: true } }),
  'POST /channels/:channel_id/invites': ({ channel }) => ({
    path: `/channels/${channel('general')}/invites`,
    body: {},
  }),
  'GET /channels/:channel_id/invites': async (at) => {
    await anInvite(at)
    return { path: `/channels/${at.channel('general')}/invites` }
  },
  'GET /guilds/:guild_id/invites': async (at) => {
    await anInvite(at)
    return { path: `/guilds/${at.guild}/invites` }
  },
  'GET /invites/:code/target-users': async (at) => ({ path: `${await aTargeted(at)}/target-users` }),
  'PUT /invites/:code/target-users': async (at) => ({
    path: `${await anInvite(at)}/target-users`,
    body: targetsForm(),
  }),
  'GET /invites/:code/target-users/job-status': async (at) => ({
    path: `${await aTargeted(at)}/target-users/job-status`,
  }),
  'POST /invites/:code/target-users/bulk-add': async (at) => ({
    path: `${await anInvite(at)}/target-users/bulk-add`,
    body: { user_ids: [PEOPLE.pikelet.id] },
  }),
  'POST /invites/:code/target-users/bulk-delete': async (at) => ({
    path: `${await aTargeted(at)}/target-users/bulk-delete`,
    body: { user_ids: [PEOPLE.pikelet.id] },
  }),
  'PUT /invites/:code/target-users/:user_id': async (at) => ({
    path: `${await anInvite(at)}/target-users/${PEOPLE.pikelet.id}`,
  }),
  'DELETE /invites/:code/target-users/:user_id': async (at) => ({
    path: `${await aTargeted(at)}/target-users/${PEOPLE.pikelet.id}`,
  }),
  'PUT /guilds/:guild_id/incident-actions': ({ guild }) => ({
    path: `/guilds/${guild}/incident-actions`,
    body: { invites_disabled_until: new Date(Date.now() + 3_600_000).toISOString() },
  }),
  'GET /guilds/:guild_id/new-member-welcome': ({ guild }) => ({ path: `/guilds/${guild}/new-member-welcome` }),
  'GET /applications/:application_id': ({ simulator }) => ({ path: `/applications/${simulator.world.bot.id}` }),
  'PATCH /applications/:application_id': ({ simulator }) => ({
    path: `/applications/${simulator.world.bot.id}`,
    body: { description: 'x' },
  }),
  'GET /guilds/:guild_id/scheduled-events/:event_id/users/counts': async (at) => {
    const { path, id } = await anEvent(at)
    at.simulator.people.follow(PEOPLE.pikelet.id, id)
    return { path: `${path}/users/counts` }
  },
  'GET /invites/:code': async (at) => ({ path: await anInvite(at) }),
  'DELETE /invites/:code': async (at) => ({ path: await anInvite(at) }),
  'PATCH /guilds/:guild_id': ({ guild }) => ({
    path: `/guilds/${guild}`,
    body: { description: null, afk_timeout: 60 },
  }),
  'DELETE /users/@me/guilds/:guild_id': ({ guild }) => ({ path: `/users/@me/guilds/${guild}` }),
  'GET /guilds/:guild_id/emojis': async (at) => {
    await anEmoji(at)
    return { path: `/guilds/${at.guild}/emojis` }
  },
  'POST /guilds/:guild_id/emojis': ({ guild }) => ({ path: `/guilds/${guild}/emojis`, body: EMOJI }),
  'GET /guilds/:guild_id/emojis/:emoji_id': async (at) => ({ path: await anEmoji(at) }),
  'PATCH /guilds/:guild_id/emojis/:emoji_id': async (at) => ({ path: await anEmoji(at), body: { name: 'kiln2' } }),
  'DELETE /guilds/:guild_id/emojis/:emoji_id': async (at) => ({ path: await anEmoji(at) }),
  'GET /applications/:application_id/commands': ({ simulator }) => ({
    path: `/applications/${simulator.world.bot.id}/commands`,
  }),
  'PUT /applications/:application_id/commands': ({ simulator }) => ({
    path: `/applications/${simulator.world.bot.id}/commands`,
    body: [COMMAND],
  }),
  'POST /applications/:application_id/commands': ({ simulator }) => ({
    path: `/applications/${simulator.world.bot.id}/commands`,
    body: COMMAND,
  }),
  'GET /applications/:application_id/commands/:command_id': async (at) => ({ path: await aCommand(at, '') }),
  'PATCH /applications/:application_id/commands/:command_id': async (at) => ({
    path: await aCommand(at, ''),
    body: { description: 'other' },
  }),
  'DELETE /applications/:application_id/commands/:command_id': async (at) => ({ path: await aCommand(at, '') }),
  'GET /applications/:application_id/guilds/:guild_id/commands': ({ simulator, guild }) => ({
    path: `/applications/${simulator.world.bot.id}/guilds/${guild}/commands`,
  }),
  'PUT /applications/:application_id/guilds/:guild_id/commands': ({ simulator, guild }) => ({
    path: `/applications/${simulator.world.bot.id}/guilds/${guild}/commands`,
    body: [COMMAND],
  }),
  'POST /applications/:application_id/guilds/:guild_id/commands': ({ simulator, guild }) => ({
    path: `/applications/${simulator.world.bot.id}/guilds/${guild}/commands`,
    body: COMMAND,
  }),
  'GET /applications/:application_id/guilds/:guild_id/commands/:command_id': async (at) => ({
    path: await aCommand(at, `/guilds/${at.guild}`),
  }),
  'PATCH /applications/:application_id/guilds/:guild_id/commands/:command_id': async (at) => ({
    path: await aCommand(at, `/guilds/${at.guild}`),
    body: { description: 'other' },
  }),
  'DELETE /applications/:application_id/guilds/:guild_id/commands/:command_id': async (at) => ({
    path: await aCommand(at, `/guilds/${at.guild}`),
  }),
  'GET /webhooks/:webhook_id/:webhook_token/messages/@original': async (at) => ({ path: await anOriginal(at) }),
  'PATCH /webhooks/:webhook_id/:webhook_token/messages/@original': async (at) => ({
    path: await anOriginal(at),
    body: { content: 'y' },
  }),
  'DELETE /webhooks/:webhook_id/:webhook_token/messages/@original': async (at) => ({ path: await anOriginal(at) }),
  'GET /webhooks/:webhook_id/:webhook_token/messages/:message_id': async (at) => ({ path: await aHookMessage(at) }),
  'PATCH /webhooks/:webhook_id/:webhook_token/messages/:message_id': async (at) => ({
    path: await aHookMessage(at),
    body: { content: 'y' },
  }),
  'DELETE /webhooks/:webhook_id/:webhook_token/messages/:message_id': async (at) => ({ path: await aHookMessage(at) }),
  'POST /interactions/:interaction_id/:interaction_token/callback': async (at) => {
    const { id, token } = await anInteraction(at)
    const body = { type: 4, data: { content: 'pong', components: BUTTONS } }
    return { path: `/interactions/${id}/${token}/callback?with_response=true`, body }
  },
  'POST /channels/:channel_id/webhooks': ({ channel }) => ({
    path: `/channels/${channel('general')}/webhooks`,
    body: { name: 'hook' },
  }),
  'GET /channels/:channel_id/webhooks': async (at) => {
    await aHook(at)
    return { path: `/channels/${at.channel('general')}/webhooks` }
  },
  'GET /guilds/:guild_id/webhooks': async (at) => {
    await aHook(at)
    return { path: `/guilds/${at.guild}/webhooks` }
  },
  'GET /webhooks/:webhook_id': async (at) => ({ path: (await aHook(at)).byId }),
  'PATCH /webhooks/:webhook_id': async (at) => ({ path: (await aHook(at)).byId, body: { name: 'x' } }),
  'DELETE /webhooks/:webhook_id': async (at) => ({ path: (await aHook(at)).byId }),
  'GET /webhooks/:webhook_id/:webhook_token': async (at) => ({ path: (await aHook(at)).byToken }),
  'PATCH /webhooks/:webhook_id/:webhook_token': async (at) => ({
    path: (await aHook(at)).byToken,
    body: { name: 'x' },
  }),
  'DELETE /webhooks/:webhook_id/:webhook_token': async (at) => ({ path: (await aHook(at)).byToken }),
  'POST /webhooks/:webhook_id/:webhook_token': async (at) => ({
    path: `${(await aHook(at)).byToken}?wait=true`,
    body: { content: 'x', username: 'someone' },
  }),
}

let scene: Scene

beforeEach(async () => {
  const simulator = await startSimulator({ rateLimits: false })
  const call = restClient(simulator)
  const guild = simulator.world.guilds()[0]!
  const channel = (name: string) =>
    [...guild.channels, ...guild.threads].find((candidate) => candidate.name === name)!.id
  const message = async () =>
    (await call('POST', `/channels/${channel('general')}/messages`, { content: 'x' })).body.id as string
  scene = { simulator, call, guild: guild.id, channel, message }
})
afterEach(() => scene.simulator.close())

/** Discord's pages have these, and its description has not. */
const UNDESCRIBED: ReadonlySet<string> = new Set([
  'PATCH /guilds/:guild_id/members/@me/nick',
  'GET /applications/:application_id/skus',
])

const nameOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`

describe('every route answers as Discord describes it', () => {
  test.each(ROUTES.map((route) => [nameOf(route), route] as const))('%s', async (name, route) => {
    const ask = CASES[name]
    if (!ask) throw new Error(`${name} has no case here: add one`)
    const { path, body, as, scope } = await ask(scene)
    const call =
      as === undefined ? scene.call : restClient(scene.simulator, `Bearer ${await tokenOf(scene.simulator, as, scope)}`)
    expect(routeOf(route.method, path.split('?')[0]!)).toBe(route)
    expect(isDescribed(route.method, route.path)).toBe(!UNDESCRIBED.has(name))
    // The client holds the answer against the description.
    const { status, body: answer } = await call(route.method, path, body)
    expect({ answer, isSuccess: status < 300 }).toMatchObject({ isSuccess: true })
  })

  test('no case is left over', () => {
    expect(Object.keys(CASES).toSorted()).toEqual(ROUTES.map(nameOf).toSorted())
  })

  test('a refusal is one of Discord’s too', async () => {
    expect((await scene.call('GET', '/channels/1')).status).toBe(404)
    expect((await scene.call('POST', `/channels/${scene.channel('general')}/messages`, { tts: 'x' })).status).toBe(400)
  })

  test('every message of the past is described', async () => {
    for (const { id, type } of scene.simulator.world.guilds()[0]!.channels) {
      if (type === ChannelType.GuildText)
        expect((await scene.call('GET', `/channels/${id}/messages?limit=100`)).status).toBe(200)
    }
  })

  test('the description can be failed', () => {
    expect(faultsOf('GET', '/users/:user_id', 200, { ...PEOPLE.pikelet, username: 1 })).toContain('username')
    expect(faultsOf('GET', '/users/:user_id', 201, PEOPLE.pikelet)).toContain('never answers 201')
    expect(faultsOf('GET', '/users/:user_id', 200, PEOPLE.pikelet)).toBe('')
    expect(faultsOf('GET', '/no/such', 200, {})).toContain('no route')
    expect(faultsOf('GET', '/channels/:channel_id', 404, { code: 'x' })).toContain('ErrorResponse')
  })
})
