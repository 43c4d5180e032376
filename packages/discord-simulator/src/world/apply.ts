import { ChannelType, MessageType } from 'discord-api-types/v10'
import type { APIBaseVoiceState, APIMessage, APIThreadMember, GatewayPresenceUpdate } from 'discord-api-types/v10'
import { z } from 'zod'
import { compareSnowflakes } from '../snowflake.ts'
import { SOUND_HANDLERS } from './apply-sounds.ts'
import { isEphemeral } from './ephemeral.ts'
import {
  fitting,
  guild as guildShape,
  guildLists,
  id,
  newChannel,
  newMember,
  newMessage,
  newRole,
  withId,
} from './shapes.ts'
import * as shapes from './shapes.ts'
import type { Guild, User } from './types.ts'
import type { World } from './world.ts'
import { PLAIN_VOICE } from './voice-state.ts'

/*
 * What each dispatch does to the world. Dispatches also come raw from the control API, so each handler looks at no more
 * than it needs, and one that lacks it is passed over: it is still sent, as it is, for that may be the point of it.
 */

const inGuild = z.looseObject({ guild_id: id })
const withUser = z.looseObject({ guild_id: id, user: withId })
const ofMember = shapes.member.extend({ guild_id: id })
const ofMessage = z.looseObject({ channel_id: id, message_id: id })
const emoji = z.looseObject({ id: z.string().nullable().default(null), name: z.string().nullable().default(null) })

type Handler = (world: World, payload: unknown) => void

/** Reads the payload, and calls the handler only if it has the shape. */
function on<T>(shape: z.ZodType<T>, handle: (world: World, payload: T) => void): Handler {
  return (world, payload) => {
    const read = shape.safeParse(payload)
    if (read.success) handle(world, read.data)
  }
}

/** The same for events of a guild: without a known guild nothing happens. */
function onGuild<T extends { guild_id: string }>(
  shape: z.ZodType<T>,
  handle: (guild: Guild, payload: T, world: World) => void,
): Handler {
  return on(shape, (world, payload) => {
    const guild = world.guild(payload.guild_id)
    if (guild) handle(guild, payload, world)
  })
}

/** Replaces the list's entry that `same` finds, merging what it had, or adds one. */
function upsert<T extends object>(list: T[], entry: object, same: (candidate: T) => boolean): void {
  const at = list.findIndex(same)
  // Raw dispatches are trusted to be what their event's name says; the types cannot know.
  if (at === -1) list.push(entry as T)
  else list[at] = { ...(list[at] as T), ...entry }
}

function remove<T>(list: T[], which: (candidate: T) => boolean): void {
  const at = list.findIndex(which)
  if (at !== -1) list.splice(at, 1)
}

const without = (value: object, ...keys: string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)))

// ------------------------------------------------------------------------------------------------ guilds and roles

const guildCreate = on(guildShape, (world, payload) => {
  const lists = guildLists(payload, 'all')
  world.putGuild({ member_count: lists['members']?.length, ...payload, ...lists } as unknown as Guild)
})

const guildUpdate = on(guildShape, (world, payload) => {
  const guild = world.guild(payload.id)
  if (guild) Object.assign(guild, payload, guildLists(payload, 'given'))
})

const guildDelete = on(withId, (world, payload) => {
  const guild = world.guild(payload.id)
  // "Unavailable" is an outage: the guild is still there, only Discord does not show it.
  if (guild && payload['unavailable'] === true) guild.unavailable = true
  else world.removeGuild(payload.id)
})

const rolePut = onGuild(z.looseObject({ guild_id: id, role: shapes.role }), (guild, { role }) => {
  const isKnown = guild.roles.some((candidate) => candidate.id === role.id)
  upsert(guild.roles, isKnown ? role : newRole(role), (candidate) => candidate.id === role.id)
})

const roleDelete = onGuild(z.looseObject({ guild_id: id, role_id: id }), (guild, { role_id }) => {
  remove(guild.roles, (role) => role.id === role_id)
  for (const member of guild.members) member.roles = member.roles.filter((role) => role !== role_id)
  for (const channel of guild.channels) {
    if (channel.permission_overwrites) remove(channel.permission_overwrites, (overwrite) => overwrite.id === role_id)
  }
})

// ------------------------------------------------------------------------------------------------ channels, threads

const ofChannel = z.looseObject({ id, guild_id: id })

const channelPut = onGuild(shapes.channel.extend({ guild_id: id }), (guild, payload, world) => {
  const isKnown = guild.channels.some((channel) => channel.id === payload.id)
  upsert(guild.channels, isKnown ? payload : newChannel(payload), (channel) => channel.id === payload.id)
  world.indexChannels(guild)
})

const channelDelete = onGuild(ofChannel, (guild, payload, world) => {
  remove(guild.channels, (channel) => channel.id === payload.id)
  guild.threads = guild.threads.filter((thread) => thread.parent_id !== payload.id)
  guild.voice_states = guild.voice_states.filter((state) => state.channel_id !== payload.id)
  world.messages.deleteChannel(payload.id)
})

const pinsUpdate = on(
  z.looseObject({ channel_id: id, last_pin_timestamp: z.string().nullish() }),
  (world, { channel_id, last_pin_timestamp }) => {
    const channel = world.place(channel_id)?.channel
    if (channel) Object.assign(channel, { last_pin_timestamp: last_pin_timestamp ?? null })
  },
)

const threadPut = onGuild(shapes.thread.extend({ guild_id: id }), (guild, payload, world) => {
  upsert(guild.threads, without(payload, 'newly_created', 'member'), (thread) => thread.id === payload.id)
  world.indexChannels(guild)
  // What messages are to other channels, posts are to a forum.
  const parent = guild.channels.find(({ id: channelId }) => channelId === payload['parent_id'])
  if (payload['newly_created'] === true && parent?.type === ChannelType.GuildForum) parent.last_message_id = payload.id
})

const threadDelete = onGuild(ofChannel, (guild, payload, world) => {
  remove(guild.threads, (thread) => thread.id === payload.id)
  world.threadMembers.delete(payload.id)
  world.messages.deleteChannel(payload.id)
})

const threadMembersUpdate = onGuild(
  ofChannel.extend({
    member_count: z.int().optional(),
    added_members: z.array(z.looseObject({ user_id: id })).default([]),
    removed_member_ids: z.array(id).default([]),
  }),
  (guild, { id: threadId, member_count, added_members, removed_member_ids }, world) => {
    const joined = world.threadMembers.get(threadId) ?? new Map<string, APIThreadMember>()
    world.threadMembers.set(threadId, joined)
    for (const member of added_members) joined.set(member.user_id, member as unknown as APIThreadMember)
    for (const userId of removed_member_ids) joined.delete(userId)
    const thread = guild.threads.find((candidate) => candidate.id === threadId)
    if (thread && member_count !== undefined) thread.member_count = member_count
  },
)

// ------------------------------------------------------------------------------------------------ members, presences

const banAdd = onGuild(withUser, (guild, { user }, world) => {
  const banned = world.bans.get(guild.id) ?? new Map<string, User>()
  world.bans.set(guild.id, banned)
  banned.set(user.id, user as unknown as User)
})

const banRemove = onGuild(withUser, (guild, { user }, world) => void world.bans.get(guild.id)?.delete(user.id))

const memberAdd = onGuild(ofMember, (guild, payload) => {
  const known = guild.members.length
  upsert(guild.members, without(newMember(payload), 'guild_id'), (member) => member.user.id === payload.user.id)
  guild.member_count += guild.members.length - known
})

const memberUpdate = onGuild(ofMember, (guild, payload) => {
  const member = guild.members.find((candidate) => candidate.user.id === payload.user.id)
  if (member) Object.assign(member, without(payload, 'guild_id'), { user: { ...member.user, ...payload.user } })
})

const memberRemove = onGuild(withUser, (guild, payload, world) => {
  const { id: userId } = payload.user
  const gone = world.member(guild.id, userId)
  if (gone) world.strangers.set(userId, gone.user)
  const known = guild.members.length
  remove(guild.members, (member) => member.user.id === userId)
  remove(guild.voice_states, (state) => state.user_id === userId)
  remove(guild.presences, (presence) => presence.user.id === userId)
  guild.member_count -= known - guild.members.length
  // A bot that is removed sees GUILD_DELETE; the guild itself goes with that.
  if (userId === world.bot.id) world.removeGuild(guild.id)
})

const presenceUpdate = onGuild(withUser, (guild, payload) => {
  const same = (presence: GatewayPresenceUpdate) => presence.user.id === payload.user.id
  if (payload['status'] === 'offline') remove(guild.presences, same)
  else upsert(guild.presences, payload, same)
})

const voiceState = z.looseObject({ guild_id: id, user_id: id, channel_id: id.nullable() })

const voiceStateUpdate = onGuild(voiceState, (guild, payload, world) => {
  const same = (state: APIBaseVoiceState) => state.user_id === payload.user_id
  if (payload.channel_id === null) return remove(guild.voice_states, same)
  if (!guild.voice_states.some((state) => state.channel_id === payload.channel_id)) {
    world.voiceStarts.set(payload.channel_id, Math.floor(world.clock.now() / 1_000))
  }
  const entry = {
    session_id: '',
    ...PLAIN_VOICE,
    // GUILD_CREATE's voice states lack the guild's id, and the member is in its `members`.
    ...without(payload, 'guild_id', 'member'),
  }
  // Not merged: `self_stream` is absent, not false, when somebody stops streaming.
  remove(guild.voice_states, same)
  guild.voice_states.push(entry as unknown as APIBaseVoiceState)
})

// ------------------------------------------------------------------------------------------------ messages, reactions

/** Events give each mentioned user's member too; what REST shows does not have it. */
const usersOf = (mentions: unknown): unknown[] =>
  Array.isArray(mentions) ? mentions.map((user) => (user instanceof Object ? without(user, 'member') : user)) : []

const messageCreate = on(shapes.message, (world, payload) => {
  // It is in no history: nobody can ask for it again.
  if (isEphemeral(payload)) return
  const stored = without(newMessage(payload), 'guild_id', 'member', 'nonce', 'channel_type', 'referenced_message')
  const full = { ...stored, mentions: usersOf(payload['mentions']) }
  world.messages.put(full as unknown as APIMessage)
  const channel = world.place(payload.channel_id)?.channel
  if (!channel) return
  const last = 'last_message_id' in channel ? channel.last_message_id : null
  if (!last || compareSnowflakes(payload.id, last) > 0) Object.assign(channel, { last_message_id: payload.id })
  // A post's first message has the post's id, and that of a thread on a message is its parent's: neither is counted.
  const isFirst = payload.id === channel.id || payload.type === MessageType.ThreadStarterMessage
  if ('thread_metadata' in channel && !isFirst) {
    channel.message_count = (channel.message_count ?? 0) + 1
    channel.total_message_sent = (channel.total_message_sent ?? 0) + 1
  }
})

const messageUpdate = on(shapes.message, (world, payload) => {
  const fields = without(payload, 'guild_id', 'member', 'nonce', 'channel_type', 'referenced_message', 'reactions')
  world.messages.patch(payload.channel_id, payload.id, fields)
})

const messageDelete = on(z.looseObject({ id, channel_id: id }), (world, payload) =>
  world.messages.delete(payload.channel_id, payload.id),
)

const messageDeleteBulk = on(z.looseObject({ ids: z.array(id), channel_id: id }), (world, payload) => {
  for (const messageId of payload.ids) world.messages.delete(payload.channel_id, messageId)
})

const vote = ofMessage.extend({ user_id: id, answer_id: z.int() })

const reaction = ofMessage.extend({ user_id: id, emoji })

/** Adds or replaces in, or removes from, one of a guild's lists of things with an id. */
function listed(name: 'stage_instances' | 'guild_scheduled_events', what: 'put' | 'remove'): Handler {
  return onGuild(ofChannel, (guild, payload) => {
    const list: { id: string }[] = guild[name]
    if (what === 'put') upsert(list, payload, (entry) => entry.id === payload.id)
    else remove(list, (entry) => entry.id === payload.id)
  })
}

const rulePut = onGuild(ofChannel, (guild, rule, world) => {
  const rules = world.autoModeration.get(guild.id) ?? []
  world.autoModeration.set(guild.id, rules)
  upsert(rules, rule, (candidate) => candidate.id === rule.id)
})

const interest = z.looseObject({ guild_id: id, guild_scheduled_event_id: id, user_id: id })

/** Somebody becomes interested in an event, or is no more. */
const interested = (change: 'add' | 'delete') =>
  onGuild(interest, (guild, { guild_scheduled_event_id, user_id }, world) => {
    const event = guild.guild_scheduled_events.find((candidate) => candidate.id === guild_scheduled_event_id)
    const users = world.interested.get(guild_scheduled_event_id) ?? new Set<string>()
    world.interested.set(guild_scheduled_event_id, users)
    const known = users.size
    users[change](user_id)
    if (event) event.user_count = Math.max(0, (event.user_count ?? 0) + users.size - known)
  })

const HANDLERS: Readonly<Record<string, Handler>> = {
  GUILD_CREATE: guildCreate,
  GUILD_UPDATE: guildUpdate,
  GUILD_DELETE: guildDelete,
  GUILD_ROLE_CREATE: rolePut,
  GUILD_ROLE_UPDATE: rolePut,
  GUILD_ROLE_DELETE: roleDelete,
  GUILD_EMOJIS_UPDATE: onGuild(inGuild.extend({ emojis: z.array(z.unknown()) }), (guild, { emojis }) => {
    guild.emojis = fitting(withId, emojis) as unknown as Guild['emojis']
  }),
  GUILD_STICKERS_UPDATE: onGuild(inGuild.extend({ stickers: z.array(z.unknown()) }), (guild, { stickers }) => {
    guild.stickers = stickers as Guild['stickers']
  }),
  CHANNEL_CREATE: channelPut,
  CHANNEL_UPDATE: channelPut,
  CHANNEL_DELETE: channelDelete,
  CHANNEL_PINS_UPDATE: pinsUpdate,
  THREAD_CREATE: threadPut,
  THREAD_UPDATE: threadPut,
  THREAD_DELETE: threadDelete,
  THREAD_MEMBERS_UPDATE: threadMembersUpdate,
  GUILD_BAN_ADD: banAdd,
  GUILD_BAN_REMOVE: banRemove,
  GUILD_MEMBER_ADD: memberAdd,
  GUILD_MEMBER_UPDATE: memberUpdate,
  GUILD_MEMBER_REMOVE: memberRemove,
  USER_UPDATE: on(shapes.user, (world, payload) => {
    const known = Object.keys(payload).filter((key) => key in world.bot)
    if (payload.id === world.bot.id)
      Object.assign(world.bot, Object.fromEntries(known.map((key) => [key, payload[key]])))
  }),
  PRESENCE_UPDATE: presenceUpdate,
  VOICE_STATE_UPDATE: voiceStateUpdate,
  STAGE_INSTANCE_CREATE: listed('stage_instances', 'put'),
  STAGE_INSTANCE_UPDATE: listed('stage_instances', 'put'),
  STAGE_INSTANCE_DELETE: listed('stage_instances', 'remove'),
  GUILD_SCHEDULED_EVENT_CREATE: listed('guild_scheduled_events', 'put'),
  GUILD_SCHEDULED_EVENT_UPDATE: listed('guild_scheduled_events', 'put'),
  GUILD_SCHEDULED_EVENT_DELETE: listed('guild_scheduled_events', 'remove'),
  GUILD_SCHEDULED_EVENT_USER_ADD: interested('add'),
  GUILD_SCHEDULED_EVENT_USER_REMOVE: interested('delete'),
  AUTO_MODERATION_RULE_CREATE: rulePut,
  AUTO_MODERATION_RULE_UPDATE: rulePut,
  AUTO_MODERATION_RULE_DELETE: onGuild(ofChannel, (guild, rule, world) => {
    remove(world.autoModeration.get(guild.id) ?? [], (candidate) => candidate.id === rule.id)
  }),
  ...SOUND_HANDLERS,
  MESSAGE_CREATE: messageCreate,
  MESSAGE_UPDATE: messageUpdate,
  MESSAGE_DELETE: messageDelete,
  MESSAGE_DELETE_BULK: messageDeleteBulk,
  MESSAGE_REACTION_ADD: on(reaction, (world, payload) => {
    world.messages.react(payload.message_id, payload.user_id, payload.emoji)
  }),
  MESSAGE_REACTION_REMOVE: on(reaction, (world, payload) => {
    world.messages.unreact(payload.message_id, payload.user_id, payload.emoji)
  }),
  MESSAGE_POLL_VOTE_ADD: on(vote, (world, { message_id, answer_id, user_id }) => {
    world.messages.votes.add(message_id, answer_id, user_id)
  }),
  MESSAGE_POLL_VOTE_REMOVE: on(vote, (world, { message_id, answer_id, user_id }) => {
    world.messages.votes.remove(message_id, answer_id, user_id)
  }),
  MESSAGE_REACTION_REMOVE_ALL: on(ofMessage, (world, payload) => world.messages.clearReactions(payload.message_id)),
  MESSAGE_REACTION_REMOVE_EMOJI: on(ofMessage.extend({ emoji }), (world, payload) => {
    world.messages.clearReactions(payload.message_id, payload.emoji)
  }),
}

/** Changes the world by a dispatch. Unknown events and payloads without what their event needs change nothing. */
export function applyDispatch(world: World, event: string, payload: unknown): void {
  if (Object.hasOwn(HANDLERS, event)) HANDLERS[event]?.(world, payload)
}
