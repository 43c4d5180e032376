import { useMemo } from 'react'
import { hopsOfGuild, type HopReport } from '../hop-report.ts'
import type { StreamStatus } from '../live/stream/stream-types.ts'
import type { HopFigures } from '../live/hops/hop-figures.ts'
import { useGuild, useGuildStore } from './use-guild-store.ts'

/** The way of the events: Discord, gateway, web, this browser. What is not known is null, never a guess. */
export type Hops = {
  /** The last hop, from web to this browser. */
  browser: StreamStatus
  /** The hops before it as web reported them last; of Discord's, how the shard stands that the guild is on. */
  report: HopReport | null
  /** When it came, by this browser's clock. */
  reportAt: number | null
  /** How late events reach this browser, in ms; null while that is fine. */
  lateMs: number | null
  /** What the events of the last minutes took from hop to hop, in ms. */
  took: HopFigures
}

export function useHops(): Hops {
  const browser = useGuild((snapshot) => snapshot.status)
  const report = useGuild((snapshot) => snapshot.report)
  const reportAt = useGuild((snapshot) => snapshot.reportAt)
  const lateMs = useGuild((snapshot) => snapshot.lateMs)
  const { hops, guildId } = useGuildStore()
  // Anew with each report, twice a second.
  return useMemo(
    () => ({
      browser,
      report: report && hopsOfGuild(report, guildId),
      reportAt,
      lateMs,
      took: hops.figures(reportAt ?? 0),
    }),
    [browser, report, reportAt, lateMs, hops, guildId],
  )
}
