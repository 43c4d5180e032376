import { ChannelType, GuildScheduledEventEntityType, PermissionFlagsBits as P } from 'discord-api-types/v10'

/** The guild in which the matrix happens, and who is there. */
export const GUILD = '1'

/** What an event says that nobody knew before: whoever has read it has been shown it. It may be an id. */
export const MARK = '777000777000777000'

/** Who looks. A moderator is so by permissions, the owner by being it; of both, only the moderator is of the crew. */
export const PERSONS = {
  stranger: '100',
  outsider: '101',
  member: '102',
  moderator: '103',
  /** A moderator who may not view the hidden channels. */
  steward: '104',
  owner: '105',
  kicked: '106',
} as const

export type Person = keyof typeof PERSONS

/** Whom events are about: a member like others, who looks at nothing. */
export const GUEST = '110'
const BOT = '111'

const CREW = '20'
const MODERATORS = '21'
/** Nobody has it. */
export const SPARE_ROLE = '22'
/** The guest has it. */
export const GUEST_ROLE = '23'

export const CHANNELS = {
  open: '30',
  hidden: '31',
  /** May be viewed, but what was said before may not. */
  forgetful: '32',
  openVoice: '33',
  hiddenVoice: '34',
  /** May be viewed by all, and nobody may connect. */
  closedVoice: '35',
  /** Where nothing happens but the last word of each scene. */
  lobby: '36',
} as const

export const THREADS = {
  open: '40',
  hidden: '41',
  /** A private one in the open channel; the member is in it. */
  private: '42',
} as const

/** Scheduled events and stages, by whose channel they are in. */
export const SCHEDULED = { open: '50', hidden: '51', elsewhere: '52' } as const
export const STAGES = { open: '60', hidden: '61' } as const

export const bits = (...list: bigint[]): string => String(list.reduce((sum, bit) => sum | bit, 0n))
const deny = (...list: bigint[]) => ({ id: GUILD, type: 0, allow: '0', deny: bits(...list) })
export const FOR_CREW = [deny(P.ViewChannel), { id: CREW, type: 0, allow: bits(P.ViewChannel), deny: '0' }]

const OVERWRITES: Readonly<Record<string, readonly object[]>> = {
  [CHANNELS.hidden]: FOR_CREW,
  [CHANNELS.hiddenVoice]: FOR_CREW,
  [CHANNELS.forgetful]: [deny(P.ReadMessageHistory)],
  [CHANNELS.closedVoice]: [deny(P.Connect)],
}
const VOICE: ReadonlySet<string> = new Set([CHANNELS.openVoice, CHANNELS.hiddenVoice, CHANNELS.closedVoice])

export function channelOf(id: string) {
  const type = VOICE.has(id) ? ChannelType.GuildVoice : ChannelType.GuildText
  return { id, type, name: `channel-${id}`, permission_overwrites: OVERWRITES[id] ?? [] }
}

export function threadOf(id: string) {
  const type = id === THREADS.private ? ChannelType.PrivateThread : ChannelType.PublicThread
  return { id, type, parent_id: id === THREADS.hidden ? CHANNELS.hidden : CHANNELS.open, name: `thread-${id}` }
}

export function scheduledOf(id: string) {
  const where = { [SCHEDULED.open]: CHANNELS.openVoice, [SCHEDULED.hidden]: CHANNELS.hiddenVoice }[id] ?? null
  const { External, Voice } = GuildScheduledEventEntityType
  return { id, guild_id: GUILD, channel_id: where, entity_type: where ? Voice : External, user_count: 1 }
}

export const stageOf = (id: string) => ({
  id,
  guild_id: GUILD,
  channel_id: id === STAGES.open ? CHANNELS.openVoice : CHANNELS.hiddenVoice,
})

const ROLES_OF: Readonly<Partial<Record<string, string[]>>> = {
  [PERSONS.member]: [CREW],
  [PERSONS.moderator]: [CREW, MODERATORS],
  [PERSONS.steward]: [MODERATORS],
  [PERSONS.kicked]: [CREW, MODERATORS],
  [GUEST]: [GUEST_ROLE],
}

export type Member = { user: { id: string; username: string }; roles: string[] }

export const memberOf = (id: string, roles: string[] = ROLES_OF[id] ?? []): Member => ({
  user: { id, username: `user-${id}` },
  roles,
})

/** Everybody who is in it. */
export const MEMBERS: readonly string[] = [
  ...Object.values(PERSONS).filter((id) => id !== PERSONS.stranger),
  GUEST,
  BOT,
]

export const ROLES = [
  { id: GUILD, permissions: bits(P.ViewChannel, P.ReadMessageHistory, P.Connect) },
  { id: CREW, permissions: '0' },
  {
    id: MODERATORS,
    permissions: bits(P.ManageGuild, P.BanMembers, P.ManageChannels, P.ManageWebhooks, P.ViewAuditLog, P.ManageThreads),
  },
  { id: SPARE_ROLE, permissions: '0' },
  { id: GUEST_ROLE, permissions: '0' },
]

/** As Discord says it to a bot: without the members intent, of all members only the bot and those in voice. */
export function guildCreate({ hasMembersIntent }: { hasMembersIntent: boolean }) {
  const inVoice = [
    { user_id: PERSONS.outsider, channel_id: CHANNELS.openVoice, session_id: 'a' },
    { user_id: PERSONS.member, channel_id: CHANNELS.hiddenVoice, session_id: 'b' },
  ]
  const told = hasMembersIntent ? MEMBERS : [BOT, ...inVoice.map(({ user_id: id }) => id)]
  return {
    id: GUILD,
    name: 'the guild',
    owner_id: PERSONS.owner,
    member_count: MEMBERS.length,
    system_channel_id: CHANNELS.hidden,
    roles: ROLES,
    channels: Object.values(CHANNELS).map(channelOf),
    threads: Object.values(THREADS).map(threadOf),
    members: told.map((id) => memberOf(id)),
    voice_states: inVoice,
    presences: [],
    emojis: [],
    stickers: [],
    stage_instances: Object.values(STAGES).map(stageOf),
    guild_scheduled_events: Object.values(SCHEDULED).map(scheduledOf),
    soundboard_sounds: [],
  }
}
