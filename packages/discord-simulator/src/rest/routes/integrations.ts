import { AuditLogEvent, PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { application } from '../../world/application.ts'
import type { Guild } from '../../world/types.ts'
import { guildWith } from '../access.ts'
import { refusal } from '../errors.ts'
import { none, ok, param } from '../route.ts'
import type { RestContext, Route } from '../route.ts'

/** The bot's own, which is all there is: https://docs.discord.com/developers/resources/guild#integration-object */
function integrationOf({ world, records }: RestContext, guild: Guild) {
  const { id, name, icon, description, flags, flags_new } = application(world, records.application)
  // It has come with the role that the bot holds.
  const role = guild.roles.find(({ tags }) => tags?.bot_id === world.bot.id)
  const owner = world.user(guild.owner_id)
  return {
    id: role?.id ?? guild.id,
    type: 'discord',
    name,
    enabled: true,
    account: { id, name },
    application: { id, name, icon, description, type: null, flags, flags_new, bot: world.bot },
    scopes: ['bot', 'applications.commands'],
    ...(owner && { user: owner }),
  }
}

const path = '/guilds/:guild_id/integrations'

/** https://docs.discord.com/developers/resources/guild#get-guild-integrations */
export const integrationRoutes: readonly Route[] = [
  {
    method: 'GET',
    path,
    handle: (context, request) =>
      ok([integrationOf(context, guildWith(context.world, param(request, 'guild_id'), Bit.ManageGuild))]),
  },
  {
    method: 'DELETE',
    path: `${path}/:integration_id`,
    handle: (context, request) => {
      const { world, emit, note } = context
      const guild = guildWith(world, param(request, 'guild_id'), Bit.ManageGuild)
      const { id } = integrationOf(context, guild)
      if (id !== param(request, 'integration_id')) throw refusal.unknownIntegration()
      emit({ event: 'INTEGRATION_DELETE', payload: { id, guild_id: guild.id, application_id: world.bot.id } })
      emit({ event: 'GUILD_INTEGRATIONS_UPDATE', payload: { guild_id: guild.id } })
      note(guild.id, { action_type: AuditLogEvent.IntegrationDelete, target_id: id })
      // With its integration the bot is gone from the guild.
      emit({ event: 'GUILD_DELETE', payload: { id: guild.id } })
      return none()
    },
  },
]
