import type { WebClockEnvironment } from '../hops/web-clock.ts'
import type { StreamEnvironment } from './stream-types.ts'

/** Longest wait for a status; without an answer it counts as any broken connection. */
const PROBE_MS = 5_000

/** The stream's and the clock's needs, met by a real browser. */
export const browserEnvironment: StreamEnvironment & WebClockEnvironment = {
  open: (url) => new EventSource(url),
  probe: async (url, signal) => {
    const probing = new AbortController()
    const response = await fetch(url, {
      headers: { accept: 'text/event-stream' },
      cache: 'no-store',
      signal: AbortSignal.any([signal, probing.signal, AbortSignal.timeout(PROBE_MS)]),
    })
    // The status is all that is wanted; a stream that did open would never end.
    probing.abort()
    return response.status
  },
  askClock: async () => {
    const askedAt = Date.now()
    const response = await fetch('/api/clock', { cache: 'no-store', signal: AbortSignal.timeout(PROBE_MS) })
    const answer: unknown = await response.json()
    return { answer, ...(wayOf(response.url, askedAt) ?? { askedAt, heardAt: Date.now() }) }
  },
  now: () => Date.now(),
  random: () => Math.random(),
  setTimer: (run, ms) => setTimeout(run, ms),
  clearTimer: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
}

/**
 * When a question went out and its answer came in, as the browser noted it: a page that is busy, as while it loads, asks and
 * hears later than that. https://www.w3.org/TR/resource-timing/#sec-performanceresourcetiming
 *
 * @returns null where the browser noted nothing: so many are kept, and no more.
 */
function wayOf(url: string, since: number): { askedAt: number; heardAt: number } | null {
  const origin = Date.now() - performance.now()
  const noted = performance.getEntriesByName(url, 'resource').at(-1)
  if (!(noted instanceof PerformanceResourceTiming) || noted.requestStart === 0) return null
  const way = { askedAt: origin + noted.requestStart, heardAt: origin + noted.responseStart }
  return way.askedAt >= since - 1 ? way : null
}
