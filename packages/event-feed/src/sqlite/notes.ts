import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Notes } from '../state-store.ts'
import { requireSum, sumOf } from './row.ts'

/** Looks at what SQLite says for signs of damage. */
export type Guard = <T>(job: () => T) => T

/** Notes as rows, each written at once. */
export class SqliteNotes implements Notes {
  readonly #guard: Guard
  readonly #get: StatementSync
  readonly #set: StatementSync
  readonly #delete: StatementSync

  constructor(db: DatabaseSync, guard: Guard) {
    this.#guard = guard
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
  }

  delete(key: string): void {
    this.#guard(() => this.#delete.run(key))
  }
}
