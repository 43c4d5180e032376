import { ApplicationCommandPermissionType as Type, PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import type { Located, Member } from '../../world/types.ts'
import type { World } from '../../world/world.ts'
import type { Command, CommandPermissions, Records } from '../records.ts'

type Overwrites = CommandPermissions['permissions']

/** What of a list is about a channel: it, or the one that a thread is in; else all channels, which have the guild's id less one. */
function ofChannel(overwrites: Overwrites, { guild, channel }: Located): boolean | undefined {
  const home = 'thread_metadata' in channel ? (channel.parent_id ?? channel.id) : channel.id
  const about = (id: string) => overwrites.find((one) => one.type === Type.Channel && one.id === id)?.permission
  return about(home) ?? about(String(BigInt(guild.id) - 1n))
}

/** What of it is about somebody: they themselves, then any role that may, then any that may not, then everybody. */
function ofMember(overwrites: Overwrites, guildId: string, { user, roles }: Member): boolean | undefined {
  const own = overwrites.find((one) => one.type === Type.User && one.id === user.id)
  if (own) return own.permission
  const ofRoles = overwrites.filter((one) => one.type === Type.Role && roles.includes(one.id))
  if (ofRoles.length > 0) return ofRoles.some(({ permission }) => permission)
  return overwrites.find((one) => one.type === Type.Role && one.id === guildId)?.permission
}

/**
 * Whether somebody finds a command in a channel. What a guild has set for the command goes before what it has set for all
 * of the application's, and that a member is allowed there goes before `default_member_permissions`. Administrators may
 * always. https://docs.discord.com/developers/interactions/application-commands#permissions
 */
export function mayUse(
  { world, records }: { world: World; records: Records },
  located: Located,
  member: Member,
  command: Command,
): boolean {
  const { guild } = located
  const bits = world.permissions(located, member.user.id)
  if (bits & Bit.Administrator) return true
  const set = (id: string) => records.commandPermissions.get(`${guild.id}/${id}`)?.permissions ?? []
  const [own, ofAll] = [set(command.id), set(command.application_id)]
  if ((ofChannel(own, located) ?? ofChannel(ofAll, located)) === false) return false
  const allowed = ofMember(own, guild.id, member)
  if (allowed !== undefined) return allowed
  if (ofMember(ofAll, guild.id, member) === false) return false
  const { default_member_permissions: needed } = command
  if (needed === null) return true
  // A sum of nothing is for administrators alone.
  return needed !== '0' && (bits & BigInt(needed)) === BigInt(needed)
}
