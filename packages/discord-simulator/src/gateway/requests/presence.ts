import type { GatewayPresenceUpdate, PresenceUpdateReceiveStatus } from 'discord-api-types/v10'
import type { z } from 'zod'
import type { Guild } from '../../world/types.ts'
import { guildsOf } from '../../world/world.ts'
import type { presenceUpdate } from '../frames.ts'
import type { Session } from '../session.ts'
import type { Sessions } from '../sessions.ts'
import type { RequestContext } from './request.ts'

type Teller = Pick<RequestContext, 'world' | 'emit'>
type Presence = z.infer<typeof presenceUpdate>

function tellPresence({ world, emit }: Teller, guilds: readonly Guild[], d: Presence): void {
  const created_at = world.clock.now()
  // Who is invisible looks offline to everybody, and does nothing.
  const status = (d.status === 'invisible' ? 'offline' : d.status) as PresenceUpdateReceiveStatus
  const isOffline = d.status === 'invisible' || d.status === 'offline'
  const activities = isOffline
    ? []
    : (d.activities ?? []).map((activity) => ({ id: 'custom', ...activity, created_at }))
  for (const guild of guilds) {
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

/**
 * Op 3: the bot's presence, in the guilds of the session's shard.
 * https://docs.discord.com/developers/events/gateway-events#update-presence
 */
export function updatePresence({ world, session, emit }: RequestContext, d: Presence): void {
  tellPresence({ world, emit }, guildsOf(world, session.shard), d)
}

const isSeen = (guild: Guild, botId: string) => guild.presences.some(({ user }) => user.id === botId)

/** A session is about to begin: the bot comes online in those guilds of its shard where it was not yet. */
export function comeOnline(teller: Teller, shard: Session['shard'], d: Presence | undefined): void {
  const { world } = teller
  const guilds = guildsOf(world, shard).filter((guild) => !isSeen(guild, world.bot.id))
  tellPresence(teller, guilds, d ?? { status: 'online' })
}

/** A session has ended: the bot goes offline where no other one is left. */
export function goOffline(teller: Teller, ended: Session, sessions: Sessions): void {
  const { world } = teller
  const left = new Set([...sessions.all()].flatMap(({ shard }) => guildsOf(world, shard)))
  const guilds = guildsOf(world, ended.shard).filter((guild) => isSeen(guild, world.bot.id) && !left.has(guild))
  tellPresence(teller, guilds, { status: 'offline' })
}
