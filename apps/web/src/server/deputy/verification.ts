import { GuildVerificationLevel } from 'discord-api-types/v10'
import type { GuildView, Sight } from '@repo/discord-permissions'
import type { Member } from '../membership/membership.ts'

const MEDIUM: number = GuildVerificationLevel.Medium
const HIGH: number = GuildVerificationLevel.High
const MINUTE_MS = 60_000

/** Of a user at Discord, and of a member in the server. */
const REGISTERED_FOR_MS = 5 * MINUTE_MS
const MEMBER_FOR_MS = 10 * MINUTE_MS

/**
 * Whether somebody has not been there for as long as the server's verification level demands of whom has no role. Whether they
 * have verified their mail or telephone, which other levels demand, Discord tells no application like this one.
 * https://docs.discord.com/developers/resources/guild#guild-object-verification-level
 *
 * @param now in ms since the epoch.
 */
export function isTooNew(
  { guild, sight, member }: { guild: GuildView; sight: Sight; member: Member },
  now: number,
): boolean {
  const { verification_level: level } = guild.fields
  if (typeof level !== 'number' || level < MEDIUM) return false
  if (member.roles.length > 0 || guild.fields['owner_id'] === sight.userId) return false
  const isLongEnough = now - registeredAt(sight.userId) >= REGISTERED_FOR_MS
  return !isLongEnough || (level >= HIGH && !(now - Date.parse(String(member['joined_at'])) >= MEMBER_FOR_MS))
}

/** https://docs.discord.com/developers/reference#snowflakes */
const registeredAt = (userId: string): number => Number(BigInt(userId) >> 22n) + 1_420_070_400_000
