import { z } from 'zod'
import { SnowflakeSchema } from '../snowflake.ts'
import type { CommandDefinition } from './definition.ts'
import { UserObjectSchema } from './discord-objects.ts'
import { EmojiSchema, ok, success } from './fields.ts'

const message = { channel_id: SnowflakeSchema, message_id: SnowflakeSchema }
const reaction = { ...message, emoji: EmojiSchema }

export const reactions = {
  add_reaction: {
    method: 'reactions.add',
    summary: 'React to a message as the bot.',
    repeatable: 'idempotent',
    guild: 'channel_id',
    permissions: ['AddReactions', 'ReadMessageHistory'],
    errors: ['UNKNOWN_MESSAGE', 'UNKNOWN_EMOJI'],
    example: { channel_id: '81384788765712384', message_id: '1199482310284230656', emoji: '🔥' },
    rest: { route: 'PUT /channels/{channel_id}/messages/{message_id}/reactions/{emoji}/@me' },
    payload: z.strictObject(reaction),
    result: ok,
  },
  remove_reaction: {
    method: 'reactions.remove',
    summary: 'Take back a reaction of the bot’s own.',
    repeatable: 'idempotent',
    guild: 'channel_id',
    errors: ['UNKNOWN_MESSAGE', 'UNKNOWN_EMOJI'],
    example: { channel_id: '81384788765712384', message_id: '1199482310284230656', emoji: '🔥' },
    rest: {
      route: 'DELETE /channels/{channel_id}/messages/{message_id}/reactions/{emoji}/@me',
      done: 'UNKNOWN_EMOJI',
    },
    payload: z.strictObject(reaction),
    result: ok,
  },
  remove_user_reaction: {
    method: 'reactions.removeUser',
    summary: 'Take away somebody’s reaction.',
    repeatable: 'idempotent',
    guild: 'channel_id',
    permissions: ['ManageMessages'],
    errors: ['UNKNOWN_MESSAGE', 'UNKNOWN_EMOJI'],
    example: {
      channel_id: '81384788765712384',
      message_id: '1199482310284230656',
      emoji: '🔥',
      user_id: '80351110224678912',
    },
    rest: {
      route: 'DELETE /channels/{channel_id}/messages/{message_id}/reactions/{emoji}/{user_id}',
      done: 'UNKNOWN_EMOJI',
    },
    payload: z.strictObject({ ...reaction, user_id: SnowflakeSchema }),
    result: ok,
  },
  remove_emoji_reactions: {
    method: 'reactions.removeEmoji',
    summary: 'Take away all reactions to a message with one emoji.',
    repeatable: 'idempotent',
    guild: 'channel_id',
    permissions: ['ManageMessages'],
    errors: ['UNKNOWN_MESSAGE', 'UNKNOWN_EMOJI'],
    example: { channel_id: '81384788765712384', message_id: '1199482310284230656', emoji: '🔥' },
    rest: { route: 'DELETE /channels/{channel_id}/messages/{message_id}/reactions/{emoji}' },
    payload: z.strictObject(reaction),
    result: ok,
  },
  remove_all_reactions: {
    method: 'reactions.removeAll',
    summary: 'Take away all reactions to a message.',
    repeatable: 'idempotent',
    guild: 'channel_id',
    permissions: ['ManageMessages'],
    errors: ['UNKNOWN_MESSAGE'],
    example: { channel_id: '81384788765712384', message_id: '1199482310284230656' },
    rest: { route: 'DELETE /channels/{channel_id}/messages/{message_id}/reactions' },
    payload: z.strictObject(message),
    result: ok,
  },
  get_reactions: {
    method: 'reactions.list',
    summary: 'Read who reacted to a message with an emoji.',
    repeatable: 'read',
    guild: 'channel_id',
    errors: ['UNKNOWN_MESSAGE', 'UNKNOWN_EMOJI'],
    example: { channel_id: '81384788765712384', message_id: '1199482310284230656', emoji: '🔥', limit: 100 },
    rest: { route: 'GET /channels/{channel_id}/messages/{message_id}/reactions/{emoji}', answer: 'users' },
    payload: z.strictObject({
      ...reaction,
      /** 0, which is Discord's default, or 1 for super reactions. */
      type: z.literal([0, 1]).optional(),
      /** Those whose id is higher. */
      after: SnowflakeSchema.optional(),
      /** 1 to 100; Discord's default is 25. */
      limit: z.int().min(1).max(100).optional(),
    }),
    result: z.object({ success, users: z.array(UserObjectSchema) }),
  },
} as const satisfies Record<string, CommandDefinition>
