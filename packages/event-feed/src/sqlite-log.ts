import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { parseEventId } from '@repo/discord-integration/types'
import type { EventId, EventPosition } from '@repo/discord-integration/types'
import { passes, passesDispatch } from './entry-filter.ts'
import type {
  EntryFilter,
  EventLog,
  LastHeard,
  LogEntry,
  NewLogEntry,
  Place,
  ReadOptions,
  ReadResult,
} from './event-log.ts'
import { Sequences, SESSIONS_PER_SHARD, takeIn } from './intake.ts'
import type { Heard } from './intake.ts'
import { BackgroundCheck } from './sqlite/background-check.ts'
import type { Verdict } from './sqlite/background-check.ts'
import { markDamaged } from './sqlite/damage.ts'
import { Damage, isDamage, isFull } from './sqlite/result.ts'
import { requireSum, sumOf } from './sqlite/row.ts'
import { EntryTable } from './sqlite/entry-table.ts'
import { HighWater } from './sqlite/high-water.ts'
import { openLogFile } from './sqlite/log-file.ts'
import type { Beginning, LogFile, LogFileOptions } from './sqlite/log-file.ts'
import { LogRow } from './sqlite/log-row.ts'
import { keepReserve } from './sqlite/reserve.ts'
import { Retention } from './sqlite/retention.ts'
import { SavedGuilds, withSum } from './sqlite/saved-guilds.ts'
import { SqliteExpiring } from './sqlite/expiring.ts'
import { SqliteNotes } from './sqlite/notes.ts'
import { Wal } from './sqlite/wal.ts'
import type { Expiring, Notes, RestoredGuild, SavedGuild, StateStore } from './state-store.ts'

type SequenceRow = { shard: number; session: string; sequence: number; ts: number; sum: number | null }

export { EXPIRING_MAX } from './sqlite/expiring.ts'
export { LaterSchema } from './sqlite/schema.ts'
export { LogInUse } from './sqlite/lock.ts'
export type { Beginning } from './sqlite/log-file.ts'

/** The most guilds that a read looks up one by one; for more it is cheaper to look at every entry. */
const MERGED_GUILDS = 32

/** The most entries that one read looks at without finding any, so that a rare filter does not hold up the process. */
const SCANNED_ENTRIES = 4_000

export type SqliteLogOptions = LogFileOptions & {
  /** An entry older than this falls off, by its `ts`. */
  maxAgeMs: number
  /** The oldest entries fall off when all together are larger than this: payloads and a fixed overhead for each. */
  maxBytes: number
  /** Every append and read fails from now on, and the next start begins anew: to be told to an operator, and ended with. */
  onDamage?: (error: unknown) => void
  /** What is stored can no longer be told for what it is; nothing more is stored, and a start anew sets it right. */
  onBroken?: (error: unknown) => void
  /** The thread that keeps the file's tail short is gone; it is done in this one. */
  onDegraded?: (error: unknown) => void
  /** The file could not be looked at whole; what is damaged in it is noticed where a read comes upon it. */
  onUnchecked?: (error: unknown) => void
}

/**
 * A log in a file. What is stored survives the process, and positions go on where they were. What cannot be sure of
 * that begins a new epoch: a new or a damaged file, one that lost its tail, one not closed in order before the machine
 * was booted anew (`began` says which).
 *
 * Every method but `append`'s wait for a checkpoint is done when it returns; SQLite is asked in this thread.
 */
export class SqliteLog implements EventLog, StateStore {
  /** Why it began anew when it was opened; null where it went on. */
  readonly began: Beginning | null
  /** Where the damaged file was put, if there was one. */
  readonly aside: string | null
  readonly notes: Notes
  readonly expiring: Expiring
  /** All of the file has been looked at: what is damaged in it is known by then. */
  readonly checked: Promise<void>
  readonly #options: SqliteLogOptions
  readonly #lock: Disposable
  readonly #db: DatabaseSync
  readonly #entries: EntryTable
  readonly #row: LogRow
  readonly #saved: SavedGuilds
  readonly #wal: Wal
  readonly #check: BackgroundCheck | null
  readonly #transaction: ReturnType<typeof transactions>
  readonly #setSequence: StatementSync
  readonly #raiseSequence: StatementSync
  readonly #forgetSessions: StatementSync
  readonly #sequences = new Sequences()
  #highWater: HighWater
  #retention: Retention
  #epoch: string
  #to: number
  /** Of all entries up to `to`. */
  #bytesThrough: number
  /** What is to be done in order, one after the other. */
  #last: Promise<unknown> = Promise.resolve()
  /** Why nothing is stored any more. */
  #broken: unknown = null

  /**
   * @throws {LogInUse} when another process has it open.
   * @throws {LaterSchema} when a later release has made it.
   */
  static async open(options: SqliteLogOptions): Promise<SqliteLog> {
    return await openLogFile(options, (file) => new SqliteLog(file, options))
  }

  private constructor(file: LogFile, options: SqliteLogOptions) {
    const { db } = file
    this.#options = options
    this.began = file.began
    this.aside = file.aside
    this.#lock = file.lock
    this.#highWater = file.highWater
    this.#epoch = file.epoch
    this.#to = file.to
    this.#db = db
    this.#entries = new EntryTable(db)
    this.#row = new LogRow(db)
    this.#saved = new SavedGuilds(db, this.#row)
    this.#transaction = transactions(db)
    this.#setSequence = db.prepare(
      'INSERT OR REPLACE INTO sequence (shard, session, sequence, ts, sum) VALUES (?, ?, ?, ?, ?)',
    )
    this.#raiseSequence = db.prepare(
      'UPDATE sequence SET sequence = ?, ts = ?, sum = ? WHERE shard = ? AND session = ?',
    )
    this.#forgetSessions = db.prepare(`DELETE FROM sequence WHERE shard = ?1 AND heard NOT IN
      (SELECT heard FROM sequence WHERE shard = ?1 ORDER BY heard DESC LIMIT ${SESSIONS_PER_SHARD})`)
    for (const row of db.prepare('SELECT * FROM sequence ORDER BY heard').all()) {
      const { shard, session, sequence, ts, sum } = row as SequenceRow
      requireSum(sum, shard, session, sequence, ts)
      this.#sequences.set({ shardId: shard, sessionId: session, sequence, ts })
    }
    this.#bytesThrough = this.#entries.markAt(this.#to)?.bytesThrough ?? 0
    this.#retention = this.#retentionFrom(file.begins)
    const guard = <T>(job: () => T) => this.#guarded(job)
    this.#wal = new Wal(db, file.path, {
      keptBytes: options.maxBytes,
      failed: (error) => options.onDegraded?.(error),
      giveUp: () => this.#giveUp(),
    })
    // These fill the write-ahead log too, where little else is stored.
    const wrote = (bytes: number) => this.#wal.appended(bytes)
    this.notes = new SqliteNotes(db, guard, wrote)
    this.expiring = new SqliteExpiring(db, guard, { now: options.now ?? Date.now, wrote })
    this.#check = file.checked ? null : new BackgroundCheck(file.path, (verdict) => this.#hear(verdict))
    this.checked = this.#check?.done ?? Promise.resolve()
  }

  get epoch(): string {
    return this.#epoch
  }

  get from(): number {
    return this.#retention.from
  }

  get to(): number {
    return this.#to
  }

  get size(): { entries: number; bytes: number } {
    this.#trim()
    return { entries: this.#retention.count, bytes: this.#retention.bytes(this.#bytesThrough) }
  }

  append(entries: readonly NewLogEntry[]): Promise<readonly LogEntry[]> {
    return this.#inOrder(() => this.#append(entries))
  }

  async read(after: number, options: ReadOptions): Promise<ReadResult> {
    const { from } = this
    if (after < from) throw new RangeError(`position ${after} has fallen off: the log begins after ${from}`)
    if (isDamage(this.#broken)) throw this.#broken
    return this.#guarded(() => {
      const { filter } = options
      if (isAll(filter)) return this.#take(this.#entries.after(after, options.limit), after, options)
      return filter.guilds && filter.guilds.size <= MERGED_GUILDS
        ? this.#readGuilds([...filter.guilds, null], after, options)
        : this.#scan(after, options)
    })
  }

  locate(id: EventId): Place {
    this.#trim()
    const place = parseEventId(id)
    if (!place || place.epoch !== this.#epoch) return { at: 'foreign' }
    if (place.position < this.from) return { at: 'expired' }
    return { at: place.position > this.#to ? 'ahead' : 'here', position: place.position }
  }

  positionBefore(ms: number): number {
    this.#trim()
    const before = (this.#options.now ?? Date.now)() - ms
    let low = this.from
    let high = this.#to
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      const mark = this.#entries.markAt(middle)
      if (mark && mark.position > this.from && mark.ts > before) high = mark.position - 1
      else low = middle
    }
    return Math.max(this.from, this.#entries.markAt(low)?.position ?? 0)
  }

  receivedAfter(position: number): number | null {
    this.#trim()
    const [mark] = this.#guarded(() => this.#entries.marksAfter(Math.max(position, this.from), 1))
    return mark?.ts ?? null
  }

  sequence(shardId: number, sessionId: string): number | null {
    return this.#sequences.get(shardId, sessionId)
  }

  get lastHeard(): ReadonlyMap<number, LastHeard> {
    return this.#sequences.last
  }

  advance(position: number): Promise<void> {
    return this.#inOrder(() => {
      if (position <= this.#to) return
      this.#write(() => this.#row.change({ reached: position }))
      this.#committed(() => {
        this.#to = position
        this.#highWater.raise(position)
      })
    })
  }

  reset({ epoch, position }: EventPosition): Promise<void> {
    return this.#inOrder(() => {
      this.#transaction.run(() => {
        for (const table of ['entry', 'sequence', 'guild']) this.#db.exec(`DELETE FROM ${table}`)
        this.#row.change({ epoch, begins: position, reached: position, state_through: null })
      })
      this.#highWater.close()
      this.#highWater = new HighWater(this.#options.path, epoch, position)
      this.#epoch = epoch
      this.#to = position
      this.#bytesThrough = 0
      this.#retention = this.#retentionFrom(position)
      this.#sequences.clear()
      this.#saved.committed(null)
    })
  }

  get savedThrough(): number {
    return this.#saved.through ?? 0
  }

  *savedGuilds(): Iterable<RestoredGuild> {
    if (this.#saved.through === null) this.#saved.committed(0)
    const guilds = this.#saved.all()[Symbol.iterator]()
    try {
      for (let next = this.#guarded(() => guilds.next()); !next.done; next = this.#guarded(() => guilds.next())) {
        yield next.value
      }
    } finally {
      guilds.return?.()
    }
  }

  entriesAfter(position: number, limit: number): readonly LogEntry[] {
    return this.#guarded(() => this.#entries.after(position, limit))
  }

  async saveGuilds(saved: readonly SavedGuild[], gone: readonly string[], through: number): Promise<void> {
    // Of a large guild that takes a while, and so does writing it.
    const summed = saved.map(withSum)
    await nextTurn()
    return this.#inOrder(() => {
      this.#write(() => this.#saved.write(summed, gone, through))
      this.#saved.committed(through)
      this.#wal.appended(saved.reduce((bytes, { payload }) => bytes + payload.length, 0))
    })
  }

  async close(): Promise<void> {
    await this.#last
    while (this.#wal.hold) await this.#wal.hold
    await this.#check?.stop()
    await this.#wal.close()
    try {
      this.#wal.withRoom(() => this.#row.change({ open_under: null }))
    } catch (error) {
      // Then the next start takes this end for an unclean one, which under the same boot of the machine lost nothing.
      if (!isFull(error)) throw error
    } finally {
      // Also of a damaged file, which the next start is to put aside.
      this.#db.close()
      keepReserve(this.#options.path)
      this.#highWater.close()
      this.#lock[Symbol.dispose]()
    }
  }

  #append(entries: readonly NewLogEntry[]): readonly LogEntry[] {
    const { stored, heard } = takeIn(entries, this.#to, this.#sequences)
    const last = stored.at(-1)
    if (!last) return stored
    let bytesThrough = this.#bytesThrough
    let swept = 0
    this.#write(() => {
      bytesThrough = this.#bytesThrough
      for (const entry of stored) bytesThrough = this.#entries.insert(entry, bytesThrough)
      for (const session of heard) this.#remember(session, heard)
      swept = this.#retention.sweep(last.position - this.#to, this.#needed)
    })
    this.#committed(() => {
      this.#highWater.raise(last.position)
      this.#retention.count += stored.length
      this.#retention.swept(swept)
      this.#wal.appended(bytesThrough - this.#bytesThrough)
      this.#bytesThrough = bytesThrough
      this.#to = last.position
      for (const session of heard) this.#sequences.set(session)
    })
    this.#trim()
    return stored
  }

  /** Behind which rows are kept whatever has fallen off. The last one is: it says how far positions have come. */
  get #needed(): number {
    return Math.min(this.#saved.through ?? Infinity, this.#to - 1)
  }

  /** There is no room: what fell off long ago, or since somebody appended last, is to make some. */
  #giveUp(): void {
    this.#retention.trim(this.#bytesThrough)
    const swept = this.#transaction.run(() => this.#retention.sweepMany(this.#needed))
    this.#retention.swept(swept)
  }

  /** Within a transaction: how far a session is, and that older ones of its shard are no more. */
  #remember(session: Heard, heard: readonly Heard[]): void {
    const { shardId, sessionId, sequence, ts } = session
    const sum = sumOf(shardId, sessionId, sequence, ts)
    // It stays the last of its shard's: two pages less are written than for a row that is put anew.
    const ofShard = [this.#sequences.last.get(shardId), ...heard.filter((one) => one.shardId === shardId)]
    if (ofShard.every((one) => one?.sessionId === sessionId)) {
      this.#raiseSequence.run(sequence, ts, sum, shardId, sessionId)
      return
    }
    this.#setSequence.run(shardId, sessionId, sequence, ts, sum)
    this.#forgetSessions.run(shardId)
  }

  /** All or nothing; where the disk leaves no room, once more when the write-ahead log has given up its own. */
  #write(job: () => void): void {
    this.#wal.withRoom(() => this.#transaction.run(job))
  }

  /**
   * What belongs to a commit and is not in it. Were it to fail, what is stored would be refused, and what was told and
   * what is stored no longer agree: nobody may go on from there.
   */
  #committed(job: () => void): void {
    try {
      job()
    } catch (error) {
      this.#broken = error
      this.#options.onBroken?.(error)
      throw error
    }
  }

  #trim(): void {
    this.#guarded(() => this.#retention.trim(this.#bytesThrough))
  }

  /** The next entries of some guilds: their positions first, so that only what is wanted is read whole. */
  #readGuilds(guilds: readonly (string | null)[], after: number, options: ReadOptions): ReadResult {
    const limit = Math.max(options.limit, MERGED_GUILDS)
    const found = guilds.map((guild) => this.#entries.placesOf(guild, after, limit))
    // Where a guild has more than was asked for, nothing is known of what lies behind the last that it gave.
    const known = Math.min(
      ...found.map((places) => (places.length < limit ? Infinity : (places.at(-1)?.position ?? 0))),
    )
    const places = found
      .flat()
      .filter(({ position }) => position <= known)
      .sort((a, b) => a.position - b.position)
    return this.#take(this.#entries.listed(places, after), after, options, known === Infinity ? this.#to : known)
  }

  #scan(after: number, options: ReadOptions): ReadResult {
    const outlines = this.#entries.outlinesAfter(after, SCANNED_ENTRIES)
    const through = outlines.length < SCANNED_ENTRIES ? this.#to : (outlines.at(-1)?.position ?? after)
    // Of a gap the shard is not known yet; there are few.
    const wanted = outlines.filter(
      ({ guildId, event }) => event === null || passesDispatch({ event, guildId }, options.filter),
    )
    return this.#take(this.#entries.listed(wanted, after), after, options, through)
  }

  /** @param through how far the entries lead, when all of them are looked at. */
  #take(entries: Iterable<LogEntry>, after: number, options: ReadOptions, through?: number): ReadResult {
    const { filter, limit, maxBytes } = options
    const taken: LogEntry[] = []
    let reached = after
    let bytes = 0
    for (const entry of entries) {
      if (passes(entry, filter)) {
        bytes += entry.kind === 'dispatch' ? Buffer.byteLength(entry.payload) : 0
        if (taken.length === limit || (taken.length > 0 && bytes > maxBytes))
          return { entries: taken, through: reached }
        taken.push(entry)
      }
      reached = entry.position
    }
    return { entries: taken, through: Math.max(after, through ?? (taken.length < limit ? this.#to : reached)) }
  }

  #retentionFrom(begins: number): Retention {
    const { maxAgeMs, maxBytes, now = Date.now } = this.#options
    return new Retention(this.#entries, begins, { maxAgeMs, maxBytes, now })
  }

  /** After everything that was asked for before, and not while a checkpoint ends. */
  #inOrder<T>(job: () => T): Promise<T> {
    const done = this.#last.then(async () => {
      while (this.#wal.hold) await this.#wal.hold
      if (this.#broken !== null) throw this.#broken
      return this.#guarded(job)
    })
    this.#last = done.catch(() => {})
    return done
  }

  #guarded<T>(job: () => T): T {
    try {
      return job()
    } catch (error) {
      if (isDamage(error)) this.#damaged(error)
      throw error
    }
  }

  #hear(verdict: Verdict): void {
    if (verdict.found === 'damage') this.#damaged(new Damage(verdict.message))
    else if (verdict.found === 'no answer') this.#options.onUnchecked?.(new Error(verdict.message))
  }

  #damaged(error: unknown): void {
    this.#broken = error
    markDamaged(this.#options.path)
    this.#options.onDamage?.(error)
  }
}

const isAll = ({ guilds, events, guildless }: EntryFilter) => guilds === null && events === null && guildless

/** All or nothing. Prepared, since there is one for every append. */
function transactions(db: DatabaseSync) {
  const [begin, commit, rollback] = ['BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK'].map((sql) => db.prepare(sql))
  return {
    run<T>(job: () => T): T {
      begin?.run()
      try {
        const done = job()
        commit?.run()
        return done
      } catch (error) {
        // Some failures have rolled it back by themselves (https://sqlite.org/lang_transaction.html).
        if (db.isTransaction) rollback?.run()
        throw error
      }
    },
  }
}
