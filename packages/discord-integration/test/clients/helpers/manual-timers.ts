import type { Timers } from '../../../src/clients/timers.ts'

/** Time that moves when the test says so. */
export class ManualTimers implements Timers {
  #now = 1_000_000
  #timers: { at: number; ms: number; callback: () => void }[] = []

  readonly now = (): number => this.#now

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#now + ms, ms, callback }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer)
    }
  }

  /** The delays of the timers that are running, shortest wait first. */
  get delays(): number[] {
    return this.#timers.toSorted((a, b) => a.at - b.at).map((timer) => timer.ms)
  }

  advance(ms: number): void {
    const end = this.#now + ms
    for (;;) {
      const due = this.#timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0]
      if (due === undefined) break
      this.#timers = this.#timers.filter((timer) => timer !== due)
      this.#now = Math.max(this.#now, due.at)
      due.callback()
    }
    this.#now = end
  }
}

/** Lets everything that can go on without time passing go on. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
