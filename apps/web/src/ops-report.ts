import type { FigureHistory, Figures } from '@repo/discord-integration/types'
import type { HopReport } from './hop-report.ts'

/** What web answers a page that looks at how the whole runs. */
export type OpsReport = {
  /** The last that the gateway said; null where it never has. Its times are by its own clock. */
  figures: Figures | null
  /** When that was, in ms since the epoch by web's clock. */
  heardAt: number | null
  /** Null where the page has it, or the gateway has not said. */
  history: FigureHistory | null
  /** Tells one history from the next: what a page that has it says. */
  historyAt: number | null
  /** The hops before the browser, as web sees them. */
  hops: HopReport
  /**
   * How long the hop to each station took, in ms: the median of what open pages of this web process told in the last minute.
   * Pages of other webs tell those. Null where none told of it: nothing came, or clocks could not be compared.
   */
  took: { gateway: number | null; web: number | null; browser: number | null }
  /** Event streams that this web process holds open. */
  streams: number
}
