import { guildOf } from '../access.ts'
import { ok, param } from '../route.ts'
import type { Route } from '../route.ts'

const region = (id: string, name: string) => ({
  id,
  name,
  custom: false,
  deprecated: false,
  optimal: id === 'rotterdam',
})

/** https://docs.discord.com/developers/resources/voice#voice-region-object */
const REGIONS = [
  region('brazil', 'Brazil'),
  region('hongkong', 'Hong Kong'),
  region('india', 'India'),
  region('japan', 'Japan'),
  region('rotterdam', 'Rotterdam'),
  region('singapore', 'Singapore'),
  region('southafrica', 'South Africa'),
  region('sydney', 'Sydney'),
  region('us-central', 'US Central'),
  region('us-east', 'US East'),
  region('us-south', 'US South'),
  region('us-west', 'US West'),
]

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
