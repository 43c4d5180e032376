import { z } from 'zod'
import { SnowflakeSchema } from '../snowflake.ts'
import { textSchema } from '../text.ts'
import { byMaker, type CommandDefinition } from './definition.ts'
import { StickerObjectSchema } from './discord-objects.ts'
import { FormFileSchema, ok, ReasonSchema, success } from './fields.ts'

const NameSchema = textSchema(2, 30)

const DescriptionSchema = textSchema(0, 100).refine(
  (text) => text.length !== 1,
  'expected no text, or 2 to 100 characters',
)

/** What it is suggested for: the name of an emoji, as Discord's own clients have it. */
const TagsSchema = textSchema(0, 200)

export const stickers = {
  list_stickers: {
    method: 'stickers.list',
    summary: 'Read the stickers of a server.',
    repeatable: 'read',
    guild: 'guild_id',
    errors: ['UNKNOWN_GUILD'],
    example: { guild_id: '197038439483310086' },
    rest: { route: 'GET /guilds/{guild_id}/stickers', answer: 'stickers' },
    payload: z.strictObject({ guild_id: SnowflakeSchema }),
    result: z.object({ success, stickers: z.array(StickerObjectSchema) }),
  },
  get_sticker: {
    method: 'stickers.get',
    summary: 'Read a sticker of a server.',
    repeatable: 'read',
    guild: 'guild_id',
    errors: ['UNKNOWN_STICKER'],
    example: { guild_id: '197038439483310086', sticker_id: '749054660769218631' },
    rest: { route: 'GET /guilds/{guild_id}/stickers/{sticker_id}', answer: 'sticker' },
    payload: z.strictObject({ guild_id: SnowflakeSchema, sticker_id: SnowflakeSchema }),
    result: z.object({ success, sticker: StickerObjectSchema }),
  },
  create_sticker: {
    method: 'stickers.create',
    summary: 'Make a sticker of a server of an uploaded PNG, APNG, GIF or Lottie file of at most 512 KiB.',
    repeatable: 'no',
    guild: 'guild_id',
    permissions: ['CreateGuildExpressions'],
    errors: ['INVALID_FILE_UPLOADED', 'MAXIMUM_NUMBER_OF_STICKERS_REACHED', 'UNKNOWN_GUILD'],
    example: {
      guild_id: '197038439483310086',
      name: 'Kiln',
      description: 'The kiln is on',
      tags: 'fire',
      file: { upload: 'upload_3q2-7wEjRb6kX0sYv9TfLg' },
    },
    rest: { route: 'POST /guilds/{guild_id}/stickers', form: 'file', answer: 'sticker' },
    payload: z.strictObject({
      guild_id: SnowflakeSchema,
      name: NameSchema,
      description: DescriptionSchema,
      tags: TagsSchema,
      file: FormFileSchema,
      reason: ReasonSchema.optional(),
    }),
    result: z.object({ success, sticker: StickerObjectSchema }),
  },
  edit_sticker: {
    method: 'stickers.edit',
    summary: 'Change what is said of a sticker.',
    repeatable: 'idempotent',
    guild: 'guild_id',
    permissionsIf: byMaker('GuildExpressions'),
    errors: ['UNKNOWN_STICKER'],
    example: { guild_id: '197038439483310086', sticker_id: '749054660769218631', name: 'Kiln, on' },
    rest: { route: 'PATCH /guilds/{guild_id}/stickers/{sticker_id}', answer: 'sticker' },
    payload: z.strictObject({
      guild_id: SnowflakeSchema,
      sticker_id: SnowflakeSchema,
      name: NameSchema.optional(),
      /** Null for none. */
      description: DescriptionSchema.nullable().optional(),
      tags: TagsSchema.optional(),
      reason: ReasonSchema.optional(),
    }),
    result: z.object({ success, sticker: StickerObjectSchema }),
  },
  delete_sticker: {
    method: 'stickers.delete',
    summary: 'Delete a sticker of a server.',
    repeatable: 'idempotent',
    guild: 'guild_id',
    permissionsIf: byMaker('GuildExpressions'),
    errors: ['UNKNOWN_STICKER'],
    example: { guild_id: '197038439483310086', sticker_id: '749054660769218631' },
    rest: { route: 'DELETE /guilds/{guild_id}/stickers/{sticker_id}', done: 'UNKNOWN_STICKER' },
    payload: z.strictObject({
      guild_id: SnowflakeSchema,
      sticker_id: SnowflakeSchema,
      reason: ReasonSchema.optional(),
    }),
    result: ok,
  },
} as const satisfies Record<string, CommandDefinition>
