import type { ShardStatus } from '@repo/discord-integration/clients'
import { GatewayIntentBits } from 'discord-api-types/v10'
import { isSent, type Scopes } from '../tokens/scopes.ts'
import type { Handler } from './handler.ts'

export type OwnStatus = {
  shards: () => readonly ShardStatus[]
  /** Null where the token does not say it. */
  botId: string | null
  /** By which events come; null where that is not known yet. */
  intents: () => number | null
  /** Discord's clock less our own, in ms; null where that is not known. */
  discordClockMs: () => number | null
  now?: () => number
}

export function createGetStatus({
  botId,
  shards,
  intents,
  discordClockMs,
  now = Date.now,
}: OwnStatus): Handler<'get_status'> {
  return async (_input, { backend }) => ({
    success: true,
    bot_id: isSent('GUILD_MEMBER_UPDATE', backend.scopes) ? botId : null,
    intents: withinEvents(intents(), backend.scopes),
    now: now(),
    discord_clock_ms: discordClockMs(),
    shards: shards().map(({ id, state, since, pingMs }) => ({ id, state, since, ping_ms: pingMs })),
  })
}

const OF_MEMBERS = ['GUILD_MEMBER_ADD', 'GUILD_MEMBER_UPDATE', 'GUILD_MEMBER_REMOVE']

/** Whoever is not sent all events of members must not take what it has of them for current. */
function withinEvents(intents: number | null, scopes: Scopes): number | null {
  if (intents === null || OF_MEMBERS.every((name) => isSent(name, scopes))) return intents
  return intents & ~GatewayIntentBits.GuildMembers
}
