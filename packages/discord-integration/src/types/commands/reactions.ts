import { z } from 'zod'
import { SnowflakeSchema } from '../snowflake.ts'
import type { CommandDefinition } from './definition.ts'
import { EmojiSchema, ok } from './fields.ts'

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
    payload: z.strictObject({ channel_id: SnowflakeSchema, message_id: SnowflakeSchema, emoji: EmojiSchema }),
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
    payload: z.strictObject({ channel_id: SnowflakeSchema, message_id: SnowflakeSchema, emoji: EmojiSchema }),
    result: ok,
  },
} as const satisfies Record<string, CommandDefinition>
