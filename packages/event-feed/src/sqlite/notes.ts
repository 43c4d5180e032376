import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Notes } from '../state-store.ts'

/** Notes as rows, each written at once. */
export class SqliteNotes implements Notes {
  readonly #get: StatementSync
  readonly #set: StatementSync
  readonly #delete: StatementSync

  constructor(db: DatabaseSync) {
    this.#get = db.prepare('SELECT value FROM note WHERE key = ?')
    this.#set = db.prepare('INSERT OR REPLACE INTO note VALUES (?, ?)')
    this.#delete = db.prepare('DELETE FROM note WHERE key = ?')
  }

  get(key: string): string | null {
    const row = this.#get.get(key) as { value: string } | undefined
    return row?.value ?? null
  }

  set(key: string, value: string): void {
    this.#set.run(key, value)
  }

  delete(key: string): void {
    this.#delete.run(key)
  }
}
