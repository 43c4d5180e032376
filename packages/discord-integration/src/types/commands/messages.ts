import { z } from 'zod'
import { SnowflakeSchema } from '../snowflake.ts'
import type { CommandDefinition } from './definition.ts'
import { AllowedMentionsSchema, ContentSchema, ok, RawSchema, ReasonSchema, success } from './fields.ts'

export const messages = {
  send_message: {
    method: 'messages.send',
    summary: 'Send a message to a channel.',
    repeatable: 'nonce',
    guild: 'channel_id',
    permissions: ['SendMessages'],
    errors: ['UNKNOWN_CHANNEL', 'MISSING_PERMISSIONS'],
    example: { channel_id: '81384788765712384', content: 'Hello from the backend!' },
    payload: z.strictObject({
      channel_id: SnowflakeSchema,
      content: ContentSchema,
      /** Reply to a message of the same channel. */
      reply_to: SnowflakeSchema.optional(),
      allowed_mentions: AllowedMentionsSchema.optional(),
      /** What it links to is not shown with it. */
      suppress_embeds: z.boolean().optional(),
    }),
    result: z.object({ success, message_id: SnowflakeSchema }),
  },
  edit_message: {
    method: 'messages.edit',
    summary: 'Change a message of the bot’s own.',
    repeatable: 'idempotent',
    guild: 'channel_id',
    errors: ['UNKNOWN_MESSAGE', 'UNKNOWN_CHANNEL'],
    example: { channel_id: '81384788765712384', message_id: '1199482310284230656', content: 'Hello again' },
    rest: { route: 'PATCH /channels/{channel_id}/messages/{message_id}', answer: 'message' },
    payload: z.strictObject({
      channel_id: SnowflakeSchema,
      message_id: SnowflakeSchema,
      content: ContentSchema,
      allowed_mentions: AllowedMentionsSchema.optional(),
      /** SUPPRESS_EMBEDS: what it links to is not shown with it. Without it, as before. */
      flags: z.literal(4).optional(),
    }),
    result: z.object({ success, message: RawSchema }),
  },
  delete_message: {
    method: 'messages.delete',
    summary: 'Delete a message.',
    repeatable: 'idempotent',
    guild: 'channel_id',
    permissions: ['ManageMessages'],
    errors: ['UNKNOWN_MESSAGE'],
    example: { channel_id: '81384788765712384', message_id: '1199482310284230656', reason: 'spam' },
    rest: { route: 'DELETE /channels/{channel_id}/messages/{message_id}', done: 'UNKNOWN_MESSAGE' },
    payload: z.strictObject({
      channel_id: SnowflakeSchema,
      message_id: SnowflakeSchema,
      reason: ReasonSchema.optional(),
    }),
    result: ok,
  },
  get_channel_messages: {
    method: 'messages.list',
    summary: 'Read messages of a channel, newest first.',
    repeatable: 'read',
    guild: 'channel_id',
    permissions: ['ReadMessageHistory'],
    errors: ['UNKNOWN_CHANNEL'],
    example: { channel_id: '81384788765712384', limit: 50 },
    rest: { route: 'GET /channels/{channel_id}/messages', answer: 'messages' },
    payload: z
      .strictObject({
        channel_id: SnowflakeSchema,
        before: SnowflakeSchema.optional(),
        after: SnowflakeSchema.optional(),
        around: SnowflakeSchema.optional(),
        /** 1 to 100; Discord's default is 50. */
        limit: z.int().min(1).max(100).optional(),
      })
      .refine((payload) => [payload.before, payload.after, payload.around].filter(Boolean).length <= 1, {
        error: 'only one of before, after and around may be given',
        path: ['before'],
      }),
    result: z.object({ success, messages: z.array(RawSchema) }),
  },
} as const satisfies Record<string, CommandDefinition>
