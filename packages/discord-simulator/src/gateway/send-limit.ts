import type { Clock } from '../clock.ts'

/** What a connection may send: https://docs.discord.com/developers/events/gateway#rate-limiting */
export const SENDS_PER_WINDOW = 120
export const SEND_WINDOW_MS = 60_000

/** Counts what a connection sends. The window opens with its first frame and starts anew with the first one after it. */
export class SendLimit {
  readonly #clock: Clock
  #openedMs = -Infinity
  #count = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Counts one more. False if that is too many. */
  take(): boolean {
    const now = this.#clock.now()
    if (now - this.#openedMs >= SEND_WINDOW_MS) {
      this.#openedMs = now
      this.#count = 0
    }
    this.#count += 1
    return this.#count <= SENDS_PER_WINDOW
  }
}
