import type { EventId, SyncData } from '@repo/discord-integration/types'
import { parseEventId } from '@repo/discord-integration/types'
import { GuildState } from '../src/index.ts'
import type { EventFeed, FeedBatch, FeedItem, FeedSink, SubscribeOptions, Subscription } from '../src/index.ts'

/** Everything, from a feed's beginning. */
export const EVERYTHING = { guilds: null, events: null, guildless: true }

/** The shortest way to say what came: `snapshot fresh`, `guild 1`, `MESSAGE_CREATE 7@e-3`. */
export function say(item: FeedItem): string {
  if (item.kind === 'sync') {
    const { state, reason, id } = item.data
    return [state, ...(reason ? [reason] : [])].join(' ') + (id === undefined ? '' : `@${id}`)
  }
  const isGuild = item.kind === 'guild' && item.event === 'GUILD_CREATE'
  const { event, guildId } = item.kind === 'guild' ? item : item.entry
  const what = isGuild ? `guild ${guildId}` : `${event} ${guildId ?? '-'}`
  return item.id === null ? what : `${what}@${item.id}`
}

/** Where several consumers are written to, as guilds are to one socket: full of one is full for all. */
export class Place {
  readonly consumers = new Set<Consumer>()
  /** From now on, or after so many batches more. */
  full: boolean | number = false
  /** Whether something was written while it was full. */
  isOverfilled = false

  get isFull(): boolean {
    return this.full === true
  }

  /** Room for another batch is gone. True: there is more. */
  take(): boolean {
    this.isOverfilled ||= this.isFull
    if (typeof this.full === 'number' && this.full-- <= 1) this.full = true
    return !this.isFull
  }

  /** Has room again, for good or for so many batches. */
  resume(full: boolean | number = false): void {
    this.full = full
    for (const { subscription } of this.consumers) subscription.resume()
  }
}

/**
 * A consumer as a backend is one: folds what it gets into a state, commits no id of a snapshot before it is `live`, and
 * says false where a test wants it to.
 */
export class Consumer implements FeedSink {
  readonly batches: FeedBatch[] = []
  /** Says false from now on, or after so many batches more. */
  full: boolean | number = false
  throws = false
  ended = false
  /** Read only when `committed` is not null. */
  state = new GuildState()
  committed: EventId | null = null
  subscription: Subscription
  #seen: EventId | null = null
  #whole = false
  readonly #options: Partial<SubscribeOptions>
  readonly #place: Place | null
  readonly #waiting = new Set<() => void>()

  constructor(feed: EventFeed, options: Partial<SubscribeOptions> = {}, place: Place | null = null) {
    this.#options = options
    this.#place = place
    place?.consumers.add(this)
    this.subscription = feed.subscribe({ lastEventId: null, filter: EVERYTHING, ...options, sink: this })
  }

  /** Its connection breaks, and it comes again with what it has. */
  reconnect(feed: EventFeed): void {
    this.subscription.close()
    this.full = false
    const options = { filter: EVERYTHING, ...this.#options, lastEventId: this.committed }
    this.subscription = feed.subscribe({ ...options, sink: this })
  }

  get isFull(): boolean {
    return this.#place?.isFull ?? false
  }

  write(batch: FeedBatch): boolean {
    if (this.throws) throw new Error('this sink is broken')
    this.batches.push(batch)
    for (const item of batch.items) this.#take(item)
    for (const check of this.#waiting) check()
    if (this.#place) return this.#place.take()
    if (typeof this.full === 'number' && this.full-- <= 1) this.full = true
    return this.full !== true
  }

  end(): void {
    this.ended = true
    for (const check of this.#waiting) check()
  }

  get items(): FeedItem[] {
    return this.batches.flatMap((batch) => batch.items)
  }

  get said(): string[] {
    return this.items.map(say)
  }

  get syncs(): SyncData[] {
    return this.items.flatMap((item) => (item.kind === 'sync' ? [item.data] : []))
  }

  get positions(): number[] {
    return this.items.flatMap((item) => {
      return item.kind === 'entry' && item.id !== null ? [parseEventId(item.id)?.position ?? NaN] : []
    })
  }

  /** Has room again, for good or for so many batches. */
  resume(full: boolean | number = false): void {
    this.full = full
    this.subscription.resume()
  }

  /** As soon as it is so, checked after every batch. */
  until(is: (said: string[]) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (!is(this.said)) return
        this.#waiting.delete(check)
        resolve()
      }
      this.#waiting.add(check)
      check()
    })
  }

  untilLive(): Promise<void> {
    return this.until(() => this.isLive)
  }

  /** Whether it has been told `live` since it was last told anything else. */
  get isLive(): boolean {
    return this.syncs.findLast(({ state }) => state !== 'gap')?.state === 'live'
  }

  #take(item: FeedItem): void {
    if (item.kind === 'sync') {
      const { state, id } = item.data
      if (state === 'snapshot') {
        this.state = new GuildState()
        this.committed = null
      }
      if (state === 'resumed') this.#seen = this.committed
      if (state !== 'gap') this.#whole = state !== 'snapshot'
      this.#seen = id ?? this.#seen
    } else {
      const [event, guildId, payload] =
        item.kind === 'guild'
          ? [item.event, item.guildId, item.payload]
          : [item.entry.event, item.entry.guildId, item.entry.payload]
      this.state.apply(event, guildId, JSON.parse(payload))
      this.#seen = item.id ?? this.#seen
    }
    if (this.#whole) this.committed = this.#seen
  }
}
