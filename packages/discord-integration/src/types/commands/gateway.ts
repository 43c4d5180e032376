import { z } from 'zod'
import { FigureRangeSchema, FiguresReportSchema, FiguresSchema } from '../figures.ts'
import { PLACES, type CommandDefinition } from './definition.ts'
import { ok, RawSchema, success } from './fields.ts'

export const gateway = {
  get_status: {
    method: 'gateway.status',
    summary: 'Ask how the Gateway Service stands with Discord.',
    repeatable: 'read',
    guild: null,
    example: {},
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
    method: 'gateway.figures',
    summary: 'Ask what the Gateway Service counts of itself: events, consumers, shards, gaps.',
    repeatable: 'read',
    guild: null,
    example: { history: '15m' },
    payload: z.strictObject({
      /** With the history of so long before now. */
      history: FigureRangeSchema.optional(),
    }),
    result: FiguresSchema,
  },
  report_figures: {
    method: 'gateway.report',
    summary: 'Tell how many streams this backend holds open, and how late events reach its browsers.',
    // It says how things are, and is kept by nobody: there is no outcome to be asked for again.
    repeatable: 'read',
    guild: null,
    errors: ['RATE_LIMITED'],
    example: { process: 'web-1', streams: 12, latency: [] },
    payload: FiguresReportSchema,
    result: ok,
  },
  list_commands: {
    method: 'gateway.commands',
    summary: 'Ask which commands there are that this token may use.',
    repeatable: 'read',
    guild: null,
    example: {},
    payload: z.strictObject({}),
    result: z.object({
      success,
      commands: z.array(
        z.object({
          name: z.string(),
          summary: z.string(),
          repeatable: z.enum(['read', 'idempotent', 'nonce', 'no']),
          /**
           * The field of the payload that says where it is done: a guild, a channel, a webhook, the code of an invite, or a secret
           * that Discord gave for that one place. Null where it concerns no single guild.
           */
          guild: z.enum(PLACES).nullable(),
          /** What the bot needs where it is done, by Discord’s names. Absent from older gateways. */
          permissions: z.array(z.string()).optional(),
          /** What it needs besides, by when it does, in words: one of those that stand there. Absent from older gateways. */
          permissions_if: z.record(z.string(), z.array(z.string())).optional(),
          /** The same, where it needs all of those that stand there. Absent from older gateways. */
          permissions_all_if: z.record(z.string(), z.array(z.string())).optional(),
          example: RawSchema.optional(),
          /** JSON Schema, draft 2020-12. */
          payload: RawSchema,
          result: RawSchema,
        }),
      ),
    }),
  },
} as const satisfies Record<string, CommandDefinition>
