import { guildOf } from '../access.ts'
import { ok, param } from '../route.ts'
import type { Route } from '../route.ts'

/** https://docs.discord.com/developers/resources/guild#get-guild-preview */
export const previewRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/guilds/:guild_id/preview',
    handle: ({ world }, request) => {
      const guild = guildOf(world, param(request, 'guild_id'))
      const { id, name, icon, description, splash, discovery_splash, features, emojis, stickers } = guild
      const counts = {
        approximate_member_count: guild.member_count,
        approximate_presence_count: guild.presences.length,
      }
      const about = { id, name, icon, description, splash, discovery_splash, home_header: null }
      return ok({ ...about, features, emojis, stickers, ...counts })
    },
  },
]
