import { createServer, ServerResponse, type IncomingMessage, type Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { GATEWAY_SERVICE_V2, isFromLoopback, LinkError, UPLOADS_PATH } from '@repo/discord-integration/types'
import type { EventFeed } from '@repo/event-feed'
import { WebSocketServer } from 'ws'
import type { Audit } from './audit.ts'
import type { RunCommand } from './command-origin.ts'
import { Connection } from './link/connection.ts'
import { linkLimits, type LinkLimits } from './link/limits.ts'
import { refuse } from './link/refusal.ts'
import { readUpgrade, requireToken, type TokenCheck, type Upgrade } from './link/upgrade.ts'
import type { Logger } from './logger.ts'
import type { LinkToken } from './tokens/link-token.ts'
import type { LinkTokens } from './tokens/link-tokens.ts'
import type { ScopeHistory } from './tokens/scope-history.ts'
import { scopesKey } from './tokens/scopes.ts'
import type { UploadEndpoint } from './uploads/upload-endpoint.ts'

/** What is at a path of plain HTTP beside the link: for probes and scrapers, without a token. */
export type Page = () => Promise<{ status: number; contentType: string; body: string }>

export type WsServerOptions = {
  /** Who is let in, and how far. Whoever stands on a token that is revoked or changed is closed at once. */
  tokens: LinkTokens
  /** Since when the tokens have their scopes. Default: ever. */
  scopeHistory?: Pick<ScopeHistory, 'since'>
  feed: Pick<EventFeed, 'subscribe'>
  runCommand: RunCommand
  audit: Audit
  pages?: Readonly<Record<string, Page>>
  /** Takes files, from whoever has a token. */
  uploads?: Pick<UploadEndpoint, 'answer'>
  /** Whether only this machine is answered: the demo's way. */
  loopbackOnly?: boolean
  limits?: Partial<LinkLimits>
  logger: Logger
  now?: () => number
  pause?: (ms: number) => Promise<void>
}

/**
 * The Gateway Service's end of the link, as docs/PROTOCOL.md describes it: an HTTP server that upgrades whoever has a
 * token, each then a `Connection`.
 */
export class WsServer {
  readonly #http: Server
  readonly #upgrades: WebSocketServer
  readonly #options: WsServerOptions
  readonly #limits: LinkLimits
  readonly #connections = new Map<Connection, Socket>()
  readonly #pings: NodeJS.Timeout
  readonly #checkToken: TokenCheck = (authorization) => this.#options.tokens.check(authorization)
  readonly #past = { received: 0, sent: 0 }
  #draining = false
  /** How many there have been. */
  #connected = 0

  constructor(options: WsServerOptions) {
    this.#options = options
    this.#limits = { ...linkLimits, ...options.limits }
    this.#upgrades = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: this.#limits.messageMaxBytes,
      handleProtocols: (offered) => offered.has(GATEWAY_SERVICE_V2) && GATEWAY_SERVICE_V2,
    })
    this.#upgrades.on('wsClientError', ({ message }, _socket, request) =>
      refuse(responseTo(request), new LinkError('BAD_REQUEST', message)),
    )
    this.#http = createServer({
      highWaterMark: this.#limits.highWaterBytes,
      // Any other protocol that is offered (h2c) is declined, as RFC 9110 allows: the request itself is answered.
      shouldUpgradeCallback: (request) => request.headers.upgrade?.toLowerCase() === 'websocket',
    })
    const serve = (request: IncomingMessage, response: ServerResponse) => void this.#serve(request, response)
    this.#http.on('request', serve)
    // Whoever asks before sending the body is not told to go on where it is refused anyway.
    this.#http.on('checkContinue', serve)
    this.#http.on('upgrade', (request: IncomingMessage, _socket: Duplex, head: Buffer) => this.#upgrade(request, head))
    options.tokens.onChange(() => this.#tokensChanged())
    this.#pings = setInterval(() => this.#ping(), this.#limits.pingIntervalMs).unref()
  }

  get connections(): ReadonlySet<Connection> {
    return new Set(this.#connections.keys())
  }

  get draining(): boolean {
    return this.#draining
  }

  /** Bytes of the link so far, of all connections. */
  get traffic(): { received: number; sent: number } {
    const total = { ...this.#past }
    for (const stream of this.#connections.values()) add(total, stream)
    return total
  }

  /** Resolves to the port. Rejects with the system's error (`EADDRINUSE`) when it cannot be had. */
  async listen(port: number, host: string): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#http.once('error', reject)
    this.#http.listen(port, host, resolve)
    await promise
    this.#http.off('error', reject)
    const address = this.#http.address()
    return typeof address === 'object' && address ? address.port : port
  }

  /**
   * Sends a text to every backend connected now whose token reaches everywhere, since nobody knows whom it concerns: for what
   * is not in the log, and is lost on whoever is away.
   */
  broadcast(text: string): void {
    for (const connection of this.#connections.keys()) {
      const { guilds, events } = connection.token.backend.scopes
      if (!guilds && !events) connection.send(text)
    }
  }

  /**
   * Lets nobody in any more, takes no more commands, and resolves when those in flight are answered: those that are not done
   * in time with OUTCOME_UNKNOWN, or with SHUTTING_DOWN where nothing of them is begun.
   */
  async drain(withinMs: number = this.#limits.lastCommandsMaxMs): Promise<void> {
    this.#draining = true
    const { promise: tooLate, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, withinMs)
    await Promise.race([Promise.all([...this.#connections.keys()].map((connection) => connection.drain())), tooLate])
    clearTimeout(timer)
    for (const connection of this.#connections.keys()) connection.abandon()
  }

  /** Tells one backend after the other to come back later, and resolves when all are gone. */
  async close(): Promise<void> {
    this.#draining = true
    clearInterval(this.#pings)
    const gone = [...this.#connections.values()].map(async (stream) => {
      if (stream.closed) return
      const { promise, resolve } = Promise.withResolvers<void>()
      stream.once('close', resolve)
      await promise
    })
    await this.#closeConnections()
    await Promise.all(gone)
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#http.close(() => resolve())
    this.#http.closeAllConnections()
    await promise
  }

  async #closeConnections(): Promise<void> {
    const { pause: wait = pause } = this.#options
    const connections = [...this.#connections.keys()]
    const everyMs = Math.min(this.#limits.closeEveryMs, this.#limits.closeAllWithinMs / connections.length)
    for (const [index, connection] of connections.entries()) {
      if (index > 0) await wait(everyMs)
      connection.close('DRAINING')
    }
  }

  #upgrade(request: IncomingMessage, head: Buffer): void {
    const stream = request.socket
    let upgrade: Upgrade
    try {
      upgrade = this.#admit(request)
      this.#requireRoom(upgrade)
    } catch (error) {
      this.#refuse(responseTo(request), error)
      return
    }
    this.#upgrades.handleUpgrade(request, stream, head, (webSocket) => {
      const { feed, runCommand, audit, scopeHistory, now = Date.now } = this.#options
      const { hash, backend } = upgrade.token
      const logger = this.#options.logger.child({ backend: backend.name, version: upgrade.version })
      const connection = new Connection({
        id: ++this.#connected,
        socket: webSocket,
        stream,
        upgrade,
        feed,
        filterSince: scopeHistory?.since(hash) ?? null,
        runCommand,
        audit,
        limits: this.#limits,
        logger,
        now,
      })
      this.#connections.set(connection, stream)
      logger.info('backend connected')
      webSocket.once('close', (code) => {
        this.#connections.delete(connection)
        add(this.#past, stream)
        logger.info({ code }, 'backend gone')
      })
    })
  }

  #requireNear({ headers }: IncomingMessage): void {
    if (!this.#options.loopbackOnly || isFromLoopback(headers)) return
    throw new LinkError('FORBIDDEN', 'the demo answers this machine only: Host and Origin must name the loopback')
  }

  #admit(request: IncomingMessage): Upgrade {
    this.#requireNear(request)
    this.#requireOpen()
    return readUpgrade(request, this.#checkToken)
  }

  #requireOpen(): void {
    if (this.#draining) throw new LinkError('UNAVAILABLE', 'the Gateway Service is ending')
  }

  #connectionsMax({ connectionsMax }: LinkToken): number {
    return connectionsMax ?? this.#limits.connectionsPerTokenMax
  }

  #requireRoom({ token }: Upgrade): void {
    const most = this.#connectionsMax(token)
    const open = [...this.#connections.keys()].filter(({ token: { hash } }) => hash === token.hash).length
    if (open >= most) throw new LinkError('TOO_MANY_CONNECTIONS', `this token has ${open} connections, of ${most}`)
  }

  #tokensChanged(): void {
    const staying = new Map<string, number>()
    // The oldest first: where there are too many now, those that came last go.
    for (const connection of this.#connections.keys()) {
      const { hash, backend } = connection.token
      const now = this.#options.tokens.get(hash)
      if (!now) {
        connection.close('TOKEN_REVOKED')
        continue
      }
      const before = staying.get(hash) ?? 0
      const mayStay = before < this.#connectionsMax(now)
      if (mayStay && scopesKey(now.backend.scopes) === scopesKey(backend.scopes)) staying.set(hash, before + 1)
      else connection.close('SCOPES_CHANGED')
    }
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pages = {}, uploads } = this.#options
    const path = request.url?.split('?', 1)[0] ?? ''
    try {
      this.#requireNear(request)
      if (uploads && path === UPLOADS_PATH) {
        this.#requireOpen()
        await uploads.answer(request, response, requireToken(request, this.#checkToken))
        return
      }
      const page = Object.hasOwn(pages, path) ? pages[path] : undefined
      if (page && (request.method === 'GET' || request.method === 'HEAD')) {
        const { status, contentType, body } = await page()
        response.writeHead(status, { 'content-type': contentType, 'cache-control': 'no-store' }).end(body)
        return
      }
      this.#admit(request)
      throw new LinkError('BAD_REQUEST', 'expected a WebSocket upgrade')
    } catch (error) {
      this.#refuse(response, error, request)
    }
  }

  #refuse(response: ServerResponse, error: unknown, sending?: IncomingMessage): void {
    if (!(error instanceof LinkError)) this.#options.logger.error({ err: error }, 'a request failed')
    const failure = error instanceof LinkError ? error : new LinkError('INTERNAL_ERROR', 'the Gateway Service failed')
    this.#options.logger.debug({ code: failure.code }, 'request refused')
    refuse(response, failure, sending)
  }

  #ping(): void {
    for (const connection of this.#connections.keys()) connection.ping()
  }
}

/** A response to a request for an upgrade that is not granted. */
function responseTo(request: IncomingMessage): ServerResponse {
  const { socket } = request
  socket.on('error', () => socket.destroy())
  const response = new ServerResponse(request)
  response.assignSocket(socket)
  // Not merely ended: whoever was refused may not keep its half of the socket.
  response.once('finish', () => socket.end(() => socket.destroy()))
  return response
}

function add(total: { received: number; sent: number }, { bytesRead, bytesWritten }: Socket): void {
  total.received += bytesRead
  total.sent += bytesWritten
}
