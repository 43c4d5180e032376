import { GuildState } from '@repo/event-feed'
import type { Guild, JsonObject } from '@repo/event-feed'
import { ChannelFlags, ChannelType, PermissionFlagsBits as P } from 'discord-api-types/v10'
import fc from 'fast-check'

/*
 * A guild in which things happen at random, told as Discord tells them. Every text says for whom it is, by a mark that is
 * written once: «<channel>:<for whom>:<number>». So whatever a viewer is sent can be asked whether it is for them.
 */

export const GUILD = '100'
export const USERS = ['201', '202', '203', '204', '205']
const ROLES = [GUILD, '101', '102', '103']
export const NOW = 1_800_000_000_000

/** Who may read a text: of a channel, those who view it, read it, read its history, are connected or manage it; of the guild, those with a permission. */
export type For = 'view' | 'read' | 'history' | 'connected' | 'invite' | 'automod' | 'ban' | 'audit' | 'nobody'

/** Finds the marks in a text: where, for whom. */
export const MARK = /«(\d+):(\w+):\d+»/g

export type Told = { event: string; payload: JsonObject }
export type Act = readonly [kind: number, a: number, b: number, c: number]

const BITS = [
  P.ViewChannel,
  P.ReadMessageHistory,
  P.Connect,
  P.ManageThreads,
  P.ManageChannels,
  P.ManageWebhooks,
  P.ManageGuild,
  P.BanMembers,
  P.ViewAuditLog,
  P.Administrator,
]
const CHANNEL_TYPES = [
  ChannelType.GuildText,
  ChannelType.GuildVoice,
  ChannelType.GuildStageVoice,
  ChannelType.GuildForum,
  ChannelType.GuildCategory,
]
const THREAD_TYPES: ReadonlySet<unknown> = new Set([ChannelType.PublicThread, ChannelType.PrivateThread])

export const acts = fc.array(
  fc.tuple(fc.nat(63), fc.nat(1023), fc.nat(1023), fc.nat(1023)) satisfies fc.Arbitrary<Act>,
  { minLength: 10, maxLength: 60 },
)

export class World {
  readonly state = new GuildState()
  /** Of each thread that there ever was, the parent, whether it is private and who is in it. */
  readonly threads = new Map<string, { parent: string; isPrivate: boolean; members: Set<string> }>()
  #id = 1_000

  constructor([, everyone = 3]: readonly number[] = []) {
    const channels = CHANNEL_TYPES.map((type, index) => this.#channel(`30${index}`, type, index))
    this.#apply('GUILD_CREATE', {
      id: GUILD,
      name: 'guild',
      owner_id: '205',
      system_channel_id: '300',
      embedded_activities: [{ channel_id: '301', secret: this.mark('301', 'nobody') }],
      roles: ROLES.map((id, index) => ({ id, permissions: bits(index === 0 ? everyone : 0) })),
      members: USERS.map((id, index) => ({ user: { id }, roles: [ROLES[(index % 3) + 1]] })),
      channels,
      threads: [],
      voice_states: [],
      presences: [],
      stage_instances: [],
      guild_scheduled_events: [],
      member_count: USERS.length,
    })
  }

  get guild(): Guild {
    const guild = this.state.get(GUILD)
    if (!guild) throw new Error('the guild is gone')
    return guild
  }

  apply({ event, payload }: Told): void {
    this.#apply(event, payload)
  }

  mark(where: string, who: For): string {
    return `«${where}:${who}:${this.#next()}»`
  }

  /** What comes of an act, nothing where it is impossible as things are. */
  tell([kind, a, b, c]: Act): Told | null {
    const tellers = Object.values(TELLERS)
    const told = tellers[kind % tellers.length]?.(this, a, b, c)
    return told ? { event: told[0], payload: { guild_id: GUILD, ...told[1] } } : null
  }

  #apply(event: string, payload: JsonObject): void {
    this.state.apply(event, GUILD, structuredClone(payload))
  }

  #next(): string {
    return String((this.#id += 1))
  }

  newId = () => this.#next()

  #channel(id: string, type: ChannelType, seed: number): JsonObject {
    return {
      id,
      type,
      name: this.mark(id, 'view'),
      permission_overwrites: overwritesBy(seed),
      parent_id: '304',
      last_message_id: null,
    }
  }

  newChannel(type: ChannelType, seed: number): JsonObject {
    return this.#channel(this.#next(), type, seed)
  }

  pick(name: keyof Guild['collections'], by: number, fits: (entry: JsonObject) => boolean = () => true) {
    const entries = [...this.guild.collections[name].values()].filter(fits)
    return entries[by % Math.max(1, entries.length)] as (JsonObject & { id: string }) | undefined
  }

  /** A channel or thread in which messages may be. */
  place(by: number) {
    const isText = ({ type }: JsonObject) => type !== ChannelType.GuildCategory && type !== ChannelType.GuildForum
    return by % 3 === 0
      ? (this.pick('threads', by) ?? this.pick('channels', by, isText))
      : this.pick('channels', by, isText)
  }

  member(by: number): JsonObject & { user: { id: string } } {
    return this.pick('members', by) as unknown as JsonObject & { user: { id: string } }
  }
}

const bits = (seed: number) =>
  String(BITS.filter((_, index) => (seed >> index) & 1).reduce((sum, bit) => sum | bit, 0n))
function overwritesBy(seed: number): JsonObject[] {
  const targets = [...ROLES.map((id) => ({ id, type: 0 })), ...USERS.slice(0, 2).map((id) => ({ id, type: 1 }))]
  const chosen = targets.filter((_, index) => (seed >> index) & 1)
  return chosen.map((target, index) => ({
    ...target,
    allow: bits((seed >> index) & 0b11_0111),
    deny: bits((seed >> (index + 2)) & 0b00_1101),
  }))
}

type Teller = (world: World, a: number, b: number, c: number) => [string, JsonObject] | null | undefined

const isOf = ({ user }: JsonObject, id: unknown) => (user as JsonObject | undefined)?.['id'] === id
const isVoice = ({ type }: JsonObject) => type === ChannelType.GuildVoice || type === ChannelType.GuildStageVoice
const isParent = ({ type }: JsonObject) => type === ChannelType.GuildText || type === ChannelType.GuildForum

function message(world: World, a: number, b: number, c: number): JsonObject | null {
  const place = world.place(a)
  if (!place) return null
  const { user, ...member } = world.member(b)
  const flags = c % 7 === 0 ? { flags: 64 } : {}
  const hidden = world.pick('channels', c)
  return {
    id: world.newId(),
    channel_id: place.id,
    author: user,
    member,
    content: world.mark(place.id, c % 7 === 0 ? 'nobody' : 'read'),
    ...flags,
    ...(c % 5 === 0 && {
      referenced_message: {
        id: '1',
        channel_id: c % 2 ? place.id : hidden?.id,
        content: world.mark(c % 2 ? place.id : String(hidden?.id), 'history'),
      },
    }),
    ...(c % 4 === 0 && hidden && { resolved: { channels: { [hidden.id]: { id: hidden.id, name: hidden['name'] } } } }),
  }
}

function scheduled(world: World, by: number): JsonObject {
  const channel = world.pick('channels', by, isVoice)
  if (by % 4 === 0 || !channel) return { channel_id: null, entity_type: 3, name: 'elsewhere' }
  return { channel_id: channel.id, entity_type: 2, name: world.mark(channel.id, 'view') }
}

const TELLERS: Record<string, Teller> = {
  roleUpdate: (world, a, b) => [
    'GUILD_ROLE_UPDATE',
    { role: { ...world.pick('roles', a), permissions: bits(b & (b >> 3)) } },
  ],
  everyoneUpdate: (_, a) => ['GUILD_ROLE_UPDATE', { role: { id: GUILD, permissions: bits(a & 0b1_0000_0111) } }],
  roleRename: (world, a) => ['GUILD_ROLE_UPDATE', { role: { ...world.pick('roles', a), name: 'renamed' } }],
  roleCreate: (_, a, b) => [
    'GUILD_ROLE_CREATE',
    { role: { id: ROLES[(a % 3) + 1], permissions: bits(b & 0b11_0011) } },
  ],
  roleDelete: (world, a) => {
    const role = world.pick('roles', a, ({ id }) => id !== GUILD)
    return role && ['GUILD_ROLE_DELETE', { role_id: role.id }]
  },
  memberRoles: (world, a, b) => [
    'GUILD_MEMBER_UPDATE',
    { ...world.member(a), roles: ROLES.slice(1).filter((_, index) => (b >> index) & 1) },
  ],
  memberNick: (world, a) => ['GUILD_MEMBER_UPDATE', { ...world.member(a), nick: 'nick' }],
  timeout: (world, a, b) => {
    const until = b % 2 ? new Date(NOW + 60_000).toISOString() : null
    return ['GUILD_MEMBER_UPDATE', { ...world.member(a), communication_disabled_until: until }]
  },
  memberRemove: (world, a) => {
    const { user } = world.member(a)
    return user.id === '205' ? null : ['GUILD_MEMBER_REMOVE', { user }]
  },
  memberAdd: (world, a) => {
    const id = USERS[a % USERS.length]
    return world.guild.collections.members.get(id) ? null : ['GUILD_MEMBER_ADD', { user: { id }, roles: ['101'] }]
  },
  owner: (world, a) => [
    'GUILD_UPDATE',
    { id: GUILD, owner_id: world.member(a).user.id, roles: [...world.guild.collections.roles.values()] },
  ],
  guild: (world, a) => {
    const channel = world.pick('channels', a)
    return [
      'GUILD_UPDATE',
      { id: GUILD, name: 'renamed', system_channel_id: channel?.id, rules_channel_id: channel?.id },
    ]
  },
  guildCreate: (world) => ['GUILD_CREATE', world.guild.payload],
  /** Over a gap in which somebody's roles have changed. */
  guildCreateAnew: (world, a, b) => {
    const { user } = world.member(a)
    const roles = ROLES.slice(1).filter((_, index) => (b >> index) & 1)
    const { members, ...guild } = world.guild.payload
    const are = members.map((member) => (isOf(member, user.id) ? { ...member, roles } : member))
    return ['GUILD_CREATE', { ...guild, members: are }]
  },
  overwrites: (world, a, b) => [
    'CHANNEL_UPDATE',
    { ...world.pick('channels', a), permission_overwrites: overwritesBy(b) },
  ],
  open: (world, a) => [
    'CHANNEL_UPDATE',
    { ...world.pick('channels', a), permission_overwrites: [{ id: GUILD, type: 0, allow: bits(7), deny: '0' }] },
  ],
  channelRename: (world, a) => {
    const channel = world.pick('channels', a)
    return channel && ['CHANNEL_UPDATE', { ...channel, name: world.mark(channel.id, 'view') }]
  },
  obfuscated: (world, a) => {
    const channel = world.pick('channels', a)
    const flags = channel?.['flags'] === undefined ? ChannelFlags.ChannelObfuscated : undefined
    return channel && ['CHANNEL_UPDATE', { ...channel, flags, permission_overwrites: overwritesBy(flags ? 0 : a) }]
  },
  channelCreate: (world, a, b) => ['CHANNEL_CREATE', world.newChannel(CHANNEL_TYPES[a % 4] ?? 0, b)],
  channelDelete: (world, a) => {
    const channel = world.pick('channels', a)
    return channel && a % 3 === 0 ? ['CHANNEL_DELETE', channel] : null
  },
  threadCreate: (world, a, b) => {
    const parent = world.pick('channels', a, isParent)
    if (!parent) return null
    const id = world.newId()
    const isPrivate = b % 2 === 0
    const creator = world.member(a).user.id
    world.threads.set(id, { parent: parent.id, isPrivate, members: new Set() })
    const type = isPrivate ? ChannelType.PrivateThread : ChannelType.PublicThread
    const metadata = { archived: false }
    const member = { id, user_id: world.mark(id, 'nobody') }
    return [
      'THREAD_CREATE',
      {
        id,
        type,
        parent_id: parent.id,
        name: world.mark(id, 'view'),
        owner_id: creator,
        thread_metadata: metadata,
        member,
      },
    ]
  },
  threadRename: (world, a) => {
    const thread = world.pick('threads', a)
    return thread && ['THREAD_UPDATE', { ...thread, name: world.mark(thread.id, 'view') }]
  },
  threadArchive: (world, a) => {
    const thread = world.pick('threads', a)
    return thread && ['THREAD_UPDATE', { ...thread, thread_metadata: { archived: true } }]
  },
  threadUnarchive: (world, a) => {
    const [id, thread] = [...world.threads].at(a % Math.max(1, world.threads.size)) ?? []
    if (!id || !thread || !world.guild.collections.channels.get(thread.parent)) return null
    const type = thread.isPrivate ? ChannelType.PrivateThread : ChannelType.PublicThread
    return [
      'THREAD_UPDATE',
      { id, type, parent_id: thread.parent, name: world.mark(id, 'view'), thread_metadata: { archived: false } },
    ]
  },
  threadDelete: (world, a) => {
    const thread = world.pick('threads', a)
    return thread && ['THREAD_DELETE', { id: thread.id, parent_id: thread['parent_id'], type: thread['type'] }]
  },
  threadMembers: (world, a, b) => {
    const [id, thread] = [...world.threads].at(a % Math.max(1, world.threads.size)) ?? []
    if (!id || !thread) return null
    const user = world.member(b).user.id
    const change = thread.members.has(user)
      ? { removed_member_ids: [user] }
      : { added_members: [{ id, user_id: user, note: world.mark(id, 'view') }] }
    if (thread.members.has(user)) thread.members.delete(user)
    else thread.members.add(user)
    return ['THREAD_MEMBERS_UPDATE', { id, member_count: thread.members.size, ...change }]
  },
  threadListSync: (world, a) => {
    const parent = world.pick('channels', a, isParent)
    if (!parent) return null
    const id = world.newId()
    world.threads.set(id, { parent: parent.id, isPrivate: false, members: new Set() })
    const thread = { id, type: ChannelType.PublicThread, parent_id: parent.id, name: world.mark(id, 'view') }
    return ['THREAD_LIST_SYNC', { channel_ids: [parent.id], threads: [thread], members: [] }]
  },
  join: (world, a, b) => {
    const channel = world.pick('channels', a, isVoice)
    const member = world.member(b)
    return (
      channel && [
        'VOICE_STATE_UPDATE',
        {
          user_id: member.user.id,
          channel_id: channel.id,
          member,
          session_id: world.mark(channel.id, 'view'),
          self_video: world.mark(channel.id, 'view'),
        },
      ]
    )
  },
  leave: (world, a) => {
    const state = world.pick('voice_states', a)
    return (
      state && ['VOICE_STATE_UPDATE', { user_id: state['user_id'], channel_id: null, session_id: state['session_id'] }]
    )
  },
  effect: (world, a, b) => {
    const channel = world.pick('channels', a, isVoice)
    return (
      channel && [
        'VOICE_CHANNEL_EFFECT_SEND',
        { channel_id: channel.id, user_id: world.member(b).user.id, emoji: world.mark(channel.id, 'connected') },
      ]
    )
  },
  status: (world, a) => {
    const channel = world.pick('channels', a, isVoice)
    return channel && ['VOICE_CHANNEL_STATUS_UPDATE', { id: channel.id, status: world.mark(channel.id, 'view') }]
  },
  message: (world, a, b, c) => {
    // One that is for a single person has no guild, and changes none.
    const payload = message(world, a, b, c % 7 === 0 ? 1 : c)
    return payload && ['MESSAGE_CREATE', payload]
  },
  edit: (world, a, b, c) => {
    const payload = message(world, a, b, c)
    return (
      payload && [
        'MESSAGE_UPDATE',
        { ...payload, ...(c % 7 !== 0 && { content: world.mark(String(payload['channel_id']), 'history') }) },
      ]
    )
  },
  ...Object.fromEntries(
    ['MESSAGE_DELETE', 'MESSAGE_REACTION_REMOVE', 'MESSAGE_POLL_VOTE_ADD', 'TYPING_START', 'CHANNEL_PINS_UPDATE'].map(
      (event): [string, Teller] => [
        event,
        (world, a) => {
          const place = world.place(a)
          return (
            place && [event, { channel_id: place.id, user_id: '201', last_pin_timestamp: world.mark(place.id, 'read') }]
          )
        },
      ],
    ),
  ),
  reaction: (world, a, b) => {
    const place = world.place(a)
    const member = world.member(b)
    return (
      place && [
        'MESSAGE_REACTION_ADD',
        { channel_id: place.id, user_id: member.user.id, member, emoji: world.mark(place.id, 'read') },
      ]
    )
  },
  scheduledCreate: (world, a) => ['GUILD_SCHEDULED_EVENT_CREATE', { id: world.newId(), ...scheduled(world, a) }],
  scheduledUpdate: (world, a, b) => {
    const before = world.pick('guild_scheduled_events', a)
    return before && ['GUILD_SCHEDULED_EVENT_UPDATE', { ...before, ...scheduled(world, b) }]
  },
  scheduledDelete: (world, a) => {
    const before = world.pick('guild_scheduled_events', a)
    return before && ['GUILD_SCHEDULED_EVENT_DELETE', before]
  },
  interest: (world, a) => {
    const before = world.pick('guild_scheduled_events', a)
    if (!before) return null
    const name = typeof before['channel_id'] === 'string' ? world.mark(before['channel_id'], 'view') : ''
    return ['GUILD_SCHEDULED_EVENT_USER_ADD', { guild_scheduled_event_id: before.id, user_id: '201', name }]
  },
  stage: (world, a) => {
    const channel = world.pick('channels', a, isVoice)
    return (
      channel && [
        'STAGE_INSTANCE_CREATE',
        { id: world.newId(), channel_id: channel.id, topic: world.mark(channel.id, 'view') },
      ]
    )
  },
  stageDelete: (world, a) => {
    const stage = world.pick('stage_instances', a)
    return stage && ['STAGE_INSTANCE_DELETE', stage]
  },
  invite: (world, a) => {
    const channel = world.pick('channels', a)
    return channel && ['INVITE_CREATE', { channel_id: channel.id, code: world.mark(channel.id, 'invite') }]
  },
  automod: (world, a) => {
    const channel = world.pick('channels', a)
    return (
      channel && [
        'AUTO_MODERATION_ACTION_EXECUTION',
        { channel_id: channel.id, content: world.mark(channel.id, 'automod') },
      ]
    )
  },
  ban: (world) => ['GUILD_BAN_ADD', { user: { id: '999', username: world.mark(GUILD, 'ban') } }],
  audit: (world) => ['GUILD_AUDIT_LOG_ENTRY_CREATE', { reason: world.mark(GUILD, 'audit') }],
  presence: (world, a) => [
    'PRESENCE_UPDATE',
    {
      user: world.member(a).user,
      status: a % 3 ? 'online' : 'offline',
      activities: [{ secrets: { join: world.mark(GUILD, 'nobody') } }],
    },
  ],
  ...Object.fromEntries(
    [
      'INTERACTION_CREATE',
      'VOICE_SERVER_UPDATE',
      'ENTITLEMENT_CREATE',
      'GUILD_MEMBERS_CHUNK',
      'SOMETHING_NEW',
      'THREAD_MEMBER_UPDATE',
    ].map((event): [string, Teller] => [event, (world) => [event, { token: world.mark(GUILD, 'nobody') }]]),
  ),
}

export const isThreadType = (type: unknown) => THREAD_TYPES.has(type)
