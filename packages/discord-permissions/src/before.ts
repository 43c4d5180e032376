import type { CollectionName, GuildView } from './guild-view.ts'
import { isObject } from './json.ts'
import type { JsonObject } from './json.ts'

/** What a guild's state said before an event, as far as the event is judged by it. */
export type Before = {
  /** What the event changes or removes: a channel, a role, a voice state. Null: it was not there, or the event has none. */
  readonly entry: JsonObject | null
  /** The guild member whom the event is about or tells of. */
  readonly member: JsonObject | null
  readonly ownerId: unknown
  /** Where the event brings the guild's roles: those it had. */
  readonly roles?: readonly JsonObject[]
}

type Where = { in: CollectionName; id: (payload: JsonObject) => unknown }

const byId = (payload: JsonObject) => payload['id']
const userId = (payload: JsonObject) => payload['user_id']
const idIn = (field: string) => (payload: JsonObject) => (isObject(payload[field]) ? payload[field]['id'] : undefined)

const channels: Where = { in: 'channels', id: byId }
const threads: Where = { in: 'threads', id: byId }
const scheduledEvents: Where = { in: 'guild_scheduled_events', id: byId }
const interest: Where = { in: 'guild_scheduled_events', id: (payload) => payload['guild_scheduled_event_id'] }
const ENTRIES: ReadonlyMap<string, Where> = new Map([
  ['CHANNEL_CREATE', channels],
  ['CHANNEL_UPDATE', channels],
  ['CHANNEL_DELETE', channels],
  ['THREAD_CREATE', threads],
  ['THREAD_UPDATE', threads],
  ['THREAD_DELETE', threads],
  ['GUILD_ROLE_CREATE', { in: 'roles', id: idIn('role') }],
  ['GUILD_ROLE_UPDATE', { in: 'roles', id: idIn('role') }],
  ['GUILD_ROLE_DELETE', { in: 'roles', id: (payload) => payload['role_id'] }],
  ['GUILD_SCHEDULED_EVENT_UPDATE', scheduledEvents],
  ['GUILD_SCHEDULED_EVENT_DELETE', scheduledEvents],
  ['GUILD_SCHEDULED_EVENT_USER_ADD', interest],
  ['GUILD_SCHEDULED_EVENT_USER_REMOVE', interest],
  ['VOICE_STATE_UPDATE', { in: 'voice_states', id: userId }],
])

/** Whether what a viewer is shown of such events hangs on what `remember` said. */
export function isJudgedByBefore(event: string): boolean {
  return ENTRIES.has(event)
}

/** What brings a member besides what it is about, and where it has the user's id. */
const BESIDES: ReadonlyMap<string, (payload: JsonObject) => unknown> = new Map([
  ['MESSAGE_CREATE', idIn('author')],
  ['MESSAGE_REACTION_ADD', userId],
  ['VOICE_STATE_UPDATE', userId],
])

/** The events of that kind. */
export const BROUGHT_BESIDES: readonly string[] = [...BESIDES.keys()]

const OF_MEMBERS: ReadonlySet<string> = new Set(['GUILD_MEMBER_ADD', 'GUILD_MEMBER_UPDATE', 'GUILD_MEMBERS_CHUNK'])

/** Whether such an event brings a member, or several, as they are by it. */
export function bringsMember(event: string): boolean {
  return OF_MEMBERS.has(event) || BESIDES.has(event)
}

/** The user of the guild member object that an event brings, which states take to be the present one. */
export function memberIdOf(event: string, payload: JsonObject): unknown {
  if (event.startsWith('GUILD_MEMBER_')) return idIn('user')(payload)
  return BESIDES.get(event)?.(payload)
}

/**
 * To be asked before the event is applied to the guild's state, and kept with the event as long as it may be shown: a state
 * has forgotten it afterwards. `guild` null: it is not known yet.
 */
export function remember(event: string, payload: unknown, guild: GuildView | null): Before {
  if (!guild || !isObject(payload)) return NOTHING
  const where = ENTRIES.get(event)
  const memberId = memberIdOf(event, payload)
  const ownerId = guild.fields['owner_id']
  if (event === 'GUILD_UPDATE')
    return { entry: null, member: null, ownerId, roles: [...guild.collections.roles.values()] }
  if (!where && memberId === undefined) return { entry: null, member: null, ownerId }
  return {
    entry: (where && guild.collections[where.in].get(where.id(payload))) ?? null,
    member: guild.collections.members.get(memberId) ?? null,
    ownerId,
  }
}

const NOTHING: Before = { entry: null, member: null, ownerId: undefined }
