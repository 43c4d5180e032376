import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { RestoredGuild, SavedGuild } from '../state-store.ts'
import type { LogRow } from './log-row.ts'
import { readJson, requireSum, sumOf } from './row.ts'

export type SummedGuild = SavedGuild & { sum: number }

export function withSum(guild: SavedGuild): SummedGuild {
  const { id, position, payload } = guild
  return { ...guild, sum: sumOf(id, position, payload) }
}

/** The guilds as they were saved, and up to where that is everything. */
export class SavedGuilds {
  readonly #put: StatementSync
  readonly #remove: StatementSync
  readonly #all: StatementSync
  readonly #row: LogRow
  #through: number | null

  constructor(db: DatabaseSync, row: LogRow) {
    this.#put = db.prepare('INSERT OR REPLACE INTO guild VALUES (?, ?, ?, ?)')
    this.#remove = db.prepare('DELETE FROM guild WHERE id = ?')
    this.#all = db.prepare('SELECT id, position, payload, sum FROM guild')
    this.#row = row
    this.#through = row.read()?.state_through ?? null
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
  write(saved: readonly SummedGuild[], gone: readonly string[], through: number): void {
    for (const { id, position, payload, sum } of saved) this.#put.run(id, position, payload, sum)
    for (const id of gone) this.#remove.run(id)
    this.#row.change({ state_through: through })
  }

  committed(through: number | null): void {
    this.#through = through
  }
}
