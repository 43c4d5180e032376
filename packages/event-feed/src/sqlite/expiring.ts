import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Expiring } from '../state-store.ts'
import { requireSum, sumOf } from './row.ts'
import type { Guard } from './notes.ts'

/** How often what has expired is deleted, in writes. */
const SWEEP_EVERY = 256

/** Some 200 MB of a kilobyte each; the log's own bytes are bounded apart. */
export const EXPIRING_MAX = 200_000

/** Texts with an end, as rows, each written at once. */
export class SqliteExpiring implements Expiring {
  readonly #guard: Guard
  readonly #max: number
  readonly #now: () => number
  readonly #get: StatementSync
  readonly #set: StatementSync
  readonly #delete: StatementSync
  readonly #sweep: StatementSync
  readonly #crowd: StatementSync
  #writes = 0

  constructor(db: DatabaseSync, guard: Guard, options: { max?: number; now?: () => number } = {}) {
    const { max = EXPIRING_MAX, now = Date.now } = options
    this.#guard = guard
    this.#max = max
    this.#now = now
    this.#get = db.prepare('SELECT value, until, sum FROM expiring WHERE key = ? AND until > ?')
    this.#set = db.prepare('INSERT OR REPLACE INTO expiring VALUES (?, ?, ?, ?)')
    this.#delete = db.prepare('DELETE FROM expiring WHERE key = ?')
    this.#sweep = db.prepare('DELETE FROM expiring WHERE until <= ?')
    this.#crowd = db.prepare(
      'DELETE FROM expiring WHERE key IN (SELECT key FROM expiring ORDER BY until LIMIT max(0, (SELECT count(*) FROM expiring) - ?))',
    )
  }

  get(key: string): string | null {
    return this.#guard(() => {
      const row = this.#get.get(key, this.#now()) as { value: string; until: number; sum: number | null } | undefined
      if (!row) return null
      requireSum(row.sum, key, row.until, row.value)
      return row.value
    })
  }

  set(key: string, value: string, until: number): void {
    this.#guard(() => {
      this.#set.run(key, until, value, sumOf(key, until, value))
      this.#writes += 1
      if (this.#writes % SWEEP_EVERY !== 0) return
      this.#sweep.run(this.#now())
      this.#crowd.run(this.#max)
    })
  }

  delete(key: string): void {
    this.#guard(() => this.#delete.run(key))
  }
}
