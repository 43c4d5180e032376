import { MESSAGE_MAX_CHARACTERS, MESSAGE_MAX_FILES, SnowflakeSchema, textSchema } from '@repo/discord-integration/types'
import { z } from 'zod'
import { FunctionError } from './function-error.ts'
import { SEALED } from './uploads/sealed.ts'

/** What the page may ask for: each field by name, nothing passed through. */
export const ChannelMessagesInput = z.strictObject({
  guildId: SnowflakeSchema,
  channelId: SnowflakeSchema,
  /** Only messages older than this one. */
  before: SnowflakeSchema.optional(),
  /** 1 to 100; 50 without it. */
  limit: z.int().min(1).max(100).optional(),
})

/** Chosen by the page, the same for a repeat: nothing is then done twice. */
const requestId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/)

const inChannel = { guildId: SnowflakeSchema, channelId: SnowflakeSchema }
const content = textSchema(1, MESSAGE_MAX_CHARACTERS)

/** A message says something, or has files: what they were uploaded as. */
export const SendMessageInput = z
  .strictObject({
    ...inChannel,
    content: textSchema(0, MESSAGE_MAX_CHARACTERS),
    requestId,
    replyTo: SnowflakeSchema.optional(),
    files: z.array(z.string().regex(SEALED)).min(1).max(MESSAGE_MAX_FILES).optional(),
  })
  .refine((message) => message.content !== '' || message.files !== undefined)

const ofMessage = { ...inChannel, messageId: SnowflakeSchema, requestId }

export const EditMessageInput = z.strictObject({ ...ofMessage, content })

export const DeleteMessageInput = z.strictObject(ofMessage)

/** An emoji, or `name:id` of a server's own. */
export const ReactionInput = z.strictObject({
  ...ofMessage,
  emoji: textSchema(1, 64).regex(/^(?!\.{1,2}$)[^/\s]+$/),
})

const ofMember = { guildId: SnowflakeSchema, userId: SnowflakeSchema, requestId }

/** `channelId` null: out of voice. */
export const MoveMemberInput = z.strictObject({ ...ofMember, channelId: SnowflakeSchema.nullable() })

export const MuteMemberInput = z.strictObject({ ...ofMember, mute: z.boolean() })

export const DeafenMemberInput = z.strictObject({ ...ofMember, deaf: z.boolean() })

/** `until` null: no longer. Else a moment with its zone, as ISO 8601 has it. */
export const TimeoutMemberInput = z.strictObject({
  ...ofMember,
  until: z.iso.datetime({ offset: true }).nullable(),
})

export const ChannelInput = z.strictObject(inChannel)

export const GuildInput = z.strictObject({ guildId: SnowflakeSchema })

export const MemberInput = z.strictObject({ guildId: SnowflakeSchema, userId: SnowflakeSchema })

/** A server function's validator: what is not of that shape is refused as `INVALID_INPUT`. */
export function input<Schema extends z.ZodType>(schema: Schema): (data: z.input<Schema>) => z.output<Schema> {
  return (data) => {
    const result = schema.safeParse(data)
    if (!result.success) throw new FunctionError('INVALID_INPUT')
    return result.data
  }
}
