import { shardOf } from '@repo/discord-integration/types'
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
    /** Each shard, and since when it is ready, or is not; none while nothing is known. */
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

type Discord = HopReport['discord']

/** How long a hop may be broken before it counts as down, in ms: a restart takes less. */
export const DOWN_AFTER_MS = 10_000

/**
 * How some of the gateway's shards stand with Discord, as one.
 *
 * @param all how many shards there are
 * @param now by the clock of their times
 */
export function shardsAsOne(
  shards: Discord['shards'],
  { all, now }: { all: number; now: number },
): Pick<Discord, 'state' | 'since' | 'pingMs' | 'detail'> {
  const away = shards.filter(({ state }) => state !== 'ready')
  if (away.length === 0) {
    const since = Math.max(...shards.map((shard) => shard.since))
    const pings = shards.map(({ pingMs }) => pingMs).filter((ping) => ping !== null)
    return { state: 'connected', since, pingMs: pings.length > 0 ? Math.max(...pings) : null, detail: null }
  }
  const awaySince = Math.min(...away.map((shard) => shard.since))
  const isDown = now - awaySince >= DOWN_AFTER_MS || away.some(({ state }) => state === 'stopped')
  return {
    state: isDown ? 'down' : 'reconnecting',
    since: awaySince,
    pingMs: null,
    detail: all > 1 ? shardNames(away, all) : null,
  }
}

/** How many there are too: by that one tells whether a part of the servers is away, or all. */
function shardNames(away: Discord['shards'], all: number): string {
  const [first] = away
  return away.length === 1 && first ? `shard ${first.id} of ${all}` : `${away.length} of ${all} shards`
}

/** The report as it is of one guild: what comes to it comes by one shard, and how the others stand is nothing to it. */
export function hopsOfGuild(report: HopReport, guildId: string): HopReport {
  const { shards } = report.discord
  const id = shardOf(guildId, shards.length)
  const own = shards.filter((shard) => shard.id === id)
  if (own.length === 0) return report
  return { ...report, discord: { ...report.discord, ...shardsAsOne(own, { all: shards.length, now: report.ts }) } }
}
