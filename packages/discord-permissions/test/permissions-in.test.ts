import { ChannelType, OverwriteType, PermissionFlagsBits as P } from 'discord-api-types/v10'
import { describe, expect, it, test } from 'vitest'
import { permissionsIn, permissionsOf, timeoutEnds } from '../src/index.ts'
import type { PermissionChannel, PermissionOptions } from '../src/index.ts'

const PAGE = 'https://docs.discord.com/developers/topics/permissions'
const THREADS = 'https://docs.discord.com/developers/topics/threads'

const NOW = 1_800_000_000_000
const GUILD = '1'
const OWNER = '9'
const ME = '5'
const ALL = Object.values(P).reduce((sum, bit) => sum | bit, 0n)

const sum = (...bits: bigint[]) => bits.reduce((all, bit) => all | bit, 0n)
const text = (...bits: bigint[]) => String(sum(...bits))
const guild = (everyone: bigint[], roles: Record<string, bigint[]> = {}) => ({
  id: GUILD,
  owner_id: OWNER,
  roles: [
    { id: GUILD, permissions: text(...everyone) },
    ...Object.entries(roles).map(([id, bits]) => ({ id, permissions: text(...bits) })),
  ],
})
const member = (...roles: string[]) => ({ user: { id: ME }, roles })
type Says = { allow?: bigint[]; deny?: bigint[] }
const overwrite = (type: OverwriteType, id: string, { allow = [], deny = [] }: Says) => ({
  id,
  type,
  allow: text(...allow),
  deny: text(...deny),
})
const everyone = (says: Says) => overwrite(OverwriteType.Role, GUILD, says)
const role = (id: string, says: Says) => overwrite(OverwriteType.Role, id, says)
const own = (says: Says, id = ME) => overwrite(OverwriteType.Member, id, says)
const channel = (type: ChannelType, ...overwrites: unknown[]) => ({ type, permission_overwrites: overwrites })
const inText = (...overwrites: unknown[]) => channel(ChannelType.GuildText, ...overwrites)

type Row = {
  says: string
  source: string
  member?: Parameters<typeof permissionsIn>[0]
  guild: Parameters<typeof permissionsIn>[1]
  channel: PermissionChannel
  options?: PermissionOptions
  is: bigint
}

const future = new Date(NOW + 60_000).toISOString()
const past = new Date(NOW - 60_000).toISOString()
const thread = { type: ChannelType.PublicThread }
const privateThread = { type: ChannelType.PrivateThread }

const rows: Row[] = [
  {
    says: 'the owner has all, whatever a channel says',
    source: `${PAGE}#permission-overwrites`,
    member: { user: { id: OWNER }, roles: [] },
    guild: guild([]),
    channel: inText(everyone({ deny: [P.ViewChannel] }), own({ deny: [P.SendMessages] }, OWNER)),
    is: ALL,
  },
  {
    says: 'an administrator has all, whatever a channel says',
    source: `${PAGE}#permission-overwrites`,
    member: member('2'),
    guild: guild([], { 2: [P.Administrator] }),
    channel: inText(role('2', { deny: [P.ViewChannel] })),
    is: ALL,
  },
  {
    says: 'the base is the sum of @everyone and the member’s roles, and of no other',
    source: `${PAGE}#permission-overwrites`,
    member: member('2'),
    guild: guild([P.ViewChannel], { 2: [P.SendMessages], 3: [P.ReadMessageHistory] }),
    channel: inText(),
    is: sum(P.ViewChannel, P.SendMessages),
  },
  {
    says: 'overwrites of @everyone deny',
    source: `${PAGE}#permission-overwrites, 3`,
    guild: guild([P.ViewChannel, P.AddReactions]),
    channel: inText(everyone({ deny: [P.AddReactions] })),
    is: P.ViewChannel,
  },
  {
    says: 'and then allow',
    source: `${PAGE}#permission-overwrites, 4`,
    guild: guild([P.ViewChannel]),
    channel: inText(everyone({ deny: [P.AddReactions], allow: [P.AddReactions] })),
    is: sum(P.ViewChannel, P.AddReactions),
  },
  {
    says: 'a role’s overwrite comes after that of @everyone, wherever it stands in the list',
    source: `${PAGE}#permission-overwrites, 5 and 6`,
    member: member('2'),
    guild: guild([], { 2: [] }),
    channel: inText(role('2', { allow: [P.ViewChannel] }), everyone({ deny: [P.ViewChannel] })),
    is: P.ViewChannel,
  },
  {
    says: 'of two roles the one that allows wins, whatever their positions',
    source: `${PAGE}#permission-hierarchy`,
    member: member('2', '3'),
    guild: guild([P.ViewChannel], { 2: [], 3: [] }),
    channel: inText(role('2', { allow: [P.ViewChannel] }), role('3', { deny: [P.ViewChannel] })),
    is: P.ViewChannel,
  },
  {
    says: 'a member’s own overwrite denies what a role allows',
    source: `${PAGE}#permission-overwrites, 7`,
    member: member('2'),
    guild: guild([P.ViewChannel], { 2: [] }),
    channel: inText(own({ deny: [P.ViewChannel] }), role('2', { allow: [P.ViewChannel] })),
    is: 0n,
  },
  {
    says: 'a member’s own overwrite allows what all others deny',
    source: `${PAGE}#permission-overwrites, 8`,
    member: member('2'),
    guild: guild([], { 2: [] }),
    channel: inText(
      own({ allow: [P.ViewChannel] }),
      everyone({ deny: [P.ViewChannel] }),
      role('2', { deny: [P.ViewChannel] }),
    ),
    is: P.ViewChannel,
  },
  {
    says: 'overwrites for other roles and members mean nothing',
    source: `${PAGE}#permission-overwrites`,
    guild: guild([], { 2: [] }),
    channel: inText(role('2', { allow: [P.ViewChannel] }), own({ allow: [P.ViewChannel] }, '6')),
    is: 0n,
  },
  {
    says: 'a role that is deleted and still stands in the channel and at the member means nothing',
    source: 'https://docs.discord.com/developers/events/gateway-events#channel-update',
    member: member('2'),
    guild: guild([]),
    channel: inText(role('2', { allow: [P.ViewChannel] })),
    is: 0n,
  },
  {
    says: 'an overwrite changes nothing of what holds in the guild as a whole',
    source: `${PAGE}#permissions-bitwise-permission-flags`,
    guild: guild([P.ViewChannel, P.BanMembers]),
    channel: inText(everyone({ allow: [P.Administrator, P.ManageGuild, P.ViewAuditLog], deny: [P.BanMembers] })),
    is: sum(P.ViewChannel, P.BanMembers),
  },
  {
    says: 'without VIEW_CHANNEL nothing is left',
    source: `${PAGE}#implicit-permissions`,
    guild: guild([P.ViewChannel, P.SendMessages, P.ManageChannels]),
    channel: inText(everyone({ deny: [P.ViewChannel] })),
    is: 0n,
  },
  {
    says: 'without SEND_MESSAGES neither mentions nor TTS, files, links',
    source: `${PAGE}#implicit-permissions`,
    guild: guild([P.ViewChannel, P.MentionEveryone, P.SendTTSMessages, P.AttachFiles, P.EmbedLinks, P.AddReactions]),
    channel: inText(),
    is: sum(P.ViewChannel, P.AddReactions),
  },
  {
    says: 'without CONNECT nothing else of a voice channel',
    source: `${PAGE}#implicit-permissions`,
    guild: guild([P.ViewChannel, P.Speak, P.ManageChannels, P.SendMessages, P.ReadMessageHistory]),
    channel: channel(ChannelType.GuildVoice),
    is: P.ViewChannel,
  },
  {
    says: 'nor of a stage channel',
    source: `${PAGE}#implicit-permissions`,
    guild: guild([P.ViewChannel, P.Connect, P.RequestToSpeak, P.MuteMembers]),
    channel: channel(ChannelType.GuildStageVoice, everyone({ deny: [P.Connect] })),
    is: P.ViewChannel,
  },
  {
    says: 'with it all of a stage channel',
    source: `${PAGE}#implicit-permissions`,
    guild: guild([P.ViewChannel, P.RequestToSpeak]),
    channel: channel(ChannelType.GuildStageVoice, everyone({ allow: [P.Connect] })),
    is: sum(P.ViewChannel, P.RequestToSpeak, P.Connect),
  },
  {
    says: 'elsewhere CONNECT means nothing',
    source: `${PAGE}#permissions-bitwise-permission-flags`,
    guild: guild([P.ViewChannel, P.ReadMessageHistory]),
    channel: channel(ChannelType.GuildForum, everyone({ deny: [P.Connect] })),
    is: sum(P.ViewChannel, P.ReadMessageHistory),
  },
  {
    says: 'who is timed out keeps VIEW_CHANNEL and READ_MESSAGE_HISTORY',
    source: `${PAGE}#permissions-for-timed-out-members`,
    member: { ...member('2'), communication_disabled_until: future },
    guild: guild([P.ViewChannel, P.ReadMessageHistory, P.SendMessages], { 2: [P.ManageChannels] }),
    channel: inText(),
    is: sum(P.ViewChannel, P.ReadMessageHistory),
  },
  {
    says: 'a timeout that is over means nothing',
    source: 'https://docs.discord.com/developers/resources/guild#guild-member-object',
    member: { ...member(), communication_disabled_until: past },
    guild: guild([P.ViewChannel, P.SendMessages]),
    channel: inText(),
    is: sum(P.ViewChannel, P.SendMessages),
  },
  {
    says: 'administrators are exempt from timeouts',
    source: `${PAGE}#permissions-for-timed-out-members`,
    member: { ...member('2'), communication_disabled_until: future },
    guild: guild([], { 2: [P.Administrator] }),
    channel: inText(),
    is: ALL,
  },
  {
    says: 'so are owners',
    source: `${PAGE}#permissions-for-timed-out-members`,
    member: { user: { id: OWNER }, roles: [], communication_disabled_until: future },
    guild: guild([]),
    channel: inText(),
    is: ALL,
  },
  {
    says: 'a thread has its parent’s, and sending there has a permission of its own',
    source: `${PAGE}#inherited-permissions-threads`,
    guild: guild([P.ViewChannel, P.SendMessages, P.SendMessagesInThreads, P.AttachFiles]),
    channel: thread,
    options: { parent: inText(everyone({ deny: [P.SendMessages] })) },
    is: sum(P.ViewChannel, P.SendMessagesInThreads, P.AttachFiles),
  },
  {
    says: 'SEND_MESSAGES has no effect in a thread',
    source: `${THREADS}#permissions`,
    guild: guild([P.ViewChannel, P.SendMessages, P.AttachFiles]),
    channel: { type: ChannelType.AnnouncementThread },
    options: { parent: channel(ChannelType.GuildAnnouncement) },
    is: P.ViewChannel,
  },
  {
    says: 'no thread is seen without VIEW_CHANNEL in its parent, by its members neither',
    source: `${PAGE}#inherited-permissions-threads`,
    guild: guild([P.ViewChannel]),
    channel: privateThread,
    options: { parent: inText(everyone({ deny: [P.ViewChannel] })), isThreadMember: true },
    is: 0n,
  },
  {
    says: 'a private thread is not for everyone',
    source: `${THREADS}#permissions`,
    guild: guild([P.ViewChannel]),
    channel: privateThread,
    options: { parent: inText() },
    is: 0n,
  },
  {
    says: 'it is for its members',
    source: `${THREADS}#permissions`,
    guild: guild([P.ViewChannel]),
    channel: privateThread,
    options: { parent: inText(), isThreadMember: true },
    is: P.ViewChannel,
  },
  {
    says: 'and for those who manage threads',
    source: `${THREADS}#permissions`,
    guild: guild([P.ViewChannel, P.ManageThreads]),
    channel: privateThread,
    options: { parent: inText() },
    is: sum(P.ViewChannel, P.ManageThreads),
  },
  {
    says: 'who as long as they are timed out do not',
    source: `${PAGE}#permissions-for-timed-out-members`,
    member: { ...member(), communication_disabled_until: future },
    guild: guild([P.ViewChannel, P.ManageThreads]),
    channel: privateThread,
    options: { parent: inText() },
    is: 0n,
  },
]

test.each(rows)('$says ($source)', ({ member: who = member(), guild: where, channel: there, options, is }) => {
  expect(permissionsIn(who, where, there, { now: NOW, ...options })).toBe(is)
})

describe('permissionsOf', () => {
  it('is what the roles say, or all', () => {
    const where = guild([P.ViewChannel], { 2: [P.BanMembers], 3: [P.Administrator], 4: [P.ManageGuild] })
    expect(permissionsOf(member('2'), where, { now: NOW })).toBe(P.ViewChannel | P.BanMembers)
    expect(permissionsOf(member('3'), where, { now: NOW })).toBe(ALL)
    expect(permissionsOf({ user: { id: OWNER }, roles: [] }, where, { now: NOW })).toBe(ALL)
  })

  it('is next to nothing for who is timed out', () => {
    const silenced = { ...member('2'), communication_disabled_until: future }
    expect(permissionsOf(silenced, guild([P.ViewChannel], { 2: [P.BanMembers] }), { now: NOW })).toBe(P.ViewChannel)
  })
})

describe('what is not as documented grants nothing', () => {
  const open = guild([P.ViewChannel])
  const viewed = (there: PermissionChannel, options: PermissionOptions = {}) =>
    permissionsIn(member('2'), open, there, { now: NOW, ...options }) !== 0n

  it.each([
    {},
    { type: ChannelType.GuildText },
    { permission_overwrites: [] },
    { type: 99, permission_overwrites: [] },
    { type: 'text', permission_overwrites: [] },
    { type: ChannelType.DM, permission_overwrites: [] },
    inText('x'),
    inText(null),
    inText({ id: '2', type: 0, allow: '0' }),
    inText({ id: '2', type: 0, allow: 'all', deny: '0' }),
    inText({ id: '2', type: 0, allow: '0', deny: 1024 }),
    inText({ id: '2', type: 'role', allow: '0', deny: '1024' }),
    inText({ id: 2, type: 0, allow: '0', deny: '1024' }),
    { type: ChannelType.GuildText, permission_overwrites: {} },
  ])('a channel: %j', (odd) => expect(viewed(odd)).toBe(false))

  it('a thread without its parent, or in what can have none', () => {
    expect(viewed(thread)).toBe(false)
    expect(viewed(thread, { parent: thread })).toBe(false)
    expect(viewed(thread, { parent: channel(ChannelType.GuildVoice) })).toBe(false)
    expect(viewed(thread, { parent: inText() })).toBe(true)
  })

  it('roles', () => {
    const roles = [{ id: GUILD, permissions: '-1' }, { id: '2', permissions: 8 }, { id: '2' }, {}]
    expect(permissionsIn(member('2'), { id: GUILD, roles }, inText(), { now: NOW })).toBe(0n)
  })

  it('a timeout, which then has no end', () => {
    expect(timeoutEnds({ communication_disabled_until: 'soon' }, NOW)).toBe(Infinity)
    expect(timeoutEnds({ communication_disabled_until: 5 }, NOW)).toBe(Infinity)
    expect(timeoutEnds({ communication_disabled_until: future }, NOW)).toBe(NOW + 60_000)
    expect(timeoutEnds({ communication_disabled_until: past }, NOW)).toBeNull()
    expect(timeoutEnds({ communication_disabled_until: null }, NOW)).toBeNull()
    expect(timeoutEnds({}, NOW)).toBeNull()
  })
})
