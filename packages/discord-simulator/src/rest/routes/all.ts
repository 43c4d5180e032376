import type { Route } from '../route.ts'
import { channelRoutes } from './channels.ts'
import { guildRoutes } from './guilds.ts'
import { identityRoutes } from './identity.ts'

/** Every route that is answered. */
export const ROUTES: readonly Route[] = [...identityRoutes, ...guildRoutes, ...channelRoutes]
