import type { HopReport } from '../../hop-report.ts'

/** The report by this browser's clock, which may differ from the server's by any amount: what is shown and compared is one's own. */
export function byBrowserClock(report: HopReport, offset: number): HopReport {
  const own = (at: number | null) => (at === null ? null : at + offset)
  return {
    ...report,
    ts: report.ts + offset,
    discord: {
      ...report.discord,
      since: own(report.discord.since),
      shards: report.discord.shards.map((shard) => ({ ...shard, since: shard.since + offset })),
    },
    gateway: {
      ...report.gateway,
      since: own(report.gateway.since),
      nextAttemptAt: own(report.gateway.nextAttemptAt),
    },
  }
}
