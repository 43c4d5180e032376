import type { Route } from '../route.ts'
import { accountRoutes } from './account.ts'
import { channelRoutes } from './channels.ts'
import { guildRoutes } from './guilds.ts'
import { identityRoutes } from './identity.ts'
import { messageRoutes } from './messages.ts'
import { editChannelRoutes } from './edit-channels.ts'
import { reactionRoutes } from './reactions.ts'
import { banRoutes } from './bans.ts'
import { editGuildRoutes } from './edit-guilds.ts'
import { inviteRoutes } from './invites.ts'
import { memberRoutes } from './members.ts'
import { roleRoutes } from './roles.ts'
import { voiceStateRoutes } from './voice-states.ts'
import { interactionRoutes } from './interactions.ts'
import { webhookRoutes } from './webhooks.ts'
import { commandPermissionRoutes } from './command-permissions.ts'
import { pruneRoutes } from './prune.ts'
import { regionRoutes } from './regions.ts'
import { threadRoutes } from './threads.ts'

/** Every route that is answered. */
export const ROUTES: readonly Route[] = [
  ...identityRoutes,
  ...accountRoutes,
  ...regionRoutes,
  ...guildRoutes,
  ...channelRoutes,
  ...messageRoutes,
  ...reactionRoutes,
  ...threadRoutes,
  ...editChannelRoutes,
  ...memberRoutes,
  ...banRoutes,
  ...pruneRoutes,
  ...roleRoutes,
  ...voiceStateRoutes,
  ...inviteRoutes,
  ...editGuildRoutes,
  ...interactionRoutes,
  ...commandPermissionRoutes,
  ...webhookRoutes,
]
