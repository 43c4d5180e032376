import type { Route } from '../route.ts'
import { channelRoutes } from './channels.ts'
import { guildRoutes } from './guilds.ts'
import { identityRoutes } from './identity.ts'
import { messageRoutes } from './messages.ts'
import { editChannelRoutes } from './edit-channels.ts'
import { reactionRoutes } from './reactions.ts'
import { threadRoutes } from './threads.ts'

/** Every route that is answered. */
export const ROUTES: readonly Route[] = [
  ...identityRoutes,
  ...guildRoutes,
  ...channelRoutes,
  ...messageRoutes,
  ...reactionRoutes,
  ...threadRoutes,
  ...editChannelRoutes,
]
