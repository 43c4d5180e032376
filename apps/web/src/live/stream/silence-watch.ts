import type { Clock } from './stream-types.ts'

/** A timer later than this woke with the machine or the tab, or after a long task: what was sent lies unread. Look again. */
const LATE_TIMER_MS = 500

/** Tells that nothing was heard for so long; not where it is this end that was held up. */
export class SilenceWatch {
  readonly #clock: Clock
  readonly #onSilence: () => void
  #timer: unknown = null

  constructor(clock: Clock, onSilence: () => void) {
    this.#clock = clock
    this.#onSilence = onSilence
  }

  /** From now on; whatever was waited for before. */
  wait(ms: number): void {
    this.stop()
    const dueAt = this.#clock.now() + ms
    this.#timer = this.#clock.setTimer(() => {
      this.#timer = null
      if (this.#clock.now() - dueAt > LATE_TIMER_MS) this.wait(LATE_TIMER_MS)
      else this.#onSilence()
    }, ms)
  }

  stop(): void {
    if (this.#timer !== null) this.#clock.clearTimer(this.#timer)
    this.#timer = null
  }
}
