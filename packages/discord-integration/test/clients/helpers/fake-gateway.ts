import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import { GatewayServiceClient, type GatewayServiceClientOptions, type LinkStatus } from '../../../src/clients/index.ts'
import type { GatewayServiceEventMessage, GatewayServiceSyncMessage, SyncData } from '../../../src/types/index.ts'
import { Inbox } from './inbox.ts'
import { ManualTimers } from './manual-timers.ts'
import { Peer } from './peer.ts'
import { recordingLogger } from './recording-logger.ts'

export const LINK_TOKEN = 'a-link-token-that-no-log-may-show'

type Command = { type: 'command'; requestId: string; ts: number; data: { command: string; payload: unknown } }

/** The gateway's side of one link. */
export class GatewayPeer extends Peer<Command> {
  sync(state: SyncData['state'], id?: string, reason?: SyncData['reason']): void {
    this.send({ type: 'sync', data: { state, ...(id && { id }), ...(reason && { reason }) }, ts: 1 })
  }

  event(event: string, payload: unknown, id?: string): void {
    this.send({ type: 'event', data: { event, payload }, ts: 2, ...(id && { id }) })
  }

  ack(requestId: string, data: unknown): void {
    this.send({ type: 'ack', data, requestId, ts: 3 })
  }

  error(requestId: string, data: unknown): void {
    this.send({ type: 'error', data, requestId, ts: 3 })
  }
}

type Refusal = { status: number; body?: string; headers?: Record<string, string> }

/** A Gateway Service whose every message the test controls. */
export class FakeGateway implements AsyncDisposable {
  readonly connections = new Inbox<GatewayPeer>()
  readonly upgrades = new Inbox<{ url: string | undefined; headers: IncomingHttpHeaders }>()
  /** Upgrades that are refused, before the others. */
  readonly refusals: Refusal[] = []
  /** False: it speaks version 1 only. */
  version2 = true
  readonly #server: Server = createServer()
  readonly #sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (protocols) => (this.version2 ? ([...protocols][0] ?? false) : false),
  })

  static async start(): Promise<FakeGateway> {
    const fake = new FakeGateway()
    await new Promise<void>((resolve) => fake.#server.listen(0, '127.0.0.1', resolve))
    return fake
  }

  constructor() {
    this.#server.on('upgrade', (request, socket, head) => {
      socket.on('error', () => {})
      this.upgrades.push({ url: request.url, headers: request.headers })
      const refusal = this.refusals.shift()
      if (refusal) {
        const { status, body = '', headers = {} } = refusal
        const lines = Object.entries({ connection: 'close', 'content-length': Buffer.byteLength(body), ...headers })
        const head1 = [`HTTP/1.1 ${status} No`, ...lines.map(([name, value]) => `${name}: ${value}`)].join('\r\n')
        return socket.end(`${head1}\r\n\r\n${body}`)
      }
      return this.#sockets.handleUpgrade(request, socket, head, (ws) =>
        this.connections.push(new GatewayPeer(ws, request)),
      )
    })
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const ws of this.#sockets.clients) ws.terminate()
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

export type Seen = { message: GatewayServiceEventMessage | GatewayServiceSyncMessage; payloadText: string | undefined }

/** A client at a fake gateway, with time and randomness in the test's hand. `await using` ends both. */
export async function startLink(options: Partial<GatewayServiceClientOptions> = {}) {
  const gateway = await FakeGateway.start()
  const timers = new ManualTimers()
  const logger = recordingLogger()
  const messages = new Inbox<Seen>()
  const statuses = new Inbox<LinkStatus>()
  const client = new GatewayServiceClient({
    url: gateway.url,
    token: LINK_TOKEN,
    logger,
    timers,
    now: timers.now,
    random: () => 0.5,
    ...options,
  })
  client.onMessage((message, { payloadText }) => messages.push({ message, payloadText }))
  client.onStatus((status) => statuses.push(status))
  return {
    gateway,
    timers,
    logger,
    messages,
    statuses,
    client,
    state: (state: LinkStatus['state']) => statuses.until((status) => status.state === state),
    /** The next connection, up. */
    async up(): Promise<GatewayPeer> {
      client.connect()
      const peer = await gateway.connections.next()
      await this.state('connected')
      return peer
    },
    /** The next connection, resumed and live. */
    async live(id = 'e-10'): Promise<GatewayPeer> {
      const peer = await this.up()
      peer.sync('resumed', id)
      peer.sync('live', id)
      await this.state('live')
      await messages.take(2)
      return peer
    },
    /** Waits out the backoff after the connection was lost, and takes the next one. */
    async again(waitMs = 10_000): Promise<GatewayPeer> {
      await this.state('reconnecting')
      timers.advance(waitMs)
      return await this.up()
    },
    async [Symbol.asyncDispose](): Promise<void> {
      const closed = client.close()
      timers.advance(2_000)
      await closed
      await gateway[Symbol.asyncDispose]()
    },
  }
}
