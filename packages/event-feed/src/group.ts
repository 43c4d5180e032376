import { formatEventId } from '@repo/discord-integration/types'
import type { EventId, SyncReason } from '@repo/discord-integration/types'
import type { EntryFilter, EventLog, ReadResult } from './event-log.ts'
import { isHeldBack } from './entry-filter.ts'
import { itemOf, liveItem } from './feed-item.ts'
import type { FeedBatch, FeedItem } from './feed-item.ts'
import type { GuildState } from './guild-state.ts'
import { Snapshot } from './snapshot.ts'

/** What consumers read from: a feed, as they see it. */
export interface Source {
  readonly log: EventLog
  readonly state: GuildState
  /** The position up to which everything is stored, applied to the state and delivered: its now. */
  readonly tip: number
  /** How often the log has begun anew: what was read under another number is void. */
  readonly life: number
  /** The most payload bytes, and the most entries, of a batch that is read from log or state. */
  readonly pageBytes: number
  readonly pageEntries: number
  /** The most bytes of one guild's GUILD_CREATE. */
  readonly payloadMaxBytes: number
}

/** Positions: all that is after `from`, up to `tip`. */
export type Way = { readonly from: number; readonly tip: number }

/** A consumer that is caught up: it is handed what comes, as it comes. */
export interface LiveReader {
  /**
   * @param told the position whose id the batch tells last
   * @param way from where it leads to where
   */
  deliver(batch: FeedBatch, told: number, way: Way): void
}

export type Page = {
  /** Null where nothing passed the filter. */
  batch: FeedBatch | null
  /** The position that it leads to. */
  reached: number
  /** The position whose id it tells last; null when it tells none. */
  told: number | null
  /** Whether it says `live`. */
  live: boolean
}

export type Opening = { batch: FeedBatch; tip: number; rest: Snapshot | null }

/**
 * The consumers with equal filters. They see the same, so what is made for one is the same object for all that ask for
 * it in the same turn of the event loop, as thousands do that come back at once.
 */
export class Group {
  readonly filter: EntryFilter
  readonly live = new Set<LiveReader>()
  /** How many cursors belong to it, caught up or not. */
  members = 0
  readonly #source: Source
  readonly #shared = new Map<string, unknown>()

  constructor(source: Source, filter: EntryFilter) {
    this.#source = source
    this.filter = filter
  }

  /** The id of now. */
  get id(): EventId {
    return this.idAt(this.#source.tip)
  }

  idAt(position: number): EventId {
    return formatEventId({ epoch: this.#source.log.epoch, position })
  }

  /** The next entries after a position, with `resumed` before them and, where they lead up to now, `live` after. */
  page(after: number, say: { resumed: boolean; live: boolean }): Promise<Page> {
    const { life, tip } = this.#source
    return this.#share(`page ${life} ${tip} ${after} ${say.resumed} ${say.live}`, () => this.#read(after, say))
  }

  /** The first batch of a snapshot, which is the whole of it unless the guilds are many. */
  opening(reason: SyncReason): Opening {
    const { life, tip } = this.#source
    const key = `opening ${life} ${tip} ${reason}`
    const opening = this.#share(key, () => this.#open(reason))
    if (opening.rest) this.#shared.delete(key)
    return opening
  }

  async readLog(after: number): Promise<ReadResult> {
    const { log, tip, pageEntries, pageBytes } = this.#source
    if (after >= tip) return { entries: [], through: tip }
    return log.read(after, { filter: this.filter, limit: pageEntries, maxBytes: pageBytes })
  }

  async #read(after: number, say: { resumed: boolean; live: boolean }): Promise<Page> {
    const { entries, through } = await this.readLog(after)
    const { tip } = this.#source
    const reached = Math.min(through, tip)
    const items: FeedItem[] = say.resumed ? [{ kind: 'sync', data: { state: 'resumed' } }] : []
    let told: number | null = null
    for (const entry of entries) {
      if (entry.position > tip) break
      items.push(itemOf(entry, this.idAt(entry.position)))
      if (!isHeldBack(entry)) told = entry.position
    }
    const live = say.live && reached === tip
    if (live) {
      items.push(liveItem(this.id))
      told = tip
    }
    return { batch: items.length > 0 ? { items } : null, reached, told, live }
  }

  #open(reason: SyncReason): Opening {
    const { state, tip, pageBytes, payloadMaxBytes } = this.#source
    const rest = new Snapshot(state, this.filter, payloadMaxBytes)
    const { items, done } = rest.take(this.id, pageBytes)
    items.unshift({ kind: 'sync', data: { state: 'snapshot', reason } })
    if (done) items.push(liveItem(this.id))
    return { batch: { items }, tip, rest: done ? null : rest }
  }

  #share<Value>(key: string, make: () => Value): Value {
    const shared = this.#shared as Map<string, Value>
    const known = shared.get(key)
    if (known !== undefined) return known
    const made = make()
    if (shared.size === 0) setImmediate(() => shared.clear())
    shared.set(key, made)
    return made
  }
}
