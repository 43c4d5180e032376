import { z } from 'zod'
import { messageComponents } from './components/message-components.ts'
import { media, url } from './components/parts.ts'
import { attachmentsBody } from './files.ts'
import { blame, isFilled, maybe, moment, snowflake, text } from './form.ts'
import { pollBody } from './polls/poll-body.ts'

/** https://docs.discord.com/developers/resources/message#embed-object-embed-limits */
const EMBED_TOTAL = 6_000

const link = url(2_048, 'http', 'https')
const icon = maybe(url(2_048, 'http', 'https', 'attachment'))

/** What an embed must have one of, so that there is something to be seen. */
const SEEN = ['title', 'description', 'footer', 'author', 'image', 'thumbnail', 'fields', 'url', 'timestamp', 'video']
const isSeen = (body: object) => SEEN.some((field) => isFilled(Reflect.get(body, field)))

const embed = z
  .looseObject({
    title: maybe(text(256)),
    description: maybe(text(4_096)),
    url: maybe(link),
    timestamp: maybe(moment),
    color: maybe(z.int().min(0).max(0xffffff)),
    footer: maybe(z.looseObject({ text: text(2_048, 1), icon_url: icon })),
    author: maybe(z.looseObject({ name: text(256, 1), url: maybe(link), icon_url: icon })),
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
  .refine(isSeen, { path: ['description'], ...blame('BASE_TYPE_REQUIRED', 'This field is required') })
export type EmbedBody = z.infer<typeof embed>

/** Discord counts code points, not UTF-16 units. */
const lengthOf = (body: EmbedBody): number =>
  [
    body.title,
    body.description,
    body.footer?.text,
    body.author?.name,
    ...(body.fields ?? []).flatMap((field) => [field.name, field.value]),
  ].reduce((sum, part) => sum + Array.from(part ?? '').length, 0)

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

/** What is parsed is not listed too: https://docs.discord.com/developers/resources/message#allowed-mentions-object */
const allowedMentions = z
  .looseObject({
    parse: maybe(z.array(z.enum(['roles', 'users', 'everyone']))),
    roles: maybe(z.array(snowflake).max(100)),
    users: maybe(z.array(snowflake).max(100)),
    replied_user: maybe(z.boolean()),
  })
  .superRefine(({ parse, roles, users }, context) => {
    for (const [kind, ids] of [['users', users] as const, ['roles', roles] as const]) {
      if (!parse?.includes(kind) || !ids?.length) continue
      const message = `parse:["${kind}"] and ${kind}: [ids...] are mutually exclusive.`
      context.addIssue({ code: 'custom', ...blame('MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE', message) })
    }
  })

/** Nothing here but what a bot may post without files: https://docs.discord.com/developers/resources/message#create-message */
export const messageBody = z.looseObject({
  content: maybe(text(2_000)),
  nonce: maybe(nonce),
  enforce_nonce: maybe(z.boolean()),
  tts: maybe(z.boolean()),
  embeds: maybe(embeds),
  allowed_mentions: maybe(allowedMentions),
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
