import { createZstdDecompress, type ZstdDecompress } from 'node:zlib'

/** Compressed messages, and bytes of them, that may wait; more, and the socket is to be paused until half are through. */
const MAX_WAITING = 64
const MAX_WAITING_BYTES = 8 * 1024 * 1024

export type InflateOptions = {
  /** The most that one message may become, in bytes. */
  maxBytes: number
  /** One payload, whole, and how many bytes it is: what it was compressed says nothing of the memory that it takes. */
  text(text: string, bytes: number): void
  /** So many wait that no more should be read. */
  full(): void
  drained(): void
  /** What came is no such stream, or becomes too much. Nothing follows. */
  failed(error: Error): void
}

/**
 * `zstd-stream`: every message of a connection is a part of one zstd frame that never ends, flushed so that a message
 * becomes a payload. https://docs.discord.com/developers/events/gateway#transport-compression
 *
 * Node inflates in another thread, a message at a time, so messages wait here, and only so many.
 */
export class Inflate {
  readonly #options: InflateOptions
  readonly #zstd: ZstdDecompress
  readonly #waiting: Buffer[] = []
  #waitingBytes = 0
  #parts: Buffer[] = []
  #bytes = 0
  #running = false
  #full = false
  #ended = false

  constructor(options: InflateOptions) {
    this.#options = options
    this.#zstd = createZstdDecompress()
    this.#zstd.on('data', (part: Buffer) => this.#take(part))
    this.#zstd.on('error', (error) => this.#fail(error))
  }

  push(message: Buffer): void {
    if (this.#ended) return
    this.#waiting.push(message)
    this.#waitingBytes += message.length
    if (!this.#full && this.#isOver(1)) {
      this.#full = true
      this.#options.full()
    }
    if (!this.#running) this.#next()
  }

  close(): void {
    this.#ended = true
    this.#waiting.length = 0
    this.#waitingBytes = 0
    this.#zstd.destroy()
  }

  #next(): void {
    const message = this.#waiting.shift()
    this.#running = message !== undefined
    if (message === undefined) return
    this.#waitingBytes -= message.length
    this.#zstd.write(message, (error) => {
      // What a message becomes has all come by the time that its write is answered.
      if (error || this.#ended) return
      const payload = this.#parts.length === 1 ? this.#parts[0] : Buffer.concat(this.#parts)
      this.#parts = []
      this.#bytes = 0
      if (payload && payload.length > 0) this.#options.text(payload.toString(), payload.length)
      if (this.#full && !this.#isOver(0.5)) {
        this.#full = false
        this.#options.drained()
      }
      this.#next()
    })
  }

  #isOver(share: number): boolean {
    return this.#waiting.length >= MAX_WAITING * share || this.#waitingBytes >= MAX_WAITING_BYTES * share
  }

  #take(part: Buffer): void {
    this.#bytes += part.length
    if (this.#bytes > this.#options.maxBytes)
      this.#fail(new Error(`a message becomes more than ${this.#options.maxBytes} bytes`))
    else this.#parts.push(part)
  }

  #fail(error: Error): void {
    if (this.#ended) return
    this.close()
    this.#options.failed(error)
  }
}
