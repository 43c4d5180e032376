import type { Registry } from 'prom-client'
import type { Page } from './ws-server.ts'

export type PagesOptions = { metrics: Registry; reasons: () => readonly string[] }

/** The pages for probes and scrapers. None needs a token, so none holds a secret or anything of a guild. */
export function createPages({ metrics, reasons }: PagesOptions): Record<string, Page> {
  return {
    /** Alive: 200 for as long as it can answer. */
    '/healthz': async () => json(200, { status: 'ok' }),
    /** Whether a backend that connects now learns what the guilds look like. */
    '/readyz': async () => {
      const unready = reasons()
      return unready.length === 0 ? json(200, { status: 'ready' }) : json(503, { status: 'unready', reasons: unready })
    },
    '/metrics': async () => ({ status: 200, contentType: metrics.contentType, body: await metrics.metrics() }),
  }
}

function json(status: number, body: unknown): Awaited<ReturnType<Page>> {
  return { status, contentType: 'application/json', body: JSON.stringify(body) }
}
