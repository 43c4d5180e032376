import { z } from 'zod'
import { SnowflakeSchema } from '../snowflake.ts'
import { textSchema } from '../text.ts'
import type { CommandDefinition } from './definition.ts'
import {
  MessageObjectSchema,
  MessageSearchObjectSchema,
  PinsObjectSchema,
  PollVotersObjectSchema,
} from './discord-objects.ts'
import { ok, ReasonSchema, success, TimeSchema } from './fields.ts'
import {
  changesSomething,
  editedMessageFields,
  newMessageFields,
  nothingChanged,
  nothingShown,
  SharedClientThemeSchema,
  showsSomething,
  StickerIdsSchema,
  permissionsOfMessage,
} from './message-fields.ts'

/** https://docs.discord.com/developers/resources/message#message-reference-types */
const FORWARD = 1

/** A message of the same channel that is answered, or one of any that the bot may read, which is carried on. */
const MessageReferenceSchema = z
  .strictObject({
    /** 0 answers, which is Discord's default; 1 forwards. */
    type: z.literal([0, FORWARD]).optional(),
    message_id: SnowflakeSchema,
    /** A forward has to name it. */
    channel_id: SnowflakeSchema.optional(),
    guild_id: SnowflakeSchema.optional(),
    /** False sends it all the same, as no answer. */
    fail_if_not_exists: z.boolean().optional(),
  })
  .refine(({ type, channel_id }) => type !== FORWARD || channel_id !== undefined, {
    error: 'expected the channel of the message that is forwarded',
    path: ['channel_id'],
  })

/** Each of these, and its contrary. */
const both = <const Name extends string>(names: readonly Name[]) => [
  ...names,
  ...names.map((name) => `-${name}` as const),
]

const idsUpTo = (most: number) => z.array(SnowflakeSchema).min(1).max(most)
const textsUpTo = (longest: number) => z.array(textSchema(1, longest)).min(1).max(100)

const one = { channel_id: SnowflakeSchema, message_id: SnowflakeSchema }

export const messages = {
  send_message: {
    method: 'messages.send',
    summary: 'Send a message to a channel.',
    repeatable: 'nonce',
    guild: 'channel_id',
    channels: ['message_reference.channel_id'],
    permissionsIf: {
      'in a channel': ['SendMessages'],
      'in a thread': ['SendMessagesInThreads'],
      'as a reply': ['ReadMessageHistory'],
      ...permissionsOfMessage,
      'with a `poll`': ['SendPolls'],
      'with `tts`': ['SendTTSMessages'],
    },
    errors: ['UNKNOWN_CHANNEL', 'MISSING_PERMISSIONS', 'INVALID_FORM_BODY_OR_CONTENT_TYPE'],
    example: {
      channel_id: '81384788765712384',
      content: 'Hello from the backend!',
      message_reference: { message_id: '1199482310284230656' },
    },
    payload: z
      .strictObject({
        channel_id: SnowflakeSchema,
        ...newMessageFields,
        /** Read out to who is there. Without SendTTSMessages it is not, and is sent all the same. */
        tts: z.boolean().optional(),
        sticker_ids: StickerIdsSchema.optional(),
        shared_client_theme: SharedClientThemeSchema.optional(),
        message_reference: MessageReferenceSchema.optional(),
        /** Reply to a message of the same channel: in short for a `message_reference`. */
        reply_to: SnowflakeSchema.optional(),
        /** What it links to is not shown with it: in short for the flag. */
        suppress_embeds: z.boolean().optional(),
      })
      .refine((payload) => payload.message_reference?.type === FORWARD || showsSomething(payload), nothingShown)
      .refine((payload) => payload.reply_to === undefined || payload.message_reference === undefined, {
        error: 'expected either reply_to or message_reference',
        path: ['reply_to'],
      }),
    result: z.object({ success, message_id: SnowflakeSchema }),
  },
  edit_message: {
    method: 'messages.edit',
    summary: 'Change a message of the bot’s own.',
    repeatable: 'idempotent',
    guild: 'channel_id',
    permissionsIf: permissionsOfMessage,
    errors: ['UNKNOWN_MESSAGE', 'UNKNOWN_CHANNEL', 'CANNOT_EDIT_MESSAGE_AUTHORED_BY_ANOTHER_USER'],
    example: { channel_id: '81384788765712384', message_id: '1199482310284230656', content: 'Hello again' },
    rest: { route: 'PATCH /channels/{channel_id}/messages/{message_id}', answer: 'message' },
    payload: z.strictObject({ ...one, ...editedMessageFields }).refine(changesSomething, nothingChanged),
    result: z.object({ success, message: MessageObjectSchema }),
  },
  delete_message: {
    method: 'messages.delete',
    summary: 'Delete a message.',
    repeatable: 'idempotent',
    guild: 'channel_id',
    permissionsIf: { 'of another’s message': ['ManageMessages'] },
    errors: ['UNKNOWN_MESSAGE'],
    example: { channel_id: '81384788765712384', message_id: '1199482310284230656', reason: 'spam' },
    rest: { route: 'DELETE /channels/{channel_id}/messages/{message_id}', done: 'UNKNOWN_MESSAGE' },
    payload: z.strictObject({ ...one, reason: ReasonSchema.optional() }),
    result: ok,
  },
  bulk_delete_messages: {
    method: 'messages.bulkDelete',
    summary: 'Delete many messages of a channel at once, none of them older than two weeks.',
    // Those that are gone already are passed over.
    repeatable: 'idempotent',
    guild: 'channel_id',
    permissions: ['ManageMessages'],
    errors: ['UNKNOWN_CHANNEL', 'ONE_OF_THE_MESSAGES_PROVIDED_WAS_TOO_OLD_FOR_BULK_DELETE'],
    example: {
      channel_id: '81384788765712384',
      messages: ['1199482310284230656', '1199482310284230657'],
      reason: 'a raid',
    },
    rest: { route: 'POST /channels/{channel_id}/messages/bulk-delete' },
    payload: z.strictObject({
      channel_id: SnowflakeSchema,
      messages: z.array(SnowflakeSchema).min(2).max(100),
      reason: ReasonSchema.optional(),
    }),
    result: ok,
  },
  get_message: {
    method: 'messages.get',
    summary: 'Read a message.',
    repeatable: 'read',
    guild: 'channel_id',
    permissions: ['ReadMessageHistory'],
    errors: ['UNKNOWN_MESSAGE', 'UNKNOWN_CHANNEL'],
    example: { channel_id: '81384788765712384', message_id: '1199482310284230656' },
    rest: { route: 'GET /channels/{channel_id}/messages/{message_id}', answer: 'message' },
    payload: z.strictObject(one),
    result: z.object({ success, message: MessageObjectSchema }),
  },
  get_channel_messages: {
    method: 'messages.list',
    summary: 'Read messages of a channel, newest first.',
    repeatable: 'read',
    guild: 'channel_id',
    permissions: ['ReadMessageHistory'],
    errors: ['UNKNOWN_CHANNEL'],
    example: { channel_id: '81384788765712384', limit: 50 },
    rest: { route: 'GET /channels/{channel_id}/messages', answer: 'messages' },
    payload: z
      .strictObject({
        channel_id: SnowflakeSchema,
        before: SnowflakeSchema.optional(),
        after: SnowflakeSchema.optional(),
        around: SnowflakeSchema.optional(),
        /** 1 to 100; Discord's default is 50. */
        limit: z.int().min(1).max(100).optional(),
      })
      .refine((payload) => [payload.before, payload.after, payload.around].filter(Boolean).length <= 1, {
        error: 'only one of before, after and around may be given',
        path: ['before'],
      }),
    result: z.object({ success, messages: z.array(MessageObjectSchema) }),
  },
  search_messages: {
    method: 'messages.search',
    summary: 'Search the messages of a server, which takes the privileged intent for their content.',
    repeatable: 'read',
    guild: 'guild_id',
    permissions: ['ReadMessageHistory'],
    errors: ['UNKNOWN_GUILD', 'UNKNOWN_CHANNEL'],
    example: { guild_id: '197038439483310086', content: 'glaze', has: ['image'], limit: 10 },
    rest: { route: 'GET /guilds/{guild_id}/messages/search', answer: 'found' },
    payload: z.strictObject({
      guild_id: SnowflakeSchema,
      content: textSchema(1, 1_024).optional(),
      /** How many words may stand between those of `content`; Discord's default is 2. */
      slop: z.int().min(0).max(100).optional(),
      channel_id: idsUpTo(500).optional(),
      author_id: idsUpTo(100).optional(),
      author_type: z
        .array(z.enum(both(['user', 'bot', 'webhook'])))
        .min(1)
        .max(6)
        .optional(),
      mentions: idsUpTo(100).optional(),
      mentions_role_id: idsUpTo(100).optional(),
      mention_everyone: z.boolean().optional(),
      replied_to_user_id: idsUpTo(100).optional(),
      replied_to_message_id: idsUpTo(100).optional(),
      pinned: z.boolean().optional(),
      has: z
        .array(z.enum(both(['link', 'embed', 'file', 'image', 'video', 'sound', 'sticker', 'poll', 'snapshot'])))
        .min(1)
        .max(18)
        .optional(),
      embed_type: z
        .array(z.enum(['image', 'video', 'gif', 'sound', 'article']))
        .min(1)
        .max(5)
        .optional(),
      embed_provider: textsUpTo(256).optional(),
      link_hostname: textsUpTo(256).optional(),
      attachment_filename: textsUpTo(1_024).optional(),
      attachment_extension: textsUpTo(256).optional(),
      min_id: SnowflakeSchema.optional(),
      max_id: SnowflakeSchema.optional(),
      /** 1 to 25, which is Discord's default. */
      limit: z.int().min(1).max(25).optional(),
      offset: z.int().min(0).max(9_975).optional(),
      sort_by: z.enum(['timestamp', 'relevance']).optional(),
      /** Newest first, `desc`, is Discord's default; by relevance there is one order only. */
      sort_order: z.enum(['asc', 'desc']).optional(),
      include_nsfw: z.boolean().optional(),
    }),
    /** While Discord has not indexed the server yet, `code` 110000 and when to ask again in place of `messages`. */
    result: z.object({ success, found: MessageSearchObjectSchema }),
  },
  crosspost_message: {
    method: 'messages.crosspost',
    summary: 'Publish a message of an announcement channel to the channels that follow it.',
    repeatable: 'idempotent',
    guild: 'channel_id',
    permissions: ['SendMessages'],
    permissionsIf: { 'of another’s message': ['ManageMessages'] },
    errors: ['UNKNOWN_MESSAGE', 'CANNOT_EXECUTE_ACTION_ON_THIS_CHANNEL_TYPE', 'THIS_MESSAGE_WAS_ALREADY_CROSSPOSTED'],
    example: { channel_id: '81384788765712384', message_id: '1199482310284230656' },
    rest: {
      route: 'POST /channels/{channel_id}/messages/{message_id}/crosspost',
      done: 'THIS_MESSAGE_WAS_ALREADY_CROSSPOSTED',
    },
    payload: z.strictObject(one),
    result: ok,
  },
  pin_message: {
    method: 'messages.pin',
    summary: 'Pin a message in its channel.',
    repeatable: 'idempotent',
    guild: 'channel_id',
    permissions: ['PinMessages'],
    errors: ['UNKNOWN_MESSAGE'],
    example: { channel_id: '81384788765712384', message_id: '1199482310284230656', reason: 'the rules' },
    rest: { route: 'PUT /channels/{channel_id}/messages/pins/{message_id}' },
    payload: z.strictObject({ ...one, reason: ReasonSchema.optional() }),
    result: ok,
  },
  unpin_message: {
    method: 'messages.unpin',
    summary: 'Take a message from the pinned ones of its channel.',
    repeatable: 'idempotent',
    guild: 'channel_id',
    permissions: ['PinMessages'],
    errors: ['UNKNOWN_MESSAGE'],
    example: { channel_id: '81384788765712384', message_id: '1199482310284230656', reason: 'out of date' },
    rest: { route: 'DELETE /channels/{channel_id}/messages/pins/{message_id}' },
    payload: z.strictObject({ ...one, reason: ReasonSchema.optional() }),
    result: ok,
  },
  get_pinned_messages: {
    method: 'messages.listPinned',
    summary: 'Read the pinned messages of a channel, the last pinned first.',
    repeatable: 'read',
    guild: 'channel_id',
    permissions: ['ReadMessageHistory'],
    errors: ['UNKNOWN_CHANNEL'],
    example: { channel_id: '81384788765712384', limit: 50 },
    rest: { route: 'GET /channels/{channel_id}/messages/pins', answer: 'pins' },
    payload: z.strictObject({
      channel_id: SnowflakeSchema,
      /** Those pinned before a moment. */
      before: TimeSchema.optional(),
      /** 1 to 50, which is Discord's default. */
      limit: z.int().min(1).max(50).optional(),
    }),
    /** As `items`, each with the moment, and whether there are more. */
    result: z.object({ success, pins: PinsObjectSchema }),
  },
  end_poll: {
    method: 'messages.endPoll',
    summary: 'End a poll of the bot’s own before its time.',
    repeatable: 'idempotent',
    guild: 'channel_id',
    errors: ['UNKNOWN_MESSAGE', 'CANNOT_EXPIRE_A_NON_POLL_MESSAGE', 'POLL_EXPIRED'],
    example: { channel_id: '81384788765712384', message_id: '1199482310284230656' },
    rest: { route: 'POST /channels/{channel_id}/polls/{message_id}/expire', done: 'POLL_EXPIRED' },
    payload: z.strictObject(one),
    result: ok,
  },
  get_poll_voters: {
    method: 'messages.listPollVoters',
    summary: 'Read who voted for an answer of a poll.',
    repeatable: 'read',
    guild: 'channel_id',
    errors: ['UNKNOWN_MESSAGE'],
    example: { channel_id: '81384788765712384', message_id: '1199482310284230656', answer_id: 1, limit: 100 },
    rest: { route: 'GET /channels/{channel_id}/polls/{message_id}/answers/{answer_id}', answer: 'voters' },
    payload: z.strictObject({
      ...one,
      /** Answers are counted from 1. */
      answer_id: z.int().min(1).max(10),
      /** Those whose id is higher. */
      after: SnowflakeSchema.optional(),
      /** 1 to 100; Discord's default is 25. */
      limit: z.int().min(1).max(100).optional(),
    }),
    /** As `users`. */
    result: z.object({ success, voters: PollVotersObjectSchema }),
  },
} as const satisfies Record<string, CommandDefinition>
