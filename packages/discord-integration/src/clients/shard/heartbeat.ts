import type { Timers } from '../timers.ts'

/** Discord says about 41 s. What a server says beyond these would be a flood, or no heartbeat at all. */
const MIN_INTERVAL_MS = 100
const MAX_INTERVAL_MS = 10 * 60_000

/**
 * The heartbeat of one connection: the first after interval × random, so that a fleet that reconnects does not beat in
 * step; then every interval. When a beat is due and the last was never acknowledged, the connection is a zombie.
 * https://docs.discord.com/developers/events/gateway#sending-heartbeats
 *
 * While the socket is paused no ACK can be read: beats go on, and a missing ACK is excused until one whole interval has
 * passed with the socket open again.
 */
export class Heartbeat {
  readonly #timers: Timers
  readonly #random: () => number
  readonly #send: () => void
  readonly #zombie: () => void
  #intervalMs = 0
  #cancel: (() => void) | null = null
  #acknowledged = true
  #paused = false
  #excused = false
  #sentAt: number | null = null
  #pingMs: number | null = null

  constructor(options: { timers: Timers; random: () => number; send: () => void; zombie: () => void }) {
    this.#timers = options.timers
    this.#random = options.random
    this.#send = options.send
    this.#zombie = options.zombie
  }

  /** The last beat's round trip, in ms; null before the first. */
  get pingMs(): number | null {
    return this.#pingMs
  }

  start(intervalMs: number): void {
    this.stop()
    this.#intervalMs = Math.min(Math.max(intervalMs, MIN_INTERVAL_MS), MAX_INTERVAL_MS)
    this.#cancel = this.#timers.after(this.#intervalMs * this.#random(), () => this.#due())
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = null
  }

  /** Op 1 from Discord: answered at once, beside the schedule and without a claim to an ACK of its own. */
  requested(): void {
    this.#beat()
  }

  /** Op 11. */
  acknowledge(): void {
    this.#acknowledged = true
    if (this.#sentAt !== null && !this.#excused) this.#pingMs = Math.round(this.#timers.now() - this.#sentAt)
    this.#sentAt = null
  }

  pause(): void {
    this.#paused = true
    this.#excused = true
  }

  resume(): void {
    this.#paused = false
  }

  #due(): void {
    this.#cancel = null
    if (!this.#acknowledged && !this.#excused) return this.#zombie()
    this.#excused = this.#paused
    this.#acknowledged = false
    this.#cancel = this.#timers.after(this.#intervalMs, () => this.#due())
    this.#beat()
  }

  #beat(): void {
    this.#sentAt = this.#timers.now()
    this.#send()
  }
}
