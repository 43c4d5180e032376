import {
  ApplicationCommandPermissionType as Type,
  AuditLogEvent,
  PermissionFlagsBits as Bit,
} from 'discord-api-types/v10'
import { z } from 'zod'
import { need, ownApplication } from '../access.ts'
import { changesBetween } from '../audit/changes.ts'
import { refusal } from '../errors.ts'
import { readForm, snowflake } from '../form.ts'
import { ok, param } from '../route.ts'
import type { RestContext, RestRequest, Route } from '../route.ts'

const SCOPE = 'applications.commands.permissions.update'

const permissionsBody = z.looseObject({
  permissions: z
    .array(z.object({ id: snowflake, type: z.literal([Type.Role, Type.User, Type.Channel]), permission: z.boolean() }))
    .max(100),
})

/** A guild of the bot's, seen by the bot or by a member, or 50001. */
function guildOfCommands({ world }: RestContext, request: RestRequest) {
  ownApplication(world, param(request, 'application_id'))
  const guild = world.guild(param(request, 'guild_id'))
  if (!guild || !world.member(guild.id, request.grant?.userId ?? world.bot.id)) throw refusal.missingAccess()
  return guild
}

/** https://docs.discord.com/developers/interactions/application-commands#edit-application-command-permissions */
function setPermissions(context: RestContext, request: RestRequest) {
  const { world, records, emit, note } = context
  if (!request.grant) throw refusal.notForBots()
  const guild = guildOfCommands(context, request)
  need(world.guildPermissions(guild, request.grant.userId), Bit.ManageGuild, Bit.ManageRoles)
  const { permissions } = readForm(permissionsBody, request.body ?? {})
  const id = param(request, 'command_id')
  // Under the application's own id stands what holds for all of its commands.
  const commands = [...(records.commands.get('') ?? []), ...(records.commands.get(guild.id) ?? [])]
  if (id !== world.bot.id && !commands.some((command) => command.id === id)) throw refusal.unknownCommand()
  const set = { id, application_id: world.bot.id, guild_id: guild.id, permissions }
  const before = records.commandPermissions.get(`${guild.id}/${id}`)?.permissions ?? []
  records.commandPermissions.set(`${guild.id}/${id}`, set)
  emit({ event: 'APPLICATION_COMMAND_PERMISSIONS_UPDATE', payload: set })
  // Each key is who or what it is about: https://docs.discord.com/developers/resources/audit-log#audit-log-change-object-audit-log-change-exceptions
  const [old, next] = [before, permissions].map((list) => Object.fromEntries(list.map((one) => [one.id, one])))
  const changes = changesBetween(old, next, Object.keys({ ...old, ...next }))
  const options = { application_id: world.bot.id }
  const action_type = AuditLogEvent.ApplicationCommandPermissionUpdate
  if (changes.length > 0) note(guild.id, { action_type, target_id: id, changes, options })
  return ok(set)
}

const path = '/applications/:application_id/guilds/:guild_id/commands'

/** Who may use which command in a guild. Only people decide that: https://docs.discord.com/developers/interactions/application-commands#permissions */
export const commandPermissionRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: `${path}/permissions`,
    scope: SCOPE,
    handle: (context, request) => {
      const { id } = guildOfCommands(context, request)
      return ok([...context.records.commandPermissions.values()].filter(({ guild_id }) => guild_id === id))
    },
  },
  {
    method: 'GET',
    path: `${path}/:command_id/permissions`,
    scope: SCOPE,
    handle: (context, request) => {
      const { id } = guildOfCommands(context, request)
      const set = context.records.commandPermissions.get(`${id}/${param(request, 'command_id')}`)
      if (!set) throw refusal.unknownCommandPermissions()
      return ok(set)
    },
  },
  { method: 'PUT', path: `${path}/:command_id/permissions`, scope: SCOPE, handle: setPermissions },
]
