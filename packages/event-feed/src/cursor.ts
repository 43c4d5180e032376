import { setImmediate as nextTurn } from 'node:timers/promises'
import type { SyncReason } from '@repo/discord-integration/types'
import { itemOf, liveItem } from './feed-item.ts'
import type { FeedBatch, FeedItem, Standing, SubscribeOptions, Subscription } from './feed-item.ts'
import type { Group, LiveReader, Source, Way } from './group.ts'
import { Snapshot } from './snapshot.ts'
import type { Timers } from './timers.ts'

/** What a cursor needs of its feed. */
export interface CursorHost extends Source {
  readonly timers: Timers
  /** How long an id may be ahead of the log, in ms, before it counts as foreign, */
  readonly aheadPatienceMs: number
  /** unless the log is known to be behind: then it is waited for anew. */
  readonly behind: () => boolean
  /** Those that wait for the log to reach their id: to be told when it has `advanced`. */
  readonly ahead: Set<Cursor>
  /** The cursor has ended. */
  left(cursor: Cursor): void
}

const LIVE = { is: 'live' } as const

type Phase =
  /** For the feed to be ready, or for the log to reach the id. */
  | { is: 'waiting'; for: number | null; stop: () => void }
  /** The log is beginning anew, and nothing that is read now would be true. */
  | { is: 'held' }
  /** Being given the guilds. `rest` is null before the first batch. */
  | { is: 'snapshot'; reason: SyncReason; rest: Snapshot | null }
  /** Reading the log up to now. */
  | { is: 'replay'; sayResumed: boolean; sayLive: boolean }
  /** Caught up: the feed delivers. */
  | typeof LIVE
  | { is: 'closed' }

/**
 * A consumer: a position in the log and a filter. It owns no queue. While its sink is full it stands still, and then
 * reads what it missed from the log, or is given a snapshot where that is no longer there.
 *
 * `waiting` → `snapshot` or `replay` → `live`; from `live` back to `replay` when the sink is full, from `replay` to
 * `snapshot` when it fell off the log, from anywhere to `held` and then `snapshot` when the log begins anew.
 */
export class Cursor implements Subscription, LiveReader {
  readonly group: Group
  readonly #host: CursorHost
  readonly #options: SubscribeOptions
  #phase: Phase = { is: 'waiting', for: null, stop: () => {} }
  #position = 0
  /** The position whose id the consumer was told last. */
  #told = -1
  /** Where it became live: what leads no further was read, not delivered. */
  #liveSince = 0
  #full = false
  #running = false

  constructor(host: CursorHost, group: Group, options: SubscribeOptions) {
    this.#host = host
    this.group = group
    // The group's, which is the same: thousands need not keep one each.
    this.#options = { ...options, filter: group.filter }
  }

  get position(): number | null {
    const { is } = this.#phase
    if (is === 'waiting' || is === 'closed') return null
    return is === 'live' ? this.#host.tip : this.#position
  }

  get lag(): number {
    return this.#host.tip - (this.position ?? this.#host.tip)
  }

  get standing(): Standing {
    const phase = this.#phase
    switch (phase.is) {
      case 'waiting':
      case 'live':
      case 'closed':
        return phase.is
      case 'held':
      case 'snapshot':
        return 'catching_up'
      case 'replay':
        return phase.sayLive ? 'catching_up' : 'behind'
    }
  }

  /** The feed is ready: finds the consumer's place, if it has one. */
  start(): void {
    if (this.#phase.is !== 'waiting') return
    const { lastEventId, filterSince } = this.#options
    if (lastEventId === null) return this.#snapshot('fresh')
    const place = this.#host.log.locate(lastEventId)
    if (place.at === 'foreign' || place.at === 'expired') return this.#snapshot(place.at)
    if (filterSince?.epoch === this.#host.log.epoch && place.position <= filterSince.position)
      return this.#snapshot('permissions_changed')
    if (place.position > this.#host.tip) return this.#wait(place.position)
    this.#position = place.position
    this.#told = place.position
    this.#enter({ is: 'replay', sayResumed: true, sayLive: true })
    this.#run()
  }

  /** The log is about to begin anew: stands still until `restart`. */
  hold(): void {
    if (this.#phase.is === 'waiting') this.#enter({ is: 'waiting', for: null, stop: () => {} })
    else if (this.#phase.is !== 'closed') this.#enter({ is: 'held' })
  }

  /** The log has begun anew. A consumer that had not begun itself may yet find its place there. */
  restart(reason: SyncReason): void {
    if (this.#phase.is === 'held') this.#snapshot(reason)
    else this.start()
  }

  /** The log has come further. */
  advanced(): void {
    if (this.#phase.is === 'waiting' && this.#phase.for !== null && this.#phase.for <= this.#host.tip) this.start()
  }

  deliver(batch: FeedBatch, told: number, { from, tip }: Way): void {
    if (this.#phase.is !== 'live' || this.#liveSince >= tip) return
    if (this.#options.sink.isFull) this.#fallBehind(from)
    else this.#hand(batch, told, tip)
  }

  /** Tells the id of now, where it is live and has passed entries that did not concern it. */
  announce(batch: FeedBatch, tip: number): void {
    // One that is full is told when it is not.
    if (this.#phase.is === 'live' && this.#told < tip && !this.#options.sink.isFull) this.#hand(batch, tip, tip)
  }

  resume(): void {
    this.#full = false
    this.#run()
  }

  close(): void {
    if (this.#phase.is === 'closed') return
    this.#enter({ is: 'closed' })
    this.#host.left(this)
  }

  /** Ends it from this side, and says so. */
  end(error?: unknown): void {
    if (this.#phase.is === 'closed') return
    this.close()
    queueMicrotask(() => this.#options.sink.end?.(error))
  }

  #enter(phase: Phase): void {
    if (this.#phase.is === 'waiting') this.#phase.stop()
    if (phase.is !== 'waiting') this.#host.ahead.delete(this)
    if (this.#phase.is === 'live') this.group.live.delete(this)
    this.#phase = phase
    if (phase.is !== 'live') return
    this.#liveSince = this.#host.tip
    this.group.live.add(this)
  }

  #wait(position: number): void {
    const { timers, aheadPatienceMs, behind } = this.#host
    const stop = timers.after(aheadPatienceMs, () => (behind() ? this.#wait(position) : this.#snapshot('foreign')))
    this.#enter({ is: 'waiting', for: position, stop })
    this.#host.ahead.add(this)
  }

  #snapshot(reason: SyncReason): void {
    this.#enter({ is: 'snapshot', reason, rest: null })
    this.#run()
  }

  #run(): void {
    if (!this.#running) void this.#steps()
  }

  /** One batch after the other, until the sink is full or the consumer is caught up. */
  async #steps(): Promise<void> {
    this.#running = true
    while (!this.#isBlocked()) {
      const phase = this.#phase
      if (phase.is !== 'snapshot' && phase.is !== 'replay') break
      try {
        await (phase.is === 'snapshot' ? this.#stepSnapshot(phase) : this.#stepReplay(phase))
      } catch (error) {
        if (this.#phase === phase && !this.#fellOff()) this.end(error)
      }
    }
    this.#running = false
  }

  /** Who is at the tip has missed nothing, even if the append that is under way has pushed the log's beginning past it. */
  #fellOff(): boolean {
    const { log, tip } = this.#host
    return this.#position < Math.min(log.from, tip)
  }

  async #stepReplay(phase: Extract<Phase, { is: 'replay' }>): Promise<void> {
    if (this.#fellOff()) return this.#snapshot('lagged')
    const { sayResumed, sayLive } = phase
    if (this.#position >= this.#host.tip && !sayLive) return this.#enter(LIVE)
    const page = await this.group.page(this.#position, { resumed: sayResumed, live: sayLive })
    if (this.#phase !== phase || (page.batch && this.#isBlocked())) return
    this.#position = page.reached
    this.#told = page.told ?? this.#told
    phase.sayResumed = false
    phase.sayLive &&= !page.live
    if (page.batch) this.#write(page.batch)
    await this.#breathe()
  }

  async #stepSnapshot(phase: Extract<Phase, { is: 'snapshot' }>): Promise<void> {
    const { snapshot, backlogMs = 0 } = this.#options
    const { log, tip } = this.#host
    if (phase.rest && this.#fellOff()) return this.#snapshot('lagged')
    if (phase.rest) return this.#position < tip ? this.#bringUp(phase, phase.rest) : this.#takeGuilds(phase.rest)
    const first: FeedItem = { kind: 'sync', data: { state: 'snapshot', reason: phase.reason } }
    if (snapshot === false) {
      this.#becomeLive(tip)
      return this.#write({ items: [first, liveItem(this.group.id)] })
    }
    if (backlogMs > 0) {
      this.#position = Math.min(log.positionBefore(backlogMs), tip)
      phase.rest = new Snapshot(this.#host.state, this.group.filter, this.#host.payloadMaxBytes)
      return this.#write({ items: [first] })
    }
    const opening = this.group.opening(phase.reason)
    this.#position = tip
    phase.rest = opening.rest
    if (!opening.rest) this.#becomeLive(tip)
    this.#write(opening.batch)
  }

  /**
   * Before the next guild is taken, what has happened to those that were. A consumer with a backlog gets everything,
   * ids and all, since it keeps a log of its own: of a guild whose GUILD_CREATE has not come, that feeds the log alone.
   */
  async #bringUp(phase: Phase, rest: Snapshot): Promise<void> {
    const backlog = (this.#options.backlogMs ?? 0) > 0
    const { entries, through } = await this.group.readLog(this.#position)
    if (this.#phase !== phase || this.#isBlocked()) return
    const { tip } = this.#host
    const items = entries
      .filter((entry) => entry.position <= tip && (backlog || !rest.covers(entry)))
      .map((entry) => itemOf(entry, backlog ? this.group.idAt(entry.position) : null))
    this.#position = Math.min(through, tip)
    if (items.length > 0) this.#write({ items })
    await this.#breathe()
  }

  #takeGuilds(rest: Snapshot): void {
    const { items, done } = rest.take(this.group.id, this.#host.pageBytes)
    if (done) {
      items.push(liveItem(this.group.id))
      this.#becomeLive(this.#position)
    }
    this.#write({ items })
  }

  /** The batch that says so is about to be written. */
  #becomeLive(position: number): void {
    this.#position = position
    this.#told = position
    this.#enter({ is: 'replay', sayResumed: false, sayLive: false })
  }

  /** Between the pages of a long way, other work gets its turn. */
  async #breathe(): Promise<void> {
    if (this.#position < this.#host.tip && !this.#full) await nextTurn()
  }

  /** To one who is live; when that fills the sink, the rest is read from the log. */
  #hand(batch: FeedBatch, told: number, tip: number): void {
    this.#told = Math.max(this.#told, told)
    this.#write(batch)
    if (this.#full && this.#phase.is === 'live') this.#fallBehind(tip)
  }

  /** What comes after that position is read, once there is room. */
  #fallBehind(position: number): void {
    this.#full = true
    this.#position = position
    this.#enter({ is: 'replay', sayResumed: false, sayLive: false })
  }

  /** Whether nothing may be written until `resume()`. */
  #isBlocked(): boolean {
    if (this.#options.sink.isFull) this.#full = true
    return this.#full
  }

  #write(batch: FeedBatch): void {
    // Taken for full beforehand, so that a sink that says `resume()` before it says false is not left to wait for ever.
    this.#full = true
    try {
      if (this.#options.sink.write(batch)) this.#full = false
    } catch (error) {
      this.end(error)
    }
  }
}
