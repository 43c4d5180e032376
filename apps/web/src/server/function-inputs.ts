import { MESSAGE_MAX_CHARACTERS, SnowflakeSchema, textSchema } from '@repo/discord-integration/types'
import { z } from 'zod'
import { FunctionError } from './function-error.ts'

/** What the page may ask for: each field by name, nothing passed through. */
export const ChannelMessagesInput = z.strictObject({
  guildId: SnowflakeSchema,
  channelId: SnowflakeSchema,
  /** Only messages older than this one. */
  before: SnowflakeSchema.optional(),
  /** 1 to 100; 50 without it. */
  limit: z.int().min(1).max(100).optional(),
})

export const SendMessageInput = z.strictObject({
  guildId: SnowflakeSchema,
  channelId: SnowflakeSchema,
  content: textSchema(1, MESSAGE_MAX_CHARACTERS),
  /** Chosen by the page, the same for a repeat: a message is then not sent twice. */
  requestId: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  replyTo: SnowflakeSchema.optional(),
})

/** A server function's validator: what is not of that shape is refused as `INVALID_INPUT`. */
export function input<Schema extends z.ZodType>(schema: Schema): (data: z.input<Schema>) => z.output<Schema> {
  return (data) => {
    const result = schema.safeParse(data)
    if (!result.success) throw new FunctionError('INVALID_INPUT')
    return result.data
  }
}
