import { constants, createDeflate, createZstdCompress } from 'node:zlib'
import type { Port } from './port.ts'

/** What carries payloads to a client, in order; the close frame comes after all of them. */
export interface Transport {
  send: (payload: string) => void
  close: (code: number, reason: string) => void
  /** The connection is gone: nothing more is to be done. */
  end: () => void
}

/**
 * How a client may ask, with `compress`, for all payloads of a connection to be compressed in one context.
 * https://docs.discord.com/developers/events/gateway#transport-compression
 */
const COMPRESSIONS = {
  // Each message ends with the empty block 00 00 ff ff, by which clients know that it is whole.
  'zlib-stream': { create: () => createDeflate(), flush: constants.Z_SYNC_FLUSH },
  // One frame that is never ended: each message ends with a block that is flushed.
  'zstd-stream': { create: () => createZstdCompress(), flush: constants.ZSTD_e_flush },
} as const

export type Compression = keyof typeof COMPRESSIONS

export function isCompression(name: string): name is Compression {
  return Object.hasOwn(COMPRESSIONS, name)
}

/** Payloads as text, each a message. */
export function plain(port: Port): Transport {
  return { send: (payload) => port.send(payload), close: (code, reason) => port.close(code, reason), end: () => {} }
}

/** Compresses the payloads of one connection. One at a time, for a context knows no other order. */
export class CompressedTransport implements Transport {
  readonly #port: Port
  readonly #stream
  readonly #flush: number
  readonly #messageBytes: number
  #waiting: (() => void)[] = []
  #parts: Buffer[] = []
  #isBusy = false

  /** @param messageBytes the largest WebSocket message; payloads beyond it are split over several. Infinity: never */
  constructor(port: Port, compression: Compression, messageBytes: number) {
    const { create, flush } = COMPRESSIONS[compression]
    this.#port = port
    this.#flush = flush
    this.#messageBytes = messageBytes
    this.#stream = create()
    this.#stream.on('data', (part: Buffer) => this.#parts.push(part))
  }

  send(payload: string): void {
    this.#queue(() => {
      this.#isBusy = true
      this.#stream.write(payload)
      this.#stream.flush(this.#flush, () => {
        this.#deliver()
        this.#isBusy = false
        this.#go()
      })
    })
  }

  close(code: number, reason: string): void {
    this.#queue(() => {
      this.#port.close(code, reason)
      this.end()
    })
  }

  end(): void {
    this.#waiting = []
    // Its memory is not the collector's, who would be in no hurry.
    this.#stream.close()
  }

  #queue(job: () => void): void {
    this.#waiting.push(job)
    this.#go()
  }

  #go(): void {
    while (!this.#isBusy) {
      const job = this.#waiting.shift()
      if (!job) return
      job()
    }
  }

  #deliver(): void {
    const message = Buffer.concat(this.#parts)
    this.#parts = []
    if (message.length <= this.#messageBytes) return this.#port.send(message)
    for (let at = 0; at < message.length; at += this.#messageBytes) {
      this.#port.send(message.subarray(at, at + this.#messageBytes))
    }
  }
}
