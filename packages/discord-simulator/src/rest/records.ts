import type {
  APIApplication,
  APIEmbed,
  APIEmoji,
  ApplicationCommandPermissionType,
  ApplicationCommandType,
} from 'discord-api-types/v10'
import type { Dispatch, User } from '../world/types.ts'
import { AuditLog } from './audit/audit-log.ts'
import type { OptionBody } from './commands/option-body.ts'
import type { Follower } from './webhooks/followers.ts'
import type { Onboarding, WelcomeScreen } from './routes/welcome.ts'
import type { Interaction } from './interactions/interaction.ts'
import type { TargetUsers } from './target-users.ts'

/** https://docs.discord.com/developers/resources/invite#invite-object and its metadata */
export interface Invite {
  code: string
  guild_id: string
  channel_id: string
  inviter: User
  max_age: number
  max_uses: number
  temporary: boolean
  uses: number
  created_at: string
  expires_at: string | null
  /** What whoever comes in by it is given. */
  role_ids?: readonly string[]
}

/** https://docs.discord.com/developers/resources/webhook#webhook-object */
export interface Webhook {
  id: string
  type: 1
  guild_id: string
  channel_id: string
  name: string
  avatar: string | null
  application_id: string
  token: string
  url: string
  user: User
}

/** https://docs.discord.com/developers/interactions/application-commands#application-command-object */
export interface Command {
  id: string
  application_id: string
  version: string
  type: ApplicationCommandType
  name: string
  name_localizations: object | null
  description: string
  description_localizations: object | null
  /** A sum of permissions, or null: everybody. */
  default_member_permissions: string | null
  dm_permission: boolean
  /** Where it can be used, or null: everywhere. */
  contexts: readonly number[] | null
  integration_types: readonly number[]
  nsfw: boolean
  guild_id?: string
  options?: readonly OptionBody[]
}

/** https://docs.discord.com/developers/interactions/application-commands#application-command-permissions-object */
export interface CommandPermissions {
  id: string
  application_id: string
  guild_id: string
  permissions: readonly { id: string; type: ApplicationCommandPermissionType; permission: boolean }[]
}

/** https://docs.discord.com/developers/resources/entitlement#entitlement-object */
export interface Entitlement {
  id: string
  sku_id: string
  application_id: string
  user_id: string
  guild_id?: string
  deleted: boolean
  consumed: boolean
  starts_at: string | null
  ends_at: string | null
  type: number
}

/** https://docs.discord.com/developers/resources/guild-template#guild-template-object */
export interface Template {
  code: string
  name: string
  description: string | null
  usage_count: number
  creator_id: string
  creator: User
  created_at: string
  updated_at: string
  source_guild_id: string
  /** The guild as it was, its roles and channels numbered. */
  serialized_source_guild: object
}

/**
 * What Discord remembers and tells in no dispatch, so that the world does not know it: when messages were pinned, why
 * people were banned.
 */
export class Records {
  /** By message id, when it was pinned, as Discord writes moments. */
  readonly pinnedAt = new Map<string, string>()
  /** By message id, the embeds that are not shown for their being suppressed. */
  readonly suppressed = new Map<string, APIEmbed[]>()
  /** By `guild/user`, the reason that was given. */
  readonly banReasons = new Map<string, string>()
  /** By code. */
  readonly invites = new Map<string, Invite>()
  /** By an invite's code, for whom it is, if not for everybody. */
  readonly targetUsers = new Map<string, TargetUsers>()
  /** By id. */
  readonly webhooks = new Map<string, Webhook>()
  /** By guild, or under an empty key for those of all guilds. */
  readonly commands = new Map<string, readonly Command[]>()
  /** Who did what. It is told only to bots that may view it. */
  readonly auditLog = new AuditLog()
  /** By `guild/command`, who may use it. */
  readonly commandPermissions = new Map<string, CommandPermissions>()
  /** By guild, what newcomers are shown. */
  readonly welcomeScreens = new Map<string, WelcomeScreen>()
  /** By guild, what they are asked. */
  readonly onboarding = new Map<string, Onboarding>()
  /** By id, what somebody or a guild has bought of the application, oldest first. */
  readonly entitlements = new Map<string, Entitlement>()
  /** By id. */
  readonly applicationEmojis = new Map<string, APIEmoji & { id: string }>()
  /** By id. */
  readonly followers = new Map<string, Follower>()
  /** By code. */
  readonly templates = new Map<string, Template>()
  /** What the bot has changed of its application. */
  readonly application: Partial<APIApplication> = {}
  /** By id, oldest first. */
  readonly interactions = new Map<string, Interaction>()

  /** Hears of what has happened. With a channel go the webhooks that speak in it, whether somebody's or a follower's. */
  note({ event, payload }: Dispatch & { payload: object }): void {
    if (event !== 'CHANNEL_DELETE' || !('id' in payload)) return
    const { id } = payload
    for (const hook of this.webhooks.values()) if (hook.channel_id === id) this.webhooks.delete(hook.id)
    for (const follower of this.followers.values()) if (follower.channel_id === id) this.followers.delete(follower.id)
  }
}
