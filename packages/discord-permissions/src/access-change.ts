import { isDeepStrictEqual } from 'node:util'
import { BROUGHT_BESIDES, memberIdOf } from './before.ts'
import type { Before } from './before.ts'
import { kindOf } from './channel-kind.ts'
import type { GuildView } from './guild-view.ts'
import { isObject, objectsOf } from './json.ts'
import type { JsonObject } from './json.ts'
import { isObfuscated } from './sight.ts'

/** Whose `Sight` is to be made anew. Of a role: those who have it, before the event or after it. */
export type Concerned =
  | { readonly kind: 'everybody' }
  | { readonly kind: 'role'; readonly roleId: string }
  | { readonly kind: 'users'; readonly userIds: ReadonlySet<string> }

/**
 * What an event does to what viewers may see.
 *
 * - `regroup`: things have come or gone, and the event itself tells those who may see them. Keys are another.
 * - `compare`: those whose key is another now see other things than before: they need a new snapshot, and the others nothing.
 * - `snapshot`: all whom it concerns need a new snapshot: more has become known than the event may tell them.
 *
 * Whoever is no member any more has no `Sight`, and is at the end.
 */
export type AccessChange = { readonly concerned: Concerned; readonly effect: 'regroup' | 'compare' | 'snapshot' }

const EVERYBODY: Concerned = { kind: 'everybody' }
const everybody = (effect: AccessChange['effect']): AccessChange => ({ concerned: EVERYBODY, effect })

type Judge = (payload: JsonObject, before: Before, guild: GuildView | null) => AccessChange | null

const JUDGES: ReadonlyMap<string, Judge> = new Map<string, Judge>([
  // It says the guild whole, cut for each: that is the snapshot.
  ['GUILD_CREATE', () => everybody('regroup')],
  ['GUILD_DELETE', ({ unavailable }) => (unavailable === true ? null : everybody('regroup'))],
  ['GUILD_UPDATE', guildUpdate],
  ['CHANNEL_CREATE', () => everybody('regroup')],
  ['CHANNEL_DELETE', () => everybody('regroup')],
  ['CHANNEL_UPDATE', channelUpdate],
  ['THREAD_CREATE', thread],
  ['THREAD_UPDATE', thread],
  ['THREAD_DELETE', thread],
  // Which no viewer is shown.
  ['THREAD_LIST_SYNC', () => everybody('snapshot')],
  ['THREAD_MEMBERS_UPDATE', threadMembers],
  ['GUILD_ROLE_CREATE', (payload) => ofRole(isObject(payload['role']) ? payload['role']['id'] : undefined, payload)],
  ['GUILD_ROLE_UPDATE', roleUpdate],
  ['GUILD_ROLE_DELETE', (payload) => ofRole(payload['role_id'], payload)],
  ['GUILD_MEMBER_ADD', (payload) => ofUsers([memberIdOf('GUILD_MEMBER_ADD', payload)])],
  ['GUILD_MEMBER_REMOVE', (payload) => ofUsers([memberIdOf('GUILD_MEMBER_REMOVE', payload)])],
  // Comes also where GUILD_MEMBER_REMOVE does not, for want of the members intent.
  ['GUILD_BAN_ADD', ({ user }) => ofUsers([isObject(user) ? user['id'] : undefined])],
  ['GUILD_MEMBER_UPDATE', (payload, before) => ofMember(memberIdOf('GUILD_MEMBER_UPDATE', payload), payload, before)],
  ['GUILD_MEMBERS_CHUNK', chunk],
  ...BROUGHT_BESIDES.map((event): [string, Judge] => [event, brought(event)]),
])

/**
 * Whether an event changes what somebody may see, and whose: roles, overwrites, ownership, membership, timeouts, parents,
 * members of private threads. A rename is none. Null: nobody's.
 *
 * @param before what `remember` said. @param guild after the event; null where it is gone.
 */
export function accessChange(
  event: string,
  payload: unknown,
  before: Before,
  guild: GuildView | null,
): AccessChange | null {
  const judge = JUDGES.get(event)
  return judge && isObject(payload) ? judge(payload, before, guild) : null
}

/**
 * Whether by such an event somebody may come to see other things, as far as its name says. That a message, a reaction or a
 * voice state brings a member who has changed is not: an event of the member's own says that.
 */
export function mayChangeAccess(event: string): boolean {
  return JUDGES.has(event) && !BROUGHT_BESIDES.includes(event)
}

/** Who has come into a thread by a THREAD_MEMBERS_UPDATE, and who has left it; null where that is not understood. */
export function threadMembersChange(
  payload: unknown,
): { readonly threadId: string; readonly added: readonly string[]; readonly removed: readonly string[] } | null {
  if (!isObject(payload) || typeof payload['id'] !== 'string') return null
  const { added_members: added, removed_member_ids: removed } = payload
  return {
    threadId: payload['id'],
    added: strings(objectsOf(added).map((member) => member['user_id'])),
    removed: strings(Array.isArray(removed) ? removed : []),
  }
}

/** A GUILD_UPDATE brings the roles too, and states take them: nearly always they are those that were there. */
function guildUpdate(payload: JsonObject, { ownerId, roles: were }: Before): AccessChange | null {
  const { owner_id: owner, roles } = payload
  const areSame = were !== undefined && isDeepStrictEqual(mayBy(objectsOf(roles)), mayBy(were))
  if (roles !== undefined && !areSame) return everybody('compare')
  return owner === undefined || owner === ownerId ? null : ofUsers([owner, ownerId])
}

const mayBy = (roles: readonly JsonObject[]) => new Map(roles.map(({ id, permissions }) => [id, permissions]))

function channelUpdate(payload: JsonObject, { entry }: Before): AccessChange | null {
  if (!entry) return everybody('regroup')
  const isKnown = ['permission_overwrites', 'type', 'parent_id'].every(
    (field) => payload[field] === undefined || isDeepStrictEqual(payload[field], entry[field]),
  )
  return isKnown && isObfuscated(payload) === isObfuscated(entry) ? null : everybody('compare')
}

/** Public threads are seen by whoever sees their parent, and make no difference. */
function thread(payload: JsonObject, { entry }: Before): AccessChange | null {
  const isMoved = ['type', 'parent_id'].some(
    (field) => entry !== null && payload[field] !== undefined && payload[field] !== entry[field],
  )
  if (isMoved) return everybody('snapshot')
  return kindOf(payload) === 'private thread' || isObfuscated(payload) ? everybody('regroup') : null
}

/** One that is not known may be private. */
function threadMembers(payload: JsonObject, _before: Before, guild: GuildView | null): AccessChange | null {
  const change = threadMembersChange(payload)
  const known = guild?.collections.threads.get(payload['id'])
  if (!change || (known && kindOf(known) === 'thread')) return null
  return ofUsers([...change.added, ...change.removed])
}

function roleUpdate(payload: JsonObject, { entry }: Before): AccessChange | null {
  const { role } = payload
  if (!isObject(role)) return null
  return entry && role['permissions'] === entry['permissions'] ? null : ofRole(role['id'], payload)
}

function chunk(payload: JsonObject): AccessChange | null {
  return ofUsers(objectsOf(payload['members']).map(({ user }) => (isObject(user) ? user['id'] : undefined)))
}

/** Other events bring a member too, which is as good as an update of it. */
function brought(event: string): Judge {
  return (payload, before) => {
    const { member } = payload
    return isObject(member) ? ofMember(memberIdOf(event, payload), member, before) : null
  }
}

/** Arrays that a state keeps are replaced, not changed: most are the same one, and need no look at what is in them. */
function ofMember(userId: unknown, now: JsonObject, { member: was }: Before): AccessChange | null {
  const isKnown =
    was !== null &&
    ['roles', 'communication_disabled_until'].every(
      (field) => now[field] === undefined || isSame(now[field] ?? null, was[field] ?? null),
    )
  return isKnown ? null : ofUsers([userId])
}

function isSame(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b
  return a.length === b.length && a.every((id, index) => id === b[index])
}

/** The @everyone role has the guild's id, and is in nobody's list. */
function ofRole(roleId: unknown, { guild_id: guildId }: JsonObject): AccessChange | null {
  if (roleId === guildId) return everybody('compare')
  return typeof roleId === 'string' ? { concerned: { kind: 'role', roleId }, effect: 'compare' } : null
}

function ofUsers(ids: readonly unknown[]): AccessChange | null {
  const userIds = new Set(strings(ids))
  return userIds.size > 0 ? { concerned: { kind: 'users', userIds }, effect: 'compare' } : null
}

const strings = (values: readonly unknown[]) => values.filter((value) => typeof value === 'string')
