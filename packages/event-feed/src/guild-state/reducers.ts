import { compareSnowflakes } from '@repo/discord-integration/types'
import type { CollectionName, Guild } from './guild.ts'
import { isObject, objectsOf, without } from './json.ts'
import type { JsonObject } from './json.ts'

/** What an event does to its guild. False: the payload is not understood, and nothing, or only a part, was done. */
export type Reducer = (guild: Guild, payload: JsonObject) => boolean

/**
 * Every dispatch that changes what GUILD_CREATE says, and how. An event that is not here changes nothing.
 * https://docs.discord.com/developers/events/gateway-events#receive-events
 *
 * Objects within a GUILD_CREATE lack the `guild_id` that they carry as events of their own, so it is dropped.
 */
export const REDUCERS: ReadonlyMap<string, Reducer> = new Map<string, Reducer>([
  ['GUILD_UPDATE', (guild, payload) => guild.merge(payload) === 0],

  ['CHANNEL_CREATE', put('channels')],
  ['CHANNEL_UPDATE', put('channels')],
  ['CHANNEL_DELETE', deleteChannel],
  ['CHANNEL_PINS_UPDATE', patchChannel('channel_id', 'last_pin_timestamp')],
  ['VOICE_CHANNEL_STATUS_UPDATE', patchChannel('id', 'status')],
  ['VOICE_CHANNEL_START_TIME_UPDATE', patchChannel('id', 'voice_start_time')],
  ['CHANNEL_INFO', channelInfo],
  ['MESSAGE_CREATE', createMessage],
  ['MESSAGE_REACTION_ADD', (guild, payload) => !payload['member'] || guild.collections.members.put(payload['member'])],

  ['THREAD_CREATE', putThread],
  ['THREAD_UPDATE', putThread],
  ['THREAD_DELETE', remove('threads', 'id')],
  ['THREAD_LIST_SYNC', syncThreads],
  ['THREAD_MEMBER_UPDATE', updateOwnThreadMember],
  ['THREAD_MEMBERS_UPDATE', updateThreadMembers],

  ['GUILD_ROLE_CREATE', (guild, payload) => guild.collections.roles.put(payload['role'])],
  ['GUILD_ROLE_UPDATE', (guild, payload) => guild.collections.roles.put(payload['role'])],
  ['GUILD_ROLE_DELETE', remove('roles', 'role_id')],

  ['GUILD_MEMBER_ADD', addMember],
  ['GUILD_MEMBER_UPDATE', put('members')],
  ['GUILD_MEMBER_REMOVE', removeMember],
  ['GUILD_MEMBERS_CHUNK', addChunk],
  ['PRESENCE_UPDATE', updatePresence],
  ['VOICE_STATE_UPDATE', updateVoiceState],

  ['GUILD_EMOJIS_UPDATE', replace('emojis')],
  ['GUILD_STICKERS_UPDATE', replace('stickers')],

  ['STAGE_INSTANCE_CREATE', put('stage_instances')],
  ['STAGE_INSTANCE_UPDATE', put('stage_instances')],
  ['STAGE_INSTANCE_DELETE', remove('stage_instances', 'id')],

  ['GUILD_SCHEDULED_EVENT_CREATE', put('guild_scheduled_events')],
  ['GUILD_SCHEDULED_EVENT_UPDATE', put('guild_scheduled_events')],
  ['GUILD_SCHEDULED_EVENT_DELETE', remove('guild_scheduled_events', 'id')],
  ['GUILD_SCHEDULED_EVENT_USER_ADD', countInterested(1)],
  ['GUILD_SCHEDULED_EVENT_USER_REMOVE', countInterested(-1)],

  ['GUILD_SOUNDBOARD_SOUND_CREATE', put('soundboard_sounds')],
  ['GUILD_SOUNDBOARD_SOUND_UPDATE', put('soundboard_sounds')],
  ['GUILD_SOUNDBOARD_SOUND_DELETE', remove('soundboard_sounds', 'sound_id')],
  ['GUILD_SOUNDBOARD_SOUNDS_UPDATE', putAll('soundboard_sounds')],
  ['SOUNDBOARD_SOUNDS', replace('soundboard_sounds')],
])

function put(name: CollectionName): Reducer {
  return (guild, payload) => guild.collections[name].put(without(payload, 'guild_id'))
}

function putAll(name: CollectionName): Reducer {
  return (guild, payload) => {
    const entries = objectsOf(payload[name])
    return entries !== null && entries.map((entry) => guild.collections[name].put(entry)).every(Boolean)
  }
}

function replace(name: CollectionName): Reducer {
  return (guild, payload) => {
    const entries = payload[name]
    return Array.isArray(entries) && guild.collections[name].replace(entries) === 0
  }
}

function remove(name: CollectionName, idField: string): Reducer {
  return (guild, payload) => {
    guild.collections[name].delete(payload[idField])
    return typeof payload[idField] === 'string'
  }
}

/** Channels and threads have one space of ids. */
function patchEither(guild: Guild, id: unknown, fields: JsonObject): boolean {
  guild.collections.channels.patch(id, fields)
  guild.collections.threads.patch(id, fields)
  return typeof id === 'string'
}

function patchChannel(idField: string, field: string): Reducer {
  return (guild, payload) => patchEither(guild, payload[idField], { [field]: payload[field] ?? null })
}

function deleteChannel(guild: Guild, payload: JsonObject): boolean {
  const { id } = payload
  if (typeof id !== 'string') return false
  guild.collections.channels.delete(id)
  guild.collections.threads.deleteWhere((thread) => thread['parent_id'] === id)
  guild.collections.voice_states.deleteWhere((voiceState) => voiceState['channel_id'] === id)
  return true
}

function channelInfo(guild: Guild, payload: JsonObject): boolean {
  const channels = objectsOf(payload['channels'])
  return channels !== null && channels.map((channel) => patchEither(guild, channel['id'], channel)).every(Boolean)
}

/** Discord tells of a channel's newest message by nothing but the message. A backfilled one may be older than it. */
function createMessage(guild: Guild, payload: JsonObject): boolean {
  const { id, channel_id: channelId, author, member } = payload
  if (typeof id !== 'string' || typeof channelId !== 'string') return false
  const { channels, threads, members } = guild.collections
  const channel = channels.get(channelId) ?? threads.get(channelId)
  if (channel && isNewer(id, channel['last_message_id'])) patchEither(guild, channelId, { last_message_id: id })
  return !isObject(member) || members.put({ ...member, user: author })
}

function isNewer(id: string, than: unknown): boolean {
  return typeof than !== 'string' || compareSnowflakes(id, than) > 0
}

/** GUILD_CREATE lists active threads only. `newly_created` speaks of the event, not of the thread. */
function putThread(guild: Guild, payload: JsonObject): boolean {
  const metadata = payload['thread_metadata']
  if (isObject(metadata) && metadata['archived'] === true) return remove('threads', 'id')(guild, payload)
  return guild.collections.threads.put(without(payload, 'guild_id', 'newly_created'))
}

/** The bot has gained access: these are now all active threads of those parents, or of the guild where none are named. */
function syncThreads(guild: Guild, payload: JsonObject): boolean {
  const listed = objectsOf(payload['threads'])
  if (!listed) return false
  const parents = Array.isArray(payload['channel_ids']) ? new Set<unknown>(payload['channel_ids']) : null
  const { threads } = guild.collections
  threads.deleteWhere((thread) => !parents || parents.has(thread['parent_id']))
  const understood = listed.filter((thread) => threads.put(without(thread, 'guild_id')))
  for (const member of objectsOf(payload['members']) ?? []) threads.patch(member['id'], { member })
  return understood.length === listed.length
}

function updateOwnThreadMember(guild: Guild, payload: JsonObject): boolean {
  const { id } = payload
  guild.collections.threads.patch(id, { member: without(payload, 'guild_id') })
  return typeof id === 'string'
}

function updateThreadMembers(guild: Guild, payload: JsonObject): boolean {
  const { id, member_count: count } = payload
  if (typeof id !== 'string' || typeof count !== 'number') return false
  guild.collections.threads.patch(id, { member_count: count })
  return true
}

function countMembers(guild: Guild, by: number): void {
  const count = guild.fields['member_count']
  if (typeof count === 'number') guild.patch({ member_count: Math.max(0, count + by) })
}

function addMember(guild: Guild, payload: JsonObject): boolean {
  const understood = put('members')(guild, payload)
  if (understood) countMembers(guild, 1)
  return understood
}

function removeMember(guild: Guild, payload: JsonObject): boolean {
  const id = isObject(payload['user']) ? payload['user']['id'] : undefined
  if (typeof id !== 'string') return false
  const { members, voice_states: voiceStates, presences } = guild.collections
  for (const collection of [members, voiceStates, presences]) collection.delete(id)
  countMembers(guild, -1)
  return true
}

function addChunk(guild: Guild, payload: JsonObject): boolean {
  const presences = payload['presences'] === undefined || putAll('presences')(guild, payload)
  return putAll('members')(guild, payload) && presences
}

/** Whoever is offline is not listed, as in a GUILD_CREATE. */
function updatePresence(guild: Guild, payload: JsonObject): boolean {
  const { user, status } = payload
  if (!isObject(user) || typeof user['id'] !== 'string') return false
  const { presences } = guild.collections
  if (status === 'offline') presences.delete(user['id'])
  else presences.put(without(payload, 'guild_id'))
  return true
}

function updateVoiceState(guild: Guild, payload: JsonObject): boolean {
  const { user_id: userId, channel_id: channelId, member } = payload
  if (typeof userId !== 'string') return false
  const { members, voice_states: voiceStates } = guild.collections
  if (typeof channelId === 'string') voiceStates.put(without(payload, 'guild_id', 'member'))
  else voiceStates.delete(userId)
  // Who is kicked out leaves voice after the server: the member that this brings is one no more.
  const isMember = typeof channelId === 'string' || members.get(userId) !== undefined
  return !isObject(member) || !isMember || members.put(member)
}

function countInterested(by: number): Reducer {
  return (guild, payload) => {
    const id = payload['guild_scheduled_event_id']
    const count = guild.collections.guild_scheduled_events.get(id)?.['user_count']
    if (typeof count === 'number') guild.collections.guild_scheduled_events.patch(id, { user_count: count + by })
    return typeof id === 'string'
  }
}
