import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Notes } from '../state-store.ts'
import { requireSum, sumOf } from './row.ts'

/** Looks at what SQLite says for signs of damage. */
export type Guard = <T>(job: () => T) => T

/** Beside its own text each write makes some pages anew. */
const WRITE_OVERHEAD_BYTES = 4 * 1024

/** Notes as rows, each written at once. */
export class SqliteNotes implements Notes {
  readonly #guard: Guard
  readonly #wrote: (bytes: number) => void
  readonly #get: StatementSync
  readonly #set: StatementSync
  readonly #delete: StatementSync

  /** @param wrote is told of each write, in bytes of the write-ahead log. */
  constructor(db: DatabaseSync, guard: Guard, wrote: (bytes: number) => void = () => {}) {
    this.#guard = guard
    this.#wrote = wrote
    this.#get = db.prepare('SELECT value, sum FROM note WHERE key = ?')
    this.#set = db.prepare('INSERT OR REPLACE INTO note VALUES (?, ?, ?)')
    this.#delete = db.prepare('DELETE FROM note WHERE key = ?')
  }

  get(key: string): string | null {
    return this.#guard(() => {
      const row = this.#get.get(key) as { value: string; sum: number | null } | undefined
      if (!row) return null
      requireSum(row.sum, key, row.value)
      return row.value
    })
  }

  set(key: string, value: string): void {
    this.#guard(() => this.#set.run(key, value, sumOf(key, value)))
    this.#wrote(value.length + WRITE_OVERHEAD_BYTES)
  }

  delete(key: string): void {
    this.#guard(() => this.#delete.run(key))
  }
}
