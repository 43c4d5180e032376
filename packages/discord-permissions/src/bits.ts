import { PermissionFlagsBits } from 'discord-api-types/v10'

const P = PermissionFlagsBits

/** Every permission there is: what owners and administrators have. */
export const ALL = Object.values(P).reduce((bits, bit) => bits | bit, 0n)

/**
 * Those of a guild as a whole. The documentation's table gives them no type of channel, so an overwrite neither allows
 * nor denies them.
 * https://docs.discord.com/developers/topics/permissions#permissions-bitwise-permission-flags
 */
export const GUILD_ONLY =
  P.KickMembers |
  P.BanMembers |
  P.Administrator |
  P.ManageGuild |
  P.ViewAuditLog |
  P.ViewGuildInsights |
  P.ChangeNickname |
  P.ManageNicknames |
  P.ManageGuildExpressions |
  P.ModerateMembers |
  P.ViewCreatorMonetizationAnalytics |
  P.CreateGuildExpressions

/** What is left to a member who is timed out: https://docs.discord.com/developers/topics/permissions#permissions-for-timed-out-members */
export const TIMED_OUT = P.ViewChannel | P.ReadMessageHistory

/** What means nothing to who may not send: https://docs.discord.com/developers/topics/permissions#implicit-permissions */
export const NEEDS_SEND = P.MentionEveryone | P.SendTTSMessages | P.AttachFiles | P.EmbedLinks

/** A permission bit set as Discord writes it, a decimal number in a string; null for anything else. */
export function bitsOf(text: unknown): bigint | null {
  return typeof text === 'string' && /^\d{1,20}$/.test(text) ? BigInt(text) : null
}
