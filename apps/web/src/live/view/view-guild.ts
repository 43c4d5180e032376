import type {
  APIChannel,
  APIGuildMember,
  APIRole,
  APIStageInstance,
  APIVoiceState,
  GatewayGuildCreateDispatchData,
  GatewayGuildDeleteDispatchData,
  GatewayGuildMemberAddDispatchData,
  GatewayGuildMemberRemoveDispatchData,
  GatewayGuildMemberUpdateDispatchData,
  GatewayGuildRoleCreateDispatchData,
  GatewayGuildRoleDeleteDispatchData,
  GatewayGuildUpdateDispatchData,
  GatewayVoiceChannelStatusUpdateDispatchData,
  GatewayVoiceStateUpdateDispatchData,
} from 'discord-api-types/v10'
import { channelFlag, channelType, permissionBit } from './discord-values.ts'
import { idOf, idOrNull, isId, isTrue, listOf, numberOr, textOr } from './given.ts'
import { unreadAt } from './read-marks.ts'
import { filterRecord, without } from './record.ts'
import { withPerson } from './view-people.ts'
import { personOf, type GuildView, type ViewChannel, type ViewRole, type ViewVoice } from './view-types.ts'

type Handler = (view: GuildView, payload: never) => GuildView

/** What an event does to the guild itself: its channels, roles, people and voice. */
const handlers: Readonly<Record<string, Handler>> = {
  GUILD_CREATE: (view, payload: GatewayGuildCreateDispatchData) =>
    payload.id === view.guildId ? fromSnapshot(view, payload) : view,
  GUILD_UPDATE: (view, payload: GatewayGuildUpdateDispatchData) =>
    view.guild === null
      ? view
      : {
          ...view,
          guild: {
            ...view.guild,
            name: textOr(payload.name, view.guild.name),
            icon: textOr(payload.icon, null),
            ownerId: idOrNull(payload.owner_id),
          },
        },
  GUILD_DELETE: (view, payload: GatewayGuildDeleteDispatchData) => {
    if (payload.id !== view.guildId) return view
    if (payload.unavailable !== true) return { ...view, removed: true }
    return view.guild === null ? view : { ...view, guild: { ...view.guild, unavailable: true } }
  },

  CHANNEL_CREATE: withChannel,
  CHANNEL_UPDATE: withChannel,
  CHANNEL_DELETE: withoutChannel,
  THREAD_CREATE: withChannel,
  THREAD_UPDATE: withChannel,
  THREAD_DELETE: withoutChannel,

  GUILD_ROLE_CREATE: withRole,
  GUILD_ROLE_UPDATE: withRole,
  GUILD_ROLE_DELETE: (view, payload: GatewayGuildRoleDeleteDispatchData) => ({
    ...view,
    roles: without(view.roles, payload.role_id),
  }),

  GUILD_MEMBER_ADD: (view, payload: GatewayGuildMemberAddDispatchData) => {
    const known = payload.user.id in view.people
    const next = withPerson(view, personOf(payload.user, payload))
    return known ? next : countMembers(next, 1)
  },
  GUILD_MEMBER_UPDATE: (view, payload: GatewayGuildMemberUpdateDispatchData) =>
    withPerson(view, personOf(payload.user, payload)),
  GUILD_MEMBER_REMOVE: (view, payload: GatewayGuildMemberRemoveDispatchData) => {
    // A snapshot names at most some hundred members: one it does not name can leave without being counted here, and the
    // next snapshot puts the figure right. Counting those twice after a replay would be the worse error.
    if (!(payload.user.id in view.people)) return view
    return countMembers({ ...view, people: without(view.people, payload.user.id) }, -1)
  },

  VOICE_STATE_UPDATE: (view, payload: GatewayVoiceStateUpdateDispatchData) => {
    const member = payload.member
    const named = member === undefined ? view : withPerson(view, personOf(member.user, member))
    if (payload.channel_id === null) return { ...named, voice: without(named.voice, payload.user_id) }
    const voice = voiceOf(payload, payload.channel_id)
    return { ...named, voice: { ...named.voice, [voice.userId]: voice } }
  },
  VOICE_CHANNEL_STATUS_UPDATE: (view, payload: GatewayVoiceChannelStatusUpdateDispatchData) => {
    const channel = view.channels[payload.id]
    if (channel === undefined) return view
    const status = statusOf(payload.status)
    return { ...view, channels: { ...view.channels, [channel.id]: { ...channel, status } } }
  },

  STAGE_INSTANCE_CREATE: withStage,
  STAGE_INSTANCE_UPDATE: withStage,
  STAGE_INSTANCE_DELETE: (view, payload: APIStageInstance) => ({
    ...view,
    stages: filterRecord(view.stages, (stage) => stage.id !== payload.id),
  }),
}

export function applyGuildEvent(view: GuildView, name: string, payload: unknown): GuildView {
  const handler = handlers[name]
  return handler === undefined ? view : handler(view, payload as never)
}

/** A GUILD_CREATE says everything anew: what it does not list is gone. Messages stay, to be read again where one looks. */
function fromSnapshot(view: GuildView, guild: GatewayGuildCreateDispatchData): GuildView {
  const channels = [...listOf(guild.channels), ...listOf(guild.threads)] as APIChannel[]
  const byId = recordOf(channels, (channel) => channelOf(channel, view.guildId))
  const messages = Object.entries(view.messages).flatMap(([id, list]) =>
    id in byId ? [[id, { ...list, stale: true }] as const] : [],
  )
  return {
    ...view,
    removed: false,
    guild: {
      id: guild.id,
      name: textOr(guild.name, ''),
      icon: textOr(guild.icon, null),
      ownerId: idOrNull(guild.owner_id),
      memberCount: numberOr(guild.member_count, null),
      unavailable: guild.unavailable === true,
    },
    channels: byId,
    roles: recordOf(listOf(guild.roles) as APIRole[], roleOf),
    people: recordOf(listOf(guild.members) as APIGuildMember[], (member) => personOf(member.user, member)),
    voice: Object.fromEntries(
      (listOf(guild.voice_states) as APIVoiceState[]).flatMap((state) =>
        isId(state?.user_id) && isId(state.channel_id) ? [[state.user_id, voiceOf(state, state.channel_id)]] : [],
      ),
    ),
    stages: Object.fromEntries(
      (listOf(guild.stage_instances) as APIStageInstance[]).flatMap((stage) =>
        isId(stage?.channel_id) && isId(stage.id) ? [[stage.channel_id, stageOf(stage)]] : [],
      ),
    ),
    typing: {},
    messages: Object.fromEntries(messages),
    unread: unreadAt(byId, view.unread),
  }
}

/** Things by their ids, without those that are not as Discord documents them. */
function recordOf<Raw, Thing extends { id: string }>(
  list: readonly Raw[],
  thingOf: (raw: Raw) => Thing,
): Readonly<Record<string, Thing>> {
  const things = list.flatMap((raw) => {
    try {
      return [thingOf(raw)]
    } catch {
      return []
    }
  })
  return Object.fromEntries(things.map((thing) => [thing.id, thing]))
}

function withChannel(view: GuildView, payload: APIChannel): GuildView {
  const channel = channelOf(payload, view.guildId)
  return { ...view, channels: { ...view.channels, [channel.id]: channel } }
}

function withoutChannel(view: GuildView, payload: { id: string }): GuildView {
  if (!(payload.id in view.channels)) return view
  const gone = (channel: ViewChannel) => channel.id === payload.id || channel.parentId === payload.id
  // Channels of a deleted category live on without one; threads of a deleted channel do not.
  const isThreadParent = Object.values(view.channels).some(
    (c) => c.parentId === payload.id && c.type >= 10 && c.type <= 12,
  )
  const channels = isThreadParent
    ? filterRecord(view.channels, (channel) => !gone(channel))
    : without(view.channels, payload.id)
  return { ...view, channels, messages: without(view.messages, payload.id), unread: without(view.unread, payload.id) }
}

function withRole(view: GuildView, payload: GatewayGuildRoleCreateDispatchData): GuildView {
  const role = roleOf(payload.role)
  return { ...view, roles: { ...view.roles, [role.id]: role } }
}

const roleOf = (role: APIRole): ViewRole => ({
  id: idOf(role.id),
  name: textOr(role.name, 'unknown role'),
  hoist: isTrue(role.hoist),
  position: numberOr(role.position, 0),
})

function countMembers(view: GuildView, by: 1 | -1): GuildView {
  const { guild } = view
  if (guild === null || guild.memberCount === null) return view
  return { ...view, guild: { ...guild, memberCount: guild.memberCount + by } }
}

export function channelOf(raw: APIChannel, guildId: string): ViewChannel {
  const channel: Partial<{
    name: string | null
    topic: string | null
    position: number
    parent_id: string | null
    user_limit: number
    permission_overwrites: { id: string; deny: string }[]
    thread_metadata: { archived: boolean; locked?: boolean }
    owner_id: string
    message_count: number
    last_message_id: string | null
    flags: number
    applied_tags: string[]
    available_tags: RawTag[]
    status: string | null
  }> = raw
  const everyone = channel.permission_overwrites?.find((overwrite) => overwrite.id === guildId)
  return {
    id: idOf(raw.id),
    type: numberOr(raw.type, channelType.text),
    name: textOr(channel.name, ''),
    topic: textOr(channel.topic, null),
    position: numberOr(channel.position, 0),
    parentId: idOrNull(channel.parent_id),
    isPrivate: everyone !== undefined && (BigInt(everyone.deny) & permissionBit.viewChannel) !== 0n,
    userLimit: numberOr(channel.user_limit, 0),
    archived: channel.thread_metadata?.archived === true,
    locked: channel.thread_metadata?.locked === true,
    pinned: (numberOr(channel.flags, 0) & channelFlag.pinned) !== 0,
    ownerId: idOrNull(channel.owner_id),
    messageCount: numberOr(channel.message_count, null),
    lastMessageId: idOrNull(channel.last_message_id),
    tags: listOf(channel.applied_tags).filter(isId),
    tagNames: (listOf(channel.available_tags) as RawTag[]).flatMap((tag) => (isId(tag?.id) ? [tagOf(tag)] : [])),
    status: statusOf(channel.status),
  }
}

type RawTag = { id: string; name: string; emoji_name?: string | null }

const tagOf = ({ id, name, emoji_name }: RawTag) => ({
  id,
  name: [textOr(emoji_name, ''), textOr(name, '')].filter((part) => part !== '').join(' '),
})

/** Taking a status away sets it to nothing, in either of two ways. */
const statusOf = (status: unknown): string | null => (status === '' ? null : textOr(status, null))

const stageOf = (stage: APIStageInstance) => ({
  id: idOf(stage.id),
  channelId: idOf(stage.channel_id),
  topic: textOr(stage.topic, ''),
})

function withStage(view: GuildView, payload: APIStageInstance): GuildView {
  const stage = stageOf(payload)
  return { ...view, stages: { ...view.stages, [stage.channelId]: stage } }
}

function voiceOf(state: Omit<APIVoiceState, 'guild_id' | 'member'>, channelId: string): ViewVoice {
  return {
    userId: idOf(state.user_id),
    channelId: idOf(channelId),
    muted: isTrue(state.mute) || isTrue(state.self_mute),
    deafened: isTrue(state.deaf) || isTrue(state.self_deaf),
    serverMuted: isTrue(state.mute),
    serverDeafened: isTrue(state.deaf),
    camera: isTrue(state.self_video),
    streaming: isTrue(state.self_stream),
    suppressed: isTrue(state.suppress),
    raisedHand: typeof state.request_to_speak_timestamp === 'string',
  }
}
