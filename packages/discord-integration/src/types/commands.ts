import { z } from 'zod'
import { FigureRangeSchema, FiguresReportSchema, FiguresSchema } from './figures.ts'
import { SnowflakeSchema } from './snowflake.ts'
import { MESSAGE_MAX_CHARACTERS, textSchema } from './text.ts'

/**
 * How long the same `nonce` creates no second message, in ms. Discord checks it "in the past few minutes"; two of them are
 * safe to call few. https://docs.discord.com/developers/resources/message#create-message
 */
export const NONCE_HOLDS_MS = 2 * 60_000

const RawSchema = z.record(z.string(), z.unknown())

const success = z.literal(true)

/** A reaction's emoji: Unicode, or `name:id` of a server's own. It is a part of the path, where dots alone lead elsewhere. */
const EmojiSchema = textSchema(1, 64).regex(/^(?!\.{1,2}$)[^/\s]+$/, 'expected an emoji, or name:id of a server’s own')

/** Who may be notified; as Discord's object. Without it Discord parses the content for all mentions. */
const AllowedMentionsSchema = z.strictObject({
  parse: z.array(z.enum(['roles', 'users', 'everyone'])).optional(),
  roles: z.array(SnowflakeSchema).max(100).optional(),
  users: z.array(SnowflakeSchema).max(100).optional(),
  replied_user: z.boolean().optional(),
})

const ContentSchema = textSchema(1, MESSAGE_MAX_CHARACTERS)

/** Stands in the server's audit log: https://docs.discord.com/developers/reference#header-x-audit-log-reason */
const ReasonSchema = textSchema(1, 512)

/**
 * Every command a backend can send. The types of `sendCommand`, the validation at the gateway, who may, what is asked of
 * Discord, the reference in docs/ and `list_commands` all come from here: adding one is one entry, and where REST is not
 * enough, one handler at the gateway.
 */
export const commands = {
  send_message: {
    summary: 'Send a message to a channel.',
    repeatable: 'nonce',
    guild: 'channel_id',
    payload: z.strictObject({
      channel_id: SnowflakeSchema,
      content: ContentSchema,
      /** Reply to a message of the same channel. */
      reply_to: SnowflakeSchema.optional(),
      allowed_mentions: AllowedMentionsSchema.optional(),
      /** What it links to is not shown with it. */
      suppress_embeds: z.boolean().optional(),
    }),
    result: z.object({ success, message_id: SnowflakeSchema }),
  },
  edit_message: {
    summary: 'Change a message of the bot’s own.',
    repeatable: 'idempotent',
    guild: 'channel_id',
    rest: { route: 'PATCH /channels/{channel_id}/messages/{message_id}', answer: 'message' },
    payload: z.strictObject({
      channel_id: SnowflakeSchema,
      message_id: SnowflakeSchema,
      content: ContentSchema,
      allowed_mentions: AllowedMentionsSchema.optional(),
      /** SUPPRESS_EMBEDS: what it links to is not shown with it. Without it, as before. */
      flags: z.literal(4).optional(),
    }),
    result: z.object({ success, message: RawSchema }),
  },
  delete_message: {
    summary: 'Delete a message.',
    repeatable: 'idempotent',
    guild: 'channel_id',
    rest: { route: 'DELETE /channels/{channel_id}/messages/{message_id}', done: 'UNKNOWN_MESSAGE' },
    payload: z.strictObject({
      channel_id: SnowflakeSchema,
      message_id: SnowflakeSchema,
      reason: ReasonSchema.optional(),
    }),
    result: z.object({ success }),
  },
  add_reaction: {
    summary: 'React to a message as the bot.',
    repeatable: 'idempotent',
    guild: 'channel_id',
    rest: { route: 'PUT /channels/{channel_id}/messages/{message_id}/reactions/{emoji}/@me' },
    payload: z.strictObject({ channel_id: SnowflakeSchema, message_id: SnowflakeSchema, emoji: EmojiSchema }),
    result: z.object({ success }),
  },
  remove_reaction: {
    summary: 'Take back a reaction of the bot’s own.',
    repeatable: 'idempotent',
    guild: 'channel_id',
    rest: {
      route: 'DELETE /channels/{channel_id}/messages/{message_id}/reactions/{emoji}/@me',
      done: 'UNKNOWN_EMOJI',
    },
    payload: z.strictObject({ channel_id: SnowflakeSchema, message_id: SnowflakeSchema, emoji: EmojiSchema }),
    result: z.object({ success }),
  },
  get_channel_messages: {
    summary: 'Read messages of a channel, newest first.',
    repeatable: 'read',
    guild: 'channel_id',
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
    result: z.object({ success, messages: z.array(RawSchema) }),
  },
  get_member: {
    summary: 'Read a member of a server: who has left it is `UNKNOWN_MEMBER`.',
    repeatable: 'read',
    guild: 'guild_id',
    rest: { route: 'GET /guilds/{guild_id}/members/{user_id}', answer: 'member' },
    payload: z.strictObject({ guild_id: SnowflakeSchema, user_id: SnowflakeSchema }),
    result: z.object({ success, member: RawSchema }),
  },
  get_thread_member: {
    summary: 'Read whether somebody is in a thread: who is not is `UNKNOWN_MEMBER`.',
    repeatable: 'read',
    guild: 'channel_id',
    rest: { route: 'GET /channels/{channel_id}/thread-members/{user_id}', answer: 'member' },
    payload: z.strictObject({ channel_id: SnowflakeSchema, user_id: SnowflakeSchema }),
    result: z.object({ success, member: RawSchema }),
  },
  move_member: {
    summary: 'Move a member to another voice channel; with `null`, out of voice.',
    repeatable: 'idempotent',
    guild: 'guild_id',
    rest: { route: 'PATCH /guilds/{guild_id}/members/{user_id}', answer: 'member' },
    payload: z.strictObject({
      guild_id: SnowflakeSchema,
      user_id: SnowflakeSchema,
      channel_id: SnowflakeSchema.nullable(),
      reason: ReasonSchema.optional(),
    }),
    result: z.object({ success, member: RawSchema }),
  },
  mute_member: {
    summary: 'Mute a member in voice for everybody, or let them speak again.',
    repeatable: 'idempotent',
    guild: 'guild_id',
    rest: { route: 'PATCH /guilds/{guild_id}/members/{user_id}', answer: 'member' },
    payload: z.strictObject({
      guild_id: SnowflakeSchema,
      user_id: SnowflakeSchema,
      mute: z.boolean(),
      reason: ReasonSchema.optional(),
    }),
    result: z.object({ success, member: RawSchema }),
  },
  deafen_member: {
    summary: 'Have a member hear nobody in voice, or hear again.',
    repeatable: 'idempotent',
    guild: 'guild_id',
    rest: { route: 'PATCH /guilds/{guild_id}/members/{user_id}', answer: 'member' },
    payload: z.strictObject({
      guild_id: SnowflakeSchema,
      user_id: SnowflakeSchema,
      deaf: z.boolean(),
      reason: ReasonSchema.optional(),
    }),
    result: z.object({ success, member: RawSchema }),
  },
  timeout_member: {
    summary: 'Keep a member from writing and speaking until a moment, at most 28 days away; with `null`, no longer.',
    repeatable: 'idempotent',
    guild: 'guild_id',
    rest: { route: 'PATCH /guilds/{guild_id}/members/{user_id}', answer: 'member' },
    payload: z.strictObject({
      guild_id: SnowflakeSchema,
      user_id: SnowflakeSchema,
      communication_disabled_until: z.iso.datetime({ offset: true }).nullable(),
      reason: ReasonSchema.optional(),
    }),
    result: z.object({ success, member: RawSchema }),
  },
  update_voice_state: {
    summary: 'Have the bot itself join, move or leave voice.',
    repeatable: 'idempotent',
    guild: 'guild_id',
    payload: z.strictObject({
      guild_id: SnowflakeSchema,
      /** Null to leave. */
      channel_id: SnowflakeSchema.nullable(),
      self_mute: z.boolean().default(false),
      self_deaf: z.boolean().default(false),
    }),
    /** As VOICE_STATE_UPDATE brought it. */
    result: z.object({ success, voice_state: RawSchema }),
  },
  request_members: {
    summary: 'Have Discord send members of a server, as GUILD_MEMBERS_CHUNK to this connection alone.',
    repeatable: 'read',
    guild: 'guild_id',
    payload: z
      .strictObject({
        guild_id: SnowflakeSchema,
        /** Members whose name begins so; empty for all, which takes the privileged intent. */
        query: textSchema(0, 100).optional(),
        /** How many the query may bring; 0 for all. */
        limit: z.int().min(0).max(100).optional(),
        user_ids: z.array(SnowflakeSchema).min(1).max(100).optional(),
        presences: z.boolean().optional(),
      })
      .refine((payload) => (payload.query === undefined) !== (payload.user_ids === undefined), {
        error: 'expected either query or user_ids',
        path: ['query'],
      }),
    /** When all chunks have come. `not_found`: those of `user_ids` that are no members. */
    result: z.object({ success, nonce: z.string(), chunk_count: z.int(), not_found: z.array(SnowflakeSchema) }),
  },
  get_status: {
    summary: 'Ask how the Gateway Service stands with Discord.',
    repeatable: 'read',
    guild: null,
    payload: z.strictObject({}),
    result: z.object({
      success,
      /**
       * The bot's own user id, for whoever is sent what becomes of its member: GUILD_MEMBER_UPDATE, which Discord sends of the bot
       * itself whatever the intents. Null for others, and absent from older gateways.
       */
      bot_id: z.string().nullable().optional(),
      /**
       * By which events come, as Discord's bit set: that of members only where the token is sent all of theirs. Null, or
       * absent from older gateways, where that is not known yet.
       */
      intents: z.int().nullable().optional(),
      /** Its clock as it answered, in ms since the epoch. Absent from older gateways. */
      now: z.number().optional(),
      /**
       * Discord's clock less its own, in ms: by the quickest of the last messages, whose way is taken for half of a heartbeat's
       * round trip. Null, or absent from older gateways, where that is not known.
       */
      discord_clock_ms: z.number().nullable().optional(),
      shards: z.array(
        z.object({
          id: z.int(),
          state: z.enum(['connecting', 'identifying', 'resuming', 'ready', 'reconnecting', 'stopped']),
          /** Since when it is in that state, in ms since the epoch. */
          since: z.number(),
          /** The last heartbeat's round trip, in ms; null before the first. */
          ping_ms: z.number().nullable(),
        }),
      ),
    }),
  },
  get_figures: {
    summary: 'Ask what the Gateway Service counts of itself: events, consumers, shards, gaps.',
    repeatable: 'read',
    guild: null,
    payload: z.strictObject({
      /** With the history of so long before now. */
      history: FigureRangeSchema.optional(),
    }),
    result: FiguresSchema,
  },
  report_figures: {
    summary: 'Tell how many streams this backend holds open, and how late events reach its browsers.',
    // It says how things are, and is kept by nobody: there is no outcome to be asked for again.
    repeatable: 'read',
    guild: null,
    payload: FiguresReportSchema,
    result: z.object({ success }),
  },
  list_commands: {
    summary: 'Ask which commands there are that this token may use.',
    repeatable: 'read',
    guild: null,
    payload: z.strictObject({}),
    result: z.object({
      success,
      commands: z.array(
        z.object({
          name: z.string(),
          summary: z.string(),
          repeatable: z.enum(['read', 'idempotent', 'nonce', 'no']),
          /** The field of the payload that says which guild it concerns; null where it concerns none. */
          guild: z.enum(['guild_id', 'channel_id']).nullable(),
          /** JSON Schema, draft 2020-12. */
          payload: RawSchema,
          result: RawSchema,
        }),
      ),
    }),
  },
} as const satisfies Record<string, CommandDefinition>

/**
 * Whether doing it twice does harm. `read` changes nothing; `idempotent` twice is as once; `nonce` is created once by
 * Discord within minutes; `no` is never repeated by us.
 */
export type Repeatable = 'read' | 'idempotent' | 'nonce' | 'no'

/**
 * What is asked of Discord's REST API. Fields of the payload that the route names stand in it, `reason` in its header,
 * all others in the query of a GET and in the body of the rest.
 */
export type RestCommand = {
  /** Of API v10: `PATCH /channels/{channel_id}/messages/{message_id}`. */
  route: `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`
  /** The field of the result that Discord's answer stands in; without it the answer is not told. */
  answer?: string
  /** Discord's refusal (a name as in `error.code`) that means, when it is asked again, that the first time did it. */
  done?: string
}

export type CommandDefinition = {
  summary: string
  repeatable: Repeatable
  /** The field of the payload that says which guild it concerns; null where it concerns none. */
  guild: 'guild_id' | 'channel_id' | null
  /** Without it the gateway has a handler of its own. */
  rest?: RestCommand
  payload: z.ZodType
  result: z.ZodType
}

export type CommandName = keyof typeof commands
export type CommandPayload<Name extends CommandName> = z.input<(typeof commands)[Name]['payload']>
export type CommandResult<Name extends CommandName> = z.output<(typeof commands)[Name]['result']>
/** What a command's handler is given: the payload, validated. */
export type CommandInput<Name extends CommandName> = z.output<(typeof commands)[Name]['payload']>

export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(commands, name)
}
