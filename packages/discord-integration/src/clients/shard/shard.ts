import type { GatewayPresenceUpdateData } from 'discord-api-types/v10'
import { z } from 'zod'
import { Backoff } from '../backoff.ts'
import { errorFields, type Logger } from '../logger.ts'
import { settledWithin, sleep, type Timers } from '../timers.ts'
import { discordCloseCodes, privilegedIntents } from './close-codes.ts'
import { Connection, type Compression, type Ending } from './connection.ts'
import { Delivery } from './delivery.ts'
import { isDispatchEventName, type GatewayEventData, type GatewayEventHandler } from './event.ts'
import type { Frame } from './frame.ts'
import type { IdentifyQueue, IdentifySlot } from './identify-queue.ts'
import { Numbering, type Missing } from './numbering.ts'
import { connectionUrl, identifyPayload, resumePayload, type Resume } from './opening.ts'
import { SendLimiter } from './send-limiter.ts'
import { isSameSession, type SessionStore } from './session.ts'
import type { ShardState, ShardStatus } from './status.ts'

/** A cut connection is resumed within a second; an outage is asked about once a minute. */
const BACKOFF_BASE_MS = 1_000
const BACKOFF_CAP_MS = 60_000
const BACKOFF_FLOOR_MS = 250

/**
 * How long events that are on their way to the log may take before we resume from what it has (Discord sends the rest
 * again, and the log drops what it gets twice), or end: a process has 5 s for all of its ending.
 */
const SETTLE_WAIT_MS = 3_000

/** After so many tries at a resume URL that never greeted us, the gateway's own address is tried in turn. */
const RESUME_URL_TRIES = 3

const ReadySchema = z.object({
  session_id: z.string().min(1),
  resume_gateway_url: z
    .url({ protocol: /^wss?$/ })
    .nullable()
    .catch(null),
  user: z.object({ id: z.string() }).nullable().catch(null),
})

export type ShardOptions = {
  id: number
  shardCount: number
  token: string
  intents: number
  /** Asked for at each IDENTIFY. */
  presence: () => GatewayPresenceUpdateData | null
  /** The gateway's own address, from GET /gateway/bot. */
  gatewayUrl: string
  apiOrigin: string
  compression: Compression
  sessions: SessionStore
  identifies: IdentifyQueue
  handlers: ReadonlySet<GatewayEventHandler>
  logger: Logger
  timers: Timers
  now: () => number
  random: () => number
  changed(): void
}

/**
 * One shard: connection after connection, for as long as Discord's rules allow. It resumes from the sequence the store
 * names, so an event that was not stored is asked for again.
 * https://docs.discord.com/developers/events/gateway#connection-lifecycle
 */
export class Shard {
  readonly id: number
  readonly #options: ShardOptions
  readonly #logger: Logger
  readonly #backoff: Backoff
  readonly #sends: SendLimiter
  readonly #numbering = new Numbering()
  readonly #abort = new AbortController()
  #status: ShardStatus
  #connection: Connection | null = null
  #delivery: Delivery | null = null
  #sessionId: string | null = null
  #resumeUrlFailures = 0
  /** Whether the session lived long enough to be believed. One from before this process is. */
  #proven = true
  #running: Promise<void> | null = null

  constructor(options: ShardOptions) {
    this.id = options.id
    this.#options = options
    this.#logger = options.logger
    this.#backoff = new Backoff({
      baseMs: BACKOFF_BASE_MS,
      capMs: BACKOFF_CAP_MS,
      floorMs: BACKOFF_FLOOR_MS,
      random: options.random,
    })
    this.#sends = new SendLimiter(options)
    this.#status = {
      id: options.id,
      state: 'connecting',
      since: options.now(),
      pingMs: null,
      sessionId: null,
      heardAt: null,
    }
  }

  get status(): ShardStatus {
    return { ...this.#status, heardAt: this.#heardUntil() }
  }

  start(): void {
    this.#running ??= this.#run()
  }

  /** How long a payload said now will wait for its turn, in ms; null while there is no session to say it in. */
  get sendWaitMs(): number | null {
    return this.#status.state === 'ready' ? this.#sends.waitMs : null
  }

  /** @throws as SendLimiter's push, and when the shard has stopped. */
  send(payload: unknown): void {
    if (this.#status.state === 'stopped') throw new Error(`shard ${this.id} has stopped`)
    this.#sends.push(payload)
  }

  /** Leaves the session resumable. Resolves when the socket is gone and the handlers have answered or had their time. */
  async close(): Promise<void> {
    this.#abort.abort()
    this.#connection?.end({ next: 'resume', reason: 'closing' })
    await this.#running
    await this.#connection?.closed
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort
    while (!signal.aborted) {
      const ending = await this.#live()
      this.#sends.shut()
      if (signal.aborted) break
      if (ending.next === 'never') return this.#stop(ending)
      const waitMs = Math.max(this.#backoff.next(), ending.waitMs ?? 0)
      this.#logger.warn(
        { shardId: this.id, next: ending.next, waitMs: Math.round(waitMs) },
        `shard is reconnecting: ${ending.reason}`,
      )
      this.#set({ state: 'reconnecting', pingMs: null, detail: ending.reason })
      if (ending.next === 'identify') this.#forgetSession()
      await Promise.all([this.#settled(), sleep(this.#options.timers, waitMs, signal)])
    }
    await this.#settled()
    this.#set({ state: 'stopped', pingMs: null })
  }

  /** One connection, from the decision how to begin to its end. Whatever a store throws ends it like a cut. */
  async #live(): Promise<Ending> {
    const { identifies } = this.#options
    let slot: IdentifySlot | null = null
    try {
      const resume = this.#resumable()
      if (resume === null) {
        slot = await identifies.acquire(this.id, this.#abort.signal, (detail) => this.#set({ detail }))
      }
      if (this.#abort.signal.aborted) return { next: 'resume', reason: 'closing' }
      const connection = this.#connect(resume, slot)
      const ending = await connection.ended
      this.#resumeUrlFailures = resume === null || connection.greeted ? 0 : this.#resumeUrlFailures + 1
      // Discord is there again and has forgotten a session that was a good one: its own wait of some seconds is enough.
      if (resume !== null && ending.next === 'identify' && this.#proven) this.#backoff.reset()
      if (ending.next === 'identify') this.#proven = false
      return ending
    } catch (error) {
      this.#logger.error({ shardId: this.id, ...errorFields(error) }, 'the session store failed')
      return { next: 'resume', reason: 'the session store failed' }
    } finally {
      slot?.release()
    }
  }

  #connect(resume: Resume | null, slot: IdentifySlot | null): Connection {
    const { logger, timers, now, random, gatewayUrl, compression } = this.#options
    this.#sessionId = resume?.session.sessionId ?? null
    if (resume !== null) {
      const { session, sequence } = resume
      this.#numbering.resumes(session.sessionId, sequence, session.resumes ?? 0)
    }
    const connection = new Connection({
      url: connectionUrl(
        resume === null || this.#doubtsResumeUrl() ? gatewayUrl : resume.session.resumeUrl,
        compression,
      ),
      compression,
      logger,
      timers,
      now,
      random,
      hello: () => this.#greeted(connection, resume, slot),
      dispatch: (frame, bytes) => this.#dispatch(frame, bytes, connection),
      unreadable: (what) => this.#unreadable(what),
      broken: (what) => this.#broken(what),
      ping: (pingMs) => this.#pinged(pingMs),
    })
    this.#connection = connection
    this.#delivery = new Delivery({
      handlers: this.#options.handlers,
      logger,
      taken: (event) => this.#taken(event, connection),
      failed: (event) => this.#failed(event, connection),
      full: () => connection.pause(),
      drained: () => connection.resume(),
    })
    return connection
  }

  /** What answers HELLO; nothing, when it cannot be written down that it is sent. */
  #greeted(connection: Connection, resume: Resume | null, slot: IdentifySlot | null): unknown {
    try {
      return resume === null ? this.#identify(slot) : this.#resume(resume)
    } catch (error) {
      this.#storeFailed(error, connection)
      return null
    }
  }

  #resumable(): Resume | null {
    const { sessions } = this.#options
    const session = sessions.load(this.id)
    if (session === null || !isSameSession(session, this.#options)) return null
    const sequence = sessions.sequence(this.id, session.sessionId)
    return sequence === null ? null : { session, sequence }
  }

  #doubtsResumeUrl(): boolean {
    return this.#resumeUrlFailures >= RESUME_URL_TRIES && this.#resumeUrlFailures % 2 === 1
  }

  #identify(slot: IdentifySlot | null): unknown {
    slot?.spend()
    this.#set({ state: 'identifying', sessionId: null })
    const { token, intents, shardCount, presence } = this.#options
    return identifyPayload({ token, intents, shard: [this.id, shardCount], presence: presence() })
  }

  #resume(resume: Resume): unknown {
    const { session } = resume
    this.#options.sessions.save(this.id, { ...session, resumes: (session.resumes ?? 0) + 1 })
    this.#set({ state: 'resuming', sessionId: session.sessionId })
    return resumePayload(this.#options.token, resume)
  }

  #dispatch(frame: Frame, bytes: number, connection: Connection): void {
    if (frame.t === 'READY' && !this.#begin(frame.d)) return
    if (this.#sessionId === null) {
      // READY is the first, so it was there and could not be read. Every event says so again, and none may be taken.
      return connection.end({ next: 'resume', reason: 'an event came before READY' })
    }
    if (frame.s === null || !isDispatchEventName(frame.t)) {
      return connection.unreadable('a dispatch without a name or a number', bytes)
    }
    const receivedAt = this.#options.now()
    const next = this.#numbering.next(frame.s, receivedAt)
    if (next === 'ask') return connection.end({ next: 'resume', reason: `events are missing before number ${frame.s}` })
    if (next.missing) this.#sayMissing(frame, next.missing)
    this.#delivery?.deliver(
      {
        type: frame.t,
        data: frame.d,
        raw: frame.raw ?? 'null',
        shardId: this.id,
        sessionId: this.#sessionId,
        sequence: frame.s,
        receivedAt,
        ...(this.#numbering.replaying && frame.t !== 'RESUMED' && { replayed: true }),
        ...(next.missing && { missing: next.missing }),
      },
      bytes,
    )
    if (frame.t === 'RESUMED') this.#numbering.resumed(receivedAt)
    if (frame.t === 'READY' || (frame.t === 'RESUMED' && this.#status.state === 'resuming')) this.#established()
  }

  #sayMissing({ t, s }: Frame, { after }: Missing): void {
    this.#logger.error(
      { shardId: this.id, after, s, event: t },
      'events of the session are missing: Discord did not send them again',
    )
  }

  /** Before there is a session nothing can be missing of it, and a READY that does not come has its own end. */
  #unreadable(what: string): Ending | null {
    if (this.#sessionId === null || this.#numbering.unreadable(this.#options.now()) === 'pass') return null
    return { next: 'resume', reason: what }
  }

  /** There is no way past it in this session, if it is there again. */
  #broken(what: string): Ending {
    if (this.#sessionId === null || this.#numbering.unpassable() === 'ask') return { next: 'resume', reason: what }
    this.#logger.error({ shardId: this.id }, `${what}, again: the session is given up`)
    return { next: 'identify', reason: what }
  }

  /** READY: a session has begun. */
  #begin(d: unknown): boolean {
    const ready = ReadySchema.safeParse(d)
    if (!ready.success) {
      this.#connection?.end({ next: 'resume', reason: 'READY had no session id' })
      return false
    }
    const { session_id: sessionId, resume_gateway_url: resumeUrl, user } = ready.data
    const { apiOrigin, intents, shardCount, gatewayUrl } = this.#options
    this.#sessionId = sessionId
    this.#numbering.begins(sessionId)
    const session = {
      sessionId,
      resumeUrl: resumeUrl ?? gatewayUrl,
      botId: user?.id ?? null,
      apiOrigin,
      intents,
      shardCount,
    }
    try {
      this.#options.sessions.save(this.id, session)
    } catch (error) {
      this.#logger.error({ shardId: this.id, ...errorFields(error) }, 'the session could not be kept')
    }
    return true
  }

  #established(): void {
    const connection = this.#connection
    if (connection === null) return
    connection.established()
    this.#set({ state: 'ready', sessionId: this.#sessionId })
    this.#logger.info({ shardId: this.id, sessionId: this.#sessionId }, 'shard is ready')
    this.#sends.open((text) => connection.writeText(text))
  }

  /**
   * The wait starts over once a session has proven itself: RESUMED taken by all, or READY and a heartbeat after it. An
   * IDENTIFY costs, so a server that greets and drops us is not believed at READY.
   */
  #taken(event: GatewayEventData, connection: Connection): void {
    try {
      const { sessions } = this.#options
      sessions.delivered?.(this.id, event.sessionId, event.sequence)
      if (event.type !== 'RESUMED') return
      this.#prove()
      const session = sessions.load(this.id)
      if (session?.sessionId === event.sessionId && session.resumes) sessions.save(this.id, { ...session, resumes: 0 })
    } catch (error) {
      this.#storeFailed(error, connection)
    }
  }

  #prove(): void {
    this.#backoff.reset()
    this.#proven = true
  }

  #pinged(pingMs: number | null): void {
    if (this.#status.state === 'ready') this.#prove()
    this.#set({ pingMs })
  }

  /** An event that was not stored is asked for again; one that was, and failed elsewhere, is not. */
  #failed(event: GatewayEventData, connection: Connection): boolean {
    try {
      const stored = this.#options.sessions.sequence(this.id, event.sessionId)
      if (stored !== null && stored >= event.sequence) return true
      connection.end({ next: 'resume', reason: 'an event could not be stored' })
    } catch (error) {
      this.#storeFailed(error, connection)
    }
    return false
  }

  #storeFailed(error: unknown, connection: Connection): void {
    this.#logger.error({ shardId: this.id, ...errorFields(error) }, 'the session store failed')
    connection.end({ next: 'resume', reason: 'the session store failed' })
  }

  #forgetSession(): void {
    try {
      this.#options.sessions.clear(this.id)
    } catch (error) {
      this.#logger.error({ shardId: this.id, ...errorFields(error) }, 'the session could not be forgotten')
    }
  }

  async #settled(): Promise<void> {
    if (this.#delivery === null) return
    const settled = await settledWithin(this.#options.timers, SETTLE_WAIT_MS, this.#delivery.idle())
    if (!settled)
      this.#logger.error({ shardId: this.id, ms: SETTLE_WAIT_MS }, 'handlers did not take all events in time')
  }

  #stop(ending: Ending): void {
    const privileged =
      ending.close === discordCloseCodes.DISALLOWED_INTENTS ? privilegedIntents(this.#options.intents) : []
    const detail = privileged.length > 0 ? `${ending.reason}; asked for: ${privileged.join(', ')}` : ending.reason
    this.#logger.error({ shardId: this.id }, `shard stopped for good: ${detail}`)
    this.#set({ state: 'stopped', pingMs: null, detail })
  }

  /**
   * What a connection says before its session is up says nothing of the guilds, and what came and is not stored may yet be
   * lost: up to before that everything is known. Of a READY that is the hole that it ends, and of what is replayed nobody knows
   * when it was: then nothing more is known than before the connection.
   */
  #heardUntil(): number | null {
    const { state, heardAt } = this.#status
    if (state !== 'ready' || !this.#connection) return heardAt
    const untaken = this.#delivery?.untaken ?? null
    if (untaken?.replayed || untaken?.type === 'READY') return heardAt
    if (untaken?.missing) return untaken.missing.since ?? heardAt
    if (untaken) return Math.min(this.#connection.heardAt, untaken.receivedAt - 1)
    return this.#numbering.lacks ? (this.#numbering.liveAt ?? heardAt) : this.#connection.heardAt
  }

  #set(change: { state?: ShardState; sessionId?: string | null; pingMs?: number | null; detail?: string }): void {
    const { detail: _, ...before } = this.#status
    const heardAt = this.#heardUntil()
    const since = change.state === undefined || change.state === before.state ? before.since : this.#options.now()
    this.#status = { ...(change.state === undefined ? this.#status : before), ...change, since, heardAt }
    this.#options.changed()
  }
}
