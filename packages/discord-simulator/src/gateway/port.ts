import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'

/**
 * The socket's end of a connection: messages go out here, and nowhere else. What is sent within a turn of the event loop
 * goes to the system in one write: a write costs more than a kilobyte does.
 */
export class Port {
  readonly #socket: WebSocket
  readonly #raw: Duplex
  #isCorked = false

  constructor(socket: WebSocket, raw: Duplex) {
    this.#socket = socket
    this.#raw = raw
  }

  get isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN
  }

  send(message: string | Buffer): void {
    if (!this.isOpen) return
    if (!this.#isCorked) {
      this.#isCorked = true
      this.#raw.cork()
      process.nextTick(() => this.#uncork())
    }
    this.#socket.send(message)
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason)
  }

  /** Cuts the TCP connection, after what was sent before. */
  terminate(): void {
    this.#uncork()
    this.#socket.terminate()
  }

  #uncork(): void {
    if (!this.#isCorked) return
    this.#isCorked = false
    this.#raw.uncork()
  }
}
