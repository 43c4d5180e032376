/** Something that will happen later and can be called off. */
export interface Timer {
  cancel: () => void
}

/** Where the simulator gets its time. Everything that waits waits on this, so that a test can own it. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now: () => number
  /** Calls `run` once, `ms` milliseconds from now. */
  after: (ms: number, run: () => void) => Timer
}

/** The most that one of Node's timers waits, some 24 days: https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** The machine's clock. Its timers keep no process alive: the sockets do that. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const wait = (leftMs: number): NodeJS.Timeout => {
      const lapMs = Math.min(leftMs, LONGEST_TIMER_MS)
      const lap = () => {
        if (leftMs > lapMs) handle = wait(leftMs - lapMs)
        else run()
      }
      return setTimeout(lap, lapMs).unref()
    }
    let handle = wait(ms)
    return { cancel: () => clearTimeout(handle) }
  },
}

export interface ManualClock extends Clock {
  /**
   * Moves time forward by `ms` milliseconds, running what falls due on the way, in the order in which it falls due. Throws a
   * RangeError for what is no time to wait.
   */
  advance: (ms: number) => void
}

/** A clock that stands still until it is moved. */
export function createManualClock(startMs: number): ManualClock {
  let now = startMs
  let order = 0
  const due = new Set<{ at: number; order: number; run: () => void }>()

  const nextBefore = (end: number) =>
    [...due].filter((entry) => entry.at <= end).sort((a, b) => a.at - b.at || a.order - b.order)[0]

  return {
    now: () => now,
    after: (ms, run) => {
      const entry = { at: now + Math.max(0, ms), order: order++, run }
      due.add(entry)
      return { cancel: () => due.delete(entry) }
    },
    advance: (ms) => {
      if (!(ms >= 0 && ms < Infinity))
        throw new RangeError(`ms: time moves forward by a number of 0 or more, not by ${ms}`)
      const end = now + ms
      for (let entry = nextBefore(end); entry; entry = nextBefore(end)) {
        due.delete(entry)
        now = entry.at
        entry.run()
      }
      now = end
    },
  }
}
