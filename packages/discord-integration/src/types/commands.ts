import { z } from 'zod'

/** A Discord id: https://docs.discord.com/developers/reference#snowflakes */
export const SnowflakeSchema = z.string().regex(/^\d{1,20}$/, 'expected a snowflake: 1 to 20 digits')

/**
 * How long the same `nonce` creates no second message, in ms. Discord checks it "in the past few minutes"; two of them are
 * safe to call few. https://docs.discord.com/developers/resources/message#create-message
 */
export const NONCE_HOLDS_MS = 2 * 60_000

const RawSchema = z.record(z.string(), z.unknown())

/**
 * Every command a backend can send: its payload, its result, and whether doing it twice does harm. The types of
 * `sendCommand`, the validation at the gateway and the reference in docs/ all come from here.
 *
 * `repeatable`: `safe` reads or repeats without effect; `nonce` is created once by Discord within minutes; `no` is
 * never repeated by us.
 */
export const commands = {
  send_message: {
    summary: 'Send a message to a channel.',
    repeatable: 'nonce',
    payload: z.strictObject({
      channel_id: SnowflakeSchema,
      /** 1 to 2,000 characters: https://docs.discord.com/developers/resources/message#create-message */
      content: z.string().min(1).max(2000),
      /** Reply to a message of the same channel. */
      reply_to: SnowflakeSchema.optional(),
      /** Who may be notified; as Discord's object. Without it Discord parses the content for all mentions. */
      allowed_mentions: z
        .strictObject({
          parse: z.array(z.enum(['roles', 'users', 'everyone'])).optional(),
          roles: z.array(SnowflakeSchema).max(100).optional(),
          users: z.array(SnowflakeSchema).max(100).optional(),
          replied_user: z.boolean().optional(),
        })
        .optional(),
    }),
    result: z.object({ success: z.literal(true), message_id: SnowflakeSchema }),
  },
  get_channel_messages: {
    summary: 'Read messages of a channel, newest first.',
    repeatable: 'safe',
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
    result: z.object({ success: z.literal(true), messages: z.array(RawSchema) }),
  },
  get_status: {
    summary: 'Ask how the Gateway Service stands with Discord.',
    repeatable: 'safe',
    payload: z.strictObject({}),
    result: z.object({
      success: z.literal(true),
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
} as const satisfies Record<string, CommandDefinition>

type CommandDefinition = {
  summary: string
  repeatable: 'safe' | 'nonce' | 'no'
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
