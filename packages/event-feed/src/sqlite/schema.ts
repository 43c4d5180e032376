import { DatabaseSync } from 'node:sqlite'
import { isDeepStrictEqual } from 'node:util'
import { Damage } from './result.ts'

/** So many bits of a position tell entries of one stretch of the index apart. It stands in files: another takes a migration. */
export const STRETCH_BITS = 10

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

/** SQLite keeps no sums over what it stores: a flipped bit in a row would be served as if it had been written. */
const SUMS = ['entry', 'sequence', 'guild', 'note', 'expiring']
  .map((table) => `ALTER TABLE ${table} ADD COLUMN sum INTEGER;`)
  .join('\n')

/** The row that says where the log stands is one too. */
const SUM_OF_LOG = 'ALTER TABLE log ADD COLUMN sum INTEGER;'

/** Of whom it is that a text is kept, so that one who keeps many crowds out none of the others'. */
const HOLDERS = `
ALTER TABLE expiring ADD COLUMN holder TEXT;
CREATE INDEX expiring_by_holder ON expiring (holder, until);
`

/**
 * Whose an entry is, by stretches of positions. By guild alone, each of a thousand guilds has a page of the index for itself,
 * and each entry writes one anew; so all of an append's lie on a few.
 */
const STRETCHES = `
DROP INDEX entry_of_guild;
CREATE INDEX entry_of_guild ON entry (position >> ${STRETCH_BITS}, guild);
`

/** What makes a file of each version from one of the version before. A file of a later one is refused, never changed. */
const MIGRATIONS = [LOG, OUTCOMES, SUMS, SUM_OF_LOG, HOLDERS, STRETCHES] as const
const SCHEMA_VERSION = MIGRATIONS.length

/** `Dgws`: says of a file whose it is. https://sqlite.org/pragma.html#pragma_application_id */
const APPLICATION_ID = 0x44677773

/** Made by a release that knows more than this one, or by another program: never changed. */
export class LaterSchema extends Error {}

/**
 * Makes a new file's tables, and those that a file of an earlier release lacks.
 *
 * @throws {Damage} when the file is one of ours and not as we made it.
 * @throws {LaterSchema} when it is somebody else's, or a later release's.
 */
export function requireShape(db: DatabaseSync, path: string): void {
  const version = pragma(db, 'user_version')
  const tables = shapeOf(db)
  const isOurs = pragma(db, 'application_id') === APPLICATION_ID
  const known = SHAPES.findIndex((shape) => isDeepStrictEqual(shape, tables))
  if (known === -1) {
    if (isOurs && version > SCHEMA_VERSION) {
      throw new LaterSchema(`${path} was made by a later release: schema ${version}, known here ${SCHEMA_VERSION}`)
    }
    if (isOurs || 'entry' in tables) throw new Damage('the tables of the log are not as they were made')
    throw new LaterSchema(`${path} is a database of another program`)
  }
  // Both are known by themselves: where they contradict the tables, something has changed them.
  const numbersOf = known === 0 ? [0, 0] : [known, APPLICATION_ID]
  const isLegacy = known > 0 && !isOurs && version === known && pragma(db, 'application_id') === 0
  if (!isLegacy && !isDeepStrictEqual([version, pragma(db, 'application_id')], numbersOf)) {
    throw new Damage('the head of the log is not as it was written')
  }
  if (known === SCHEMA_VERSION && isOurs) return
  const missing = MIGRATIONS.slice(known).join('')
  const marks = `PRAGMA user_version = ${SCHEMA_VERSION}; PRAGMA application_id = ${APPLICATION_ID}`
  db.exec(`BEGIN IMMEDIATE; ${missing} ${marks}; COMMIT`)
}

type Shape = Readonly<Record<string, string>>

/** The SQL of every table and index, by name. */
function shapeOf(db: DatabaseSync): Shape {
  const rows = db.prepare('SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name').all()
  return Object.fromEntries((rows as { name: string; sql: string }[]).map(({ name, sql }) => [name, sql]))
}

/** What a file of each version looks like, from the empty one on. */
const SHAPES: readonly Shape[] = [[], ...MIGRATIONS.map((_sql, index) => MIGRATIONS.slice(0, index + 1))].map(
  (made) => {
    const db = new DatabaseSync(':memory:')
    db.exec(made.join(''))
    const shape = shapeOf(db)
    db.close()
    return shape
  },
)

function pragma(db: DatabaseSync, name: 'user_version' | 'application_id'): number {
  const row = db.prepare(`PRAGMA ${name}`).get() as Record<string, number>
  return row[name] ?? 0
}
