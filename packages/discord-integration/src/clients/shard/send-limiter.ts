import type { Timers } from '../timers.ts'

/**
 * Discord disconnects a connection that sends more than 120 payloads in 60 s.
 * https://docs.discord.com/developers/events/gateway#rate-limiting
 */
const WINDOW_MS = 60_000
const SENDS_PER_WINDOW = 120
/** Kept for IDENTIFY or RESUME, two heartbeats and the beats Discord asks for besides. */
const KEPT_FOR_HEARTBEATS = 6

/** Discord closes with 4002 for more. https://docs.discord.com/developers/events/gateway#sending-events */
export const MAX_SEND_BYTES = 4096

/** Nine minutes' worth; more is a caller that does not look at how fast it goes. */
const MAX_QUEUED_SENDS = 1_000

/**
 * What the bot says on the gateway (ops 3, 4, 8, …): held until the session is ready, then sent in order within
 * Discord's limit. The queue outlives connections; the window is each connection's own.
 */
export class SendLimiter {
  readonly #timers: Timers
  readonly #queue: string[] = []
  /** When the sends of the last window happened, oldest first. */
  #sent: number[] = []
  #write: ((text: string) => void) | null = null
  #cancel: (() => void) | null = null

  constructor(options: { timers: Timers }) {
    this.#timers = options.timers
  }

  get queued(): number {
    return this.#queue.length
  }

  /** How long one that is pushed now will wait while the connection lasts, in ms. */
  get waitMs(): number {
    const now = this.#timers.now()
    const recent = this.#sent.filter((at) => at > now - WINDOW_MS)
    const room = SENDS_PER_WINDOW - KEPT_FOR_HEARTBEATS
    // The place in the window that comes free for it; whole windows of others wait before it.
    const before = recent.length + this.#queue.length - room
    if (before < 0) return 0
    const freed = recent[before % room] ?? now
    return freed + WINDOW_MS * (1 + Math.floor(before / room)) - now
  }

  /**
   * @throws {RangeError} for a payload over 4,096 bytes, which Discord would answer by closing the connection.
   * @throws {Error} when 1,000 are waiting already.
   */
  push(payload: unknown): void {
    const text = JSON.stringify(payload)
    const bytes = Buffer.byteLength(text)
    if (bytes > MAX_SEND_BYTES)
      throw new RangeError(`a gateway payload of ${bytes} bytes: Discord takes ${MAX_SEND_BYTES}`)
    if (this.#queue.length >= MAX_QUEUED_SENDS)
      throw new Error(`${MAX_QUEUED_SENDS} gateway payloads are waiting already`)
    this.#queue.push(text)
    this.#drain()
  }

  /** The session is ready. */
  open(write: (text: string) => void): void {
    this.shut()
    this.#sent = []
    this.#write = write
    this.#drain()
  }

  /** The connection is gone; what waits goes on waiting. */
  shut(): void {
    this.#write = null
    this.#cancel?.()
    this.#cancel = null
  }

  #drain(): void {
    if (this.#write === null || this.#cancel !== null) return
    const now = this.#timers.now()
    const recent = this.#sent.findIndex((at) => at > now - WINDOW_MS)
    this.#sent.splice(0, recent === -1 ? this.#sent.length : recent)
    while (this.#queue.length > 0) {
      const oldest = this.#sent[0]
      if (this.#sent.length >= SENDS_PER_WINDOW - KEPT_FOR_HEARTBEATS && oldest !== undefined) {
        this.#cancel = this.#timers.after(oldest + WINDOW_MS - now, () => {
          this.#cancel = null
          this.#drain()
        })
        return
      }
      this.#sent.push(now)
      this.#write(this.#queue.shift() ?? '')
    }
  }
}
