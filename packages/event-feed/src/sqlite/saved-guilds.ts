import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { RestoredGuild, SavedGuild } from '../state-store.ts'
import { readJson, requireSum, sumOf } from './row.ts'

/** The guilds as they were saved, and up to where that is everything. */
export class SavedGuilds {
  readonly #put: StatementSync
  readonly #remove: StatementSync
  readonly #all: StatementSync
  readonly #setThrough: StatementSync
  #through: number | null

  constructor(db: DatabaseSync) {
    this.#put = db.prepare('INSERT OR REPLACE INTO guild VALUES (?, ?, ?, ?)')
    this.#remove = db.prepare('DELETE FROM guild WHERE id = ?')
    this.#all = db.prepare('SELECT id, position, payload, sum FROM guild')
    this.#setThrough = db.prepare('UPDATE log SET state_through = ?')
    this.#through = (
      db.prepare('SELECT state_through FROM log').get() as { state_through: number | null }
    ).state_through
  }

  /** Null while nobody saves any. */
  get through(): number | null {
    return this.#through
  }

  *all(): Iterable<RestoredGuild> {
    for (const row of this.#all.iterate()) {
      const { id, position, payload, sum } = row as SavedGuild & { sum: number | null }
      requireSum(sum, id, position, payload)
      yield { id, position, data: readJson(payload) }
    }
  }

  /** Within the caller's transaction; `committed` is to be called behind it. */
  write(saved: readonly SavedGuild[], gone: readonly string[], through: number): void {
    for (const { id, position, payload } of saved) {
      this.#put.run(id, position, payload, sumOf(id, position, payload))
    }
    for (const id of gone) this.#remove.run(id)
    this.#setThrough.run(through)
  }

  committed(through: number | null): void {
    this.#through = through
  }
}
