import { PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import type { APIRole } from 'discord-api-types/v10'
import { z } from 'zod'
import type { Guild } from '../../world/types.ts'
import type { World } from '../../world/world.ts'
import { role as plainRole } from '../../world/role.ts'
import { guildOf, guildWith, rankOf, rankOfRole } from '../access.ts'
import { refusal } from '../errors.ts'
import { blame, maybe, readForm, snowflake, text } from '../form.ts'
import { moveRoles } from '../role-order.ts'
import { none, ok, param } from '../route.ts'
import type { RestContext, RestRequest, Route } from '../route.ts'

const colour = z.int().min(0).max(0xffffff)

const roleBody = z.looseObject({
  name: maybe(text(100)),
  permissions: maybe(
    z
      .union([z.string(), z.int().nonnegative().transform(String)])
      .refine((value) => /^\d{1,20}$/.test(value), blame('NUMBER_TYPE_COERCE', 'Value is not int.')),
  ),
  color: maybe(colour),
  colors: maybe(z.looseObject({ primary_color: colour })),
  hoist: maybe(z.boolean()),
  mentionable: maybe(z.boolean()),
})
type RoleBody = z.infer<typeof roleBody>

const movesBody = z.array(z.looseObject({ id: snowflake, position: z.int().min(0).nullish() }))

/** A role that stands below the bot's own, or the refusal that fits. */
function roleBelow(world: World, guild: Guild, id: string): APIRole {
  const role = guild.roles.find((candidate) => candidate.id === id)
  if (!role) throw refusal.unknownRole()
  if (rankOfRole(guild, id) >= rankOf(guild, world.bot.id)) throw refusal.missingPermissions()
  return role
}

/** What a body makes of a role. Nobody hands out what they do not have. */
function formed(world: World, guild: Guild, before: APIRole, body: RoleBody): APIRole {
  const given = BigInt(body.permissions ?? before.permissions) & ~BigInt(before.permissions)
  if (given & ~world.guildPermissions(guild, world.bot.id)) throw refusal.missingPermissions()
  const color = body.colors?.primary_color ?? body.color ?? before.color
  return {
    ...before,
    name: body.name ?? before.name,
    permissions: body.permissions ?? before.permissions,
    color,
    colors: { ...before.colors, primary_color: color },
    hoist: body.hoist ?? before.hoist,
    mentionable: body.mentionable ?? before.mentionable,
  }
}

const guildOfRoles = ({ world }: RestContext, request: RestRequest) =>
  guildWith(world, param(request, 'guild_id'), Bit.ManageRoles)

const path = '/guilds/:guild_id/roles'

/** https://docs.discord.com/developers/resources/guild#create-guild-role */
export const roleRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: `${path}/:role_id`,
    handle: ({ world }, request) => {
      const { roles } = guildOf(world, param(request, 'guild_id'))
      const role = roles.find((candidate) => candidate.id === param(request, 'role_id'))
      if (!role) throw refusal.unknownRole()
      return ok(role)
    },
  },
  {
    method: 'POST',
    path,
    handle: (context, request) => {
      const { world, emit } = context
      const guild = guildOfRoles(context, request)
      const body = readForm(roleBody, request.body ?? {})
      const everyone = guild.roles.find(({ id }) => id === guild.id)
      const blank = plainRole(world.nextId(), 'new role', 1, { permissions: everyone?.permissions ?? '0' })
      const created = formed(world, guild, blank, body)
      emit({ event: 'GUILD_ROLE_CREATE', payload: { guild_id: guild.id, role: created } })
      return ok(created)
    },
  },
  {
    method: 'PATCH',
    path,
    handle: (context, request) => {
      const { world, emit } = context
      const guild = guildOfRoles(context, request)
      const moves = readForm(movesBody, request.body ?? []).flatMap(({ id, position }) => {
        const known = guild.roles.find((role) => role.id === id)
        if (!known) throw refusal.unknownRole()
        return position == null ? [] : [{ id, position }]
      })
      // All is checked before anything is told: a list is taken whole or not at all.
      for (const role of moveRoles(world, guild, moves)) {
        emit({ event: 'GUILD_ROLE_UPDATE', payload: { guild_id: guild.id, role } })
      }
      return ok(guild.roles)
    },
  },
  {
    method: 'PATCH',
    path: `${path}/:role_id`,
    handle: (context, request) => {
      const guild = guildOfRoles(context, request)
      const before = roleBelow(context.world, guild, param(request, 'role_id'))
      const role = formed(context.world, guild, before, readForm(roleBody, request.body ?? {}))
      context.emit({ event: 'GUILD_ROLE_UPDATE', payload: { guild_id: guild.id, role } })
      return ok(role)
    },
  },
  {
    method: 'DELETE',
    path: `${path}/:role_id`,
    handle: (context, request) => {
      const guild = guildOfRoles(context, request)
      const role = roleBelow(context.world, guild, param(request, 'role_id'))
      if (role.managed || role.id === guild.id) throw refusal.invalidRole()
      context.emit({ event: 'GUILD_ROLE_DELETE', payload: { guild_id: guild.id, role_id: role.id } })
      return none()
    },
  },
]
