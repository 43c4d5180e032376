import type { GatewayServiceClient } from '@repo/discord-integration/clients'
import { perHop, type Hop } from '../../latency-report.ts'
import { RateLimit } from '../auth/rate-limit.ts'
import type { HopReporter } from '../realtime/hop-reporter.ts'
import { FiguresReporter } from './figures-reporter.ts'
import { LatencyBook } from './latency-book.ts'
import { OpsReader } from './ops-reader.ts'

/** A page looks once a second: room for several windows of one person. */
const LOOKS = { burst: 60, perSecond: 8 }
/** A page tells every fifteen seconds: room for a browser full of tabs. */
const REPORTS = { burst: 30, perSecond: 2 }

/** What web knows of how the whole runs, once a process. */
export type Ops = {
  reader: OpsReader
  latency: Record<Hop, LatencyBook>
  /** How often one person may look, and tell. */
  looks: RateLimit
  reports: RateLimit
  close(): void
}

export function createOps({
  id,
  client,
  hops,
  streams,
}: {
  /** Of this web process. */
  id: string
  client: Pick<GatewayServiceClient, 'status' | 'onStatus' | 'sendCommand'>
  hops: Pick<HopReporter, 'report' | 'subscribe'>
  streams: () => number
}): Ops {
  const latency = perHop(() => new LatencyBook())
  const reader = new OpsReader({
    ask: (history, options) => client.sendCommand('get_figures', history === undefined ? {} : { history }, options),
    hops,
    took: () => ({
      gateway: latency.gateway.recentMedian(),
      web: latency.web.recentMedian(),
      browser: latency.browser.recentMedian(),
    }),
    streams,
  })
  const reporter = new FiguresReporter({
    process: id,
    send: (report) => client.sendCommand('report_figures', report),
    isUp: () => client.status.state === 'connected' || client.status.state === 'live',
    onStatus: (handler) => client.onStatus(handler),
    streams,
    latency: latency.total,
  })
  return {
    reader,
    latency,
    looks: new RateLimit(LOOKS),
    reports: new RateLimit(REPORTS),
    close() {
      reader.close()
      reporter.close()
    },
  }
}
