import type { Clock, Timer } from '../clock.ts'

/** What Discord waits beyond the interval before it takes a client for dead, in ms. Ours: Discord documents no figure. */
export const HEARTBEAT_GRACE_MS = 20_000

/**
 * Notices that a client has stopped heartbeating. One that beats late, but within the grace, is alive.
 * https://docs.discord.com/developers/events/gateway#heartbeat-interval
 */
export class Pulse {
  readonly #clock: Clock
  readonly #timeoutMs: number
  readonly #onDead: () => void
  #timer: Timer | null = null

  /** @param timeoutMs how long may pass between heartbeats; Infinity: for ever */
  constructor(clock: Clock, timeoutMs: number, onDead: () => void) {
    this.#clock = clock
    this.#timeoutMs = timeoutMs
    this.#onDead = onDead
  }

  beat(): void {
    this.#timer?.cancel()
    if (this.#timeoutMs !== Infinity) this.#timer = this.#clock.after(this.#timeoutMs, this.#onDead)
  }

  stop(): void {
    this.#timer?.cancel()
    this.#timer = null
  }
}
