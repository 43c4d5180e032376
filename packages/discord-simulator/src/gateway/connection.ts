import { GatewayCloseCodes, GatewayOpcodes } from 'discord-api-types/v10'
import type { Duplex } from 'node:stream'
import { deflateSync } from 'node:zlib'
import type { WebSocket } from 'ws'
import type { Timer } from '../clock.ts'
import { guildsOf } from '../world/world.ts'
import type { World } from '../world/world.ts'
import type { Faults } from '../faults/faults.ts'
import { Wire } from '../faults/wire.ts'
import type { Trace } from '../trace.ts'
import { CLOSE_REASONS, endsSession } from './close-codes.ts'
import { MAX_FRAME_BYTES, SHAPES, readFrame, shard } from './frames.ts'
import type { Identify, Resume } from './frames.ts'
import { PRIVILEGED_BITS, areIntents } from './intents.ts'
import { Port } from './port.ts'
import { Pulse } from './pulse.ts'
import { SendLimit } from './send-limit.ts'
import type { Session } from './session.ts'
import type { SessionStarts } from './session-starts.ts'
import type { Sessions } from './sessions.ts'
import { CompressedTransport, plain } from './transport.ts'
import type { Compression, Transport } from './transport.ts'

/** What a test may ask about a connection. */
export interface ConnectionInfo {
  id: number
  /** Null until IDENTIFY or RESUME. */
  shard: readonly [id: number, count: number] | null
  opened_by: 'identify' | 'resume' | null
  session_id: string | null
  /** Null while it is open; 1006 if it broke off without a code. */
  close_code: number | null
  closed_by: 'client' | 'simulator' | null
}

/** What a connection needs of the gateway around it. */
export interface ConnectionHost {
  world: World
  sessions: Sessions
  faults: Faults
  /** Writes down what goes over the wire, if anybody reads it. */
  trace: Trace | undefined
  /** The token that is accepted now. */
  botToken: () => string
  starts: SessionStarts
  heartbeatIntervalMs: number
  /** How long a client may go without a heartbeat. */
  heartbeatTimeoutMs: number
  /** The largest WebSocket message of a compressed connection, in bytes. */
  compressedMessageBytes: number
  /** How many guilds one shard may have. */
  guildsPerShard: number
  /** Called for what a client sends within its session. */
  onRequest: (session: Session, op: number, d: unknown) => void
  /** Called when an IDENTIFY was taken and its session is about to begin. */
  onStarting: (shard: Session['shard'], presence: NonNullable<Identify['presence']> | undefined) => void
  /** Called when the day's IDENTIFYs are used up. */
  onExhausted: () => void
  /** Called when a new session has begun: READY and the guilds are to follow. */
  onIdentified: (session: Session, largeThreshold: number) => void
}

/** With what a WebSocket is closed whose frames are wrong: https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1 */
const FAULTS: Readonly<Record<string, number>> = {
  WS_ERR_INVALID_UTF8: 1007,
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 1009,
}

/** The code of the close frame that the library has sent; 1006 where it could send none. */
function codeOfFault(error: Error): number {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return FAULTS[code] ?? (code.startsWith('WS_ERR_') ? 1002 : 1006)
}

/** A handshake that was taken. */
export interface Accepted {
  socket: WebSocket
  /** What the WebSocket runs over. */
  raw: Duplex
  compression: Compression | null
}

/** One WebSocket connection, from HELLO to its close. https://docs.discord.com/developers/events/gateway#connections */
export class Connection {
  readonly info: ConnectionInfo
  readonly #host: ConnectionHost
  readonly #compression: Compression | null
  readonly #port: Port
  readonly #transport: Transport
  readonly #wire: Wire
  readonly #limit: SendLimit
  readonly #pulse: Pulse
  #session: Session | null = null
  /** Closes it, after op 7. */
  #parting: Timer | null = null
  /** Whether IDENTIFY asked for each payload to be compressed by itself. */
  #isPacked = false

  constructor(id: number, { socket, raw, compression }: Accepted, host: ConnectionHost) {
    this.info = { id, shard: null, opened_by: null, session_id: null, close_code: null, closed_by: null }
    this.#host = host
    this.#wire = new Wire(host.world.clock)
    this.#compression = compression
    this.#port = new Port(socket, raw)
    this.#transport = compression
      ? new CompressedTransport(this.#port, compression, host.compressedMessageBytes)
      : plain(this.#port)
    this.#limit = new SendLimit(host.world.clock)
    const onDead = () => this.close(GatewayCloseCodes.SessionTimedOut)
    this.#pulse = new Pulse(host.world.clock, host.heartbeatTimeoutMs, onDead)
    // A socket left at its default binary type hands over buffers.
    socket.on('message', (data, isBinary) => this.#onMessage(data as Buffer, isBinary))
    socket.on('close', (code) => this.#onClosed('client', code))
    // Emitted for what is no WebSocket frame: the library has answered it and closes.
    socket.on('error', (error) => this.#onClosed('simulator', codeOfFault(error)))
  }

  get isOpen(): boolean {
    return this.info.closed_by === null
  }

  /** What the client has not taken yet, in bytes. */
  get backlogBytes(): number {
    return this.#port.backlogBytes
  }

  hello(): void {
    this.sendOp(GatewayOpcodes.Hello, { heartbeat_interval: this.#host.heartbeatIntervalMs, _trace: ['simulator'] })
    this.#pulse.beat()
  }

  /** Sends a dispatch. */
  send(frame: string): void {
    const { faults } = this.#host
    if (faults.takeAt('lose', this.info)) return
    this.#pass(faults.takeAt('garble', this.info) ? frame.slice(0, -1) : frame)
    if (faults.takeAt('duplicate', this.info)) this.#pass(frame)
  }

  #pass(frame: string): void {
    const { faults } = this.#host
    if (faults.isQuiet && this.#wire.isClear) this.#deliver(frame)
    else this.#wire.pass(frame.length, faults.lag(this.info), () => this.#deliver(frame))
  }

  #deliver(frame: string): void {
    if (!this.#port.isOpen) return
    this.#host.trace?.({ connection: this.info.id, sent: frame })
    // https://docs.discord.com/developers/events/gateway#payload-compression
    if (this.#isPacked) this.#port.send(deflateSync(frame))
    else this.#transport.send(frame)
  }

  /** Sends anything but a dispatch. */
  sendOp(op: number, d: unknown = null): void {
    this.#pass(JSON.stringify({ t: null, s: null, op, d }))
  }

  /** Closes with a code. Whether the session outlives it depends on the code. */
  close(code: number): void {
    this.#onClosed('simulator', code)
    const close = () => this.#transport.close(code, CLOSE_REASONS[code] ?? '')
    // After what is still held back.
    if (this.#wire.isClear) close()
    else this.#wire.pass(0, this.#host.faults.lag(this.info), close)
  }

  /** Cuts the TCP connection, without a word. */
  drop(): void {
    this.#onClosed('simulator', 1006)
    this.#port.terminate()
  }

  /** Lets so many bytes more go out, and then cuts it. */
  dropAfter(bytes: number): void {
    this.#port.cutAfter(bytes, () => this.drop())
  }

  /** Op 7: asks the client to connect anew, and resume. One that stays is closed in the end; its session lives. */
  reconnect(closeAfterMs: number): void {
    this.sendOp(GatewayOpcodes.Reconnect)
    this.#parting?.cancel()
    this.#parting = this.#host.world.clock.after(closeAfterMs, () => this.close(GatewayCloseCodes.UnknownError))
  }

  /** Op 9: the session is over, or (`resumable`) may only be resumed; the connection stays, as if it were new. */
  invalidate(resumable: boolean): void {
    this.#leave(!resumable)
    this.sendOp(GatewayOpcodes.InvalidSession, resumable)
  }

  #onClosed(by: 'client' | 'simulator', code: number): void {
    if (code === 1006 || by === 'client') {
      this.#wire.clear()
      this.#transport.end()
    }
    if (!this.isOpen) return
    this.#host.trace?.({ connection: this.info.id, closed: code, by })
    this.info.closed_by = by
    this.info.close_code = code
    this.#pulse.stop()
    this.#parting?.cancel()
    this.#leave(endsSession(by, code))
  }

  #leave(ends: boolean): void {
    const session = this.#session
    this.#session = null
    // Somebody else may have resumed it meanwhile; then it is theirs.
    if (!session || session.outlet !== this) return
    if (ends) this.#host.sessions.end(session)
    else this.#host.sessions.release(session)
  }

  #onMessage(bytes: Buffer, isBinary: boolean): void {
    if (!this.isOpen) return
    this.#host.trace?.({ connection: this.info.id, received: bytes.toString('utf8') })
    if (!this.#limit.take()) return this.close(GatewayCloseCodes.RateLimited)
    if (isBinary || bytes.length > MAX_FRAME_BYTES) return this.close(GatewayCloseCodes.DecodeError)
    const frame = readFrame(bytes.toString('utf8'))
    if (!frame) return this.close(GatewayCloseCodes.DecodeError)
    const op: GatewayOpcodes = frame.op
    const shape = SHAPES.get(op)
    if (!shape) return this.close(GatewayCloseCodes.UnknownOpcode)
    const opens = op === GatewayOpcodes.Identify || op === GatewayOpcodes.Resume
    if (opens && this.#session) return this.close(GatewayCloseCodes.AlreadyAuthenticated)
    if (!opens && !this.#session && op !== GatewayOpcodes.Heartbeat) {
      return this.close(GatewayCloseCodes.NotAuthenticated)
    }
    const d = shape.safeParse(frame.d)
    if (!d.success) return this.close(GatewayCloseCodes.DecodeError)
    try {
      this.#onPayload(op, d.data)
    } catch {
      // The world has something that cannot be written out. One client hears of it, and the process lives.
      this.close(GatewayCloseCodes.UnknownError)
    }
  }

  #onPayload(op: GatewayOpcodes, d: unknown): void {
    if (op === GatewayOpcodes.Heartbeat) this.#onHeartbeat()
    else if (op === GatewayOpcodes.Identify) this.#onIdentify(d as Identify)
    else if (op === GatewayOpcodes.Resume) this.#onResume(d as Resume)
    else if (this.#session) this.#host.onRequest(this.#session, op, d)
  }

  #onHeartbeat(): void {
    this.#pulse.beat()
    if (this.#host.faults.takeAt('no_ack', this.info)) return
    this.sendOp(GatewayOpcodes.HeartbeatAck)
  }

  #onIdentify(d: Identify): void {
    const { world, botToken, sessions, starts, guildsPerShard, onStarting, onIdentified, onExhausted } = this.#host
    if (d.token !== botToken()) return this.close(GatewayCloseCodes.AuthenticationFailed)
    const placed = shard.safeParse(d.shard ?? [0, 1])
    if (!placed.success) return this.close(GatewayCloseCodes.InvalidShard)

    if (guildsOf(world, placed.data).length > guildsPerShard) return this.close(GatewayCloseCodes.ShardingRequired)

    const { intents } = d
    if (!areIntents(intents)) return this.close(GatewayCloseCodes.InvalidIntents)
    for (const [name, bit] of Object.entries(PRIVILEGED_BITS)) {
      const isOn = [...world.privileged].some((privileged) => privileged === name)
      if ((intents & bit) !== 0 && !isOn) return this.close(GatewayCloseCodes.DisallowedIntents)
    }

    const start = starts.take(placed.data[0])
    if (start === 'too_soon') return this.invalidate(false)
    if (start === 'exhausted') return onExhausted()

    onStarting(placed.data, d.presence ?? undefined)
    const session = sessions.open(placed.data, intents)
    // Of no effect where the connection is compressed: https://docs.discord.com/developers/events/gateway#payload-compression
    this.#isPacked = d.compress === true && !this.#compression
    this.#take(session, 'identify')
    onIdentified(session, d.large_threshold ?? 50)
    if (d.presence) this.#host.onRequest(session, GatewayOpcodes.PresenceUpdate, d.presence)
  }

  #onResume(d: Resume): void {
    const { botToken, sessions } = this.#host
    if (d.token !== botToken()) return this.close(GatewayCloseCodes.AuthenticationFailed)
    const session = sessions.get(d.session_id)
    if (!session) return this.invalidate(false)
    if (d.seq > session.seq) return this.close(GatewayCloseCodes.InvalidSeq)
    const missed = session.after(d.seq)
    if (!missed) {
      sessions.end(session)
      return this.invalidate(false)
    }
    const before = session.outlet
    this.#take(session, 'resume')
    for (const { frame } of missed) this.send(frame)
    session.resumed()
    // Nobody can be connected to one session twice. Whoever was, is the one that has gone dead.
    if (before instanceof Connection) before.close(GatewayCloseCodes.UnknownError)
  }

  #take(session: Session, by: 'identify' | 'resume'): void {
    session.expiry?.cancel()
    session.expiry = null
    session.outlet = this
    this.#session = session
    this.info.shard = session.shard
    this.info.opened_by = by
    this.info.session_id = session.id
  }
}
