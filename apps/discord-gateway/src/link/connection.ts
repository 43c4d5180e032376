import type { Writable } from 'node:stream'
import { closeCodes, LinkError, type CloseCodeName, type GatewayServiceMessage } from '@repo/discord-integration/types'
import type { EventFeed, FeedBatch, Standing, Subscription, SubscribeOptions } from '@repo/event-feed'
import type { RawData, WebSocket } from 'ws'
import type { Audit } from '../audit.ts'
import type { CommandOrigin, RunCommand } from '../command-origin.ts'
import type { Logger } from '../logger.ts'
import type { LinkToken } from '../tokens/link-token.ts'
import { ChunkNonces } from './chunk-nonces.ts'
import { readCommand } from './command-message.ts'
import { encodeBatch, encodeBatchWith } from './encode.ts'
import type { LinkLimits } from './limits.ts'
import type { Upgrade } from './upgrade.ts'

export type ConnectionOptions = {
  socket: WebSocket
  /** The stream under the socket: batches are written to it as they are. */
  stream: Writable & { readonly bytesWritten: number }
  /** Tells it from the other connections of the process. */
  id: number
  upgrade: Upgrade
  feed: Pick<EventFeed, 'subscribe'>
  /** Where the token's scopes became what they are, if they were others. */
  filterSince: SubscribeOptions['filterSince'] | null
  runCommand: RunCommand
  audit: Audit
  limits: LinkLimits
  logger: Logger
  now: () => number
}

/** Errors that say that the message was not understood. A client that gets nothing else is closed. */
const NOT_UNDERSTOOD: ReadonlySet<string> = new Set([
  'INVALID_JSON',
  'INVALID_MESSAGE',
  'UNKNOWN_COMMAND',
  'INVALID_PAYLOAD',
])

const ending = () => new LinkError('SHUTTING_DOWN', 'The Gateway Service is ending: the command was not done')

/**
 * One backend: a consumer of the feed in one direction, commands and their answers in the other.
 *
 * It has no queue. Events wait in the log until the socket drains; commands wait in the kernel until the backend has
 * taken the answers to the earlier ones.
 */
export class Connection {
  readonly id: number
  /** In ms since the epoch. */
  readonly connectedAt: number
  readonly #socket: WebSocket
  readonly #stream: ConnectionOptions['stream']
  readonly #upgrade: Upgrade
  readonly #runCommand: RunCommand
  readonly #audit: Audit
  readonly #limits: LinkLimits
  readonly #logger: Logger
  readonly #now: () => number
  readonly #subscription: Subscription
  #missedPings = 0
  /** The commands that were taken and not answered yet, and who is to be told how they were. */
  readonly #inFlight = new Map<CommandOrigin, (outcome: string) => void>()
  readonly #chunks: ChunkNonces
  #badMessages = 0
  #answerBytes = 0
  #draining = false
  #isRevoked = false
  #onIdle: (() => void)[] = []

  constructor(options: ConnectionOptions) {
    const { socket, stream, upgrade, feed, filterSince, runCommand, audit, limits, logger, now } = options
    this.id = options.id
    this.connectedAt = now()
    this.#socket = socket
    this.#stream = stream
    this.#upgrade = upgrade
    this.#runCommand = runCommand
    this.#audit = audit
    this.#chunks = new ChunkNonces(limits.chunkNoncesMax)
    this.#limits = limits
    this.#logger = logger
    this.#now = now

    socket.on('message', (data, isBinary) => this.#receive(data, isBinary))
    socket.on('pong', () => (this.#missedPings = 0))
    socket.on('error', ({ message }) => logger.debug({ reason: message }, 'backend broke the WebSocket protocol'))
    socket.once('close', () => this.#subscription.close())
    stream.on('drain', () => this.#subscription.resume())

    const { lastEventId, filter, snapshot, backlogMs } = upgrade
    this.#subscription = feed.subscribe({
      lastEventId,
      filter,
      snapshot,
      ...(backlogMs === undefined ? {} : { backlogMs }),
      ...(filterSince && { filterSince }),
      sink: {
        write: (batch) => this.#write(batch),
        end: (error) => this.close(error === undefined ? 'DRAINING' : 'INTERNAL_ERROR'),
      },
    })
  }

  get version(): Upgrade['version'] {
    return this.#upgrade.version
  }

  /** The token as it was when it let this backend in. */
  get token(): LinkToken {
    return this.#upgrade.token
  }

  /** How many entries the backend is behind. */
  get lag(): number {
    return this.#subscription.lag
  }

  /** What its token is called. */
  get name(): string {
    return this.#upgrade.token.backend.name
  }

  get standing(): Standing {
    return this.#subscription.standing
  }

  /** How far it has come in the log; null where it has not begun. */
  get position(): number | null {
    return this.#subscription.position
  }

  get bytesSent(): number {
    return this.#stream.bytesWritten
  }

  /** Sends a text at once, whatever waits: for what is not in the log. */
  send(text: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return
    if (this.#stream.writableLength > this.#limits.backlogMaxBytes) {
      this.#logger.warn({ bytes: this.#stream.writableLength }, 'backend takes nothing: cut')
      this.#socket.terminate()
      return
    }
    this.#socket.send(text)
  }

  /** Asks for a sign of life; ends the connection when too many went unanswered. */
  ping(): void {
    if (this.#missedPings >= this.#limits.missedPingsMax) {
      this.close('PING_TIMEOUT')
      return
    }
    this.#missedPings += 1
    this.#socket.ping()
  }

  /** Takes no more commands. Resolves when those in flight have been answered. */
  async drain(): Promise<void> {
    this.#draining = true
    if (this.#inFlight.size === 0) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#onIdle.push(resolve)
    await promise
  }

  /** Answers the commands in flight, since nobody will be there to say what becomes of them. */
  abandon(): void {
    const message = 'The Gateway Service ended before the command did: it may or may not have been done'
    for (const origin of this.#inFlight.keys()) {
      const error = origin.asking ? ending() : new LinkError('OUTCOME_UNKNOWN', message)
      origin.asking?.abort(error)
      this.#settleError(origin, error)
    }
  }

  /** Closes with a code of the table; a peer that does not answer is cut off. */
  close(name: CloseCodeName): void {
    if (name === 'TOKEN_REVOKED' || name === 'SCOPES_CHANGED') this.#isRevoked = true
    if (this.#socket.readyState !== this.#socket.OPEN) return
    this.#subscription.close()
    this.#socket.close(closeCodes[name].code, name)
    const cut = setTimeout(() => this.#socket.terminate(), this.#limits.closeGraceMs)
    this.#socket.once('close', () => clearTimeout(cut))
  }

  #write(batch: FeedBatch): boolean {
    if (this.#socket.readyState !== this.#socket.OPEN) return false
    const bytes = this.#chunks.concerns(batch)
      ? encodeBatchWith(batch, this.version, (chunk) => this.#chunks.take(chunk), this.#now)
      : encodeBatch(batch, this.version, this.#now)
    return bytes.length === 0 ? !this.#stream.writableNeedDrain : this.#stream.write(bytes)
  }

  #receive(data: RawData, isBinary: boolean): void {
    this.#missedPings = 0
    if (this.#socket.readyState !== this.#socket.OPEN) return
    if (isBinary || !Buffer.isBuffer(data)) {
      this.#fail(new LinkError('INVALID_MESSAGE', 'Expected a text message'), undefined)
      return
    }
    const read = readCommand(data.toString(), this.version)
    if (!read.ok) {
      this.#fail(read.error, read.requestId)
      return
    }
    const {
      data: { command, payload, actor },
      requestId,
    } = read.message
    this.#take(command, payload, { requestId, actor })
  }

  #take(command: string, payload: unknown, request: Pick<CommandOrigin, 'requestId' | 'actor'>): void {
    const { backend } = this.#upgrade.token
    const expectChunks = (nonce: string) => this.#chunks.expect(nonce)
    const isRevoked = () => this.#isRevoked
    const { id: consumerId, version } = this
    const origin: CommandOrigin = { ...request, backend, version, consumerId, expectChunks, isRevoked }
    const answered = this.#audit(command, payload, origin)
    const refusal = this.#refusal()
    if (refusal) {
      answered(refusal.code)
      this.#fail(refusal, request.requestId)
      return
    }
    this.#inFlight.set(origin, answered)
    void this.#run(command, payload, origin)
  }

  /** Why no command can be taken now; null when one can. */
  #refusal(): LinkError | null {
    if (this.#draining) return ending()
    const { commandsInFlightMax } = this.#limits
    if (this.#inFlight.size < commandsInFlightMax) return null
    return new LinkError(
      'TOO_MANY_COMMANDS',
      `More than ${commandsInFlightMax} commands in flight: the command was not done`,
    )
  }

  async #run(command: string, payload: unknown, origin: CommandOrigin): Promise<void> {
    try {
      const data = await this.#runCommand(command, payload, origin)
      this.#settle(origin, 'ack', () => {
        this.#badMessages = 0
        this.#answer({ type: 'ack', data, requestId: origin.requestId, ts: this.#now() })
      })
    } catch (error) {
      if (!(error instanceof LinkError)) this.#logger.error({ err: error }, 'a command failed')
      this.#settleError(
        origin,
        error instanceof LinkError ? error : new LinkError('INTERNAL_ERROR', 'The Gateway Service failed'),
      )
    }
  }

  #settleError(origin: CommandOrigin, error: LinkError): void {
    this.#settle(origin, error.code, () => this.#fail(error, origin.requestId))
  }

  /** Each command has one answer. */
  #settle(origin: CommandOrigin, outcome: string, answer: () => void): void {
    const answered = this.#inFlight.get(origin)
    if (!answered) return
    this.#inFlight.delete(origin)
    answered(outcome)
    answer()
    if (this.#inFlight.size === 0) for (const resolve of this.#onIdle.splice(0)) resolve()
  }

  #fail({ code, message, discordCode, status, retryAfter, issues }: LinkError, requestId: string | undefined): void {
    this.#answer({
      type: 'error',
      // JSON leaves out what is undefined.
      data: { message, code, discordCode, status, retryAfter, issues },
      requestId,
      ts: this.#now(),
    })
    this.#badMessages = NOT_UNDERSTOOD.has(code) ? this.#badMessages + 1 : 0
    if (this.#badMessages >= this.#limits.badMessagesMax) this.close('BAD_MESSAGES')
  }

  /** Answers, and reads on only while the backend takes its answers. */
  #answer(message: GatewayServiceMessage): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return
    const bytes = Buffer.from(JSON.stringify(message))
    this.#answerBytes += bytes.length
    if (this.#answerBytes > this.#limits.answersMaxBytes) this.#socket.pause()
    this.#socket.send(bytes, { binary: false }, () => {
      this.#answerBytes -= bytes.length
      if (this.#socket.isPaused && this.#answerBytes <= this.#limits.answersMaxBytes / 2) this.#socket.resume()
    })
  }
}
