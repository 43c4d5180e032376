import { z } from 'zod'
import { SnowflakeSchema } from '../snowflake.ts'
import { textSchema } from '../text.ts'
import { byMaker, type CommandDefinition } from './definition.ts'
import { EmojiObjectSchema } from './discord-objects.ts'
import { ImageSchema, ok, ReasonSchema, success } from './fields.ts'

const NameSchema = textSchema(2, 32).regex(/^\w+$/, 'expected letters, digits and underscores')

/** Whom it is for alone: whoever has one of them. */
const RolesSchema = z.array(SnowflakeSchema).max(250)

export const emojis = {
  list_emojis: {
    method: 'emojis.list',
    summary: 'Read the emojis of a server.',
    repeatable: 'read',
    guild: 'guild_id',
    errors: ['UNKNOWN_GUILD'],
    example: { guild_id: '197038439483310086' },
    rest: { route: 'GET /guilds/{guild_id}/emojis', answer: 'emojis' },
    payload: z.strictObject({ guild_id: SnowflakeSchema }),
    result: z.object({ success, emojis: z.array(EmojiObjectSchema) }),
  },
  get_emoji: {
    method: 'emojis.get',
    summary: 'Read an emoji of a server.',
    repeatable: 'read',
    guild: 'guild_id',
    errors: ['UNKNOWN_EMOJI'],
    example: { guild_id: '197038439483310086', emoji_id: '41771983429993937' },
    rest: { route: 'GET /guilds/{guild_id}/emojis/{emoji_id}', answer: 'emoji' },
    payload: z.strictObject({ guild_id: SnowflakeSchema, emoji_id: SnowflakeSchema }),
    result: z.object({ success, emoji: EmojiObjectSchema }),
  },
  create_emoji: {
    method: 'emojis.create',
    summary: 'Make an emoji of a server of a picture of at most 256 KiB.',
    repeatable: 'no',
    guild: 'guild_id',
    permissions: ['CreateGuildExpressions'],
    errors: ['INVALID_FORM_BODY_OR_CONTENT_TYPE', 'UNKNOWN_GUILD'],
    example: { guild_id: '197038439483310086', name: 'kiln', image: 'data:image/png;base64,iVBORw0KGgo=' },
    rest: { route: 'POST /guilds/{guild_id}/emojis', answer: 'emoji' },
    payload: z.strictObject({
      guild_id: SnowflakeSchema,
      name: NameSchema,
      image: ImageSchema,
      roles: RolesSchema.optional(),
      reason: ReasonSchema.optional(),
    }),
    result: z.object({ success, emoji: EmojiObjectSchema }),
  },
  edit_emoji: {
    method: 'emojis.edit',
    summary: 'Change the name of an emoji, or whom it is for.',
    repeatable: 'idempotent',
    guild: 'guild_id',
    permissionsIf: byMaker('GuildExpressions'),
    errors: ['UNKNOWN_EMOJI'],
    example: { guild_id: '197038439483310086', emoji_id: '41771983429993937', name: 'kiln_on' },
    rest: { route: 'PATCH /guilds/{guild_id}/emojis/{emoji_id}', answer: 'emoji' },
    payload: z.strictObject({
      guild_id: SnowflakeSchema,
      emoji_id: SnowflakeSchema,
      name: NameSchema.optional(),
      /** Null for everybody. */
      roles: RolesSchema.nullable().optional(),
      reason: ReasonSchema.optional(),
    }),
    result: z.object({ success, emoji: EmojiObjectSchema }),
  },
  delete_emoji: {
    method: 'emojis.delete',
    summary: 'Delete an emoji of a server.',
    repeatable: 'idempotent',
    guild: 'guild_id',
    permissionsIf: byMaker('GuildExpressions'),
    errors: ['UNKNOWN_EMOJI'],
    example: { guild_id: '197038439483310086', emoji_id: '41771983429993937' },
    rest: { route: 'DELETE /guilds/{guild_id}/emojis/{emoji_id}', done: 'UNKNOWN_EMOJI' },
    payload: z.strictObject({
      guild_id: SnowflakeSchema,
      emoji_id: SnowflakeSchema,
      reason: ReasonSchema.optional(),
    }),
    result: ok,
  },
} as const satisfies Record<string, CommandDefinition>
