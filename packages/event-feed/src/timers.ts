/** The passing of time, given in so that a test can own it. */
export interface Timers {
  /** Runs it once, after so many ms; answers how to call it off. Must not keep the process alive. */
  after(ms: number, run: () => void): () => void
}

export const systemTimers: Timers = {
  after(ms, run) {
    const timer = setTimeout(run, ms).unref()
    return () => clearTimeout(timer)
  },
}
