import { z } from 'zod'
import { SnowflakeSchema } from '../snowflake.ts'
import type { CommandDefinition } from './definition.ts'
import { BanObjectSchema, BulkBanObjectSchema } from './discord-objects.ts'
import { ok, ReasonSchema, success } from './fields.ts'

/** How far back what they wrote is deleted, at most 7 days: https://docs.discord.com/developers/resources/guild#create-guild-ban */
const DeleteMessageSecondsSchema = z.int().min(0).max(604_800).optional()

export const bans = {
  ban_member: {
    method: 'bans.add',
    summary: 'Ban somebody from a server, member or not, and delete what they wrote lately.',
    repeatable: 'idempotent',
    guild: 'guild_id',
    permissions: ['BanMembers'],
    errors: ['UNKNOWN_USER', 'MISSING_PERMISSIONS'],
    example: {
      guild_id: '197038439483310086',
      user_id: '80351110224678912',
      delete_message_seconds: 86_400,
      reason: 'spam',
    },
    rest: { route: 'PUT /guilds/{guild_id}/bans/{user_id}' },
    payload: z.strictObject({
      guild_id: SnowflakeSchema,
      user_id: SnowflakeSchema,
      delete_message_seconds: DeleteMessageSecondsSchema,
      reason: ReasonSchema.optional(),
    }),
    result: ok,
  },
  bulk_ban_members: {
    method: 'bans.addMany',
    summary: 'Ban up to 200 at once, and be told who was banned and who could not be.',
    // Of those whom the first time banned, a second would say that they could not be.
    repeatable: 'no',
    guild: 'guild_id',
    permissions: ['BanMembers', 'ManageGuild'],
    errors: ['FAILED_TO_BAN_USERS'],
    example: {
      guild_id: '197038439483310086',
      user_ids: ['80351110224678912', '53908232506183680'],
      delete_message_seconds: 3_600,
      reason: 'raid',
    },
    rest: { route: 'POST /guilds/{guild_id}/bulk-ban', answer: 'bulk_ban' },
    payload: z.strictObject({
      guild_id: SnowflakeSchema,
      user_ids: z.array(SnowflakeSchema).min(1).max(200),
      delete_message_seconds: DeleteMessageSecondsSchema,
      reason: ReasonSchema.optional(),
    }),
    result: z.object({ success, bulk_ban: BulkBanObjectSchema }),
  },
  unban_member: {
    method: 'bans.remove',
    summary: 'Let somebody who was banned come back.',
    repeatable: 'idempotent',
    guild: 'guild_id',
    permissions: ['BanMembers'],
    errors: ['UNKNOWN_BAN'],
    example: { guild_id: '197038439483310086', user_id: '80351110224678912', reason: 'appealed' },
    rest: { route: 'DELETE /guilds/{guild_id}/bans/{user_id}', done: 'UNKNOWN_BAN' },
    payload: z.strictObject({
      guild_id: SnowflakeSchema,
      user_id: SnowflakeSchema,
      reason: ReasonSchema.optional(),
    }),
    result: ok,
  },
  get_ban: {
    method: 'bans.get',
    summary: 'Read whether somebody is banned, and why: who is not is `UNKNOWN_BAN`.',
    repeatable: 'read',
    guild: 'guild_id',
    permissions: ['BanMembers'],
    errors: ['UNKNOWN_BAN'],
    example: { guild_id: '197038439483310086', user_id: '80351110224678912' },
    rest: { route: 'GET /guilds/{guild_id}/bans/{user_id}', answer: 'ban' },
    payload: z.strictObject({ guild_id: SnowflakeSchema, user_id: SnowflakeSchema }),
    result: z.object({ success, ban: BanObjectSchema }),
  },
  list_bans: {
    method: 'bans.list',
    summary: 'Read who is banned from a server, by their ids.',
    repeatable: 'read',
    guild: 'guild_id',
    permissions: ['BanMembers'],
    errors: ['UNKNOWN_GUILD'],
    example: { guild_id: '197038439483310086', limit: 100 },
    rest: { route: 'GET /guilds/{guild_id}/bans', answer: 'bans' },
    payload: z.strictObject({
      guild_id: SnowflakeSchema,
      /** 1 to 1,000, which is Discord's default. */
      limit: z.int().min(1).max(1_000).optional(),
      before: SnowflakeSchema.optional(),
      /** Passed over where there is `before`. */
      after: SnowflakeSchema.optional(),
    }),
    result: z.object({ success, bans: z.array(BanObjectSchema) }),
  },
} as const satisfies Record<string, CommandDefinition>
