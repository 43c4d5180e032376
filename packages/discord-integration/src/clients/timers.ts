/** Time that passes, whatever the clock on the wall is set to; a test can own it. */
export interface Timers {
  /** In ms, from any beginning; it never goes back. */
  now(): number
  /** Calls back once after `ms`; what it returns cancels that. */
  after(ms: number, callback: () => void): () => void
}

/** The longest delay that setTimeout takes; beyond it fires at once. */
const MAX_DELAY_MS = 2 ** 31 - 1

export const systemTimers: Timers = {
  now: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, Math.min(ms, MAX_DELAY_MS))
    return () => clearTimeout(timer)
  },
}

/** Resolves after `ms` (at once for none), and when the signal aborts: the caller asks the signal which it was. */
export function sleep(timers: Timers, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted || ms <= 0) return resolve()
    const done = (): void => {
      cancel()
      signal.removeEventListener('abort', done)
      resolve()
    }
    const cancel = timers.after(ms, done)
    signal.addEventListener('abort', done)
  })
}

/** Waits for the promise to settle, at most `ms`; true when it did. Never rejects. */
export async function settledWithin(timers: Timers, ms: number, promise: Promise<unknown>): Promise<boolean> {
  const late = Promise.withResolvers<boolean>()
  const cancel = timers.after(ms, () => late.resolve(false))
  const settled = await Promise.race([Promise.allSettled([promise]).then(() => true), late.promise])
  cancel()
  return settled
}
