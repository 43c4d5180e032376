import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { isDeepStrictEqual } from 'node:util'
import { Damage } from './result.ts'
import { requireSum, sumOf } from './row.ts'

/** What a log says of itself; the columns of its one row (see schema.ts). */
export type LogFields = {
  epoch: string
  begins: number
  reached: number
  state_through: number | null
  open_under: string | null
}

/** That row. Nothing of it is kept here: after a transaction that was rolled back it says what the file says. */
export class LogRow {
  readonly #get: StatementSync
  readonly #put: StatementSync

  constructor(db: DatabaseSync) {
    this.#get = db.prepare('SELECT epoch, begins, reached, state_through, open_under, sum FROM log')
    this.#put = db.prepare(
      'INSERT OR REPLACE INTO log (one, epoch, begins, reached, state_through, open_under, sum) VALUES (1, ?, ?, ?, ?, ?, ?)',
    )
  }

  /**
   * Null where there is none yet.
   *
   * @throws {Damage}
   */
  read(): LogFields | null {
    const row = this.#get.get() as (LogFields & { sum: number | null }) | undefined
    if (!row) return null
    const { sum, ...fields } = row
    requireSum(sum, ...summed(fields))
    // That of an earlier release has no sum, but says what no log of ours could.
    const { epoch, begins, reached } = fields
    if (epoch !== '' && begins >= 0 && begins <= reached && Number.isSafeInteger(reached)) return fields
    throw new Damage('the log says of itself what it cannot be')
  }

  write(fields: LogFields): void {
    const { epoch, begins, reached, state_through: stateThrough, open_under: openUnder } = fields
    this.#put.run(epoch, begins, reached, stateThrough, openUnder, sumOf(...summed(fields)))
  }

  /**
   * Writes nothing where nothing changes: a start after a kill then needs no room on the disk.
   *
   * @throws {Damage}
   */
  change(changes: Partial<LogFields>): void {
    const fields = this.read()
    if (!fields) throw new Damage('the log lacks the row that says where it stands')
    const changed = { ...fields, ...changes }
    if (!isDeepStrictEqual(changed, fields)) this.write(changed)
  }
}

const summed = ({ epoch, begins, reached, state_through: stateThrough, open_under: openUnder }: LogFields) =>
  [begins, reached, stateThrough, openUnder, epoch] as const
