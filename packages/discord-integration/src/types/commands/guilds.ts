import { z } from 'zod'
import { SnowflakeSchema } from '../snowflake.ts'
import type { CommandDefinition } from './definition.ts'
import {
  AuditLogObjectSchema,
  GuildChannelObjectSchema,
  GuildCreateObjectSchema,
  GuildObjectSchema,
} from './discord-objects.ts'
import { success } from './fields.ts'

export const guilds = {
  get_guild: {
    method: 'guilds.get',
    summary: 'Read a server, its roles and emojis included, without its channels and members.',
    repeatable: 'read',
    guild: 'guild_id',
    errors: ['UNKNOWN_GUILD'],
    example: { guild_id: '197038439483310086', with_counts: true },
    rest: { route: 'GET /guilds/{guild_id}', answer: 'guild' },
    payload: z.strictObject({
      guild_id: SnowflakeSchema,
      /** With about how many members it has, and how many of them are online. */
      with_counts: z.boolean().optional(),
    }),
    result: z.object({ success, guild: GuildObjectSchema }),
  },
  get_guild_snapshot: {
    method: 'guilds.snapshot',
    summary:
      'Read what the Gateway Service itself knows of a server, as a snapshot’s GUILD_CREATE, without asking Discord.',
    repeatable: 'read',
    guild: 'guild_id',
    errors: ['UNKNOWN_GUILD'],
    example: { guild_id: '197038439483310086' },
    payload: z.strictObject({ guild_id: SnowflakeSchema }),
    /**
     * As it is now: events that are on their way to the backend may be in it already. Members and presences are those that
     * Discord has told, which for a large server without the intents for them are few. One that would be larger than a snapshot's
     * may be (32 MiB) has `large: true`, no presences at all, and as many members as there is room for, those in voice first.
     */
    result: z.object({ success, guild: GuildCreateObjectSchema }),
  },
  list_channels: {
    method: 'guilds.channels',
    summary: 'Read the channels of a server, threads left out.',
    repeatable: 'read',
    guild: 'guild_id',
    errors: ['UNKNOWN_GUILD'],
    example: { guild_id: '197038439483310086' },
    rest: { route: 'GET /guilds/{guild_id}/channels', answer: 'channels' },
    payload: z.strictObject({ guild_id: SnowflakeSchema }),
    result: z.object({ success, channels: z.array(GuildChannelObjectSchema) }),
  },
  get_audit_log: {
    method: 'guilds.auditLog',
    summary: 'Read who did what in a server, newest first, and the users and things that it names.',
    repeatable: 'read',
    guild: 'guild_id',
    permissions: ['ViewAuditLog'],
    errors: ['UNKNOWN_GUILD'],
    example: { guild_id: '197038439483310086', action_type: 22, limit: 10 },
    rest: { route: 'GET /guilds/{guild_id}/audit-logs', answer: 'audit_log' },
    payload: z.strictObject({
      guild_id: SnowflakeSchema,
      /** Who did it. */
      user_id: SnowflakeSchema.optional(),
      /** To whom, or to what. */
      target_id: SnowflakeSchema.optional(),
      /** https://docs.discord.com/developers/resources/audit-log#audit-log-entry-object-audit-log-events */
      action_type: z.int().min(1).optional(),
      before: SnowflakeSchema.optional(),
      /** The oldest first then. */
      after: SnowflakeSchema.optional(),
      /** 1 to 100; Discord's default is 50. */
      limit: z.int().min(1).max(100).optional(),
    }),
    result: z.object({ success, audit_log: AuditLogObjectSchema }),
  },
} as const satisfies Record<string, CommandDefinition>
