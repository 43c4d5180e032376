import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Expiring } from '../state-store.ts'
import { requireSum, sumOf } from './row.ts'
import type { Guard } from './notes.ts'

/** How often what has expired is deleted, in writes. */
const SWEEP_EVERY = 256

/** Some 200 MB of a kilobyte each; the log's own bytes are bounded apart. */
export const EXPIRING_MAX = 200_000

/** Beside its own text each write makes some pages anew: the table's, its indexes', the write-ahead log's heads. */
const WRITE_OVERHEAD_BYTES = 8 * 1024

export type SqliteExpiringOptions = {
  max?: number
  now?: () => number
  /** Told of each write, in bytes of the write-ahead log. */
  wrote?: (bytes: number) => void
}

type Row = { key: string; value: string; until: number; sum: number | null }

/** Texts with an end, as rows, each written at once. */
export class SqliteExpiring implements Expiring {
  readonly #guard: Guard
  readonly #max: number
  readonly #now: () => number
  readonly #wrote: (bytes: number) => void
  readonly #get: StatementSync
  readonly #set: StatementSync
  readonly #delete: StatementSync
  readonly #beginningWith: StatementSync
  readonly #sweep: StatementSync
  readonly #count: StatementSync
  readonly #holders: StatementSync
  readonly #crowd: StatementSync
  #writes = 0

  constructor(db: DatabaseSync, guard: Guard, options: SqliteExpiringOptions = {}) {
    const { max = EXPIRING_MAX, now = Date.now, wrote = () => {} } = options
    this.#guard = guard
    this.#max = max
    this.#now = now
    this.#wrote = wrote
    this.#get = db.prepare('SELECT value, until, sum FROM expiring WHERE key = ? AND until > ?')
    this.#set = db.prepare(
      'INSERT INTO expiring (key, until, value, sum, holder) VALUES (?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET ' +
        'until = excluded.until, value = excluded.value, sum = excluded.sum, holder = coalesce(excluded.holder, holder)',
    )
    this.#delete = db.prepare('DELETE FROM expiring WHERE key = ?')
    this.#beginningWith = db.prepare(
      'SELECT key, value, until, sum FROM expiring WHERE substr(value, 1, length(?1)) = ?1 AND until > ?2',
    )
    this.#sweep = db.prepare('DELETE FROM expiring WHERE until <= ?')
    this.#count = db.prepare('SELECT count(*) AS n FROM expiring')
    this.#holders = db.prepare('SELECT holder, count(*) AS n FROM expiring GROUP BY holder ORDER BY n DESC')
    this.#crowd = db.prepare(
      'DELETE FROM expiring WHERE key IN (SELECT key FROM expiring WHERE holder IS ? ORDER BY until LIMIT ?)',
    )
  }

  get(key: string): string | null {
    return this.#guard(() => {
      const row = this.#get.get(key, this.#now()) as Omit<Row, 'key'> | undefined
      if (!row) return null
      requireSum(row.sum, key, row.until, row.value)
      return row.value
    })
  }

  set(key: string, value: string, until: number, holder: string | null = null): void {
    this.#guard(() => {
      this.#set.run(key, until, value, sumOf(key, until, value), holder)
      this.#writes += 1
      if (this.#writes % SWEEP_EVERY === 0) this.#makeRoom()
    })
    this.#wrote(value.length + WRITE_OVERHEAD_BYTES)
  }

  delete(key: string): void {
    this.#guard(() => this.#delete.run(key))
    this.#wrote(WRITE_OVERHEAD_BYTES)
  }

  /** Who has more than all may have then loses that, and nobody else: one that keeps a crowd loses its own. */
  #makeRoom(): void {
    this.#sweep.run(this.#now())
    let excess = (this.#count.get() as { n: number }).n - this.#max
    if (excess <= 0) return
    const holders = this.#holders.all() as { holder: string | null; n: number }[]
    const each = shareOf(
      holders.map(({ n }) => n),
      excess,
    )
    for (const { holder, n } of holders) {
      const gone = Math.min(excess, n - each)
      if (gone <= 0) return
      this.#crowd.run(holder, gone)
      excess -= gone
    }
  }

  beginningWith(text: string): { key: string; value: string; until: number }[] {
    return this.#guard(() => {
      const rows = this.#beginningWith.all(text, this.#now()) as Row[]
      return rows.map(({ key, value, until, sum }) => {
        requireSum(sum, key, until, value)
        return { key, value, until }
      })
    })
  }
}

/** The most that each may have so that `excess` of all go, where these are what they have, the most first. */
function shareOf(counts: readonly number[], excess: number): number {
  let sum = 0
  for (const [index, count] of counts.entries()) {
    sum += count
    const share = Math.floor((sum - excess) / (index + 1))
    if (share >= (counts[index + 1] ?? 0)) return share
  }
  return 0
}
