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
    const response = await fetch('/api/clock', { cache: 'no-store', signal: AbortSignal.timeout(PROBE_MS) })
    return response.json()
  },
  now: () => Date.now(),
  random: () => Math.random(),
  setTimer: (run, ms) => setTimeout(run, ms),
  clearTimer: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
}
