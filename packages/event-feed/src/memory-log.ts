import { parseEventId } from '@repo/discord-integration/types'
import type { EventId, EventPosition } from '@repo/discord-integration/types'
import { passes } from './entry-filter.ts'
import type { EventLog, LastHeard, LogEntry, NewLogEntry, Place, ReadOptions, ReadResult } from './event-log.ts'
import { randomEpoch, Sequences, takeIn } from './intake.ts'
import { Trail } from './trail.ts'

/** What an entry costs besides its payload, in bytes: the object, its place in two trails, its strings' headers. */
const ENTRY_OVERHEAD_BYTES = 200

/** The most guilds whose trails a read merges; for more it is cheaper to look at every entry. */
const MERGED_GUILDS = 32

/** The most entries that one read looks at without finding any, so that a rare filter does not hold up the process. */
const SCANNED_ENTRIES = 20_000

export type MemoryLogOptions = {
  /** An entry older than this falls off, by its `ts`. */
  maxAgeMs: number
  /** The oldest entries fall off when all together are larger than this: payloads and a fixed overhead for each. */
  maxBytes: number
  now?: () => number
  /** Random when it is not given: what is kept in memory has one life. */
  epoch?: string
}

type Kept = { readonly position: number; readonly entry: LogEntry; readonly bytes: number }

/**
 * A log in memory: for tests, for mirrors, and for a Gateway Service that may forget. All entries are in one trail, and
 * besides in one per guild, so that reading a guild costs what the guild has.
 */
export class MemoryLog implements EventLog {
  readonly #maxAgeMs: number
  readonly #maxBytes: number
  readonly #now: () => number
  #epoch: string
  #from = 0
  #to = 0
  #bytes = 0
  #all = new Trail<Kept>()
  /** Under null what concerns no single guild: events without one, and gaps. */
  #byGuild = new Map<string | null, Trail<Kept>>()
  readonly #sequences = new Sequences()

  constructor(options: MemoryLogOptions) {
    this.#maxAgeMs = options.maxAgeMs
    this.#maxBytes = options.maxBytes
    this.#now = options.now ?? Date.now
    this.#epoch = options.epoch ?? randomEpoch()
  }

  get epoch(): string {
    return this.#epoch
  }

  get from(): number {
    return this.#from
  }

  get to(): number {
    return this.#to
  }

  get size(): { entries: number; bytes: number } {
    this.#trim()
    return { entries: this.#all.length, bytes: this.#bytes }
  }

  async append(entries: readonly NewLogEntry[]): Promise<readonly LogEntry[]> {
    const { stored, heard } = takeIn(entries, this.#to, this.#sequences)
    for (const session of heard) this.#sequences.set(session)
    for (const entry of stored) this.#keep(entry)
    this.#trim()
    return stored
  }

  async read(after: number, options: ReadOptions): Promise<ReadResult> {
    if (after < this.#from) throw new RangeError(`position ${after} has fallen off: the log begins after ${this.#from}`)
    const { guilds } = options.filter
    const source =
      guilds && guilds.size <= MERGED_GUILDS ? this.#merged([...guilds, null], after) : this.#scanned(after)
    return this.#take(source, after, options)
  }

  locate(id: EventId): Place {
    this.#trim()
    const place = parseEventId(id)
    if (!place || place.epoch !== this.#epoch) return { at: 'foreign' }
    if (place.position < this.#from) return { at: 'expired' }
    return { at: place.position > this.#to ? 'ahead' : 'here', position: place.position }
  }

  positionBefore(ms: number): number {
    this.#trim()
    const before = this.#now() - ms
    const index = this.#all.firstIndex(({ entry }) => entry.ts > before)
    return index === 0 ? this.#from : (this.#all.at(index - 1)?.position ?? this.#from)
  }

  receivedAfter(position: number): number | null {
    this.#trim()
    return this.#all.at(this.#all.indexAfter(position))?.entry.ts ?? null
  }

  sequence(shardId: number, sessionId: string): number | null {
    return this.#sequences.get(shardId, sessionId)
  }

  get lastHeard(): ReadonlyMap<number, LastHeard> {
    return this.#sequences.last
  }

  async advance(position: number): Promise<void> {
    this.#to = Math.max(this.#to, position)
  }

  async reset({ epoch, position }: EventPosition): Promise<void> {
    this.#epoch = epoch
    this.#from = position
    this.#to = position
    this.#bytes = 0
    this.#all = new Trail()
    this.#byGuild = new Map()
    this.#sequences.clear()
  }

  async close(): Promise<void> {}

  #keep(entry: LogEntry): void {
    const kept = { position: entry.position, entry, bytes: entry.kind === 'gap' ? 0 : Buffer.byteLength(entry.payload) }
    const key = guildKey(entry)
    const trail = this.#byGuild.get(key) ?? new Trail<Kept>()
    trail.push(kept)
    this.#byGuild.set(key, trail)
    this.#all.push(kept)
    this.#bytes += kept.bytes + ENTRY_OVERHEAD_BYTES
    this.#to = entry.position
  }

  #trim(): void {
    const oldest = this.#now() - this.#maxAgeMs
    for (let kept = this.#all.at(0); kept; kept = this.#all.at(0)) {
      if (kept.entry.ts >= oldest && this.#bytes <= this.#maxBytes) return
      this.#all.shift()
      const key = guildKey(kept.entry)
      const trail = this.#byGuild.get(key)
      trail?.shift()
      if (trail?.length === 0) this.#byGuild.delete(key)
      this.#bytes -= kept.bytes + ENTRY_OVERHEAD_BYTES
      this.#from = kept.position
    }
  }

  #take(source: Iterable<Kept>, after: number, { filter, limit, maxBytes }: ReadOptions): ReadResult {
    const entries: LogEntry[] = []
    let through = after
    let bytes = 0
    let looked = 0
    for (const kept of source) {
      if (looked++ === SCANNED_ENTRIES) return { entries, through }
      if (passes(kept.entry, filter)) {
        bytes += kept.bytes
        if (entries.length === limit || (entries.length > 0 && bytes > maxBytes)) return { entries, through }
        entries.push(kept.entry)
      }
      through = kept.position
    }
    return { entries, through: Math.max(after, this.#to) }
  }

  *#scanned(after: number): Iterable<Kept> {
    let index = this.#all.indexAfter(after)
    for (let kept = this.#all.at(index); kept; kept = this.#all.at(++index)) yield kept
  }

  *#merged(keys: readonly (string | null)[], after: number): Iterable<Kept> {
    const readers = keys.flatMap((key) => {
      const trail = this.#byGuild.get(key)
      return trail ? [{ trail, index: trail.indexAfter(after) }] : []
    })
    for (;;) {
      let next: Kept | undefined
      let from: { index: number } | undefined
      for (const reader of readers) {
        const kept = reader.trail.at(reader.index)
        if (kept && (!next || kept.position < next.position)) {
          next = kept
          from = reader
        }
      }
      if (!next || !from) return
      from.index++
      yield next
    }
  }
}

function guildKey(entry: LogEntry): string | null {
  return entry.kind === 'dispatch' ? entry.guildId : null
}
