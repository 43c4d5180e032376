import { z } from 'zod'
import { messageComponents } from './components/message-components.ts'
import { attachmentsBody } from './files.ts'
import { blame, maybe, snowflake, text } from './form.ts'
import { pollBody } from './polls/poll-body.ts'

/** https://docs.discord.com/developers/resources/message#embed-object-embed-limits */
const EMBED_TOTAL = 6_000

const media = z.looseObject({ url: text(2_048, 1) })

const embed = z.looseObject({
  title: maybe(text(256)),
  description: maybe(text(4_096)),
  url: maybe(text(2_048)),
  timestamp: maybe(z.string()),
  color: maybe(z.int().min(0).max(0xffffff)),
  footer: maybe(z.looseObject({ text: text(2_048, 1) })),
  author: maybe(z.looseObject({ name: text(256, 1) })),
  image: maybe(media),
  thumbnail: maybe(media),
  fields: maybe(
    z
      .array(
        z.looseObject({
          name: text(256, 1),
          value: text(1_024, 1),
          inline: maybe(z.boolean()).transform((value) => value ?? false),
        }),
      )
      .max(25),
  ),
})
export type EmbedBody = z.infer<typeof embed>

const lengthOf = (body: EmbedBody): number =>
  [
    body.title,
    body.description,
    body.footer?.text,
    body.author?.name,
    ...(body.fields ?? []).flatMap((field) => [field.name, field.value]),
  ].reduce((sum, part) => sum + (part?.length ?? 0), 0)

const embeds = z
  .array(embed)
  .max(10)
  .refine(
    (list) => list.reduce((sum, body) => sum + lengthOf(body), 0) <= EMBED_TOTAL,
    blame('MAX_EMBED_SIZE_EXCEEDED', `Embed size exceeds maximum size of ${EMBED_TOTAL}`),
  )

const nonce = z.unknown().superRefine((value, context) => {
  if (typeof value === 'string' && value.length > 25) {
    context.addIssue({ code: 'custom', ...blame('NONCE_TYPE_TOO_LONG', 'Must be 25 or fewer characters long.') })
  } else if (typeof value !== 'string' && !Number.isSafeInteger(value)) {
    const message = 'This field must be a string or integer.'
    context.addIssue({ code: 'custom', ...blame('NONCE_TYPE_INVALID_TYPE', message) })
  }
}) as z.ZodType<string | number>

/** Nothing here but what a bot may post without files: https://docs.discord.com/developers/resources/message#create-message */
export const messageBody = z.looseObject({
  content: maybe(text(2_000)),
  nonce: maybe(nonce),
  enforce_nonce: maybe(z.boolean()),
  tts: maybe(z.boolean()),
  embeds: maybe(embeds),
  allowed_mentions: maybe(
    z.looseObject({
      parse: maybe(z.array(z.enum(['roles', 'users', 'everyone']))),
      roles: maybe(z.array(snowflake).max(100)),
      users: maybe(z.array(snowflake).max(100)),
      replied_user: maybe(z.boolean()),
    }),
  ),
  message_reference: maybe(
    z.looseObject({
      type: maybe(z.literal([0, 1])),
      message_id: snowflake,
      channel_id: maybe(snowflake),
      guild_id: maybe(snowflake),
      fail_if_not_exists: maybe(z.boolean()),
    }),
  ),
  components: maybe(messageComponents),
  attachments: maybe(attachmentsBody),
  sticker_ids: maybe(z.array(snowflake).max(3)),
  poll: maybe(pollBody),
  flags: maybe(z.int().nonnegative()),
})
export type MessageBody = z.infer<typeof messageBody>
