import type { IncomingMessage } from 'node:http'
import type { WebSocket } from 'ws'
import { Inbox } from './inbox.ts'

/** The server's side of one connection, in the test's hand. */
export class Peer<Message> {
  readonly received = new Inbox<Message>()
  /** The code that it was closed with by whoever closed it. */
  readonly closed: Promise<number>
  readonly request: IncomingMessage
  readonly #ws: WebSocket

  constructor(ws: WebSocket, request: IncomingMessage) {
    this.#ws = ws
    this.request = request
    ws.on('message', (data: Buffer) => this.received.push(JSON.parse(data.toString())))
    ws.on('error', () => {})
    this.closed = new Promise((resolve) => ws.on('close', resolve))
  }

  get url(): URL {
    return new URL(this.request.url ?? '', 'ws://test')
  }

  send(message: unknown): void {
    this.sendText(JSON.stringify(message))
  }

  sendText(text: string): void {
    this.#ws.send(text)
  }

  sendBinary(bytes: Buffer): void {
    this.#ws.send(bytes)
  }

  /** A text message that is no UTF-8. */
  sendInvalidUtf8(): void {
    this.#ws.send(Buffer.from([0xff, 0xfe]), { binary: false })
  }

  /** Resolves when everything sent so far has been handed to the system. */
  flushed(): Promise<void> {
    return new Promise((resolve) => this.#ws.send('{"op":11}', () => resolve()))
  }

  get bufferedBytes(): number {
    return this.#ws.bufferedAmount
  }

  /** Resolves when the other side has answered. */
  ping(): Promise<void> {
    return new Promise((resolve) => {
      this.#ws.once('pong', () => resolve())
      this.#ws.ping()
    })
  }

  close(code: number): void {
    this.#ws.close(code)
  }

  /** Answers no pings from now on. */
  stopPongs(): void {
    this.#ws.pong = () => {}
  }

  /** Reads nothing more, so answers nothing either. */
  freeze(): void {
    this.#ws.pause()
  }

  /** Without a close frame. */
  cut(): void {
    this.#ws.terminate()
  }
}
