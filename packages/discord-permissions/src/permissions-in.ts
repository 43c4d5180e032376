import { isThread } from './channel-kind.ts'
import { permissionsInChannel, permissionsInThread, permissionsOfStanding, standingOf } from './standing.ts'
import type { PermissionChannel, PermissionMember, PermissionRole } from './standing.ts'

/** As much of a guild as permissions follow from; what else is in it does not matter. */
export type PermissionGuild = {
  readonly id: string
  readonly owner_id?: unknown
  readonly roles: Iterable<PermissionRole>
}

export type PermissionOptions = {
  /** Of a thread, the channel that it is in. Without it nothing is granted in one. */
  parent?: PermissionChannel | undefined
  /** Of a private thread, whether it is known that the member is in it. Default: not. */
  isThreadMember?: boolean
  /** In ms since the epoch, against which timeouts are held. Default: now. */
  now?: number
}

/**
 * A member's permissions in a channel or thread, as Discord documents it: the sum of its roles' and @everyone's, then the
 * overwrites for @everyone, for the roles together, for the member. The owner and administrators have all of them.
 * https://docs.discord.com/developers/topics/permissions#permission-overwrites
 *
 * Permissions that mean nothing without another are not among them: none where the channel may not be viewed, in voice and
 * stage channels VIEW_CHANNEL alone where one may not connect. In a thread SEND_MESSAGES_IN_THREADS holds and SEND_MESSAGES,
 * which has no effect there, is left out. Who is timed out keeps VIEW_CHANNEL and READ_MESSAGE_HISTORY.
 *
 * What is missing, or is not as Discord documents it, grants nothing: a type of channel that is not known, overwrites of
 * which one cannot be read, a role that does not exist.
 */
export function permissionsIn(
  member: PermissionMember,
  guild: PermissionGuild,
  channel: PermissionChannel,
  { parent, isThreadMember = false, now = Date.now() }: PermissionOptions = {},
): bigint {
  const standing = standingOf(member, withRoles(guild), now)
  return isThread(channel)
    ? permissionsInThread(standing, guild.id, { thread: channel, parent, isThreadMember })
    : permissionsInChannel(standing, guild.id, channel)
}

/** A member's permissions in the guild as a whole; who is timed out keeps VIEW_CHANNEL and READ_MESSAGE_HISTORY. */
export function permissionsOf(
  member: PermissionMember,
  guild: PermissionGuild,
  { now = Date.now() }: Pick<PermissionOptions, 'now'> = {},
): bigint {
  return permissionsOfStanding(standingOf(member, withRoles(guild), now))
}

function withRoles({ id, owner_id: ownerId, roles }: PermissionGuild) {
  const byId = new Map(Array.from(roles, (role) => [role.id, role]))
  return { id, ownerId, role: (roleId: string) => byId.get(roleId) }
}
