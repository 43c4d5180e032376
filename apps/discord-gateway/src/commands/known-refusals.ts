import { LinkError } from '@repo/discord-integration/types'
import { sightOf, type GuildView } from '@repo/discord-permissions'
import { ChannelType, GatewayIntentBits, PermissionFlagsBits, RESTJSONErrorCodes } from 'discord-api-types/v10'
import { discordCodeName } from './discord-code.ts'

// What over the gateway socket Discord passes over in silence is refused here as it would refuse it by REST.

/** The guild as it is known: null where the bot is in none of that id, undefined while that is not known. */
export type GuildOf = (guildId: string) => GuildView | null | undefined

const WHY = {
  [RESTJSONErrorCodes.UnknownGuild]: 'Unknown server',
  [RESTJSONErrorCodes.UnknownChannel]: 'Unknown channel',
  [RESTJSONErrorCodes.CannotExecuteActionOnThisChannelType]: 'Not a voice channel',
  [RESTJSONErrorCodes.MissingAccess]: 'Missing access',
  [RESTJSONErrorCodes.MissingPermissions]: 'Missing permissions',
}

/** @throws {LinkError} UNKNOWN_GUILD, where the bot is in no such guild. */
export function requireGuild(guild: GuildView | null | undefined, action: string): void {
  if (guild === null) throw refusal(RESTJSONErrorCodes.UnknownGuild, action)
}

/**
 * Throws where, by what is known of the guild, Discord will not let the bot into a voice channel. What is not known stops nothing:
 * Discord is asked then.
 *
 * @throws {LinkError} with Discord's name of why.
 */
export function requireNoBarrier(guild: GuildView, channelId: string, botId: string, action: string): void {
  if (guild.fields['unavailable'] === true) return
  const channel = guild.collections.channels.get(channelId)
  if (!channel) throw refusal(RESTJSONErrorCodes.UnknownChannel, action)
  const { type } = channel
  if (type !== ChannelType.GuildVoice && type !== ChannelType.GuildStageVoice) {
    throw refusal(RESTJSONErrorCodes.CannotExecuteActionOnThisChannelType, action)
  }
  const member = guild.collections.members.get(botId)
  const sight = member && sightOf({ userId: botId, member, threads: new Set() }, guild, Date.now())
  // What is missing grants nothing; but here, what is not known speaks against nothing.
  if (!sight || !guild.collections.roles.get(guild.id) || !Array.isArray(channel['permission_overwrites'])) return
  const granted = sight.permissionsIn(guild, channelId)
  if (!(granted & PermissionFlagsBits.ViewChannel)) throw refusal(RESTJSONErrorCodes.MissingAccess, action)
  if (!(granted & PermissionFlagsBits.Connect)) throw refusal(RESTJSONErrorCodes.MissingPermissions, action)
}

/**
 * All members are only for who has the privileged intent: https://docs.discord.com/developers/events/gateway-events#request-guild-members
 *
 * @throws {LinkError} MISSING_ACCESS, as for the list of members without it.
 */
export function requireMembersIntent(intents: number | null, action: string): void {
  if (intents === null || (intents & GatewayIntentBits.GuildMembers) !== 0) return
  throw refusal(RESTJSONErrorCodes.MissingAccess, action)
}

function refusal(discordCode: keyof typeof WHY, action: string): LinkError {
  const code = discordCodeName(discordCode) ?? 'DISCORD_ERROR'
  return new LinkError(code, `Failed to ${action}: ${WHY[discordCode]}`, { discordCode })
}
