import { GuildFeature, PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import type { APIRole } from 'discord-api-types/v10'
import { z } from 'zod'
import type { Guild } from '../../world/types.ts'
import type { World } from '../../world/world.ts'
import { role as plainRole } from '../../world/role.ts'
import { guildOf, guildWith, rankOf, rankOfRole } from '../access.ts'
import { refusal } from '../errors.ts'
import { blame, maybe, readForm, snowflake, text } from '../form.ts'
import { hashed, image } from '../images.ts'
import { moveRoles } from '../role-order.ts'
import { none, ok, param } from '../route.ts'
import type { RestContext, RestRequest, Route } from '../route.ts'

/** @everyone is one of them: https://docs.discord.com/developers/topics/opcodes-and-status-codes#json-json-error-codes */
const ROLES_PER_GUILD = 250

const colour = z.int().min(0).max(0xffffff)

const roleBody = z.looseObject({
  name: maybe(text(100)),
  permissions: maybe(
    z
      .union([z.string(), z.int().nonnegative().transform(String)])
      .refine((value) => /^\d{1,20}$/.test(value), blame('NUMBER_TYPE_COERCE', 'Value is not int.')),
  ),
  color: maybe(colour),
  colors: maybe(
    z.looseObject({ primary_color: colour, secondary_color: colour.nullish(), tertiary_color: colour.nullish() }),
  ),
  hoist: maybe(z.boolean()),
  mentionable: maybe(z.boolean()),
  icon: image.nullish(),
  unicode_emoji: text(100, 1).nullish(),
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

/** With a third colour there is but one style: https://docs.discord.com/developers/topics/permissions#role-object-role-colors-object */
const HOLOGRAPHIC = { primary_color: 11_127_295, secondary_color: 16_759_788, tertiary_color: 16_761_760 } as const

/** What a body says of colours: all three, or only the first of them as `color` does. */
function coloured(
  { features }: Guild,
  before: APIRole,
  { color, colors }: RoleBody,
): Pick<APIRole, 'color' | 'colors'> {
  if (!colors)
    return { color: color ?? before.color, colors: { ...before.colors, primary_color: color ?? before.color } }
  const { primary_color, secondary_color = null, tertiary_color = null } = colors
  const isPlain = secondary_color === null && tertiary_color === null
  if (!isPlain && !features.includes(GuildFeature.EnhancedRoleColors)) throw refusal.needsBoosts()
  const said = tertiary_color === null ? { primary_color, secondary_color, tertiary_color } : HOLOGRAPHIC
  return { color: said.primary_color, colors: said }
}

/** A role is marked by a picture or by an emoji, where the guild has that. */
function marked({ features }: Guild, before: APIRole, { icon, unicode_emoji }: RoleBody) {
  if ((icon || unicode_emoji) && !features.includes(GuildFeature.RoleIcons)) throw refusal.needsBoosts()
  return {
    icon: icon === undefined ? (before.icon ?? null) : hashed(icon),
    unicode_emoji: unicode_emoji === undefined ? (before.unicode_emoji ?? null) : unicode_emoji,
  }
}

/** What a body makes of a role. Nobody hands out what they do not have. */
function formed(world: World, guild: Guild, before: APIRole, body: RoleBody): APIRole {
  const given = BigInt(body.permissions ?? before.permissions) & ~BigInt(before.permissions)
  if (given & ~world.guildPermissions(guild, world.bot.id)) throw refusal.missingPermissions()
  return {
    ...before,
    name: body.name ?? before.name,
    permissions: body.permissions ?? before.permissions,
    ...coloured(guild, before, body),
    hoist: body.hoist ?? before.hoist,
    mentionable: body.mentionable ?? before.mentionable,
    ...marked(guild, before, body),
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
      if (guild.roles.length >= ROLES_PER_GUILD) throw refusal.tooManyRoles(ROLES_PER_GUILD)
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
