import { closeSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { requireShape } from './schema.ts'

/** How long a write waits for the other thread's, which writes one row after a checkpoint: as long as a slow disk may take. */
export const BUSY_TIMEOUT_MS = 1_000

/**
 * The file, opened and of our shape. WAL with synchronous=NORMAL: what is committed outlives the process in any case, and
 * the machine's loss of power but for the newest of it (https://sqlite.org/pragma.html#pragma_synchronous).
 *
 * @param maxBytes the file grows no larger; null leaves it to the disk.
 */
export function openDatabase(path: string, maxBytes: number | null): DatabaseSync {
  // Messages are in it, and tokens of interactions. What SQLite makes beside it has the file's own mode.
  closeSync(openSync(path, 'a', 0o600))
  const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS })
  try {
    // First, since what is not ours stays as it is.
    requireShape(db, path)
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0')
    if (maxBytes !== null) {
      const { page_size: pageBytes } = db.prepare('PRAGMA page_size').get() as { page_size: number }
      db.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(maxBytes / pageBytes))}`)
    }
    return db
  } catch (error) {
    db.close()
    throw error
  }
}
