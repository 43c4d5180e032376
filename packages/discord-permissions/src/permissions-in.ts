import { OverwriteType, PermissionFlagsBits } from 'discord-api-types/v10'

/** As much of a guild, a member and a channel as permissions follow from; what else is in them does not matter. */
export type PermissionGuild = {
  id: string
  owner_id?: unknown
  roles: Iterable<{ id?: unknown; permissions?: unknown }>
}
export type PermissionMember = { user: { id: string }; roles: readonly unknown[] }
export type PermissionChannel = { permission_overwrites?: unknown }

type Overwrite = { id?: unknown; type?: unknown; allow?: unknown; deny?: unknown }

const ALL = Object.values(PermissionFlagsBits).reduce((bits, bit) => bits | bit, 0n)

/**
 * A member's permissions in a channel: the sum of its roles' and @everyone's, then the overwrites for @everyone, for the
 * roles together, for the member. The owner and administrators have all of them. 0 where the channel may not be viewed.
 * https://docs.discord.com/developers/topics/permissions#permission-overwrites
 *
 * What is not as Discord documents it grants nothing.
 *
 * @param channel for a thread, its parent.
 */
export function permissionsIn(member: PermissionMember, guild: PermissionGuild, channel: PermissionChannel): bigint {
  if (guild.owner_id === member.user.id) return ALL
  const held = new Set<unknown>([guild.id, ...member.roles])
  let bits = 0n
  for (const role of guild.roles) if (held.has(role.id)) bits |= bitsOf(role.permissions)
  if (bits & PermissionFlagsBits.Administrator) return ALL

  const overwrites = Array.isArray(channel.permission_overwrites) ? (channel.permission_overwrites as Overwrite[]) : []
  const ofRoles = overwrites.filter(({ type }) => type === OverwriteType.Role)
  const layers = [
    ofRoles.filter(({ id }) => id === guild.id),
    ofRoles.filter(({ id }) => id !== guild.id && held.has(id)),
    overwrites.filter(({ type, id }) => type === OverwriteType.Member && id === member.user.id),
  ]
  for (const layer of layers) {
    const deny = layer.reduce((sum, overwrite) => sum | bitsOf(overwrite.deny), 0n)
    const allow = layer.reduce((sum, overwrite) => sum | bitsOf(overwrite.allow), 0n)
    bits = (bits & ~deny) | allow
  }
  return bits & PermissionFlagsBits.ViewChannel ? bits : 0n
}

function bitsOf(text: unknown): bigint {
  return typeof text === 'string' && /^\d{1,20}$/.test(text) ? BigInt(text) : 0n
}
