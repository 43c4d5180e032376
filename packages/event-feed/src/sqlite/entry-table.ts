import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { GapEntry, LogEntry } from '../event-log.ts'
import { Damage } from './result.ts'
import { readJson, requireSum, sumWith } from './row.ts'
import { STRETCH_BITS } from './schema.ts'

/** What an entry costs besides its payload, in bytes: its columns, its row's head, its place in the index. */
const ENTRY_OVERHEAD_BYTES = 100

/** Where an entry lies, how old it is, and the bytes of all up to it. */
export type Mark = { position: number; ts: number; bytesThrough: number }

/** Where an entry lies, by what is said of it elsewhere than in its row. */
export type Place = { position: number; guildId: string | null }

/** An entry without its payload, as much as a filter asks for. */
export type Outline = Place & { event: string | null }

type Row = [
  position: number,
  ts: number,
  guild: string | null,
  event: string | null,
  backfilled: number,
  payload: string,
  sum: number | null,
]

const COLUMNS = 'position, ts, guild, event, backfilled, payload, sum'

/** The entries as rows. Everything is asked for by position, upwards, so each question is one walk along an index. */
export class EntryTable {
  readonly #insert: StatementSync
  readonly #after: StatementSync
  readonly #at: StatementSync
  readonly #outlinesAfter: StatementSync
  readonly #ofGuild: StatementSync
  readonly #marksAfter: StatementSync
  readonly #markAt: StatementSync
  readonly #delete: StatementSync
  readonly #count: StatementSync

  constructor(db: DatabaseSync) {
    const prepare = (sql: string) => {
      const statement = db.prepare(sql)
      statement.setReturnArrays(true)
      return statement
    }
    this.#insert = prepare('INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, CAST(? AS TEXT), ?)')
    this.#after = prepare(`SELECT ${COLUMNS} FROM entry WHERE position > ? ORDER BY position LIMIT ?`)
    this.#at = prepare(`SELECT ${COLUMNS} FROM entry WHERE position = ?`)
    this.#outlinesAfter = prepare(
      'SELECT position, guild, event FROM entry WHERE position > ? ORDER BY position LIMIT ?',
    )
    // Stretch after stretch of those that have entries: of a mirror, positions may be far apart.
    this.#ofGuild = prepare(`
      WITH RECURSIVE stretch (n) AS (
        SELECT min(position) >> ${STRETCH_BITS} FROM entry WHERE position > ?1
        UNION ALL
        SELECT (SELECT min(position) >> ${STRETCH_BITS} FROM entry WHERE position >= (n + 1) << ${STRETCH_BITS})
        FROM stretch WHERE n IS NOT NULL
      )
      SELECT position FROM stretch CROSS JOIN entry ON position >> ${STRETCH_BITS} = n
      WHERE guild IS ?2 AND position > ?1 LIMIT ?3`)
    this.#marksAfter = prepare(
      'SELECT position, ts, bytes_through FROM entry WHERE position > ? ORDER BY position LIMIT ?',
    )
    this.#markAt = prepare(
      'SELECT position, ts, bytes_through FROM entry WHERE position <= ? ORDER BY position DESC LIMIT 1',
    )
    this.#count = prepare('SELECT count(*) FROM entry WHERE position > ?')
    this.#delete = prepare('DELETE FROM entry WHERE position > ? AND position <= ?')
  }

  /** The place before the oldest row, and the bytes of all that lay there. */
  get first(): { before: number; bytesBefore: number } | null {
    const [mark] = this.marksAfter(-1, 1)
    const entry = mark && this.at(mark.position)
    return mark && entry
      ? {
          before: mark.position - 1,
          bytesBefore: mark.bytesThrough - Buffer.byteLength(payloadOf(entry)) - ENTRY_OVERHEAD_BYTES,
        }
      : null
  }

  countAfter(position: number): number {
    const [count] = this.#count.get(position) as unknown as [number]
    return count
  }

  /** Answers the bytes of all entries up to this one. */
  insert(entry: LogEntry, bytesBefore: number): number {
    const { position, ts } = entry
    const isGap = entry.kind === 'gap'
    // In bytes: to be counted, summed and stored a string would be encoded anew three times, a third of what a row costs.
    const payload = Buffer.from(payloadOf(entry))
    const bytesThrough = bytesBefore + payload.length + ENTRY_OVERHEAD_BYTES
    const backfilled = !isGap && entry.backfilled ? 1 : 0
    const guild = isGap ? null : entry.guildId
    const event = isGap ? null : entry.event
    const sum = sumWith([position, ts, guild, event, backfilled], payload)
    this.#insert.run(position, ts, bytesThrough, guild, event, backfilled, payload, sum)
    return bytesThrough
  }

  /** Whole, the oldest first. */
  after(position: number, limit: number): LogEntry[] {
    return (this.#after.all(position, limit) as unknown as Row[]).map(entryOf)
  }

  at(position: number): LogEntry | null {
    const row = this.#at.get(position) as unknown as Row | undefined
    return row ? entryOf(row) : null
  }

  /**
   * Those that an index or an outline has told of, whole, each when it is asked for.
   *
   * @param after all lie behind it, and in order.
   * @throws {Damage} when there is no such row, or it is another guild's.
   */
  *listed(places: Iterable<Place>, after: number): Iterable<LogEntry> {
    let last = after
    for (const { position, guildId } of places) {
      const row = this.#at.get(position) as unknown as Row | undefined
      if (!row || row[2] !== guildId || position <= last)
        throw new Damage('the index of the log is not what was written')
      last = position
      yield entryOf(row)
    }
  }

  outlinesAfter(position: number, limit: number): Outline[] {
    const rows = this.#outlinesAfter.all(position, limit) as unknown as [number, string | null, string | null][]
    return rows.map(([at, guildId, event]) => ({ position: at, guildId, event }))
  }

  /** Where a guild's entries lie; null asks for those that concern no single guild. */
  placesOf(guildId: string | null, after: number, limit: number): Place[] {
    const rows = this.#ofGuild.all(after, guildId, limit) as unknown as [number][]
    return rows.map(([position]) => ({ position, guildId }))
  }

  marksAfter(position: number, limit: number): Mark[] {
    return (this.#marksAfter.all(position, limit) as unknown as [number, number, number][]).map(markOf)
  }

  /** The mark of the last entry up to a position. */
  markAt(position: number): Mark | null {
    const row = this.#markAt.get(position) as unknown as [number, number, number] | undefined
    return row ? markOf(row) : null
  }

  delete(after: number, through: number): void {
    this.#delete.run(after, through)
  }
}

const markOf = ([position, ts, bytesThrough]: [number, number, number]): Mark => ({ position, ts, bytesThrough })

type GapFields = Pick<GapEntry, 'reason' | 'shard' | 'guildId' | 'channels' | 'fromTs' | 'toTs'>

function payloadOf(entry: LogEntry): string {
  if (entry.kind === 'dispatch') return entry.payload
  const { position: _position, ts: _ts, kind: _kind, ...fields } = entry
  return JSON.stringify(fields satisfies GapFields)
}

function entryOf([position, ts, guildId, event, backfilled, payload, sum]: Row): LogEntry {
  requireSum(sum, position, ts, guildId, event, backfilled, payload)
  if (event === null) return { kind: 'gap', ...(readJson(payload) as GapFields), ts, position }
  return { kind: 'dispatch', event, guildId, payload, ts, position, ...(backfilled === 1 && { backfilled: true }) }
}
