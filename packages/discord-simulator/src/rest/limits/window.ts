import type { Clock } from '../../clock.ts'

/** What a window says after it was asked. */
export interface Taken {
  isTaken: boolean
  remaining: number
  /** When it opens anew, in milliseconds since the Unix epoch. */
  resetMs: number
}

/** Counts in windows that open with the first count and start anew with the first one after their end, as Discord's do. */
export class Window {
  readonly #clock: Clock
  readonly #limit: number
  readonly #lengthMs: number
  #openedMs = -Infinity
  #count = 0

  constructor(clock: Clock, limit: number, lengthMs: number) {
    this.#clock = clock
    this.#limit = limit
    this.#lengthMs = lengthMs
  }

  /** Counts one more, if there is room for it. */
  take(): Taken {
    this.#renew()
    const isTaken = this.#count < this.#limit
    if (isTaken) this.#count += 1
    return { isTaken, remaining: this.#limit - this.#count, resetMs: this.#openedMs + this.#lengthMs }
  }

  get isOver(): boolean {
    return this.#clock.now() - this.#openedMs >= this.#lengthMs
  }

  #renew(): void {
    if (!this.isOver) return
    this.#openedMs = this.#clock.now()
    this.#count = 0
  }
}
