import { z } from 'zod'
import { SnowflakeSchema } from '../snowflake.ts'
import { textSchema } from '../text.ts'
import type { CommandDefinition } from './definition.ts'
import { RoleObjectSchema } from './discord-objects.ts'
import { ImageSchema, ok, PermissionsSchema, ReasonSchema, success } from './fields.ts'

/** As RGB. */
const ColorSchema = z.int().min(0).max(0xffffff)

/** A second and a third where the server has ENHANCED_ROLE_COLORS. */
export const RoleColorsSchema = z.strictObject({
  primary_color: ColorSchema,
  secondary_color: ColorSchema.nullable().optional(),
  tertiary_color: ColorSchema.nullable().optional(),
})

/** Null is what Discord has where it is not said: https://docs.discord.com/developers/resources/guild#create-guild-role */
const fields = {
  name: textSchema(1, 100).nullable().optional(),
  permissions: PermissionsSchema.nullable().optional(),
  /** The first of `colors`, by its older name. */
  color: ColorSchema.nullable().optional(),
  colors: RoleColorsSchema.nullable().optional(),
  /** Shown apart from others in the list of members. */
  hoist: z.boolean().nullable().optional(),
  mentionable: z.boolean().nullable().optional(),
  /** Where the server has ROLE_ICONS; null for none. */
  icon: ImageSchema.nullable().optional(),
  /** In place of an icon. */
  unicode_emoji: textSchema(1, 100).nullable().optional(),
  reason: ReasonSchema.optional(),
}

export const roles = {
  list_roles: {
    method: 'roles.list',
    summary: 'Read the roles of a server.',
    repeatable: 'read',
    guild: 'guild_id',
    errors: ['UNKNOWN_GUILD'],
    example: { guild_id: '197038439483310086' },
    rest: { route: 'GET /guilds/{guild_id}/roles', answer: 'roles' },
    payload: z.strictObject({ guild_id: SnowflakeSchema }),
    result: z.object({ success, roles: z.array(RoleObjectSchema) }),
  },
  get_role: {
    method: 'roles.get',
    summary: 'Read a role of a server.',
    repeatable: 'read',
    guild: 'guild_id',
    errors: ['UNKNOWN_ROLE'],
    example: { guild_id: '197038439483310086', role_id: '41771983423143936' },
    rest: { route: 'GET /guilds/{guild_id}/roles/{role_id}', answer: 'role' },
    payload: z.strictObject({ guild_id: SnowflakeSchema, role_id: SnowflakeSchema }),
    result: z.object({ success, role: RoleObjectSchema }),
  },
  create_role: {
    method: 'roles.create',
    summary: 'Make a role, below all others but the one of everybody.',
    repeatable: 'no',
    guild: 'guild_id',
    permissions: ['ManageRoles'],
    errors: ['UNKNOWN_GUILD', 'MISSING_PERMISSIONS'],
    example: { guild_id: '197038439483310086', name: 'Keyholder', permissions: '0', hoist: true },
    rest: { route: 'POST /guilds/{guild_id}/roles', answer: 'role' },
    payload: z.strictObject({ guild_id: SnowflakeSchema, ...fields }),
    result: z.object({ success, role: RoleObjectSchema }),
  },
  edit_role: {
    method: 'roles.edit',
    summary: 'Change a role that stands below the bot’s own.',
    repeatable: 'idempotent',
    guild: 'guild_id',
    permissions: ['ManageRoles'],
    errors: ['UNKNOWN_ROLE', 'MISSING_PERMISSIONS'],
    example: { guild_id: '197038439483310086', role_id: '41771983423143936', colors: { primary_color: 0x0f766e } },
    rest: { route: 'PATCH /guilds/{guild_id}/roles/{role_id}', answer: 'role' },
    payload: z.strictObject({ guild_id: SnowflakeSchema, role_id: SnowflakeSchema, ...fields }),
    result: z.object({ success, role: RoleObjectSchema }),
  },
  delete_role: {
    method: 'roles.delete',
    summary: 'Delete a role, and so take it from all who have it.',
    repeatable: 'idempotent',
    guild: 'guild_id',
    permissions: ['ManageRoles'],
    errors: ['UNKNOWN_ROLE', 'INVALID_ROLE', 'MISSING_PERMISSIONS'],
    example: { guild_id: '197038439483310086', role_id: '41771983423143936', reason: 'no longer used' },
    rest: { route: 'DELETE /guilds/{guild_id}/roles/{role_id}', done: 'UNKNOWN_ROLE' },
    payload: z.strictObject({
      guild_id: SnowflakeSchema,
      role_id: SnowflakeSchema,
      reason: ReasonSchema.optional(),
    }),
    result: ok,
  },
  move_roles: {
    method: 'roles.move',
    summary: 'Put roles elsewhere in the order of a server’s roles, where the higher may act on the lower.',
    repeatable: 'idempotent',
    guild: 'guild_id',
    permissions: ['ManageRoles'],
    errors: ['UNKNOWN_ROLE', 'MISSING_PERMISSIONS'],
    example: { guild_id: '197038439483310086', roles: [{ id: '41771983423143936', position: 2 }] },
    rest: { route: 'PATCH /guilds/{guild_id}/roles', body: 'roles', answer: 'roles' },
    payload: z.strictObject({
      guild_id: SnowflakeSchema,
      /** The lowest is 0, the role of everybody. */
      roles: z
        .array(z.strictObject({ id: SnowflakeSchema, position: z.int().min(0).nullable().optional() }))
        .min(1)
        .max(250),
      reason: ReasonSchema.optional(),
    }),
    /** All of the server's, as they are then. */
    result: z.object({ success, roles: z.array(RoleObjectSchema) }),
  },
  get_role_member_counts: {
    method: 'roles.memberCounts',
    summary: 'Read how many members have each role, the one of everybody left out.',
    repeatable: 'read',
    guild: 'guild_id',
    errors: ['UNKNOWN_GUILD'],
    example: { guild_id: '197038439483310086' },
    rest: { route: 'GET /guilds/{guild_id}/roles/member-counts', answer: 'member_counts' },
    payload: z.strictObject({ guild_id: SnowflakeSchema }),
    /** By the role's id. */
    result: z.object({ success, member_counts: z.record(SnowflakeSchema, z.int()) }),
  },
} as const satisfies Record<string, CommandDefinition>
