import { ApplicationFlags } from 'discord-api-types/v10'
import type { APIApplication } from 'discord-api-types/v10'
import { PRIVILEGED_INTENTS } from './types.ts'
import type { PrivilegedIntent, User } from './types.ts'
import type { World } from './world.ts'

/** The flags of bots in fewer than 100 guilds: https://docs.discord.com/developers/resources/application#application-object-application-flags */
const FLAG_OF = {
  members: ApplicationFlags.GatewayGuildMembersLimited,
  presences: ApplicationFlags.GatewayPresenceLimited,
  message_content: ApplicationFlags.GatewayMessageContentLimited,
} as const

/** Which privileged intents the bot's owner has switched on, as flags. */
export function applicationFlags(world: World): ApplicationFlags {
  return [...world.privileged].reduce((bits: number, intent) => bits | FLAG_OF[intent], 0)
}

/** The reverse: which of them the flags switch on. */
export const privilegedBy = (flags: ApplicationFlags): ReadonlySet<PrivilegedIntent> =>
  new Set(PRIVILEGED_INTENTS.filter((intent) => (flags & FLAG_OF[intent]) !== 0))

/** What Discord's own description has, and the type does not. */
interface Described {
  type: null
  explicit_content_filter: 0
  eligible_oauth2_scopes: readonly string[]
}

/** The user who made the bot, unless there is no guild at all. */
export const ownerOf = (world: World): User => world.user(world.guilds()[0]?.owner_id ?? '') ?? world.bot

/** https://docs.discord.com/developers/resources/application#application-object */
export function application(world: World, changed: Partial<APIApplication> = {}): APIApplication & Described {
  const flags = applicationFlags(world)
  return {
    id: world.bot.id,
    name: world.bot.username,
    icon: null,
    description: 'Lives in the simulator.',
    summary: '',
    bot: world.bot,
    bot_public: true,
    bot_require_code_grant: false,
    verify_key: '0'.repeat(64),
    flags,
    flags_new: String(flags),
    type: null,
    explicit_content_filter: 0,
    eligible_oauth2_scopes: ['identify', 'email', 'guilds', 'guilds.members.read', 'bot', 'applications.commands'],
    owner: ownerOf(world),
    team: null,
    approximate_user_authorization_count: 0,
    approximate_guild_count: world.guilds().length,
    approximate_user_install_count: 0,
    redirect_uris: [],
    interactions_endpoint_url: null,
    role_connections_verification_url: null,
    integration_types_config: { 0: {} },
    tags: ['simulator'],
    ...changed,
  }
}
