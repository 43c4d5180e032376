import { GatewayIntentBits } from 'discord-api-types/v10'
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

/** A gateway client that does nothing by itself. What arrives waits in a queue, so that nothing is missed. */
export class RawClient implements AsyncDisposable {
  readonly socket: WebSocket
  /** Resolves with the close code once the connection is closed. */
  readonly closed: Promise<number>
  readonly #frames: Frame[] = []
  #wake: (() => void) | null = null
  #isClosed = false

  constructor(url: string, query = '?v=10&encoding=json') {
    this.socket = new WebSocket(`${url}/${query}`)
    this.closed = new Promise((resolve) => {
      this.socket.on('close', (code) => {
        this.#isClosed = true
        this.#wake?.()
        resolve(code)
      })
    })
    this.socket.on('message', (data) => {
      this.#frames.push(JSON.parse((data as Buffer).toString('utf8')) as Frame)
      this.#wake?.()
    })
    this.socket.on('error', () => this.#wake?.())
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
