import { setImmediate as nextTurn } from 'node:timers/promises'
import { bounds, formatEventId } from '@repo/discord-integration/types'
import type { EventPosition, SyncReason } from '@repo/discord-integration/types'
import { Audience } from './audience.ts'
import { Cursor } from './cursor.ts'
import type { CursorHost } from './cursor.ts'
import type { DispatchEntry, EventLog, LogEntry, NewDispatch, NewLogEntry } from './event-log.ts'
import { liveItem } from './feed-item.ts'
import type { SubscribeOptions, Subscription } from './feed-item.ts'
import { GuildState } from './guild-state.ts'
import { parsed } from './guild-state/json.ts'
import { isLarger } from './is-larger.ts'
import { systemTimers } from './timers.ts'
import type { Timers } from './timers.ts'

export type { FeedBatch, FeedItem, FeedSink, Standing, SubscribeOptions, Subscription } from './feed-item.ts'
export type { Timers } from './timers.ts'

/**
 * How long an id may be ahead of the log, in ms, before it counts as foreign. Of a log that is not a mirror none should
 * be; a moment is for what is on its way.
 */
export const AHEAD_PATIENCE_MS = 2_000

/** How often a consumer whom nothing concerns is told where it stands, in ms, or a quiet guild would fall off the log. */
export const ANNOUNCE_INTERVAL_MS = 15_000

/** How many are told before other work gets its turn: some milliseconds' worth of writes. */
const ANNOUNCED_PER_TURN = 500

/**
 * The most entries of one append, and so of one batch: past this nothing is saved by storing more at once. What was
 * published as one is one all the same.
 */
const APPEND_ENTRIES = 512

/** What is read for one batch: some socket buffers' worth, so that a full one holds little, and an empty one gets much. */
const PAGE_BYTES = 256 * 1024
const PAGE_ENTRIES = 512

export type EventFeedOptions = {
  log: EventLog
  /** What the entries of the log, up to its end, add up to. */
  state?: GuildState
  /** False: consumers wait for `open`, or, of a mirror, for its first `restart`. Default true. */
  ready?: boolean
  /** The most payload bytes, and the most entries, that a consumer who lags is given at once. Default 256 KiB and 512. */
  pageBytes?: number
  pageEntries?: number
  /**
   * How long an id may be ahead of the log before it counts as foreign. Default {@link AHEAD_PATIENCE_MS}. A mirror's
   * consumers come from faster ones: it has to be longer than it may lag without knowing.
   */
  aheadPatienceMs?: number
  /** Whether a mirror knows that it lags: then an id that is ahead is waited for longer. Default: never. */
  behind?: () => boolean
  /** Told of every entry once it has been applied to the state. */
  applied?: (entry: LogEntry) => void
  /** Looks at each dispatch where it happens. */
  witness?: FeedWitness
  /** The most bytes of an event's payload; a larger one becomes a gap. Default `bounds.payload`. */
  payloadMaxBytes?: number
  /** Told of an event that is too large. */
  tooLarge?: (entry: NewDispatch) => void
  timers?: Timers
}

/**
 * Sees the state on both sides of each dispatch. Consumers do not: they are handed a batch when the state stands at its end,
 * and what an event meant may be gone by then.
 */
export interface FeedWitness {
  /** The dispatch is stored, and the state is that of before it. `data` is its payload, parsed. */
  before(entry: DispatchEntry, data: unknown): void
  /** It has been applied, and nothing after it has been. */
  after(entry: DispatchEntry, data: unknown): void
  /** What was seen since the last time has been handed to the consumers that are caught up. */
  delivered(): void
  /**
   * The state was replaced, and no consumer has been told yet. `place` is where it stands, `backlog` what came before it and
   * feeds the log alone.
   */
  restarted(place: EventPosition, backlog: readonly NewLogEntry[]): void
}

/** An entry, and its payload parsed, where the caller has it. */
export type Published = { entry: NewLogEntry; data?: unknown }

type Publish = Published & { resolve: () => void; reject: (error: unknown) => void }
/** Entries to be stored together, or something to be done between them. */
type Job = Publish[] | (() => Promise<void>)

/**
 * Log, state and cursors as one: what is published is stored, then applied to the state, then delivered. Between the
 * last two nothing else runs, so state and consumers always stand at the same position, the tip.
 */
export class EventFeed {
  readonly log: EventLog
  readonly #timers: Timers
  /** What the cursors see of the feed, which is also where it keeps it. */
  readonly #now: CursorHost & { state: GuildState; tip: number; life: number }
  readonly #audience: Audience
  readonly #cursors = new Set<Cursor>()
  readonly #jobs: Job[] = []
  readonly #applied: (entry: LogEntry) => void
  readonly #witness: FeedWitness | null
  readonly #payloadMaxBytes: number
  readonly #tooLarge: (entry: NewDispatch) => void
  #ready: boolean
  #draining = false
  #closed = false
  #stopAnnouncing: (() => void) | null = null

  constructor(options: EventFeedOptions) {
    this.log = options.log
    this.#ready = options.ready ?? true
    this.#applied = options.applied ?? (() => {})
    this.#witness = options.witness ?? null
    this.#payloadMaxBytes = options.payloadMaxBytes ?? bounds.payload
    this.#tooLarge = options.tooLarge ?? (() => {})
    this.#timers = options.timers ?? systemTimers
    this.#now = {
      log: options.log,
      state: options.state ?? new GuildState(),
      tip: options.log.to,
      life: 0,
      pageBytes: options.pageBytes ?? PAGE_BYTES,
      pageEntries: options.pageEntries ?? PAGE_ENTRIES,
      payloadMaxBytes: this.#payloadMaxBytes,
      timers: this.#timers,
      aheadPatienceMs: options.aheadPatienceMs ?? AHEAD_PATIENCE_MS,
      behind: options.behind ?? (() => false),
      ahead: new Set(),
      left: (cursor) => {
        this.#cursors.delete(cursor)
        this.#audience.leave(cursor.group)
      },
    }
    this.#audience = new Audience(this.#now)
  }

  get state(): GuildState {
    return this.#now.state
  }

  get ready(): boolean {
    return this.#ready
  }

  get consumers(): number {
    return this.#cursors.size
  }

  /**
   * Resolves when the entry is stored, or dropped because the log had it, and has been applied and delivered. Entries
   * published in one turn of the event loop are one append; while an append is under way, the next gathers.
   *
   * Rejects when the log fails, for all of that append and all that waits behind it: nothing of it is stored, applied
   * or delivered, so that the log never holds a sequence above one that it lacks.
   *
   * In place of an event that no consumer could be sent, a gap is published.
   *
   * @param data the payload, parsed, where the caller has it.
   */
  publish(entry: NewLogEntry, data?: unknown): Promise<void> {
    return this.publishAll([{ entry, data }])
  }

  /** The same for entries of which one must not be stored without the others: they are never two appends. */
  publishAll(group: readonly Published[]): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(new Error('the feed is closed'))
      if (group.length === 0) return resolve()
      const publishes = group.map(({ entry, data }) => ({ entry: this.#fitting(entry), data, resolve, reject }))
      const last = this.#jobs.at(-1)
      if (Array.isArray(last) && last.length + publishes.length <= APPEND_ENTRIES) last.push(...publishes)
      else this.#enqueue(publishes)
    })
  }

  /** A new consumer. What it gets first comes after this has returned. */
  subscribe(options: SubscribeOptions): Subscription {
    const cursor = new Cursor(this.#now, this.#audience.enter(options.filter), options)
    this.#cursors.add(cursor)
    queueMicrotask(() => {
      if (this.#closed) cursor.end()
      else if (this.#ready) cursor.start()
    })
    if (!this.#closed) this.#stopAnnouncing ??= this.#announceLater()
    return cursor
  }

  /** What was published so far is all there is: consumers who waited begin. To be called once the guilds are known. */
  async open(): Promise<void> {
    await this.#between(async () => {
      if (this.#ready || this.#closed) return
      this.#ready = true
      for (const cursor of this.#cursors) cursor.start()
    })
  }

  /**
   * A mirror's new beginning: the log takes on the place, the state that stands there replaces the old one, and every
   * consumer gets a snapshot with the reason. Makes the feed ready.
   *
   * @param backlog entries up to the place, with their positions, that feed the log alone: consumers older than this
   * beginning can then be resumed.
   */
  restart(
    place: EventPosition,
    state: GuildState,
    reason: SyncReason,
    backlog: readonly NewLogEntry[] = [],
  ): Promise<void> {
    return this.#between(async () => {
      this.#ready = false
      for (const cursor of this.#cursors) cursor.hold()
      const first = backlog[0]?.position
      await this.log.reset(first === undefined ? place : { epoch: place.epoch, position: first - 1 })
      await this.log.append(backlog)
      await this.log.advance(place.position)
      this.#now.state = state
      this.#now.tip = place.position
      this.#now.life++
      this.#ready = true
      this.#witness?.restarted(place, backlog)
      for (const cursor of this.#cursors) cursor.restart(reason)
    })
  }

  /** A mirror was told that nothing is missing up to that position, though it has no entry there. */
  advance(position: number): Promise<void> {
    return this.#between(async () => {
      await this.log.advance(position)
      this.#moveTip(Math.max(this.#now.tip, position))
    })
  }

  /** Tells every consumer that is caught up where it stands, if it does not know: to be done before a planned close. */
  async announcePositions(): Promise<void> {
    await this.#between(async () => {})
    // As they came, not by group: those that write to one place came together, and are told in the same turn.
    const cursors = Array.from(this.#cursors)
    for (let first = 0; first < cursors.length; first += ANNOUNCED_PER_TURN) {
      if (first > 0) await nextTurn()
      const { log, tip } = this.#now
      const batch = { items: [liveItem(formatEventId({ epoch: log.epoch, position: tip }))] }
      for (const cursor of cursors.slice(first, first + ANNOUNCED_PER_TURN)) cursor.announce(batch, tip)
    }
  }

  /** Stores and delivers what was published, then ends every subscription. The log stays open: who opened it closes it. */
  async close(): Promise<void> {
    await this.#between(async () => {
      this.#closed = true
    })
    this.#stopAnnouncing?.()
    for (const cursor of this.#cursors) cursor.end()
  }

  #fitting(entry: NewLogEntry): NewLogEntry {
    if (entry.kind === 'gap') return entry
    const fits = entry.event.length <= bounds.eventNameChars && !isLarger(entry.payload, this.#payloadMaxBytes)
    if (fits) return entry
    this.#tooLarge(entry)
    const { guildId, ts, session, position } = entry
    return {
      kind: 'gap',
      reason: 'too_large',
      shard: null,
      ...(guildId !== null && { guildId }),
      fromTs: ts,
      toTs: ts,
      ts,
      ...(session && { session }),
      ...(position !== undefined && { position }),
    }
  }

  /** In order with what is published before and after. */
  #between(job: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#enqueue(() => job().then(resolve, reject))
    })
  }

  #enqueue(job: Job): void {
    this.#jobs.push(job)
    if (this.#draining) return
    this.#draining = true
    // After the sockets that are readable now have been read: no delay when idle, and bigger appends as the load grows.
    setImmediate(() => void this.#drain())
  }

  async #drain(): Promise<void> {
    for (let job = this.#jobs.shift(); job; job = this.#jobs.shift()) {
      await (Array.isArray(job) ? this.#store(job) : job())
    }
    this.#draining = false
  }

  async #store(publishes: readonly Publish[]): Promise<void> {
    let stored: readonly LogEntry[]
    try {
      stored = await this.log.append(publishes.map(({ entry }) => entry))
    } catch (error) {
      // What was published after it is refused too: were it stored, its sequence would pass over what is missing here.
      const refused = [publishes, ...this.#jobs.filter((job) => Array.isArray(job))]
      this.#jobs.splice(0, this.#jobs.length, ...this.#jobs.filter((job) => !Array.isArray(job)))
      for (const { reject } of refused.flat()) reject(error)
      return
    }
    this.#apply(stored, publishes)
    const tip = stored.at(-1)?.position
    if (tip !== undefined) {
      this.#moveTip(tip)
      this.#audience.deliver(stored, tip)
      this.#witness?.delivered()
    }
    for (const { resolve } of publishes) resolve()
  }

  /** What was stored is a part of what was published, in the same order. */
  #apply(stored: readonly LogEntry[], publishes: readonly Publish[]): void {
    let index = 0
    for (const entry of stored) {
      if (entry.kind === 'dispatch') {
        while (index < publishes.length && !isSame(publishes[index]?.entry, entry)) index++
        this.#applyDispatch(entry, publishes[index]?.data)
      }
      this.#applied(entry)
    }
  }

  #applyDispatch(entry: DispatchEntry, known: unknown): void {
    const { event, guildId, payload } = entry
    const isFollowed = this.#now.state.follows(event)
    if (!isFollowed && !this.#witness) return
    const data = known ?? parsed(payload)
    this.#witness?.before(entry, data)
    if (isFollowed) this.#now.state.apply(event, guildId, data)
    this.#witness?.after(entry, data)
  }

  #moveTip(tip: number): void {
    this.#now.tip = tip
    for (const cursor of this.#now.ahead) cursor.advanced()
  }

  #announceLater(): () => void {
    return this.#timers.after(ANNOUNCE_INTERVAL_MS, () => {
      this.#stopAnnouncing = this.#cursors.size > 0 && !this.#closed ? this.#announceLater() : null
      void this.announcePositions()
    })
  }
}

function isSame(published: NewLogEntry | undefined, stored: LogEntry): boolean {
  if (published?.kind !== 'dispatch' || stored.kind !== 'dispatch') return false
  return published.event === stored.event && published.payload === stored.payload
}
