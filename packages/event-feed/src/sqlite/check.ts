import type { DatabaseSync } from 'node:sqlite'
import { EntryTable } from './entry-table.ts'
import { LogRow } from './log-row.ts'
import { Damage } from './result.ts'
import { requireSum } from './row.ts'

/** Entries that are looked at within one transaction: a checkpoint waits for no more than these. */
const PAGE_ENTRIES = 1_000

/** What the sums of the other tables are of, in that order. */
const SUMMED: Readonly<Record<string, string>> = {
  sequence: 'shard, session, sequence, ts',
  guild: 'id, position, payload',
  note: 'key, value',
  expiring: 'key, until, value',
}

/**
 * Looks at all of the file's pages, and no further.
 *
 * @throws {Damage} when one is not what it should be.
 */
export function requireSound(db: DatabaseSync): void {
  requireOk(db, 'quick_check')
}

/**
 * Looks at all there is: whether pages, tables and indexes agree, and every row with its sum. What a read cannot notice is
 * noticed here: a row that its index or its page does not list, and one that a filter has passed over for what it is not.
 *
 * @throws {Damage} when something is not as it was written.
 */
export function requireWhole(db: DatabaseSync): void {
  requireOk(db, 'integrity_check')
  const entries = new EntryTable(db)
  for (let last: number | undefined = -1; last !== undefined;) last = entries.after(last, PAGE_ENTRIES).at(-1)?.position
  new LogRow(db).read()
  for (const [table, columns] of Object.entries(SUMMED)) {
    const rows = db.prepare(`SELECT sum, ${columns} FROM ${table}`)
    rows.setReturnArrays(true)
    for (const row of rows.iterate()) requireSum(...(row as unknown as Parameters<typeof requireSum>))
  }
}

/** https://sqlite.org/pragma.html#pragma_integrity_check */
function requireOk(db: DatabaseSync, check: 'quick_check' | 'integrity_check'): void {
  const [first] = db.prepare(`PRAGMA ${check}(1)`).all()
  if (first?.[check] !== 'ok') throw new Damage(`the check of the log found: ${String(first?.[check])}`)
}
