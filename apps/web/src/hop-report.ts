import { z } from 'zod'

/**
 * What web knows of the way an event takes, told to a page that asked for it (`?hops=1`) as the SSE event `hops`: at
 * once when it changes and twice a second besides, so that silence itself says that this hop is broken.
 *
 * A figure that is not known is `null`, never a guess.
 */
export const HopReportSchema = z.object({
  /** Web's clock as it wrote this, in ms since the epoch. All times here are by that clock, as far as it is known how it differs. */
  ts: z.number(),
  /** The id of the web process whose clock that is: several may serve one page, one after the other. `GET /api/clock` says it too. */
  by: z.string(),
  discord: z.object({
    state: z.enum(['connected', 'reconnecting', 'down', 'unknown']),
    /** Since when, in ms since the epoch, where known. */
    since: z.number().nullable(),
    /** Heartbeat round trip between the gateway and Discord, in ms: the slowest shard's. */
    pingMs: z.number().nullable(),
    /** What is wrong, in a few words (`shard 2 of 4`, `3 of 4 shards`); null where there is but one. */
    detail: z.string().nullable(),
    /** Discord's clock less the gateway's, in ms. */
    clockMs: z.number().nullable(),
    /** Each shard; none while nothing is known. */
    shards: z.array(
      z.object({
        id: z.number(),
        state: z.enum(['connecting', 'identifying', 'resuming', 'ready', 'reconnecting', 'stopped']),
        since: z.number(),
        pingMs: z.number().nullable(),
      }),
    ),
  }),
  gateway: z.object({
    state: z.enum(['connected', 'reconnecting', 'down']),
    since: z.number().nullable(),
    /** Round trip between web and the gateway, in ms. */
    rttMs: z.number().nullable(),
    /** The gateway's clock less web's, in ms. */
    clockMs: z.number().nullable(),
    /** Which try to reconnect is under way. */
    attempt: z.number().nullable(),
    /** When the next try comes, in ms since the epoch. */
    nextAttemptAt: z.number().nullable(),
  }),
})

export type HopReport = z.infer<typeof HopReportSchema>
