import { z } from 'zod'
import { EVENT_ID_MAX_CHARS } from './event-id.ts'
import { LATENCY_BUCKETS } from './latency.ts'

/** What events are told apart by in figures. */
export const FIGURE_FAMILIES = ['messages', 'presence', 'voice', 'reactions', 'other'] as const
export type FigureFamily = (typeof FIGURE_FAMILIES)[number]

/** The family of a dispatch, by its name alone: Discord adds events before packages know them. */
export function figureFamilyOf(event: string): FigureFamily {
  if (event === 'PRESENCE_UPDATE') return 'presence'
  if (event.startsWith('MESSAGE_REACTION_')) return 'reactions'
  if (event.startsWith('MESSAGE_') || event === 'TYPING_START') return 'messages'
  return /^(?:VOICE_|STAGE_INSTANCE_|GUILD_SOUNDBOARD_|SOUNDBOARD_)/.test(event) ? 'voice' : 'other'
}

/** How commands end: what becomes of them is known to be done, known not to be, or not known. */
export const COMMAND_ENDS = ['done', 'refused', 'unknown'] as const
export type CommandEnd = (typeof COMMAND_ENDS)[number]

/** Over how long the figures' history is told, in ms. */
export const FIGURE_RANGES = {
  '15m': 15 * 60_000,
  '30m': 30 * 60_000,
  '6h': 6 * 60 * 60_000,
  '24h': 24 * 60 * 60_000,
} as const
export type FigureRange = keyof typeof FIGURE_RANGES

export const FigureRangeSchema = z.enum(Object.keys(FIGURE_RANGES) as [FigureRange, ...FigureRange[]])

/** The most of each list in one answer: the slowest consumers, shards that are not ready and the newest gaps come first. */
export const FIGURE_CONSUMERS_MAX = 200
export const FIGURE_SHARDS_MAX = 256
export const FIGURE_GAPS_MAX = 100

/** How long ago a gap may be, in ms. */
export const FIGURE_GAPS_MS = 7 * 24 * 60 * 60_000

const amount = z.number().nonnegative()
const at = z.number()
const eventId = z.string().max(EVENT_ID_MAX_CHARS)

const byFamily = <Schema extends z.ZodType>(schema: Schema) =>
  z.object({ messages: schema, presence: schema, voice: schema, reactions: schema, other: schema })
const byEnd = <Schema extends z.ZodType>(schema: Schema) => z.object({ done: schema, refused: schema, unknown: schema })

/** A backend on the link. */
const ConsumerSchema = z.object({
  /** Counts up with each connection. */
  id: z.int(),
  /** Its token's. */
  name: z.string(),
  version: z.int(),
  /** `slow`: it was caught up, and does not take what is sent. */
  state: z.enum(['waiting', 'catching_up', 'live', 'slow']),
  since: at,
  /** How many entries of the log it is behind. */
  behind: z.int().nonnegative(),
  /** How old the oldest is that it has not been given, in ms. */
  lag_ms: amount,
  bytes_per_second: amount,
  /** Event streams that it holds open, as it says; null where it does not, or no longer. */
  streams: z.int().nonnegative().nullable(),
})

const ShardSchema = z.object({
  id: z.int(),
  state: z.enum(['connecting', 'identifying', 'resuming', 'ready', 'reconnecting', 'stopped']),
  since: at,
  ping_ms: z.number().nullable(),
  /** In the last 24 hours, as far back as this log goes. */
  resumes: z.int().nonnegative(),
  identifies: z.int().nonnegative(),
  guilds: z.int().nonnegative(),
  /** When its session began; null where none is open, or nobody knows any more. */
  session_since: at.nullable(),
  /** The last entry of its guilds; null before the first of this process. */
  last_event_id: eventId.nullable(),
})

/**
 * Why something is missing: Discord did not resume the session; nobody was there to resume it; within a session Discord left
 * events out; an event was too large.
 */
export const FIGURE_GAP_REASONS = ['not_resumed', 'away', 'missing', 'too_large'] as const

const GapSchema = z.object({
  /** Its place in the log. */
  id: eventId,
  reason: z.enum(FIGURE_GAP_REASONS),
  /** What was said when the connection ended; null where that is not known. */
  detail: z.string().nullable(),
  from: at,
  to: at,
  /** Null: all. */
  shard: z.int().nullable(),
  /** What was read back from Discord; null where nothing can be. */
  restored: z
    .object({
      messages: z.int().nonnegative(),
      /** False: it is still being read. */
      done: z.boolean(),
      /** Of so many channels, messages are missing still. */
      channels_left: z.int().nonnegative(),
    })
    .nullable(),
})

const series = z.array(z.number().nullable())

/** Points in time, evenly apart. Null where nothing is known: this process was not there. */
const HistorySchema = z.object({
  range: FigureRangeSchema,
  step_ms: z.number().positive(),
  /** When the first point's time begins. Each is of the `step_ms` that follow; the last may not be over. */
  from: at,
  /** Per second. */
  events: byFamily(series),
  commands: byEnd(series),
  log_bytes: series,
  p50_ms: series,
  p99_ms: series,
})

/** What the Gateway Service counts of itself. Names and numbers alone: nothing of a guild. */
export const FiguresSchema = z.object({
  success: z.literal(true),
  /** By the gateway's clock, as all times here. */
  ts: at,
  started_at: at,
  /** Of the last ten seconds. */
  events_per_second: byFamily(amount),
  /** From Discord to browsers, in the last minute, as backends say; null where nobody does. */
  latency: z.object({ p50_ms: amount, p99_ms: amount, count: z.int().positive() }).nullable(),
  log: z.object({
    bytes: amount,
    bytes_max: amount,
    /** When the oldest entry was received; null for an empty log. */
    since: at.nullable(),
    age_max_ms: amount,
  }),
  consumers: z.array(ConsumerSchema).max(FIGURE_CONSUMERS_MAX),
  consumers_total: z.int().nonnegative(),
  shards: z.array(ShardSchema).max(FIGURE_SHARDS_MAX),
  shards_total: z.int().nonnegative(),
  /** Null until Discord has said. */
  identifies: z
    .object({ total: z.int(), remaining: z.int(), reserve: z.int(), resets_at: at, exhausted: z.boolean() })
    .nullable(),
  /** Of the last seven days, the newest first. */
  gaps: z.array(GapSchema).max(FIGURE_GAPS_MAX),
  history: HistorySchema.optional(),
})

export type Figures = z.infer<typeof FiguresSchema>
export type FigureConsumer = z.infer<typeof ConsumerSchema>
export type FigureShard = z.infer<typeof ShardSchema>
export type FigureGap = z.infer<typeof GapSchema>
export type FigureHistory = z.infer<typeof HistorySchema>

/** Which bucket, as `latencyBucket` says it. */
export const LatencyBucketSchema = z
  .int()
  .min(0)
  .max(LATENCY_BUCKETS - 1)

/** What a process may count in one bucket as long as it lives: a thousand a millisecond, for a century. */
const COUNT_MAX = 4e15

/**
 * What a backend says of itself: as it stands, and as it has counted since it began, so that a report that comes twice or not
 * at all changes nothing.
 */
export const FiguresReportSchema = z.strictObject({
  /** Tells one process that counts from the next, which begins anew. */
  process: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected 1 to 64 letters, digits, _ or -'),
  streams: z.int().min(0).max(10_000_000),
  /** `[bucket, how many]`, from Discord to browsers. Empty where it does not know. */
  latency: z.array(z.tuple([LatencyBucketSchema, z.int().min(0).max(COUNT_MAX)])).max(LATENCY_BUCKETS),
})
export type FiguresReport = z.output<typeof FiguresReportSchema>
