import { once } from 'node:events'
import { request } from 'node:http'
import {
  GATEWAY_SERVICE_V2,
  GatewayServiceV2MessageSchema,
  type GatewayServiceV2Message,
} from '@repo/discord-integration/types'
import { EventFeed, MemoryLog, type NewDispatch } from '@repo/event-feed'
import { WebSocket } from 'ws'
import { CommandAudit } from '../src/audit.ts'
import { unnamedTokens } from '../src/tokens/link-token.ts'
import { LinkTokens } from '../src/tokens/link-tokens.ts'
import { WsServer, type WsServerOptions } from '../src/ws-server.ts'
import { collectingLogger } from './helpers.ts'

export const TOKEN = 'a-link-token-for-tests'

/** A server of the link over a feed in memory, and what a test does with it. */
export async function startLink(options: Partial<WsServerOptions> & { log?: MemoryLog; port?: number } = {}) {
  const log = options.log ?? new MemoryLog({ maxAgeMs: 60_000, maxBytes: 512 * 1024 * 1024, epoch: 'test' })
  const feed = new EventFeed({ log })
  const { logger, lines } = collectingLogger()
  const server = new WsServer({
    tokens: new LinkTokens(unnamedTokens([TOKEN])),
    feed,
    runCommand: async () => ({ success: true }),
    audit: new CommandAudit({ logger, guildOfChannel: (channelId) => feed.state.guildOfChannel(channelId) }).take,
    logger,
    ...options,
  })
  const port = await server.listen(options.port ?? 0, '127.0.0.1')
  return {
    feed,
    server,
    port,
    lines,
    url: `ws://127.0.0.1:${port}`,
    publish: (event: string, payload: object, guildId: string | null = '1') =>
      feed.publish(dispatch(event, payload, guildId)),
    async [Symbol.asyncDispose]() {
      await feed.close()
      await server.close()
    },
  }
}

function dispatch(event: string, payload: object, guildId: string | null): NewDispatch {
  return { kind: 'dispatch', event, guildId, payload: JSON.stringify(payload), ts: Date.now() }
}

export type BackendOptions = { version?: 1 | 2; query?: string; lastEventId?: string; token?: string }

/** A plain `ws` client that keeps what it is sent, so that nothing is missed between two waits. */
export class Backend implements AsyncDisposable {
  readonly socket: WebSocket
  readonly messages: GatewayServiceV2Message[] = []
  readonly texts: string[] = []
  readonly closed: Promise<number>
  #changed: () => void = () => {}
  #read = 0

  constructor(url: string, { version = 2, query = '', lastEventId, token = TOKEN }: BackendOptions = {}) {
    this.socket = new WebSocket(`${url}/${query}`, version === 2 ? [GATEWAY_SERVICE_V2] : [], {
      headers: {
        authorization: `Bearer ${token}`,
        ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
      },
    })
    const { promise, resolve } = Promise.withResolvers<number>()
    this.closed = promise
    this.socket.on('error', () => {})
    this.socket.on('close', (code) => {
      resolve(code)
      this.#changed()
    })
    this.socket.on('message', (data) => {
      const text = Buffer.isBuffer(data) ? data.toString() : ''
      this.texts.push(text)
      const parsed: unknown = JSON.parse(text)
      const message = GatewayServiceV2MessageSchema.safeParse(parsed)
      if (message.success) this.messages.push(message.data)
      this.#changed()
    })
  }

  static async open(url: string, options: BackendOptions = {}): Promise<Backend> {
    const backend = new Backend(url, options)
    await once(backend.socket, 'open')
    return backend
  }

  /** The next message that has not been returned yet. */
  async next(): Promise<GatewayServiceV2Message> {
    const [message] = await this.take(1)
    if (!message) throw new Error('nothing came')
    return message
  }

  /** The next messages, so many of them. */
  async take(count: number): Promise<GatewayServiceV2Message[]> {
    while (this.messages.length < this.#read + count) {
      if (this.socket.readyState === WebSocket.CLOSED) throw new Error('the connection was closed')
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#changed = resolve
      await promise
    }
    this.#read += count
    return this.messages.slice(this.#read - count, this.#read)
  }

  /** Everything up to the first message that the test holds for, that one included. */
  async until(test: (message: GatewayServiceV2Message) => boolean): Promise<GatewayServiceV2Message[]> {
    const taken: GatewayServiceV2Message[] = []
    for (;;) {
      const message = await this.next()
      taken.push(message)
      if (test(message)) return taken
    }
  }

  async live(): Promise<GatewayServiceV2Message[]> {
    return await this.until((message) => message.type === 'sync' && message.data.state === 'live')
  }

  command(command: string, payload: unknown, requestId?: string): void {
    this.socket.send(JSON.stringify({ type: 'command', data: { command, payload }, requestId, ts: 0 }))
  }

  async [Symbol.asyncDispose]() {
    this.socket.terminate()
    if (this.socket.readyState !== WebSocket.CLOSED) await this.closed
  }
}

/** What messages are, for people: an event's name, what a sync says, or else the type. */
export const kinds = (messages: readonly GatewayServiceV2Message[]) =>
  messages.map((message) => {
    if (message.type === 'sync') return `sync ${message.data.state}`
    return message.type === 'event' ? message.data.event : message.type
  })

export const errorOf = (message: GatewayServiceV2Message) => {
  if (message.type !== 'error') throw new Error(`${message.type} is no error`)
  return message.data
}

/** The last dispatch of a series, by which a test knows that all before have come. */
export const isFence = (message: GatewayServiceV2Message) =>
  message.type === 'event' && message.data.event === 'RESUMED'

export type HttpAnswer = { status: number; headers: Record<string, unknown>; body: unknown }

/** A request with or without an upgrade, answered by plain HTTP. Rejects when it is upgraded. */
export async function ask(
  port: number,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<HttpAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>()
  const asked = request({ host: '127.0.0.1', port, path, method, headers, agent: false })
  asked.on('error', reject)
  asked.on('upgrade', (_response, socket) => {
    socket.destroy()
    reject(new Error('it was upgraded'))
  })
  asked.on('response', (response) => {
    let text = ''
    response.setEncoding('utf8').on('data', (part: string) => (text += part))
    response.on('end', () => {
      const json = response.headers['content-type'] === 'application/json'
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: json ? JSON.parse(text) : text })
    })
  })
  asked.end()
  return await promise
}

export const UPGRADE = {
  connection: 'upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
}
