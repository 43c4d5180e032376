import { useMemo } from 'react'
import type { HopReport } from '../hop-report.ts'
import type { StreamStatus } from '../live/stream/stream-types.ts'
import { useGuild } from './use-guild-store.ts'

/** The way of the events: Discord, gateway, web, this browser. What is not known is null, never a guess. */
export type Hops = {
  /** The last hop, from web to this browser. */
  browser: StreamStatus
  /** The hops before it as web reported them last, by this browser's clock. */
  report: HopReport | null
  reportAt: number | null
  /** How much later than they could events reach this browser, in ms; null while that is fine. */
  lateMs: number | null
}

export function useHops(): Hops {
  const browser = useGuild((snapshot) => snapshot.status)
  const report = useGuild((snapshot) => snapshot.report)
  const reportAt = useGuild((snapshot) => snapshot.reportAt)
  const lateMs = useGuild((snapshot) => snapshot.lateMs)
  return useMemo(() => ({ browser, report, reportAt, lateMs }), [browser, report, reportAt, lateMs])
}
