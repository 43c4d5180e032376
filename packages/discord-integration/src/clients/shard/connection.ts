import { WebSocket } from 'ws'
import { z } from 'zod'
import { bounds } from '../../types/index.ts'
import { errorFields, type Logger } from '../logger.ts'
import { toBuffer } from '../raw-data.ts'
import type { Timers } from '../timers.ts'
import { CLOSE_RESUMABLE, discordClose, type AfterClose, type DiscordClose } from './close-codes.ts'
import { decodeFrame, type Frame } from './frame.ts'
import { Heartbeat } from './heartbeat.ts'
import { Inflate } from './inflate.ts'

/** From the first byte to HELLO. Discord says it at once; a handshake over a bad line takes seconds. */
const HELLO_WAIT_MS = 15_000
/** From IDENTIFY to READY, and from RESUME or the last replayed dispatch to RESUMED, the socket being read. */
const SESSION_WAIT_MS = 30_000
/**
 * From RESUME to RESUMED, however much is replayed. It may have been lost, and what happens then be taken for a replay that does
 * not end. Whatever was replayed by then is not replayed again.
 */
const REPLAY_MOST_MS = 5 * 60_000
/** How long a peer that may be dead has to answer our close before the socket is cut. */
const CLOSE_WAIT_MS = 1_000
/** https://docs.discord.com/developers/events/gateway-events#invalid-session asks for a random 1 to 5 s. */
const INVALID_SESSION_MIN_MS = 1_000
const INVALID_SESSION_MAX_MS = 5_000

/** https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-opcodes */
const OP = { dispatch: 0, heartbeat: 1, reconnect: 7, invalidSession: 9, hello: 10, heartbeatAck: 11 } as const

const HelloSchema = z.object({ heartbeat_interval: z.number().positive() })

/** How a connection ended, and what Discord's rules ask for next. */
export type Ending = {
  next: AfterClose
  /** For a person. */
  reason: string
  /** The least wait before that. */
  waitMs?: number
  /** The row of the table, where Discord closed. */
  close?: DiscordClose
}

/** How Discord may compress what it sends. https://docs.discord.com/developers/events/gateway#transport-compression */
export type Compression = 'none' | 'zstd-stream'

export type ConnectionOptions = {
  url: string
  /** As the URL asks for. */
  compression: Compression
  timers: Timers
  now: () => number
  random: () => number
  logger: Logger
  /** HELLO has come: IDENTIFY or RESUME is what it returns. */
  hello(): unknown
  dispatch(frame: Frame, bytes: number): void
  /** Something came that cannot be read, and says what; what follows can. How it ends for that, or null: it goes on. */
  unreadable(what: string): Ending | null
  /** The same, when nothing that follows can be read either. */
  broken(what: string): Ending
  /** The heartbeat's round trip was measured. */
  ping(pingMs: number | null): void
}

/**
 * One WebSocket to Discord's gateway, from the first byte to the last: HELLO, heartbeats, the ops that end it, the bounds
 * on waiting. What the session means is the shard's business. After the end nothing that still arrives is looked at:
 * RESUME brings it again.
 */
export class Connection {
  /** Never rejects. */
  readonly ended: Promise<Ending>
  readonly #options: ConnectionOptions
  readonly #logger: Logger
  readonly #ws: WebSocket
  readonly #heartbeat: Heartbeat
  readonly #inflate: Inflate | null
  /** Who wants nothing more to be read. */
  readonly #pauses = new Set<'handlers' | 'inflate'>()
  readonly #ending = Promise.withResolvers<Ending>()
  readonly #closed = Promise.withResolvers<void>()
  #cancelWait: (() => void) | null = null
  #open = true
  #greeted = false
  #greetedAt = 0
  #sequence: number | null = null
  #heardAt: number

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#logger = options.logger
    this.ended = this.#ending.promise
    this.#heardAt = options.now()
    this.#heartbeat = new Heartbeat({
      ...options,
      send: () => this.write({ op: OP.heartbeat, d: this.#sequence }),
      zombie: () => this.end({ next: 'resume', reason: 'a heartbeat was not acknowledged' }),
    })
    this.#inflate = options.compression === 'none' ? null : this.#createInflate()
    this.#ws = new WebSocket(options.url, { perMessageDeflate: false, maxPayload: bounds.discordFrame })
    this.#ws.on('message', (data, isBinary) => {
      const message = toBuffer(data)
      if (isBinary && this.#inflate) this.#inflate.push(message)
      else this.#received(isBinary ? null : message.toString(), message.length)
    })
    this.#ws.on('error', (error) => this.#failed(error))
    this.#ws.on('close', (code) => this.#wasClosed(code))
    this.#wait(HELLO_WAIT_MS, 'HELLO')
  }

  /** Whether HELLO has come: the address answers as a gateway. */
  get greeted(): boolean {
    return this.#greeted
  }

  /** When the last frame came, in ms since the epoch. */
  get heardAt(): number {
    return this.#heardAt
  }

  /** Resolves when the socket is gone. */
  get closed(): Promise<void> {
    return this.#closed.promise
  }

  write(payload: unknown): void {
    this.writeText(JSON.stringify(payload))
  }

  writeText(text: string): void {
    if (this.#open && this.#ws.readyState === WebSocket.OPEN) this.#ws.send(text)
  }

  /** READY or RESUMED has come. */
  established(): void {
    this.#cancelWait?.()
    this.#cancelWait = null
  }

  /** Stop reading; heartbeats go on. */
  pause(): void {
    this.#pause('handlers')
  }

  resume(): void {
    this.#unpause('handlers')
  }

  /** Ends it from our side, in a way that leaves the session resumable. */
  end(ending: Ending): void {
    if (!this.#open) return
    this.#finish(ending)
    this.#ws.close(CLOSE_RESUMABLE)
    const cancel = this.#options.timers.after(CLOSE_WAIT_MS, () => this.#ws.terminate())
    void this.#closed.promise.then(cancel)
  }

  /** Something of this session came that cannot be taken. */
  unreadable(what: string, bytes: number): void {
    if (!this.#open) return
    const ending = this.#options.unreadable(what)
    if (ending !== null) this.end(ending)
    else this.#logger.warn({ bytes }, `passed over what Discord sent: ${what}`)
  }

  #pause(who: 'handlers' | 'inflate'): void {
    this.#pauses.add(who)
    this.#ws.pause()
    this.#heartbeat.pause()
  }

  #unpause(who: 'handlers' | 'inflate'): void {
    this.#pauses.delete(who)
    if (this.#pauses.size > 0) return
    this.#ws.resume()
    this.#heartbeat.resume()
  }

  #failed(error: Error): void {
    this.#logger.warn(errorFields(error), 'the socket to Discord failed')
    // https://github.com/websockets/ws/blob/master/doc/ws.md#error-codes
    const isUnreadable = 'code' in error && String(error.code).startsWith('WS_ERR_')
    if (this.#open && isUnreadable) this.end(this.#options.broken(`what Discord sent is no message: ${error.message}`))
  }

  #createInflate(): Inflate {
    return new Inflate({
      maxBytes: bounds.discordFrame,
      text: (text, bytes) => this.#received(text, bytes),
      full: () => this.#pause('inflate'),
      drained: () => this.#unpause('inflate'),
      failed: (error) => {
        this.#logger.error(errorFields(error), 'what Discord sent could not be inflated')
        if (this.#open) this.end(this.#options.broken('what Discord sent could not be inflated'))
      },
    })
  }

  #finish(ending: Ending): void {
    this.#open = false
    this.#inflate?.close()
    this.#heartbeat.stop()
    this.established()
    this.#ending.resolve(ending)
  }

  #wasClosed(code: number): void {
    this.#closed.resolve()
    if (!this.#open) return
    const close = discordClose(code)
    this.#finish({ next: close.next, reason: `closed with ${code}: ${close.meaning}`, close })
  }

  #wait(ms: number, what: string): void {
    this.established()
    this.#cancelWait = this.#options.timers.after(ms, () => {
      if (this.#ws.isPaused) return this.#wait(ms, what)
      this.end({ next: 'resume', reason: `${what} did not come within ${ms} ms` })
    })
  }

  /** There is more of a replay. */
  #waitOn(): void {
    if (this.#options.timers.now() - this.#greetedAt < REPLAY_MOST_MS) this.#wait(SESSION_WAIT_MS, 'READY or RESUMED')
    else this.end({ next: 'resume', reason: `RESUMED did not come within ${REPLAY_MOST_MS} ms` })
  }

  /** @param text null for a message that is none. */
  #received(text: string | null, bytes: number): void {
    if (!this.#open) return
    this.#heardAt = this.#options.now()
    try {
      const frame = text === null ? null : decodeFrame(text)
      if (frame === null) this.unreadable('a frame was not understood', bytes)
      else this.#handle(frame, bytes)
    } catch (error) {
      this.#logger.error(errorFields(error), 'a frame from Discord could not be handled')
      this.unreadable('a frame could not be handled', bytes)
    }
  }

  #handle(frame: Frame, bytes: number): void {
    switch (frame.op) {
      case OP.dispatch:
        if (frame.s !== null) this.#sequence = frame.s
        if (this.#cancelWait !== null && this.#greeted) this.#waitOn()
        // Nothing, where it was not waited for any longer.
        return this.#open ? this.#options.dispatch(frame, bytes) : undefined
      case OP.heartbeat:
        return this.#heartbeat.requested()
      case OP.reconnect:
        return this.end({ next: 'resume', reason: 'Discord asked to reconnect' })
      case OP.invalidSession:
        return this.end(this.#invalidSession(frame.d === true))
      case OP.hello:
        return this.#hello(frame.d)
      case OP.heartbeatAck:
        this.#heartbeat.acknowledge()
        return this.#options.ping(this.#heartbeat.pingMs)
      default:
        this.#logger.debug({ op: frame.op }, 'an opcode from Discord is not known')
    }
  }

  #hello(d: unknown): void {
    const hello = HelloSchema.safeParse(d)
    if (!hello.success || this.#greeted) {
      return this.#logger.warn({ again: this.#greeted }, 'a HELLO from Discord made no sense')
    }
    this.#greeted = true
    this.#greetedAt = this.#options.timers.now()
    this.#heartbeat.start(hello.data.heartbeat_interval)
    this.#wait(SESSION_WAIT_MS, 'READY or RESUMED')
    this.write(this.#options.hello())
  }

  #invalidSession(resumable: boolean): Ending {
    const waitMs = INVALID_SESSION_MIN_MS + this.#options.random() * (INVALID_SESSION_MAX_MS - INVALID_SESSION_MIN_MS)
    return resumable
      ? { next: 'resume', reason: 'Discord refused the session for now' }
      : { next: 'identify', reason: 'Discord’s session is gone', waitMs }
  }
}
