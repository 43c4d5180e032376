import { LinkError } from '@repo/discord-integration/types'
import type { GatewayGuildCreateDispatchData } from 'discord-api-types/v10'
import { isSent } from '../tokens/scopes.ts'
import type { Handler } from './handler.ts'
import { requireGuild, type GuildOf } from './known-refusals.ts'

export type KnownGuilds = {
  guildOf: GuildOf
  /** A guild as a snapshot's GUILD_CREATE, in JSON, within the bound of one; null where it is too large even so, or not known. */
  guildText: (guildId: string) => string | null
}

/** It says all that a GUILD_CREATE does, so it is for who is sent that. */
export function createGetGuildSnapshot({ guildOf, guildText }: KnownGuilds): Handler<'get_guild_snapshot'> {
  return async ({ guild_id }, { action, backend }) => {
    if (!isSent('GUILD_CREATE', backend.scopes)) {
      throw new LinkError('FORBIDDEN', `Failed to ${action}: the scopes of this token do not include GUILD_CREATE`)
    }
    requireGuild(guildOf(guild_id), action)
    const text = guildText(guild_id)
    if (text === null) {
      throw new LinkError(
        'DISCORD_UNAVAILABLE',
        `Failed to ${action}: Discord has not told of this server, or it is down`,
      )
    }
    return { success: true, guild: JSON.parse(text) as GatewayGuildCreateDispatchData }
  }
}
