import { z } from 'zod'
import { SnowflakeSchema } from '../snowflake.ts'
import { textSchema } from '../text.ts'
import type { CommandDefinition } from './definition.ts'
import { ExtendedInviteObjectSchema, InviteObjectSchema } from './discord-objects.ts'
import { ok, ReasonSchema, success } from './fields.ts'

/** What follows https://discord.gg/, or is a server's own there. */
const CodeSchema = textSchema(1, 100).regex(/^[\w-]+$/, 'expected the code of an invite')

export const invites = {
  create_invite: {
    method: 'invites.create',
    summary: 'Make an invite to a channel.',
    repeatable: 'no',
    guild: 'channel_id',
    permissions: ['CreateInstantInvite'],
    permissionsIf: { 'with `role_ids`': ['ManageRoles'] },
    errors: ['UNKNOWN_CHANNEL', 'UNKNOWN_ROLE'],
    example: { channel_id: '81384788765712384', max_age: 3_600, max_uses: 1, unique: true },
    rest: { route: 'POST /channels/{channel_id}/invites', answer: 'invite' },
    payload: z.strictObject({
      channel_id: SnowflakeSchema,
      /** How long it is good, in seconds, of at most 60 days; 0 for ever. Discord's default is a day. */
      max_age: z.int().min(0).max(5_184_000).optional(),
      /** 0 for any number, which is Discord's default. */
      max_uses: z.int().min(0).max(100).optional(),
      /** Whoever comes by it goes with their connection, unless they were given a role. */
      temporary: z.boolean().optional(),
      /** Without it Discord may answer a like one that there is. */
      unique: z.boolean().optional(),
      /** 1 is a stream, 2 an activity: https://docs.discord.com/developers/resources/invite#invite-object-invite-target-types */
      target_type: z.literal([1, 2]).optional(),
      target_user_id: SnowflakeSchema.optional(),
      target_application_id: SnowflakeSchema.optional(),
      /** Given to who comes by it. */
      role_ids: z.array(SnowflakeSchema).max(250).optional(),
      /** Whom alone it is for. */
      target_user_ids: z.array(SnowflakeSchema).max(1_000).optional(),
      reason: ReasonSchema.optional(),
    }),
    result: z.object({ success, invite: ExtendedInviteObjectSchema }),
  },
  list_channel_invites: {
    method: 'invites.listOfChannel',
    summary: 'Read the invites to a channel.',
    repeatable: 'read',
    guild: 'channel_id',
    permissions: ['ManageChannels'],
    errors: ['UNKNOWN_CHANNEL'],
    example: { channel_id: '81384788765712384' },
    rest: { route: 'GET /channels/{channel_id}/invites', answer: 'invites' },
    payload: z.strictObject({ channel_id: SnowflakeSchema }),
    result: z.object({ success, invites: z.array(ExtendedInviteObjectSchema) }),
  },
  list_guild_invites: {
    method: 'invites.listOfGuild',
    summary: 'Read the invites to all channels of a server.',
    repeatable: 'read',
    guild: 'guild_id',
    permissions: ['ManageGuild'],
    errors: ['UNKNOWN_GUILD'],
    example: { guild_id: '197038439483310086' },
    rest: { route: 'GET /guilds/{guild_id}/invites', answer: 'invites' },
    payload: z.strictObject({ guild_id: SnowflakeSchema }),
    result: z.object({ success, invites: z.array(ExtendedInviteObjectSchema) }),
  },
  get_invite: {
    method: 'invites.get',
    summary: 'Read where an invite leads, by its code.',
    repeatable: 'read',
    guild: 'code',
    errors: ['UNKNOWN_INVITE'],
    example: { code: '0vCdhLbwjZZTWZLD', with_counts: true },
    rest: { route: 'GET /invites/{code}', answer: 'invite' },
    payload: z.strictObject({
      code: CodeSchema,
      /** With about how many members the server has, and how many of them are online. */
      with_counts: z.boolean().optional(),
      /** The event to be shown with it. */
      guild_scheduled_event_id: SnowflakeSchema.optional(),
      target_channel_id: SnowflakeSchema.optional(),
      target_message_id: SnowflakeSchema.optional(),
    }),
    result: z.object({ success, invite: InviteObjectSchema }),
  },
  delete_invite: {
    method: 'invites.delete',
    summary: 'Have an invite be good no more.',
    repeatable: 'idempotent',
    guild: 'code',
    permissionsIf: { 'whoever made it': ['ManageChannels', 'ManageGuild'] },
    errors: ['UNKNOWN_INVITE'],
    example: { code: '0vCdhLbwjZZTWZLD', reason: 'leaked' },
    rest: { route: 'DELETE /invites/{code}', done: 'UNKNOWN_INVITE' },
    payload: z.strictObject({ code: CodeSchema, reason: ReasonSchema.optional() }),
    result: ok,
  },
} as const satisfies Record<string, CommandDefinition>
