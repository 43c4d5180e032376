import type { IncomingMessage } from 'node:http'
import { WebSocket } from 'ws'
import { bounds, closeCodePolicy, GATEWAY_SERVICE_V2, LinkError, type EventId } from '../../types/index.ts'
import { errorFields, type Logger } from '../logger.ts'
import { toBuffer } from '../raw-data.ts'
import type { Timers } from '../timers.ts'
import { readRefusal } from './refusal.ts'

/** From the first byte to the upgrade, its refusal included. */
const UPGRADE_WAIT_MS = 10_000
/** The gateway pings every 15 s: two missed and a little more are silence. */
const MAX_SILENCE_MS = 2 * 15_000 + 5_000
/** Often enough that a page's figure is of now; a ping is six bytes. */
const PING_INTERVAL_MS = 5_000
/** How long a gateway that may be dead has to answer our close. */
const CLOSE_WAIT_MS = 1_000
/** How a connection ended, and when to come back. */
export type LinkEnding = {
  error: LinkError
  /** False: the gateway said not to. */
  reconnect: boolean
  /** The least wait, in ms; the client adds its own jitter. */
  afterMs: number
  /** Refused until a person has acted: tried seldom. */
  slow: boolean
}

export type LinkConnectionOptions = {
  url: string
  token: string
  lastEventId: EventId | null
  logger: Logger
  timers: Timers
  now: () => number
  opened(): void
  received(text: string): void
  /** What came is no text message that can be read at all: binary, too long, no UTF-8. */
  unreadable(what: string): void
  rtt(rttMs: number): void
}

/** One WebSocket to the gateway: upgrade or refusal, silence, round trips, the end. */
export class LinkConnection {
  /** Never rejects. */
  readonly ended: Promise<LinkEnding>
  readonly #options: LinkConnectionOptions
  readonly #ws: WebSocket
  readonly #ending = Promise.withResolvers<LinkEnding>()
  readonly #closed = Promise.withResolvers<void>()
  #open = true
  #heardAt: number
  #cancelTick: () => void
  #pinged: { at: number; number: number } = { at: 0, number: 0 }

  constructor(options: LinkConnectionOptions) {
    const { url, token, lastEventId, timers } = options
    this.#options = options
    this.ended = this.#ending.promise
    this.#heardAt = timers.now()
    this.#ws = new WebSocket(url, GATEWAY_SERVICE_V2, {
      headers: { authorization: `Bearer ${token}`, ...(lastEventId !== null && { 'last-event-id': lastEventId }) },
      perMessageDeflate: false,
      maxPayload: bounds.linkMessage,
    })
    this.#cancelTick = timers.after(UPGRADE_WAIT_MS, () => this.lose('the gateway did not answer the upgrade'))
    this.#listen()
  }

  get isOpen(): boolean {
    return this.#open && this.#ws.readyState === WebSocket.OPEN
  }

  /** Resolves when the socket is gone. */
  get closed(): Promise<void> {
    return this.#closed.promise
  }

  send(text: string): void {
    this.#ws.send(text)
  }

  close(): void {
    if (this.#open)
      this.#finish({ error: new LinkError('CLOSED', 'closing'), reconnect: false, afterMs: 0, slow: false })
    this.#ws.close(1000)
    const cancel = this.#options.timers.after(CLOSE_WAIT_MS, () => this.#ws.terminate())
    void this.#closed.promise.then(cancel)
  }

  /** Cuts it; for whoever waits for its end it broke, and is to be made again. Nothing that still arrives is looked at. */
  lose(reason: string): void {
    this.#finish({ error: new LinkError('NOT_CONNECTED', reason), reconnect: true, afterMs: 0, slow: false })
    this.#ws.terminate()
  }

  #listen(): void {
    const ws = this.#ws
    ws.on('open', () => {
      this.#heard()
      this.#tick()
      this.#options.opened()
    })
    ws.on('message', (data, isBinary) => this.#received(toBuffer(data), isBinary))
    ws.on('ping', () => this.#heard())
    ws.on('pong', (data) => this.#ponged(data))
    ws.on('unexpected-response', (_request, response) => void this.#refused(response))
    ws.on('error', (error) => {
      if (this.#open) this.#options.logger.debug(errorFields(error), 'the socket to the gateway failed')
      // https://github.com/websockets/ws/blob/master/doc/ws.md#error-codes
      if (this.#open && 'code' in error && String(error.code).startsWith('WS_ERR_'))
        this.#options.unreadable(String(error.code))
      this.lose(`the gateway is not to be reached: ${error.message}`)
    })
    ws.on('close', (code) => {
      this.#closed.resolve()
      const { reconnect, afterMs } = closeCodePolicy(code)
      const error = new LinkError('NOT_CONNECTED', `the gateway closed the link with ${code}`, { retryable: reconnect })
      this.#finish({ error, reconnect, afterMs, slow: false })
    })
  }

  async #refused(response: IncomingMessage): Promise<void> {
    const { error, retryAfterMs } = await readRefusal(
      { status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'], body: response },
      this.#options.now,
      'the link',
    )
    this.#finish({ error, reconnect: true, afterMs: retryAfterMs, slow: !error.retryable })
    this.#ws.terminate()
  }

  #received(data: Buffer, isBinary: boolean): void {
    this.#heard()
    if (!this.#open) return
    if (isBinary) this.#options.unreadable('binary')
    else this.#options.received(data.toString())
  }

  #heard(): void {
    this.#heardAt = this.#options.timers.now()
  }

  /** Also measures the way: the time between a ping of ours and its pong. */
  #tick(): void {
    const { timers } = this.#options
    if (timers.now() - this.#heardAt > MAX_SILENCE_MS) return this.lose('the gateway fell silent')
    this.#pinged = { at: timers.now(), number: this.#pinged.number + 1 }
    this.#ws.ping(String(this.#pinged.number))
    this.#cancelTick()
    this.#cancelTick = timers.after(PING_INTERVAL_MS, () => this.#tick())
  }

  #ponged(data: Buffer): void {
    this.#heard()
    if (this.#open && data.toString() === String(this.#pinged.number))
      this.#options.rtt(Math.round(this.#heardAt - this.#pinged.at))
  }

  #finish(ending: LinkEnding): void {
    if (!this.#open) return
    this.#open = false
    this.#cancelTick()
    this.#ending.resolve(ending)
  }
}
