import type { RESTPatchAPIWebhookWithTokenMessageJSONBody } from 'discord-api-types/v10'
import { z } from 'zod'
import { SnowflakeSchema } from '../snowflake.ts'
import { characters, textSchema } from '../text.ts'
import { MessageComponentObjectSchema } from './discord-objects.ts'
import {
  AllowedMentionsSchema,
  ContentSchema,
  EditedContentSchema,
  FilesSchema,
  passingOver,
  TimeSchema,
  typedToo,
} from './fields.ts'

/** Of all embeds of a message together: https://docs.discord.com/developers/resources/message#embed-object-embed-limits */
const EMBEDS_MAX_CHARACTERS = 6_000

const LinkSchema = textSchema(1, 2_048).regex(/^https?:\/\//i, 'expected a link: http:// or https://')

/** Also a file that goes with the message, by its name: `attachment://cat.png`. */
const PictureLinkSchema = textSchema(1, 2_048).regex(
  /^(?:https?|attachment):\/\//i,
  'expected a link, or attachment:// and the name of a file',
)

/** What Discord tells of a message's parts, and finds out itself: https://docs.discord.com/developers/resources/message */
const READ_ONLY = {
  embed: ['type', 'provider', 'video', 'flags', 'reference_id', 'content_scan_version'],
  /** An embed's image and thumbnail. */
  picture: [
    'proxy_url',
    'width',
    'height',
    'content_type',
    'placeholder',
    'placeholder_version',
    'is_animated',
    'flags',
    'content_scan_version',
  ],
  /** An embed's author and footer. */
  icon: ['proxy_icon_url'],
  attachment: [
    'url',
    'proxy_url',
    'size',
    'content_type',
    'original_content_type',
    'content_scan_version',
    'width',
    'height',
    'placeholder',
    'placeholder_version',
    'ephemeral',
    'duration_secs',
    'waveform',
    'flags',
    'clip_participants',
    'clip_created_at',
    'application',
  ],
} as const

const PictureSchema = passingOver(
  z.strictObject({
    url: PictureLinkSchema,
    /** For who does not see it. */
    description: textSchema(1, 4_096).optional(),
  }),
  READ_ONLY.picture,
)

/**
 * What of an embed is for bots to say: Discord finds its type, provider, video and all sizes itself.
 * https://docs.discord.com/developers/resources/message#embed-object
 */
const OwnEmbedSchema = z.strictObject({
  title: textSchema(0, 256).optional(),
  description: textSchema(0, 4_096).optional(),
  url: LinkSchema.optional(),
  timestamp: TimeSchema.optional(),
  /** As 0xRRGGBB. */
  color: z.int().min(0).max(0xff_ff_ff).optional(),
  footer: passingOver(
    z.strictObject({ text: textSchema(1, 2_048), icon_url: PictureLinkSchema.optional() }),
    READ_ONLY.icon,
  ).optional(),
  image: PictureSchema.optional(),
  thumbnail: PictureSchema.optional(),
  author: passingOver(
    z.strictObject({
      name: textSchema(1, 256),
      url: LinkSchema.optional(),
      icon_url: PictureLinkSchema.optional(),
    }),
    READ_ONLY.icon,
  ).optional(),
  fields: z
    .array(
      z.strictObject({
        name: textSchema(1, 256),
        value: textSchema(1, 1_024),
        inline: z.boolean().optional(),
      }),
    )
    .max(25)
    .optional(),
})

export const EmbedSchema = passingOver(OwnEmbedSchema, READ_ONLY.embed)

function embedCharacters({ title, description, footer, author, fields = [] }: z.output<typeof EmbedSchema>): number {
  const parts = [title, description, footer?.text, author?.name, ...fields.flatMap(({ name, value }) => [name, value])]
  return parts.reduce((sum, part = '') => sum + characters(part), 0)
}

export const EmbedsSchema = z
  .array(EmbedSchema)
  .max(10)
  .refine(
    (embeds) => embeds.reduce((sum, embed) => sum + embedCharacters(embed), 0) <= EMBEDS_MAX_CHARACTERS,
    `expected at most ${EMBEDS_MAX_CHARACTERS} characters in all embeds together`,
  )

/** The same components, of which what is left out may be undefined too. */
type ComponentOfEdit = NonNullable<RESTPatchAPIWebhookWithTokenMessageJSONBody['components']>[number]

/** What may stand in which is Discord's to say: https://docs.discord.com/developers/components/reference */
export const ComponentsSchema = z.array(typedToo<ComponentOfEdit>()(MessageComponentObjectSchema)).max(40)

/** https://docs.discord.com/developers/resources/poll#poll-create-request-object */
export const PollSchema = z.strictObject({
  question: z.strictObject({ text: textSchema(1, 300).optional() }),
  answers: z
    .array(
      z.strictObject({
        poll_media: z.strictObject({
          text: textSchema(1, 55).optional(),
          /** A server's own by its id, Unicode by its name. */
          emoji: z
            .strictObject({
              id: SnowflakeSchema.nullable().optional(),
              name: textSchema(1, 32).nullable().optional(),
            })
            .optional(),
        }),
      }),
    )
    .min(1)
    .max(10),
  /** For how many hours it is open; Discord's default is 24. */
  duration: z.int().min(1).max(768).optional(),
  allow_multiselect: z.boolean().optional(),
  layout_type: z.literal(1).optional(),
})

/** Of its bits Discord takes those that may be set where they are said, and passes over the others. */
export const MessageFlagsSchema = z.int().min(0).max(0x7f_ff_ff_ff).meta({
  title: 'message flags, as a number',
  description: 'https://docs.discord.com/developers/resources/message#message-object-message-flags',
})

/** Of the server that the message is in. */
export const StickerIdsSchema = z.array(SnowflakeSchema).max(3)

/** https://docs.discord.com/developers/resources/message#shared-client-theme-object */
export const SharedClientThemeSchema = z.strictObject({
  /** As RRGGBB. */
  colors: z
    .array(z.string().regex(/^[\da-f]{6}$/i, 'expected six hexadecimal digits'))
    .min(1)
    .max(5),
  gradient_angle: z.int().min(0).max(360),
  base_mix: z.int().min(0).max(100),
  base_theme: z.literal([0, 1, 2, 3, 4]).nullable().optional(),
})

/**
 * A file that a message keeps. What of voice messages stands here too is left out: they cannot be edited.
 * https://docs.discord.com/developers/resources/message#attachment-object
 */
export const KeptAttachmentSchema = passingOver(
  z.strictObject({
    /** As text. discord-api-types has numbers too, for new files, which here are `files`. */
    id: typedToo<number>()(SnowflakeSchema),
    filename: textSchema(1, 1_024).optional(),
    title: textSchema(1, 1_024).optional(),
    description: textSchema(0, 1_024).optional(),
    is_spoiler: z.boolean().optional(),
  }),
  READ_ONLY.attachment,
)

/** Those that are not in the list are taken away. */
export const KeptAttachmentsSchema = z.array(KeptAttachmentSchema).max(10)

/** What a new message may have wherever it is written: in a channel, by a webhook, as an answer to an interaction. */
export const newMessageFields = {
  content: ContentSchema.optional(),
  embeds: EmbedsSchema.optional(),
  allowed_mentions: AllowedMentionsSchema.optional(),
  components: ComponentsSchema.optional(),
  files: FilesSchema.optional(),
  poll: PollSchema.optional(),
  flags: MessageFlagsSchema.optional(),
}

/** What the bot needs for a message, by what is in it: `permissionsIf`. */
export const permissionsOfMessage = { 'with `files`': ['AttachFiles'], 'with `embeds`': ['EmbedLinks'] } as const

/** What of a message can be changed wherever it was written. Null, or an empty list, takes away what there was. */
export const editedMessageFields = {
  content: EditedContentSchema.nullable().optional(),
  embeds: EmbedsSchema.nullable().optional(),
  allowed_mentions: AllowedMentionsSchema.nullable().optional(),
  components: ComponentsSchema.nullable().optional(),
  attachments: KeptAttachmentsSchema.optional(),
  files: FilesSchema.optional(),
  /** All that there were, with those that change. */
  flags: MessageFlagsSchema.nullable().optional(),
}

/** Whatever of these a message has there is something to show; of one without any Discord says that it is empty. */
const SHOWN = ['content', 'embeds', 'components', 'sticker_ids', 'poll', 'files', 'shared_client_theme'] as const

/** For `.refine(showsSomething, nothingShown)` of a new message. */
export function showsSomething(message: { readonly [Field in (typeof SHOWN)[number]]?: unknown }): boolean {
  return SHOWN.some((field) => {
    const value = message[field]
    return Array.isArray(value) ? value.length > 0 : value !== undefined
  })
}

export const nothingShown = {
  error: 'expected content, embeds, components, stickers, a poll or files',
  path: ['content'],
}

/** For `.refine(changesSomething, nothingChanged)` of an edit: whether anything is said beside which message it is. */
export function changesSomething(edit: object): boolean {
  return [...Object.keys(editedMessageFields), 'poll'].some((field) => Reflect.get(edit, field) !== undefined)
}

export const nothingChanged = {
  error: `expected at least one of ${Object.keys(editedMessageFields).join(', ')}`,
  path: ['content'],
}
