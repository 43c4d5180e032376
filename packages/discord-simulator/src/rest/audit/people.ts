import { AuditLogEvent as Did } from 'discord-api-types/v10'
import type { APIGuildMember, APIMessage } from 'discord-api-types/v10'
import type { Deed } from './audit-log.ts'
import { changesBetween } from './changes.ts'
import type { Reader, Thing } from './reader.ts'

/** Roles that were given and taken are a deed of their own: https://docs.discord.com/developers/resources/audit-log#audit-log-change-object-audit-log-change-exceptions */
export const memberUpdate: Reader<Pick<APIGuildMember, 'user'> & Partial<APIGuildMember>> = (
  { world, guild },
  after,
) => {
  const target_id = after.user.id
  const before = world.member(guild.id, target_id)
  const changes = changesBetween(before, { ...before, ...after }, [
    'nick',
    'mute',
    'deaf',
    'communication_disabled_until',
  ])
  const deeds: Deed[] = changes.length > 0 ? [{ action_type: Did.MemberUpdate, target_id, changes }] : []
  const named = (ids: readonly string[]) =>
    ids.map((id) => ({ id, name: guild.roles.find((role) => role.id === id)?.name ?? '' }))
  const [old, next] = [before?.roles ?? [], after.roles ?? before?.roles ?? []]
  const given = named(next.filter((id) => !old.includes(id)))
  const taken = named(old.filter((id) => !next.includes(id)))
  const ofRoles = [
    ...(given.length > 0 ? [{ key: '$add', new_value: given }] : []),
    ...(taken.length > 0 ? [{ key: '$remove', new_value: taken }] : []),
  ]
  if (ofRoles.length > 0) deeds.push({ action_type: Did.MemberRoleUpdate, target_id, changes: ofRoles })
  return deeds
}

export const pinned: Reader<Pick<APIMessage, 'id' | 'channel_id'> & Partial<APIMessage>> = ({ world }, after) => {
  const before = world.messages.get(after.channel_id, after.id)
  if (!before || after.pinned === undefined || before.pinned === after.pinned) return []
  const action_type = after.pinned ? Did.MessagePin : Did.MessageUnpin
  return [{ action_type, target_id: before.author.id, options: { channel_id: after.channel_id, message_id: after.id } }]
}

/** Whoever deletes what they wrote themselves needs no entry. */
export const deleted: Reader<{ id: string; channel_id: string }> = ({ world, doerId }, { id, channel_id }) => {
  const author = world.messages.get(channel_id, id)?.author
  if (!author || author.id === doerId) return []
  return [{ action_type: Did.MessageDelete, target_id: author.id, options: { channel_id, count: '1' } }]
}

/** About a user: who was banned, or is no more. */
export const about =
  (action_type: Did): Reader<{ user: Thing }> =>
  (_, { user }) => [{ action_type, target_id: user.id }]
