import { ApplicationFlags } from 'discord-api-types/v10'
import type { APIApplication } from 'discord-api-types/v10'
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

/** https://docs.discord.com/developers/resources/application#application-object */
export function application(world: World): APIApplication {
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
    team: null,
    approximate_guild_count: world.guilds().length,
    approximate_user_install_count: 0,
    redirect_uris: [],
    interactions_endpoint_url: null,
    role_connections_verification_url: null,
    integration_types_config: { 0: {} },
    tags: ['simulator'],
  }
}
