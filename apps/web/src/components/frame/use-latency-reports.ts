import { useEffect } from 'react'
import type { LatencyReport } from '../../latency-report.ts'
import type { LatencyTally } from '../../live/latency-tally.ts'

/** As often as it says something new to those who look at a plot of ten-second points. */
const REPORT_EVERY_MS = 15_000

/** Tells every 15 seconds what was measured since; what could not be told is told the next time. */
export function useLatencyReports(tally: LatencyTally, send: (report: LatencyReport) => Promise<unknown>): void {
  useEffect(() => {
    const timer = setInterval(() => {
      const report = tally.take()
      if (report !== null) send(report).catch(() => tally.putBack(report))
    }, REPORT_EVERY_MS)
    return () => clearInterval(timer)
  }, [tally, send])
}
