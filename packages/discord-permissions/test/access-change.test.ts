import { GuildState } from '@repo/event-feed'
import { ChannelFlags, ChannelType, PermissionFlagsBits as P } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { accessChange, remember, sightOf, threadMembersChange } from '../src/index.ts'
import type { AccessChange, JsonObject } from '../src/index.ts'

const NOW = 1_800_000_000_000
const GUILD = '1'
const closed = [{ id: GUILD, type: 0, allow: '0', deny: String(P.ViewChannel) }]
const text = { id: '30', type: ChannelType.GuildText, name: 'a', parent_id: '29', permission_overwrites: [] }
const open = { id: '40', type: ChannelType.PublicThread, parent_id: '30' }
const secret = { id: '41', type: ChannelType.PrivateThread, parent_id: '30' }
const member = { user: { id: '5' }, roles: ['10'], nick: null, communication_disabled_until: null }

const ROLES = [
  { id: GUILD, permissions: String(P.ViewChannel), name: 'everyone' },
  { id: '10', permissions: '0', name: 'a' },
]

function guildState() {
  const state = new GuildState()
  state.apply('GUILD_CREATE', GUILD, {
    id: GUILD,
    owner_id: '2',
    roles: ROLES,
    members: [member, { user: { id: '6' }, roles: [] }],
    channels: [text],
    threads: [open, secret],
  })
  return state
}

const everybody = (effect: AccessChange['effect']): AccessChange => ({ concerned: { kind: 'everybody' }, effect })
const role = (roleId: string): AccessChange => ({ concerned: { kind: 'role', roleId }, effect: 'compare' })
const users = (...ids: string[]): AccessChange => ({
  concerned: { kind: 'users', userIds: new Set(ids) },
  effect: 'compare',
})

const rows: [what: string, event: string, payload: JsonObject, is: AccessChange | null][] = [
  ['a role’s name', 'GUILD_ROLE_UPDATE', { role: { id: '10', permissions: '0', name: 'b' } }, null],
  ['a role’s permissions', 'GUILD_ROLE_UPDATE', { role: { id: '10', permissions: '8' } }, role('10')],
  ['everyone’s permissions', 'GUILD_ROLE_UPDATE', { role: { id: GUILD, permissions: '0' } }, everybody('compare')],
  ['a role that is new', 'GUILD_ROLE_CREATE', { role: { id: '11', permissions: '8' } }, role('11')],
  ['a role that goes', 'GUILD_ROLE_DELETE', { role_id: '10' }, role('10')],
  ['a guild’s name', 'GUILD_UPDATE', { id: GUILD, name: 'b', owner_id: '2' }, null],
  ['ownership', 'GUILD_UPDATE', { id: GUILD, owner_id: '5' }, users('5', '2')],
  ['roles that the guild has no more', 'GUILD_UPDATE', { id: GUILD, owner_id: '2', roles: [] }, everybody('compare')],
  [
    'permissions that come with the guild',
    'GUILD_UPDATE',
    { id: GUILD, roles: ROLES.map((one) => ({ ...one, permissions: '8' })) },
    everybody('compare'),
  ],
  ['a guild’s name, as Discord says it, with all roles', 'GUILD_UPDATE', { id: GUILD, name: 'b', roles: ROLES }, null],
  ['ownership, with all roles', 'GUILD_UPDATE', { id: GUILD, owner_id: '5', roles: ROLES }, users('5', '2')],
  ['the guild, told anew', 'GUILD_CREATE', { id: GUILD }, everybody('regroup')],
  ['the bot’s leaving', 'GUILD_DELETE', { id: GUILD }, everybody('regroup')],
  ['an outage', 'GUILD_DELETE', { id: GUILD, unavailable: true }, null],
  ['a channel’s name', 'CHANNEL_UPDATE', { ...text, name: 'b' }, null],
  ['overwrites', 'CHANNEL_UPDATE', { ...text, permission_overwrites: closed }, everybody('compare')],
  ['a channel’s parent', 'CHANNEL_UPDATE', { ...text, parent_id: '28' }, everybody('compare')],
  ['a channel’s type', 'CHANNEL_UPDATE', { ...text, type: ChannelType.GuildVoice }, everybody('compare')],
  [
    'a channel that the bot loses sight of',
    'CHANNEL_UPDATE',
    { ...text, flags: ChannelFlags.ChannelObfuscated },
    everybody('compare'),
  ],
  ['a channel that is not known', 'CHANNEL_UPDATE', { ...text, id: '31' }, everybody('regroup')],
  ['a channel that is new', 'CHANNEL_CREATE', { ...text, id: '31' }, everybody('regroup')],
  ['a channel that goes', 'CHANNEL_DELETE', text, everybody('regroup')],
  ['a thread’s name', 'THREAD_UPDATE', { ...open, name: 'b' }, null],
  ['a thread’s parent', 'THREAD_UPDATE', { ...open, parent_id: '31' }, everybody('snapshot')],
  ['a private thread that is new', 'THREAD_CREATE', { ...secret, id: '42' }, everybody('regroup')],
  ['a public one', 'THREAD_CREATE', { ...open, id: '42' }, null],
  ['threads that the bot comes to see', 'THREAD_LIST_SYNC', { threads: [] }, everybody('snapshot')],
  [
    'who is in a private thread',
    'THREAD_MEMBERS_UPDATE',
    { id: '41', added_members: [{ user_id: '5' }], removed_member_ids: ['6'] },
    users('5', '6'),
  ],
  ['who is in a public one', 'THREAD_MEMBERS_UPDATE', { id: '40', added_members: [{ user_id: '5' }] }, null],
  ['who is in one that is not known', 'THREAD_MEMBERS_UPDATE', { id: '49', removed_member_ids: ['5'] }, users('5')],
  ['a nickname', 'GUILD_MEMBER_UPDATE', { ...member, nick: 'b' }, null],
  ['a member’s roles', 'GUILD_MEMBER_UPDATE', { ...member, roles: [] }, users('5')],
  ['a timeout', 'GUILD_MEMBER_UPDATE', { ...member, communication_disabled_until: '2030-01-01T00:00:00Z' }, users('5')],
  ['joining', 'GUILD_MEMBER_ADD', { user: { id: '7' }, roles: [] }, users('7')],
  ['leaving', 'GUILD_MEMBER_REMOVE', { user: { id: '5' } }, users('5')],
  ['a ban', 'GUILD_BAN_ADD', { user: { id: '5' } }, users('5')],
  ['members that are asked for', 'GUILD_MEMBERS_CHUNK', { members: [member] }, users('5')],
  ['a message', 'MESSAGE_CREATE', { author: { id: '5' }, member: { roles: ['10'] } }, null],
  ['a message that brings other roles', 'MESSAGE_CREATE', { author: { id: '5' }, member: { roles: [] } }, users('5')],
  ['a message of a stranger', 'MESSAGE_CREATE', { author: { id: '9' }, member: { roles: [] } }, users('9')],
  ['a message of a webhook', 'MESSAGE_CREATE', { author: { id: '9' } }, null],
  [
    'voice that brings other roles',
    'VOICE_STATE_UPDATE',
    { user_id: '5', member: { ...member, roles: [] } },
    users('5'),
  ],
  [
    'a reaction that brings other roles',
    'MESSAGE_REACTION_ADD',
    { user_id: '5', member: { ...member, roles: [] } },
    users('5'),
  ],
  ['typing', 'TYPING_START', { user_id: '5', member: { ...member, roles: [] } }, null],
]

test.each(rows)('%s', (_, event, payload, is) => {
  const state = guildState()
  const full = { guild_id: GUILD, ...payload }
  const before = remember(event, full, state.get(GUILD))
  state.apply(event, GUILD, full)
  expect(accessChange(event, full, before, state.get(GUILD))).toEqual(is)
})

// Where a thread was, makes a difference only if it is known.
const elsewhere = rows.filter(([, event]) => event !== 'THREAD_UPDATE')

test.each(elsewhere)('%s, of a guild that nobody knew: it is no less', (_, event, payload, is) => {
  const before = remember(event, payload, null)
  const change = accessChange(event, { guild_id: GUILD, ...payload }, before, null)
  if (is) expect(change).not.toBeNull()
})

test.each([null, undefined, 'x', 5, []])('of what is no event (%j) there is nothing to say', (payload) => {
  const before = remember('GUILD_ROLE_UPDATE', payload, guildState().get(GUILD))
  expect(accessChange('GUILD_ROLE_UPDATE', payload, before, null)).toBeNull()
  expect(threadMembersChange(payload)).toBeNull()
})

test('who comes into a thread and who leaves it', () => {
  const payload = { id: '41', added_members: [{ user_id: '5' }, {}, 'x'], removed_member_ids: ['6', 7] }
  expect(threadMembersChange(payload)).toEqual({ threadId: '41', added: ['5'], removed: ['6'] })
})

test('a key is the same for those who see the same, whoever they are', () => {
  const state = guildState()
  const guild = state.get(GUILD)
  if (!guild) throw new Error('the guild is gone')
  const key = (userId: string, roles: string[], threads: string[] = []) =>
    sightOf({ userId, member: { user: { id: userId }, roles }, threads: new Set(threads) }, guild, NOW)?.key(guild)
  expect(key('5', ['10'])).toBe(key('6', []))
  expect(key('5', [], ['41'])).not.toBe(key('6', []))
  // One that is not there is not seen.
  expect(key('5', [], ['49'])).toBe(key('6', []))
  state.apply('GUILD_ROLE_UPDATE', GUILD, { role: { id: '10', permissions: String(P.BanMembers) } })
  expect(key('5', ['10'])).not.toBe(key('6', []))
})

test('a sight says when it is over, by the end of a timeout', () => {
  const guild = guildState().get(GUILD)
  if (!guild) throw new Error('the guild is gone')
  const until = new Date(NOW + 1_000).toISOString()
  const sight = (userId: string, now: number) =>
    sightOf({ userId, member: { ...member, user: { id: userId }, communication_disabled_until: until } }, guild, now)
  expect(sight('5', NOW)?.until).toBe(NOW + 1_000)
  expect(sight('5', NOW + 1_000)?.until).toBeNull()
  // The owner is exempt.
  expect(sight('2', NOW)?.until).toBeNull()
})
