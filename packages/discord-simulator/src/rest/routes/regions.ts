import { guildOf } from '../access.ts'
import { REGIONS } from '../regions.ts'
import { ok, param } from '../route.ts'
import type { Route } from '../route.ts'

/** Where voice could be served from. No guild here has a region of its own. */
export const regionRoutes: readonly Route[] = [
  { method: 'GET', path: '/voice/regions', handle: () => ok(REGIONS) },
  {
    method: 'GET',
    path: '/guilds/:guild_id/regions',
    handle: ({ world }, request) => {
      guildOf(world, param(request, 'guild_id'))
      return ok(REGIONS)
    },
  },
]
