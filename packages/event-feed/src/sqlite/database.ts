import { DatabaseSync } from 'node:sqlite'

const LOG = `
CREATE TABLE log (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  epoch TEXT NOT NULL,
  -- The place at which this epoch began; what lies before it is no consumer's any more.
  begins INTEGER NOT NULL,
  -- How far a mirror has been advanced; entries may lie beyond.
  reached INTEGER NOT NULL,
  -- The saved guilds are true up to here; null while nobody saves any.
  state_through INTEGER,
  -- The boot of the machine under which it is open or was not closed; null when it was closed in order.
  open_under TEXT
) STRICT;

CREATE TABLE entry (
  position INTEGER PRIMARY KEY,
  ts INTEGER NOT NULL,
  -- Bytes of this entry and of all before it since the log was made: what lies between two is a subtraction.
  bytes_through INTEGER NOT NULL,
  -- Null for what concerns no single guild: events without one, and gaps.
  guild TEXT,
  -- Null for a gap, whose fields are its payload.
  event TEXT,
  backfilled INTEGER NOT NULL,
  payload TEXT NOT NULL
) STRICT;
CREATE INDEX entry_of_guild ON entry (guild, position);

CREATE TABLE sequence (
  heard INTEGER PRIMARY KEY,
  shard INTEGER NOT NULL,
  session TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  -- When the entry with that sequence was received.
  ts INTEGER NOT NULL,
  UNIQUE (shard, session)
) STRICT;

CREATE TABLE guild (id TEXT PRIMARY KEY, position INTEGER NOT NULL, payload TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE note (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
`

const OUTCOMES = `
CREATE TABLE expiring (key TEXT PRIMARY KEY, until INTEGER NOT NULL, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX expiring_by_end ON expiring (until);
`

/** What makes a file of each version from one of the version before. A file of a later one is refused, never changed. */
const MIGRATIONS = [LOG, OUTCOMES] as const
const SCHEMA_VERSION = MIGRATIONS.length

/** How long a write waits for the other thread's, which writes one row after a checkpoint: as long as a slow disk may take. */
export const BUSY_TIMEOUT_MS = 1_000

/** Made by a release that knows more than this one. */
export class LaterSchema extends Error {}

/**
 * The file, opened and of our shape. WAL with synchronous=NORMAL: what is committed outlives the process in any case, and
 * the machine's loss of power but for the newest of it (https://sqlite.org/pragma.html#pragma_synchronous).
 *
 * @param maxBytes the file grows no larger; null leaves it to the disk.
 */
export function openDatabase(path: string, maxBytes: number | null): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS })
  try {
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0')
    if (maxBytes !== null) {
      const { page_size: pageBytes } = db.prepare('PRAGMA page_size').get() as { page_size: number }
      db.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(maxBytes / pageBytes))}`)
    }
    const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number }
    if (version > SCHEMA_VERSION) {
      throw new LaterSchema(`${path} was made by a later release: schema ${version}, known here ${SCHEMA_VERSION}`)
    }
    const missing = MIGRATIONS.slice(version).join('')
    if (missing !== '') db.exec(`BEGIN IMMEDIATE; ${missing} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/**
 * Reads all of the file.
 *
 * @throws {Damage} when a page is not what it should be.
 */
export function requireWhole(db: DatabaseSync): void {
  const [first] = db.prepare('PRAGMA quick_check(1)').all() as { quick_check: string }[]
  if (first?.quick_check !== 'ok') throw new Damage(`the check of the log found: ${first?.quick_check}`)
}

/** SQLite's primary result codes. https://sqlite.org/rescode.html */
const RESULT = { busy: 5, corrupt: 11, notADatabase: 26 } as const

/** The bytes are not what SQLite wrote: nothing that the file says can be believed. */
export class Damage extends Error {}

/**
 * What was written as JSON. SQLite has no sums over what it stores, so a flipped bit may come to light only here.
 *
 * @throws {Damage}
 */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Damage('a row of the log is not what was written')
  }
}

export function isDamage(error: unknown): boolean {
  if (error instanceof Damage) return true
  const code = resultOf(error)
  return code === RESULT.corrupt || code === RESULT.notADatabase
}

export function isBusy(error: unknown): boolean {
  return resultOf(error) === RESULT.busy
}

function resultOf(error: unknown): number | null {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : null
}
