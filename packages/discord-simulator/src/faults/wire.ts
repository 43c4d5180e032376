import type { Clock, Timer } from '../clock.ts'

/** How slow a connection is. */
export interface Lag {
  delayMs: number
  /** Infinity: no limit. */
  bytesPerSecond: number
}

/** Holds back what is to be sent, in order. Without lag, and with nothing held back, nothing waits. */
export class Wire {
  readonly #clock: Clock
  #held: { atMs: number; run: () => void }[] = []
  #timer: Timer | null = null
  /** When the last byte so far will be through. */
  #busyUntil = -Infinity

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get isClear(): boolean {
    return this.#held.length === 0
  }

  pass(bytes: number, { delayMs, bytesPerSecond }: Lag, run: () => void): void {
    const now = this.#clock.now()
    const lastMs = this.#held.at(-1)?.atMs ?? -Infinity
    const fromMs = Math.max(now, this.#busyUntil)
    this.#busyUntil = fromMs + (bytes / bytesPerSecond) * 1_000
    const atMs = Math.max(lastMs, this.#busyUntil + delayMs)
    if (atMs <= now && this.isClear) return run()
    this.#held.push({ atMs, run })
    this.#wait()
  }

  /** Forgets what is held back. */
  clear(): void {
    this.#timer?.cancel()
    this.#timer = null
    this.#held = []
  }

  /** One timer, for the first: timers of their own would not keep their order. */
  #wait(): void {
    const first = this.#held[0]
    if (this.#timer || !first) return
    this.#timer = this.#clock.after(first.atMs - this.#clock.now(), () => {
      this.#timer = null
      const now = this.#clock.now()
      // A machine's timer may be early by a fraction of a millisecond.
      while (this.#held[0] && this.#held[0].atMs <= now + 1) this.#held.shift()?.run()
      this.#wait()
    })
  }
}
