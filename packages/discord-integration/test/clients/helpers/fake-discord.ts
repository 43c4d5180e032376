import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import { Inbox } from './inbox.ts'
import { Peer } from './peer.ts'

export type Sent = { op: number; d: Record<string, unknown> }

/** Discord's side of one connection. */
export class DiscordPeer extends Peer<Sent> {
  hello(intervalMs = 41_250): void {
    this.send({ op: 10, d: { heartbeat_interval: intervalMs } })
  }

  dispatch(t: string, s: number, d: unknown = {}): void {
    this.sendText(`{"t":${JSON.stringify(t)},"s":${s},"op":0,"d":${JSON.stringify(d)}}`)
  }

  ack(): void {
    this.send({ op: 11 })
  }

  /** HELLO, then waits for the answer. */
  async greet(intervalMs?: number): Promise<Sent> {
    this.hello(intervalMs)
    return await this.received.until(({ op }) => op === 2 || op === 6)
  }
}

type BotAnswer = { status: number; body?: unknown; headers?: Record<string, string> }

/** A Discord whose every frame the test controls: one port for GET /gateway/bot and for the gateway. */
export class FakeDiscord implements AsyncDisposable {
  readonly connections = new Inbox<DiscordPeer>()
  readonly requests = new Inbox<{ url: string | undefined; headers: Record<string, unknown> }>()
  /** Answers to GET /gateway/bot that come before the usual one. */
  readonly botAnswers: BotAnswer[] = []
  /** Upgrades that are refused with this status; null: none. */
  refuse: number | null = null
  shards = 1
  limit = { total: 1000, remaining: 1000, reset_after: 86_400_000, max_concurrency: 1 }
  readonly #server: Server
  readonly #sockets = new WebSocketServer({ noServer: true })

  static async start(): Promise<FakeDiscord> {
    const fake = new FakeDiscord()
    await new Promise<void>((resolve) => fake.#server.listen(0, '127.0.0.1', resolve))
    return fake
  }

  constructor() {
    this.#server = createServer((request, response) => {
      this.requests.push({ url: request.url, headers: request.headers })
      const { status, body, headers } = this.botAnswers.shift() ?? { status: 200, body: this.#bot() }
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body ?? {}))
    })
    this.#server.on('upgrade', (request, socket, head) => {
      socket.on('error', () => {})
      if (this.refuse !== null) {
        this.requests.push({ url: request.url, headers: request.headers })
        return socket.end(`HTTP/1.1 ${this.refuse} No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
      }
      return this.#sockets.handleUpgrade(request, socket, head, (ws) =>
        this.connections.push(new DiscordPeer(ws, request)),
      )
    })
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get apiUrl(): string {
    return `http://127.0.0.1:${this.port}/api`
  }

  get gatewayUrl(): string {
    return `ws://127.0.0.1:${this.port}/gateway`
  }

  get resumeUrl(): string {
    return `ws://127.0.0.1:${this.port}/resume`
  }

  ready(sessionId = 'session-1'): Record<string, unknown> {
    return { v: 10, session_id: sessionId, resume_gateway_url: this.resumeUrl, user: { id: '42' }, guilds: [] }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const ws of this.#sockets.clients) ws.terminate()
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #bot(): unknown {
    return { url: this.gatewayUrl, shards: this.shards, session_start_limit: this.limit }
  }
}
