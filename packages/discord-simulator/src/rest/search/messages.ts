import { MessageType } from 'discord-api-types/v10'
import type { APIMessage } from 'discord-api-types/v10'
import { z } from 'zod'
import { compareSnowflakes } from '../../snowflake.ts'
import { integer, snowflake, text } from '../form.ts'
import { flag, ids, texts, words } from './query.ts'
import { DEFAULT_SLOP, distanceIn } from './text.ts'

const AUTHORS = ['user', 'bot', 'webhook'] as const
const PARTS = ['image', 'sound', 'video', 'file', 'sticker', 'embed', 'link', 'poll', 'snapshot'] as const
const EMBEDS = ['image', 'video', 'gif', 'sound', 'article'] as const

/** Each of these, and its contrary. */
const both = <const T extends string>(names: readonly T[]) => [...names, ...names.map((name) => `-${name}` as const)]

/** https://docs.discord.com/developers/resources/message#search-guild-messages-query-string-params */
export const messageQuery = z.object({
  limit: integer(1, 25).default(25),
  offset: integer(0, 9_975).default(0),
  max_id: snowflake.optional(),
  min_id: snowflake.optional(),
  slop: integer(0, 100).default(DEFAULT_SLOP),
  content: text(1_024).optional(),
  channel_id: ids(500).optional(),
  author_type: words(both(AUTHORS)).optional(),
  author_id: ids(100).optional(),
  mentions: ids(100).optional(),
  mentions_role_id: ids(100).optional(),
  mention_everyone: flag.optional(),
  replied_to_user_id: ids(100).optional(),
  replied_to_message_id: ids(100).optional(),
  pinned: flag.optional(),
  has: words(both(PARTS)).optional(),
  embed_type: words(EMBEDS).optional(),
  embed_provider: texts(256).optional(),
  link_hostname: texts(256).optional(),
  attachment_filename: texts(1_024).optional(),
  attachment_extension: texts(256).optional(),
  sort_by: z.enum(['timestamp', 'relevance']).default('timestamp'),
  sort_order: z.enum(['asc', 'desc']).default('desc'),
  include_nsfw: flag.default(false),
})
type Query = z.infer<typeof messageQuery>

export const MESSAGE_LISTS: ReadonlySet<string> = new Set([
  'channel_id',
  'author_type',
  'author_id',
  'mentions',
  'mentions_role_id',
  'replied_to_user_id',
  'replied_to_message_id',
  'has',
  'embed_type',
  'embed_provider',
  'link_hostname',
  'attachment_filename',
  'attachment_extension',
])

const linksIn = ({ content }: APIMessage): URL[] =>
  (content.match(/https?:\/\/[^\s<>]+/g) ?? []).flatMap((link) => (URL.canParse(link) ? [new URL(link)] : []))

const isOf = (message: APIMessage, type: 'image' | 'video' | 'audio') =>
  message.attachments.some(({ content_type }) => content_type?.startsWith(`${type}/`))

type Embed = APIMessage['embeds'][number]
const SHOWN: Readonly<Record<(typeof EMBEDS)[number], (embed: Embed) => boolean>> = {
  image: ({ image, type }) => image !== undefined || (type as string) === 'image',
  video: ({ video, type }) => video !== undefined || (type as string) === 'video',
  gif: ({ type }) => (type as string) === 'gifv',
  // Nothing that can be embedded here is heard.
  sound: () => false,
  article: ({ type }) => (type as string) === 'article',
}

const HAS: Readonly<Record<(typeof PARTS)[number], (message: APIMessage) => boolean>> = {
  image: (message) => isOf(message, 'image') || message.embeds.some(SHOWN.image),
  sound: (message) => isOf(message, 'audio'),
  video: (message) => isOf(message, 'video') || message.embeds.some(SHOWN.video),
  file: ({ attachments }) => attachments.length > 0,
  sticker: ({ sticker_items }) => (sticker_items?.length ?? 0) > 0,
  embed: ({ embeds }) => embeds.length > 0,
  link: (message) => linksIn(message).length > 0,
  poll: ({ poll }) => poll !== undefined,
  snapshot: ({ message_snapshots }) => (message_snapshots?.length ?? 0) > 0,
}

const WRITES: Readonly<Record<(typeof AUTHORS)[number], (message: APIMessage) => boolean>> = {
  user: ({ author, webhook_id }) => !author.bot && webhook_id === undefined,
  bot: ({ author, webhook_id }) => author.bot === true && webhook_id === undefined,
  webhook: ({ webhook_id }) => webhook_id !== undefined,
}

/** Of what is wanted one is enough, of what is not wanted (`-poll`) there may be nothing. */
function suits<T extends string>(
  asked: readonly (T | `-${T}`)[] | undefined,
  kinds: Readonly<Record<T, (message: APIMessage) => boolean>>,
  message: APIMessage,
): boolean {
  const isSo = (name: string) => kinds[name as T](message)
  const wanted = asked?.filter((name) => !name.startsWith('-')) ?? []
  const unwanted = asked?.filter((name) => name.startsWith('-')).map((name) => name.slice(1)) ?? []
  return (wanted.length === 0 || wanted.some(isSo)) && !unwanted.some(isSo)
}

/** Whether one of what is there is among what is asked for, or nothing is asked for. */
const isAmong = (asked: readonly string[] | undefined, there: readonly (string | undefined)[]): boolean =>
  !asked || there.some((value) => value !== undefined && asked.includes(value))

const isIn = (asked: readonly string[] | undefined, fits: (one: string) => boolean): boolean =>
  !asked || asked.some((one) => fits(one.toLowerCase()))

/** Whether a message is what is searched for, but for its content. */
export function isSought(query: Query, message: APIMessage): boolean {
  const { id, author, mentions, mention_roles, mention_everyone, pinned, embeds, attachments } = message
  const answered = message.type === MessageType.Reply ? message.message_reference?.message_id : undefined
  const names = attachments.map(({ filename }) => filename.toLowerCase())
  return (
    (query.max_id === undefined || compareSnowflakes(id, query.max_id) < 0) &&
    (query.min_id === undefined || compareSnowflakes(id, query.min_id) > 0) &&
    suits(query.author_type, WRITES, message) &&
    suits(query.has, HAS, message) &&
    isAmong(query.author_id, [author.id]) &&
    isAmong(
      query.mentions,
      mentions.map((user) => user.id),
    ) &&
    isAmong(query.mentions_role_id, mention_roles) &&
    (query.mention_everyone ?? mention_everyone) === mention_everyone &&
    (query.pinned ?? pinned) === pinned &&
    isAmong(query.replied_to_message_id, [answered]) &&
    isAmong(query.replied_to_user_id, [answered === undefined ? undefined : message.referenced_message?.author.id]) &&
    (!query.embed_type || embeds.some((embed) => query.embed_type?.some((type) => SHOWN[type](embed)))) &&
    isAmong(
      query.embed_provider,
      embeds.map(({ provider }) => provider?.name),
    ) &&
    isAmong(
      query.link_hostname,
      linksIn(message).map(({ hostname }) => hostname),
    ) &&
    isIn(query.attachment_filename, (one) => names.some((name) => name.includes(one))) &&
    isIn(query.attachment_extension, (one) => names.some((name) => name.endsWith(`.${one}`)))
  )
}

/** Those that are sought, in the order that is asked for. */
export function searched(query: Query, messages: readonly APIMessage[]): APIMessage[] {
  const { content, slop, sort_by, sort_order } = query
  const found = messages.flatMap((message) => {
    if (!isSought(query, message)) return []
    const distance = content === undefined ? 0 : distanceIn(message.content, content, slop)
    return distance === undefined ? [] : [{ message, distance }]
  })
  const newest = (a: { message: APIMessage }, b: { message: APIMessage }) =>
    compareSnowflakes(b.message.id, a.message.id)
  // By relevance there is one order only.
  const ordered =
    sort_by === 'relevance'
      ? found.toSorted((a, b) => a.distance - b.distance || newest(a, b))
      : found.toSorted((a, b) => (sort_order === 'asc' ? newest(b, a) : newest(a, b)))
  return ordered.map(({ message }) => message)
}
