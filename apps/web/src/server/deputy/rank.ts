import { compareSnowflakes } from '@repo/discord-integration/types'
import type { GuildView } from '@repo/discord-permissions'
import type { Member } from '../membership/membership.ts'

type Rank = { readonly position: number; readonly roleId: string }

/**
 * Whether somebody stands above somebody else: by their highest roles, where of two at one position the older is the higher;
 * the owner above all, nobody above themselves.
 * https://docs.discord.com/developers/topics/permissions#permission-hierarchy
 */
export function outranks(one: Member, other: Member, guild: GuildView): boolean {
  const ownerId = guild.fields['owner_id']
  if (other.user.id === ownerId || one.user.id === other.user.id) return false
  if (one.user.id === ownerId) return true
  const [mine, theirs] = [rankOf(one, guild), rankOf(other, guild)]
  if (mine.position !== theirs.position) return mine.position > theirs.position
  return mine.roleId !== theirs.roleId && compareSnowflakes(mine.roleId, theirs.roleId) < 0
}

/** @everyone's, where they have no role. Roles that are not there count for nothing. */
function rankOf({ roles }: Member, { id: guildId, collections }: GuildView): Rank {
  let highest: Rank = { position: 0, roleId: guildId }
  for (const id of roles) {
    const position = collections.roles.get(id)?.['position']
    if (typeof id !== 'string' || typeof position !== 'number') continue
    const isHigher =
      position > highest.position || (position === highest.position && compareSnowflakes(id, highest.roleId) < 0)
    if (isHigher) highest = { position, roleId: id }
  }
  return highest
}
