import type { GatewayPresenceUpdate, PresenceUpdateReceiveStatus } from 'discord-api-types/v10'
import type { z } from 'zod'
import { guildsOf } from '../../world/world.ts'
import type { presenceUpdate } from '../frames.ts'
import type { RequestContext } from './request.ts'

/**
 * Op 3: the bot's presence, in the guilds of the session's shard.
 * https://docs.discord.com/developers/events/gateway-events#update-presence
 */
export function updatePresence({ world, session, emit }: RequestContext, d: z.infer<typeof presenceUpdate>): void {
  const created_at = world.clock.now()
  // Who is invisible looks offline to everybody, and does nothing.
  const status = (d.status === 'invisible' ? 'offline' : d.status) as PresenceUpdateReceiveStatus
  const isOffline = d.status === 'invisible' || d.status === 'offline'
  const activities = isOffline
    ? []
    : (d.activities ?? []).map((activity) => ({ id: 'custom', ...activity, created_at }))
  for (const guild of guildsOf(world, session.shard)) {
    const payload: GatewayPresenceUpdate = {
      user: { id: world.bot.id },
      guild_id: guild.id,
      status,
      activities,
      // Bots are on the web.
      client_status: isOffline ? {} : { web: status },
    }
    emit({ event: 'PRESENCE_UPDATE', payload })
  }
}
