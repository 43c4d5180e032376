import type { Timers } from '../src/index.ts'

/** Time that a test moves: `now` for a log, timers for a feed. */
export class Clock implements Timers {
  ms = 1_700_000_000_000
  readonly #timers = new Set<{ at: number; run: () => void }>()

  readonly now = () => this.ms

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.ms + ms, run }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** How many timers are running. */
  get running(): number {
    return this.#timers.size
  }

  pass(ms: number): void {
    this.ms += ms
    for (const timer of Array.from(this.#timers)) {
      if (timer.at > this.ms || !this.#timers.delete(timer)) continue
      timer.run()
    }
  }
}
