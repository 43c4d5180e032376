import type { Route } from '../route.ts'
import { accountRoutes } from './account.ts'
import { channelRoutes } from './channels.ts'
import { guildRoutes } from './guilds.ts'
import { identityRoutes } from './identity.ts'
import { messageRoutes } from './messages.ts'
import { editChannelRoutes } from './edit-channels.ts'
import { overwriteRoutes } from './overwrites.ts'
import { pollRoutes } from './polls.ts'
import { stickerRoutes } from './stickers.ts'
import { reactionRoutes } from './reactions.ts'
import { banRoutes } from './bans.ts'
import { bulkBanRoutes } from './bulk-bans.ts'
import { directRoutes } from './directs.ts'
import { editGuildRoutes } from './edit-guilds.ts'
import { incidentRoutes } from './incidents.ts'
import { inviteRoutes } from './invites.ts'
import { targetUserRoutes } from './target-users.ts'
import { memberRoutes } from './members.ts'
import { roleRoutes } from './roles.ts'
import { voiceStateRoutes } from './voice-states.ts'
import { interactionRoutes } from './interactions.ts'
import { auditLogRoutes } from './audit-log.ts'
import { autoModerationRoutes } from './auto-moderation.ts'
import { previewRoutes } from './preview.ts'
import { scheduledEventRoutes } from './scheduled-events.ts'
import { stageRoutes } from './stage-instances.ts'
import { voiceStatusRoutes } from './voice-status.ts'
import { hookMessageRoutes } from './hook-messages.ts'
import { webhookRoutes } from './webhooks.ts'
import { commandsRoutes } from './commands.ts'
import { commandPermissionRoutes } from './command-permissions.ts'
import { pruneRoutes } from './prune.ts'
import { regionRoutes } from './regions.ts'
import { applicationEmojiRoutes } from './application-emojis.ts'
import { entitlementRoutes } from './entitlements.ts'
import { soundboardRoutes } from './soundboard.ts'
import { followerRoutes } from './followers.ts'
import { templateRoutes } from './templates.ts'
import { integrationRoutes } from './integrations.ts'
import { joiningRoutes } from './joining.ts'
import { welcomeRoutes } from './welcome.ts'
import { widgetRoutes } from './widget.ts'
import { threadListRoutes } from './thread-lists.ts'
import { threadRoutes } from './threads.ts'
import { searchRoutes } from './search.ts'

/** Every route that is answered. */
export const ROUTES: readonly Route[] = [
  ...identityRoutes,
  ...accountRoutes,
  ...regionRoutes,
  ...guildRoutes,
  ...channelRoutes,
  ...messageRoutes,
  ...directRoutes,
  ...reactionRoutes,
  ...pollRoutes,
  ...threadRoutes,
  ...threadListRoutes,
  ...searchRoutes,
  ...editChannelRoutes,
  ...overwriteRoutes,
  ...memberRoutes,
  ...banRoutes,
  ...bulkBanRoutes,
  ...pruneRoutes,
  ...roleRoutes,
  ...voiceStateRoutes,
  ...inviteRoutes,
  ...targetUserRoutes,
  ...incidentRoutes,
  ...editGuildRoutes,
  ...stickerRoutes,
  ...interactionRoutes,
  ...commandsRoutes,
  ...commandPermissionRoutes,
  ...webhookRoutes,
  ...hookMessageRoutes,
  ...auditLogRoutes,
  ...scheduledEventRoutes,
  ...stageRoutes,
  ...voiceStatusRoutes,
  ...autoModerationRoutes,
  ...previewRoutes,
  ...joiningRoutes,
  ...templateRoutes,
  ...followerRoutes,
  ...applicationEmojiRoutes,
  ...entitlementRoutes,
  ...soundboardRoutes,
  ...widgetRoutes,
  ...welcomeRoutes,
  ...integrationRoutes,
]
