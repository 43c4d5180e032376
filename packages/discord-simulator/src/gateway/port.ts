import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'

/** The header of a frame from a server: https://www.rfc-editor.org/rfc/rfc6455#section-5.2 */
function frameHeader(length: number, isText: boolean): Buffer {
  const first = isText ? 0x81 : 0x82
  if (length < 126) return Buffer.from([first, length])
  const header = Buffer.alloc(length < 65_536 ? 4 : 10)
  header[0] = first
  header[1] = length < 65_536 ? 126 : 127
  if (length < 65_536) header.writeUInt16BE(length, 2)
  else header.writeBigUInt64BE(BigInt(length), 2)
  return header
}

/**
 * The socket's end of a connection: messages go out here, and nowhere else. What is sent within a turn of the event loop
 * goes to the system in one write: a write costs more than a kilobyte does.
 */
export class Port {
  readonly #socket: WebSocket
  readonly #raw: Duplex
  #isCorked = false
  /** How many bytes may still go out before the connection is cut, and what is then to be done. */
  #fuse: { bytes: number; onCut: () => void } | null = null

  constructor(socket: WebSocket, raw: Duplex) {
    this.#socket = socket
    this.#raw = raw
  }

  get isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN
  }

  /** What the client has not taken yet, in bytes. */
  get backlogBytes(): number {
    return this.#raw.writableLength
  }

  send(message: string | Buffer): void {
    if (!this.isOpen) return
    if (this.#fuse && !this.#fits(message, this.#fuse)) return
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
    this.#fuse = null
    this.#socket.terminate()
  }

  /** Lets so many bytes more go out, frame headers included, and then cuts the connection in the middle of whatever it is. */
  cutAfter(bytes: number, onCut: () => void): void {
    this.#fuse = { bytes, onCut }
    if (bytes === 0) onCut()
  }

  /** Whether a message is over before the fuse is. If not, what is left of it goes out, and then nothing more. */
  #fits(message: string | Buffer, fuse: { bytes: number; onCut: () => void }): boolean {
    const payload = Buffer.from(message)
    const frame = Buffer.concat([frameHeader(payload.length, typeof message === 'string'), payload])
    fuse.bytes -= frame.length
    if (fuse.bytes > 0) return true
    this.#uncork()
    this.#raw.write(frame.subarray(0, frame.length + fuse.bytes))
    fuse.onCut()
    return false
  }

  #uncork(): void {
    if (!this.#isCorked) return
    this.#isCorked = false
    this.#raw.uncork()
  }
}
