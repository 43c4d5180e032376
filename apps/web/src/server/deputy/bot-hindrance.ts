import { sightOf } from '@repo/discord-permissions'
import type { CommandName, CommandPayload } from '@repo/discord-integration/types'
import type { Member } from '../membership/membership.ts'
import { lacking } from './needs.ts'
import type { About, Demand, Entered, Need } from './needs.ts'
import { outranks } from './rank.ts'
import { Refused } from './refused.ts'

/**
 * Why Discord would surely refuse the bot what somebody may ask of it; null where that is not certain: the bot's member is not
 * known, or what it takes depends on more than is known here.
 */
export function botHindrance<Name extends CommandName>(
  { ofBot, over }: Need<Name>,
  payload: CommandPayload<Name>,
  { entered, about, botId }: { entered: Entered; about: About; botId: string | null },
): Refused | null {
  const { guild } = entered
  const member = botId === null ? undefined : guild.collections.members.get(botId)
  if (botId === null || !isMember(member)) return null
  const demands = (ofBot?.(payload, entered, about) ?? []).map(seen)
  // Which private threads it is in, nobody says: it has been in those of which it hears.
  const threads = new Set(demands.flatMap(({ channelId }) => channelId ?? []))
  const sight = sightOf({ userId: botId, member, threads }, guild, about.now)
  if (!sight) return null
  const missing = lacking(demands, { guild, sight })
  if (missing.length > 0) return new Refused('BOT_MISSING_PERMISSIONS', { missing })
  const { target } = about
  return over && target && !outranks(member, target, guild) ? new Refused('BOT_OUTRANKED') : null
}

/** Where it sees nothing it can do nothing. */
const seen = ({ channelId, permissions }: Demand): Demand =>
  channelId === null ? { channelId, permissions } : { channelId, permissions: ['ViewChannel', ...permissions] }

function isMember(member: object | undefined): member is Member {
  return member !== undefined && 'user' in member && 'roles' in member && Array.isArray(member.roles)
}
