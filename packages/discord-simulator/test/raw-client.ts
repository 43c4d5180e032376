import { GatewayIntentBits } from 'discord-api-types/v10'
import { createInflate, createZstdDecompress, inflateSync } from 'node:zlib'
import { WebSocket } from 'ws'
import type { Simulator } from '../src/index.ts'

export interface Frame {
  op: number
  t: string | null
  s: number | null
  // Tests look into payloads of all kinds; what they expect there is what they assert.
  // oxlint-disable-next-line typescript/no-explicit-any
  d: any
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** A gateway client that does nothing by itself. What arrives waits in a queue, so that nothing is missed. */
export class RawClient implements AsyncDisposable {
  readonly socket: WebSocket
  /** Resolves with the close code once the connection is closed. */
  readonly closed: Promise<number>
  /** All messages as they came. */
  readonly messages: Buffer[] = []
  readonly #frames: Frame[] = []
  #wake: (() => void) | null = null
  #isClosed = false
  #decompressing = 0
  #onIdle = () => {}

  constructor(url: string, query = '?v=10&encoding=json') {
    this.socket = new WebSocket(`${url}/${query}`)
    this.closed = new Promise((resolve) => {
      this.socket.on('close', (code) => {
        // What came before the close may still be in the decompressor.
        this.#onIdle = () => {
          this.#isClosed = true
          this.#wake?.()
          resolve(code)
        }
        if (this.#decompressing === 0) this.#onIdle()
      })
    })
    const stream = this.#decompressor(query)
    this.socket.on('message', (data, isBinary) => {
      this.messages.push(data as Buffer)
      if (stream) {
        this.#decompressing += 1
        stream.write(data, () => {
          this.#decompressing -= 1
          if (this.#decompressing === 0) this.#onIdle()
        })
      } else this.#take(isBinary ? inflateSync(data as Buffer).toString() : (data as Buffer).toString())
    })
    this.socket.on('error', () => this.#wake?.())
  }

  /** One context for all that comes, as clients have it. */
  #decompressor(query: string) {
    const stream = /zlib-stream/.test(query)
      ? createInflate()
      : /zstd-stream/.test(query)
        ? createZstdDecompress()
        : null
    let text = ''
    stream?.setEncoding('utf8').on('data', (part: string) => {
      text += part
      if (!isJson(text)) return
      this.#take(text)
      text = ''
    })
    return stream
  }

  /** What is no JSON is among the messages only. */
  #take(text: string): void {
    if (!isJson(text)) return
    this.#frames.push(JSON.parse(text) as Frame)
    this.#wake?.()
  }

  /** The next frame. Throws if the connection closes before there is one. */
  async next(): Promise<Frame> {
    for (;;) {
      const frame = this.#frames.shift()
      if (frame) return frame
      if (this.#isClosed) throw new Error('closed before the next frame')
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  /** The next frame that fits; those before it are passed over. */
  async until(fits: (frame: Frame) => boolean): Promise<Frame> {
    for (;;) {
      const frame = await this.next()
      if (fits(frame)) return frame
    }
  }

  event(name: string): Promise<Frame> {
    return this.until((frame) => frame.t === name)
  }

  op(op: number): Promise<Frame> {
    return this.until((frame) => frame.op === op)
  }

  send(op: number, d: unknown): void {
    this.text(JSON.stringify({ op, d }))
  }

  text(text: string): void {
    this.socket.send(text)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.terminate()
    await this.closed
  }
}

export const ALL_INTENTS = Object.values(GatewayIntentBits)
  .filter((bit) => typeof bit === 'number')
  .reduce((sum: number, bit) => sum | bit, 0)

export const identity = (simulator: Simulator, fields: object = {}) => ({
  token: simulator.botToken,
  intents: ALL_INTENTS,
  properties: { os: 'linux', browser: 'test', device: 'test' },
  ...fields,
})

/** Connects and identifies. The queue begins with READY's successors. */
export async function identified(simulator: Simulator, fields: object = {}) {
  const client = new RawClient(simulator.gatewayUrl)
  await client.op(10)
  client.send(2, identity(simulator, fields))
  const ready = await client.event('READY')
  return { client, ready, sessionId: ready.d.session_id as string }
}

/** Connects and asks to resume. */
export async function resuming(simulator: Simulator, session_id: string, seq: number): Promise<RawClient> {
  const client = new RawClient(simulator.gatewayUrl)
  await client.op(10)
  client.send(6, { token: simulator.botToken, session_id, seq })
  return client
}
