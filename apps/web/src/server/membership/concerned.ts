import { AuditLogEvent } from 'discord-api-types/v10'
import { threadMembersChange } from '@repo/discord-permissions'

type Fields = { readonly [field: string]: unknown }

/**
 * Whose membership an event says to be another than it was. `users`: theirs, by id. `member`: only where the member that it
 * brings is another than the one known. `threads`: whether these users are in a thread.
 */
export type Concerned =
  | { readonly kind: 'guild' }
  | { readonly kind: 'users'; readonly userIds: readonly string[] }
  | { readonly kind: 'member'; readonly userId: string; readonly member: Fields }
  | { readonly kind: 'threads'; readonly userIds: readonly string[] }

/** What the audit log says of members, where the members intent does not: kicks, bans, roles, timeouts. */
const OF_MEMBERS: ReadonlySet<unknown> = new Set([
  AuditLogEvent.MemberKick,
  AuditLogEvent.MemberBanAdd,
  AuditLogEvent.MemberBanRemove,
  AuditLogEvent.MemberUpdate,
  AuditLogEvent.MemberRoleUpdate,
])

const users = (...ids: readonly unknown[]): Concerned => ({ kind: 'users', userIds: strings(ids) })
const ofUser = ({ user }: Fields): Concerned => users(idOf(user))

const EVENTS: ReadonlyMap<string, (payload: Fields) => Concerned | null> = new Map<
  string,
  (payload: Fields) => Concerned | null
>([
  ['GUILD_CREATE', () => ({ kind: 'guild' })],
  ['GUILD_DELETE', () => ({ kind: 'guild' })],
  ['GUILD_MEMBER_ADD', ofUser],
  ['GUILD_MEMBER_UPDATE', ofUser],
  ['GUILD_MEMBER_REMOVE', ofUser],
  ['GUILD_BAN_ADD', ofUser],
  ['GUILD_BAN_REMOVE', ofUser],
  ['GUILD_MEMBERS_CHUNK', ({ members }) => users(...listOf(members).map((member) => idOf(member['user'])))],
  ['GUILD_AUDIT_LOG_ENTRY_CREATE', auditLogEntry],
  ['MESSAGE_CREATE', ({ author, member }) => brought(idOf(author), member)],
  ['MESSAGE_REACTION_ADD', ({ user_id: id, member }) => brought(id, member)],
  ['VOICE_STATE_UPDATE', ({ user_id: id, member }) => brought(id, member)],
  ['TYPING_START', ({ user_id: id, member }) => brought(id, member)],
  ['INTERACTION_CREATE', ({ member }) => brought(isFields(member) ? idOf(member['user']) : undefined, member)],
  ['THREAD_MEMBERS_UPDATE', threadMembers],
])

/** Null: nobody's. */
export function concernedBy(event: string, payload: unknown): Concerned | null {
  return isFields(payload) ? (EVENTS.get(event)?.(payload) ?? null) : null
}

function auditLogEntry({ action_type: action, target_id: target }: Fields): Concerned | null {
  if (action === AuditLogEvent.MemberPrune) return { kind: 'guild' }
  return OF_MEMBERS.has(action) ? users(target) : null
}

function brought(userId: unknown, member: unknown): Concerned | null {
  return typeof userId === 'string' && isFields(member) ? { kind: 'member', userId, member } : null
}

function threadMembers(payload: Fields): Concerned | null {
  const change = threadMembersChange(payload)
  return change && { kind: 'threads', userIds: [...change.added, ...change.removed] }
}

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const idOf = (value: unknown): unknown => (isFields(value) ? value['id'] : undefined)
const listOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isFields) : [])
const strings = (values: readonly unknown[]): string[] => values.filter((value) => typeof value === 'string')
