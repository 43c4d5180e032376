import type { EventId, EventPosition, SyncReason } from '@repo/discord-integration/types'

/**
 * The contract of a log: every dispatch, in order, each with an id. It is the only buffer in the system; a consumer
 * is a position in it. `conformance.ts` holds every implementation to what is written here.
 *
 * - **Order.** Positions grow by append. One log gives a position to one entry only, ever: also after a crash, a wipe,
 *   a corrupt file. What cannot be sure of that begins a new epoch.
 * - **Stored, then seen.** An entry that `append` has not resolved for is in no answer of `read`.
 * - **Once.** An entry with a `session` whose sequence is not above the highest stored for that shard and session is
 *   dropped, in the same transaction that would have stored it. A crash between storing an event and remembering its
 *   sequence is therefore impossible, and nothing else may remember `s`.
 * - **Bounds.** Entries fall off the old end by age and by bytes, whichever bites first. `from` says where the log
 *   begins: everything after it is here, so a reader at `from` or later misses nothing.
 * - **Mirrors.** A log can follow another: `reset` takes on its epoch and place, and appended entries bring their
 *   positions. Between a mirror's positions there may be holes (a filtered link), which hold nothing for its readers.
 */
export interface EventLog {
  /** The life of the log; another epoch is another log. */
  readonly epoch: string
  /** Exclusive: the position after which nothing is missing. */
  readonly from: number
  /** The position of the newest entry, or the one that a mirror has been advanced to; `from` when there is neither. */
  readonly to: number
  /** What is kept now. */
  readonly size: { entries: number; bytes: number }

  /**
   * Stores the entries in order, all or none, and resolves to those that were new.
   *
   * @throws {RangeError} for a mirrored position that is not above `to`.
   */
  append(entries: readonly NewLogEntry[]): Promise<readonly LogEntry[]>

  /**
   * The entries after a position that pass the filter, oldest first.
   *
   * @throws {RangeError} when `after` is below `from`, also when the end has only just come past it.
   */
  read(after: number, options: ReadOptions): Promise<ReadResult>

  /** Where an id stands to this log. */
  locate(id: EventId): Place

  /** The position of the last entry that is at least `ms` old, at the least `from`: where a backlog of that length begins. */
  positionBefore(ms: number): number

  /** When the entry next after a position was received, in ms since the epoch; null where none is. */
  receivedAfter(position: number): number | null

  /** The highest sequence stored for a shard's session; null when there is none. */
  sequence(shardId: number, sessionId: string): number | null

  /** By shard, the session that was heard last. */
  readonly lastHeard: ReadonlyMap<number, LastHeard>

  /** For mirrors: there is nothing up to that position that is not here. One that is not above `to` changes nothing. */
  advance(position: number): Promise<void>

  /** Forgets every entry and goes on after a place of another log, as its mirror. */
  reset(place: EventPosition): Promise<void>

  close(): Promise<void>
}

/** One dispatch, as it is appended. */
export type NewDispatch = {
  kind: 'dispatch'
  /** The dispatch name; any string, since Discord adds events before packages know them. */
  event: string
  /** The guild it concerns; null for an event without one. */
  guildId: string | null
  /** The payload's JSON text, byte for byte as Discord wrote it where that is possible. */
  payload: string
  /** When the Gateway Service received it, in ms since the epoch. */
  ts: number
  /** Read from REST after a gap. */
  backfilled?: true
}

/**
 * A hole: of the guilds of one shard, where Discord could not resume a session; of one guild, what could not be read back
 * of such a hole, or was too large to be kept.
 */
export type NewGap = {
  kind: 'gap'
  reason: SyncReason
  /** Null: it concerns every guild, for all that is known. */
  shard: { id: number; count: number } | null
  /** It concerns this guild alone. */
  guildId?: string
  /** Of these channels alone, messages are missing. */
  channels?: readonly string[]
  /** When it began and ended, in ms since the epoch. */
  fromTs: number
  toTs: number
  ts: number
}

export type NewLogEntry = (NewDispatch | NewGap) & {
  /** Where the entry came from, so that a replayed one is stored once. */
  session?: {
    shardId: number
    sessionId: string
    sequence: number
    /** It happened earlier than it comes, and others that did may not have come: until when all is known stays what it was. */
    replayed?: boolean
  }
  /** Given by mirrors only: the position it has in the log that is followed. */
  position?: number
}

/** The session of a shard of which the log stored something last, and the `ts` of what was the last that was not replayed. */
export type LastHeard = { sessionId: string; ts: number }

export type LogEntry = (NewDispatch | NewGap) & { readonly position: number }
export type DispatchEntry = Extract<LogEntry, { kind: 'dispatch' }>
export type GapEntry = Extract<LogEntry, { kind: 'gap' }>

/** Which entries a reader wants. Null means all. */
export type EntryFilter = {
  guilds: ReadonlySet<string> | null
  events: ReadonlySet<string> | null
  /** Whether events without a guild pass. */
  guildless: boolean
}

export type ReadOptions = {
  filter: EntryFilter
  /** The most entries to return. */
  limit: number
  /** The most bytes of payload to return; at least one entry comes all the same. */
  maxBytes: number
}

export type ReadResult = {
  entries: readonly LogEntry[]
  /** The position that has been read through, whether it passed the filter or not: where the next read begins. */
  through: number
}

export type Place =
  | { at: 'here'; position: number }
  /** It fell off the old end. */
  | { at: 'expired' }
  /** It is not an id, or one of another epoch. */
  | { at: 'foreign' }
  /** Of this epoch, and not written yet: a mirror that lags sees ids from faster ones. */
  | { at: 'ahead'; position: number }
