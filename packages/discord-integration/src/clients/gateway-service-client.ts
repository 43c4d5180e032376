import { randomUUID } from 'node:crypto'
import { validateHeaderValue } from 'node:http'
import {
  commands,
  isCommandName,
  LinkError,
  MAX_COMMAND_BYTES,
  repeatableOf,
  RequestIdSchema,
  SnowflakeSchema,
  type CommandName,
  type CommandPayload,
  type CommandResult,
  type EventId,
  type GatewayServiceV2CommandMessage,
  type GatewayServiceEventMessage,
  type GatewayServiceSyncMessage,
  type GatewayServiceV2Message,
  type Uploaded,
} from '../types/index.ts'
import { Backoff } from './backoff.ts'
import { CommandClient, type SendOptions } from './command-methods.ts'
import { LinkConnection, type LinkEnding } from './link/connection.ts'
import { Cursor } from './link/cursor.ts'
import { decodeMessage } from './link/message.ts'
import { PendingCommands } from './link/pending-commands.ts'
import type { LinkStatus } from './link/status.ts'
import { upload, type UploadData, type UploadOptions } from './link/upload.ts'
import { errorFields, silentLogger, type Logger } from './logger.ts'
import { sleep, systemTimers, type Timers } from './timers.ts'

/**
 * A restarted gateway is back within a second or two, and no wait of that time is longer than 1.3 s; one that is away is
 * asked every few seconds, for ever.
 */
const BACKOFF = { baseMs: 250, capMs: 10_000, floorMs: 50, growth: 1.5 }

/** Of a gateway that is started together with its backend: it is there within these, some three seconds. */
const QUIET_ATTEMPTS = 5

/** Why a snapshot comes from a log that may never have heard of this backend. */
const BEGINS_ANEW: ReadonlySet<string | undefined> = new Set(['fresh', 'foreign', undefined])

/** Discord answers in a fraction of a second; its rate limits may take a few. */
const COMMAND_DEADLINE_MS = 10_000

export type GatewayServiceClientOptions = {
  /** `ws://127.0.0.1:8787` */
  url: string
  /** One of the gateway's LINK_TOKENs. */
  token: string
  /** Where to come back to; default: nowhere, so a snapshot. */
  lastEventId?: EventId | null
  /** Only these guilds, and no events without one; default: all. */
  guilds?: string[]
  /** Only these events; default: all. */
  events?: string[]
  /** False: no GUILD_CREATEs to begin with. */
  snapshot?: boolean
  /** Events from before the snapshot that come first, for the log alone. */
  backlogSeconds?: number
  /** Default: says nothing. It is given neither tokens nor payloads. */
  logger?: Logger
  now?: () => number
  random?: () => number
  timers?: Timers
}

export type LinkMessageHandler = (
  message: GatewayServiceEventMessage | GatewayServiceSyncMessage,
  /** `payloadText`: an event's payload as JSON text on one line, byte for byte the gateway's where that is possible. */
  raw: { payloadText?: string },
) => unknown

/**
 * A backend's end of the link, version 2: one connection after the other, for ever, each beginning where the last one
 * was. docs/PROTOCOL.md is the specification. Each command is a method of its topic, `messages.send`: docs/COMMANDS.md.
 */
export class GatewayServiceClient extends CommandClient {
  readonly #url: string
  readonly #token: string
  readonly #logger: Logger
  readonly #now: () => number
  readonly #timers: Timers
  readonly #backoff: Backoff
  readonly #cursor: Cursor
  readonly #pending: PendingCommands
  readonly #messageHandlers = new Set<LinkMessageHandler>()
  readonly #statusHandlers = new Set<(status: LinkStatus) => void>()
  readonly #abort = new AbortController()
  /** The id after which a message could not be decoded last; null for none, undefined when all could. */
  #undecodedAfter: EventId | null | undefined
  /** It could not be decoded again: what is asked for is a snapshot, and nothing older, until it is there. */
  #anew = false
  #wasUp = false
  #status: LinkStatus
  #connection: LinkConnection | null = null
  #running: Promise<void> | null = null

  /** @throws {TypeError} for a url that is not ws: or wss:, and for a token or an id that no HTTP header can carry. */
  constructor(options: GatewayServiceClientOptions) {
    super()
    validateHeaderValue('authorization', options.token)
    validateHeaderValue('last-event-id', options.lastEventId ?? '')
    this.#url = subscriptionUrl(options)
    this.#token = options.token
    this.#logger = options.logger ?? silentLogger
    this.#now = options.now ?? Date.now
    this.#timers = options.timers ?? systemTimers
    this.#backoff = new Backoff({ ...BACKOFF, random: options.random ?? Math.random })
    this.#cursor = new Cursor(options.lastEventId ?? null)
    this.#pending = new PendingCommands({ timers: this.#timers })
    this.#status = { state: 'connecting', since: this.#now(), attempt: 0, nextAttemptAt: null, rttMs: null }
  }

  get status(): LinkStatus {
    return this.#status
  }

  /** The id to come back with: the last one of which everything before has been seen. Of a snapshot, only once it is `live`. */
  get lastEventId(): EventId | null {
    return this.#cursor.lastEventId
  }

  /**
   * Calls the handler with every event and sync, in order, validated; the returned function stops that. A handler that
   * throws, or whose promise rejects, is logged, and the message counts as seen: the next one does not wait for a promise.
   */
  onMessage(handler: LinkMessageHandler): () => void {
    this.#messageHandlers.add(handler)
    return () => void this.#messageHandlers.delete(handler)
  }

  /** Calls the handler whenever something about the link changes, the round trip too; the returned function stops that. */
  onStatus(handler: (status: LinkStatus) => void): () => void {
    this.#statusHandlers.add(handler)
    return () => void this.#statusHandlers.delete(handler)
  }

  /** Begins, and goes on until `close`, or until the gateway says that the token is no longer valid. */
  connect(): void {
    if (!this.#abort.signal.aborted) this.#running ??= this.#run()
  }

  /**
   * Sends a command by its name and resolves to its result; `messages.send` and the like do the same.
   *
   * When the link breaks before the answer, the command is sent again with the same request id, and the gateway answers what
   * became of it. Only where it has lost its log meanwhile, what must not be done twice is rejected as OUTCOME_UNKNOWN.
   *
   * @throws {LinkError} The gateway's refusal, with its code or Discord's; or NOT_CONNECTED (nothing was sent),
   * TOO_MANY_COMMANDS, UNKNOWN_COMMAND, INVALID_PAYLOAD, INVALID_MESSAGE (nothing was sent), DEADLINE_EXCEEDED, OUTCOME_UNKNOWN, CLOSED.
   */
  async sendCommand<Name extends CommandName>(
    command: Name,
    payload: CommandPayload<Name>,
    options: SendOptions = {},
  ): Promise<CommandResult<Name>> {
    const { requestId = randomUUID(), deadlineMs = COMMAND_DEADLINE_MS, actor } = options
    if (this.#abort.signal.aborted) throw new LinkError('CLOSED', 'the client was closed')
    // Not everybody has types.
    const name: string = command
    if (!isCommandName(name)) throw new LinkError('UNKNOWN_COMMAND', `there is no command ${name}`)
    if (!this.#connection?.isOpen) throw new LinkError('NOT_CONNECTED', `the link is down: ${command} was not sent`)
    const text = encodeCommand({ command, payload, ...(actor !== undefined && { actor }) }, requestId, this.#now())
    const answer = this.#pending.add(
      requestId,
      { command, repeatable: repeatableOf(command, payload), text },
      deadlineMs,
    )
    this.#connection.send(text)
    return parseResult(command, await answer)
  }

  /**
   * Uploads a file, of at most 10 MiB, and resolves to what commands name it by, for 15 minutes. It goes beside the link, and needs
   * no connection of that.
   *
   * @throws {LinkError} The gateway's refusal, with its code; or NOT_CONNECTED (there is no upload: it may be tried again), CLOSED.
   */
  async upload(data: UploadData, options: UploadOptions): Promise<Uploaded> {
    const { signal } = this.#abort
    if (signal.aborted) throw new LinkError('CLOSED', 'the client was closed')
    return await upload(data, { ...options, url: this.#url, token: this.#token, signal, now: this.#now })
  }

  /** Rejects what waits for an answer with CLOSED; resolves when the socket is gone. */
  async close(): Promise<void> {
    this.#abort.abort()
    this.#pending.rejectAll(new LinkError('CLOSED', 'the client was closed'))
    this.#connection?.close()
    await this.#running
    await this.#connection?.closed
    this.#closed('the client was closed')
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort
    while (!signal.aborted) {
      const ending = await this.#live()
      this.#pending.disconnected()
      if (signal.aborted) return
      if (!ending.reconnect) {
        this.#logger.error({ code: ending.error.code }, `the link is closed for good: ${ending.error.message}`)
        this.#abort.abort()
        return this.#closed(ending.error.message)
      }
      await this.#pause(ending)
    }
  }

  async #live(): Promise<LinkEnding> {
    this.#set({ ...this.#status, nextAttemptAt: null })
    this.#cursor.connected()
    this.#connection = new LinkConnection({
      url: this.#anew ? withoutBacklog(this.#url) : this.#url,
      token: this.#token,
      lastEventId: this.#cursor.lastEventId,
      logger: this.#logger,
      timers: this.#timers,
      now: this.#now,
      opened: () => this.#opened(),
      received: (text) => this.#received(text),
      unreadable: (what) => this.#undecodable([`(${what})`]),
      rtt: (rttMs) => this.#set({ ...this.#status, rttMs }),
    })
    return await this.#connection.ended
  }

  #pause({ error, afterMs, slow }: LinkEnding): Promise<void> {
    const jitterMs = slow ? this.#backoff.slow() : this.#backoff.next()
    const waitMs = slow ? Math.max(jitterMs, afterMs) : afterMs + jitterMs
    const fields = {
      code: error.code,
      status: error.status,
      attempt: this.#backoff.attempt,
      waitMs: Math.round(waitMs),
    }
    if (slow) this.#logger.error(fields, error.message)
    else if (this.#wasUp || error.status !== undefined || this.#backoff.attempt > QUIET_ATTEMPTS)
      this.#logger.warn(fields, `the link is down: ${error.message}`)
    else if (this.#backoff.attempt === 1) this.#logger.info(fields, `waiting for the gateway: ${error.message}`)
    this.#set({
      state: 'reconnecting',
      since: this.#status.since,
      attempt: this.#backoff.attempt,
      nextAttemptAt: this.#now() + waitMs,
      rttMs: null,
      detail: error.message,
    })
    return sleep(this.#timers, waitMs, this.#abort.signal)
  }

  #opened(): void {
    this.#wasUp = true
    this.#logger.info({ lastEventId: this.#cursor.lastEventId }, 'the link is up')
    this.#set({ state: 'connected', since: 0, attempt: this.#backoff.attempt, nextAttemptAt: null, rttMs: null })
    this.#askAgain({ logIsKept: false })
  }

  #received(text: string): void {
    const decoded = decodeMessage(text)
    if (!decoded.ok) {
      if (decoded.inStream) return this.#undecodable(decoded.issues)
      return this.#logger.warn({ issues: decoded.issues }, 'an invalid message from the gateway was skipped')
    }
    const { message, payloadText } = decoded
    switch (message.type) {
      case 'event':
      case 'sync':
        return this.#consume(message, payloadText === undefined ? {} : { payloadText })
      case 'ack':
      case 'error':
        return this.#answered(message)
      case 'command':
        return this.#logger.warn({ type: message.type }, 'a message from the gateway has no meaning in this direction')
    }
  }

  /**
   * Something of the stream is missing from here on. It is asked for once more, since it may have been the way; if it is the
   * same again, the gateway cannot give it, and there is only a snapshot.
   */
  #undecodable(issues: readonly string[]): void {
    const { lastEventId } = this.#cursor
    const again = this.#undecodedAfter === lastEventId
    this.#undecodedAfter = lastEventId
    const fields = { issues, lastEventId }
    if (again) {
      this.#logger.error(
        fields,
        'a message from the gateway cannot be decoded, again: what it was is lost, taking a snapshot',
      )
      this.#cursor.forget()
      this.#anew = true
    } else this.#logger.warn(fields, 'a message from the gateway cannot be decoded: asking for it again')
    this.#connection?.lose('a message from the gateway could not be decoded')
  }

  #consume(message: GatewayServiceEventMessage | GatewayServiceSyncMessage, raw: { payloadText?: string }): void {
    if (message.type === 'sync') this.#synced(message)
    const failed = (error: unknown) =>
      this.#logger.error({ type: message.type, ...errorFields(error) }, 'a message handler failed')
    for (const handler of this.#messageHandlers) {
      try {
        const done = handler(message, raw)
        if (done instanceof Promise) done.catch(failed)
      } catch (error) {
        failed(error)
      }
    }
    this.#cursor.take(message)
  }

  #askAgain(gateway: { logIsKept: boolean }): void {
    for (const text of this.#pending.toAskAgain(gateway)) this.#connection?.send(text)
  }

  #synced({ data }: GatewayServiceSyncMessage): void {
    this.#logger.info({ ...data }, `the link says ${data.state}`)
    // An id that the log knows, however old, shows that it is the same one, with what it knows of commands.
    if (data.state === 'resumed' || (data.state === 'snapshot' && !BEGINS_ANEW.has(data.reason))) {
      this.#askAgain({ logIsKept: true })
    } else if (data.state === 'snapshot') this.#pending.logIsLost()
    if (data.state === 'live') {
      this.#anew = false
      this.#backoff.reset()
      if (this.#status.state !== 'live') this.#set({ ...this.#status, state: 'live', attempt: 0 })
    } else if (data.state === 'snapshot' && this.#status.state === 'live') {
      this.#set({ ...this.#status, state: 'connected' })
    }
  }

  #answered(message: Extract<GatewayServiceV2Message, { type: 'ack' | 'error' }>): void {
    if (this.#pending.settle(message)) return
    const code = message.type === 'error' ? message.data.code : undefined
    // A question past its deadline is answered for nobody, and to no harm: a slow gateway does so again and again.
    const level = this.#pending.isExpiredRead(message.requestId) ? 'debug' : 'warn'
    this.#logger[level]({ type: message.type, code }, 'an answer from the gateway that nobody waits for')
  }

  #closed(detail: string): void {
    this.#pending.rejectAll(new LinkError('CLOSED', 'the client was closed'))
    if (this.#status.state === 'closed') return
    this.#set({ state: 'closed', since: 0, attempt: 0, nextAttemptAt: null, rttMs: null, detail })
  }

  #set(status: LinkStatus): void {
    const since = status.state === this.#status.state ? this.#status.since : this.#now()
    this.#status = { ...status, since }
    for (const handler of this.#statusHandlers) {
      try {
        handler(this.#status)
      } catch (error) {
        this.#logger.error(errorFields(error), 'a status handler failed')
      }
    }
  }
}

/** The upgrade carries everything that a subscription needs, so a reconnect is a repeat. */
function subscriptionUrl(options: GatewayServiceClientOptions): string {
  const url = new URL(options.url)
  if (!/^wss?:$/.test(url.protocol)) throw new TypeError(`the link is a WebSocket, ws: or wss:, not ${url.protocol}`)
  url.hash = ''
  if (options.guilds !== undefined) url.searchParams.set('guilds', options.guilds.join(','))
  if (options.events !== undefined) url.searchParams.set('events', options.events.join(','))
  if (options.snapshot === false) url.searchParams.set('snapshot', '0')
  if (options.backlogSeconds !== undefined) url.searchParams.set('backlog', String(options.backlogSeconds))
  return url.href
}

function withoutBacklog(subscription: string): string {
  const url = new URL(subscription)
  url.searchParams.delete('backlog')
  return url.href
}

function encodeCommand(data: GatewayServiceV2CommandMessage['data'], requestId: string, ts: number): string {
  const { command, actor } = data
  if (!RequestIdSchema.safeParse(requestId).success) {
    throw new LinkError('INVALID_MESSAGE', 'a requestId is 1 to 128 characters')
  }
  if (actor !== undefined && !SnowflakeSchema.safeParse(actor).success) {
    throw new LinkError('INVALID_MESSAGE', 'an actor is a user’s id: 1 to 20 digits')
  }
  const message: GatewayServiceV2CommandMessage = { type: 'command', data, requestId, ts }
  const text = stringify(message)
  if (Buffer.byteLength(text) > MAX_COMMAND_BYTES) {
    throw new LinkError('INVALID_PAYLOAD', `${command} is larger than the ${MAX_COMMAND_BYTES} bytes the gateway takes`)
  }
  return text
}

function stringify(message: GatewayServiceV2CommandMessage): string {
  try {
    return JSON.stringify(message)
  } catch (cause) {
    throw new LinkError('INVALID_PAYLOAD', `the payload of ${message.data.command} cannot be written as JSON`, {
      cause,
    })
  }
}

function parseResult<Name extends CommandName>(command: Name, data: unknown): CommandResult<Name> {
  const result = commands[command].result.safeParse(data)
  if (result.success) return result.data as CommandResult<Name>
  const issues = result.error.issues.map(({ path, message }) => ({
    path: ['data', ...path].map(String).join('.'),
    message,
  }))
  throw new LinkError('INTERNAL_ERROR', `${command} was done, and its result is not understood`, { issues })
}
