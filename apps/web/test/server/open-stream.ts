import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { createParser } from 'eventsource-parser'
import type { EventSourceMessage } from 'eventsource-parser'
import { NO_PLACE } from '../../src/server/realtime/stream-bytes.ts'

/** A browser's end of a stream, over a plain socket: it can stop reading, and it sees every byte. */
export class OpenStream {
  readonly socket: Socket
  readonly messages: EventSourceMessage[] = []
  readonly comments: string[] = []
  readonly retries: number[] = []
  head = ''
  raw = ''
  ended = false
  #body = Buffer.alloc(0)
  #waiting: (() => void)[] = []
  readonly #parser = createParser({
    onEvent: (message) => this.messages.push(message),
    onComment: (comment) => this.comments.push(comment),
    onRetry: (ms) => this.retries.push(ms),
  })

  private constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', (bytes: Buffer) => this.#take(bytes))
    socket.on('error', () => {})
    socket.on('close', () => {
      this.ended = true
      this.#wake()
    })
  }

  static async open(
    port: number,
    path: string,
    {
      headers = {},
      version = '1.1',
      method = 'GET',
    }: { headers?: Record<string, string>; version?: string; method?: string } = {},
  ): Promise<OpenStream> {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    const stream = new OpenStream(socket)
    const lines = Object.entries({ Host: `127.0.0.1:${port}`, ...headers }).map(([name, value]) => `${name}: ${value}`)
    socket.write(`${method} ${path} HTTP/${version}\r\n${lines.join('\r\n')}\r\n\r\n`)
    await stream.until(() => stream.head !== '')
    return stream
  }

  get status(): number {
    return Number(this.head.split(' ')[1])
  }

  header(name: string): string | undefined {
    const line = this.head.split('\r\n').find((text) => text.toLowerCase().startsWith(`${name.toLowerCase()}: `))
    return line?.slice(name.length + 2)
  }

  /** What was heard, as lines: `sync live e-1`, `MESSAGE_CREATE e-2`. */
  get heard(): string[] {
    return this.messages.map(({ event, data, id }) => {
      const state = event === 'sync' ? ` ${(JSON.parse(data) as { state: string }).state}` : ''
      return `${event ?? 'message'}${state}${id === undefined || id === NO_PLACE ? '' : ` ${id}`}`
    })
  }

  async until(done: () => boolean): Promise<void> {
    while (!done()) {
      if (this.ended) throw new Error(`the stream ended before that; heard ${JSON.stringify(this.heard)}`)
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
  }

  async hears(line: string): Promise<void> {
    await this.until(() => this.heard.some((heard) => heard.startsWith(line)))
  }

  /** Until the response is over, which for a chunked one is not the end of the connection. */
  async end(): Promise<void> {
    while (!this.ended) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  #take(bytes: Buffer): void {
    this.#body = Buffer.concat([this.#body, bytes])
    if (this.head === '') {
      const end = this.#body.indexOf('\r\n\r\n')
      if (end === -1) return
      this.head = this.#body.subarray(0, end).toString()
      this.#body = this.#body.subarray(end + 4)
    }
    if (this.header('transfer-encoding') === 'chunked') this.#takeChunks()
    else {
      this.#takeText(this.#body)
      this.#body = Buffer.alloc(0)
    }
    this.#wake()
  }

  #takeChunks(): void {
    for (;;) {
      const lineEnd = this.#body.indexOf('\r\n')
      if (lineEnd === -1) return
      const length = Number.parseInt(this.#body.subarray(0, lineEnd).toString(), 16)
      if (Number.isNaN(length)) throw new Error(`not a chunk: ${this.#body.toString().slice(0, 40)}`)
      const next = lineEnd + 2 + length + 2
      if (this.#body.length < next) return
      if (this.#body.subarray(next - 2, next).toString() !== '\r\n')
        throw new Error('a chunk is not as long as it says')
      if (this.ended) throw new Error(`after the end: ${this.#body.toString().slice(0, 40)}`)
      const text = this.#body.subarray(lineEnd + 2, next - 2)
      this.#body = this.#body.subarray(next)
      if (length === 0) this.ended = true
      else this.#takeText(text)
    }
  }

  #takeText(bytes: Buffer): void {
    const text = bytes.toString()
    this.raw += text
    this.#parser.feed(text)
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake()
  }
}
