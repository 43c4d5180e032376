import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import type { Logger } from '../logger.server.ts'
import { checkWhole, OfAnotherShape, openSqliteFile, shapeOf } from '../sqlite-file.ts'
import type { FoundSession, Session, SessionStore } from './session-store.ts'

/** Names of people are in it. */
const FILE = 'sessions.sqlite'

/** `PRAGMA user_version` of a file of this shape. */
const SHAPE = 2
const SCHEMA = `
  CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    hash_before BLOB UNIQUE,
    before_until INTEGER,
    user_id TEXT NOT NULL,
    username TEXT NOT NULL,
    avatar TEXT,
    guilds TEXT NOT NULL DEFAULT '[]',
    created_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL,
    rotated_at INTEGER NOT NULL
  ) STRICT;
  PRAGMA user_version = ${SHAPE};
`

/** From the shape before. Of those who were signed in then it is not known where they are. */
const FROM_1 = `ALTER TABLE sessions ADD COLUMN guilds TEXT NOT NULL DEFAULT '[]'; PRAGMA user_version = 2;`

type Row = {
  id: string
  isCurrent: number
  beforeIsOpen: number
  user_id: string
  username: string
  avatar: string | null
  guilds: string
  created_at: number
  used_at: number
  rotated_at: number
}

/**
 * Sessions in a file, `sessions.sqlite` in a folder of web's. It outlives web, and several on the same machine may have
 * it open. A file that is damaged, or of another shape, is put aside under another name and begun anew: people sign in
 * again.
 */
export class SqliteSessionStore implements SessionStore {
  readonly #db: DatabaseSync
  readonly #statements: ReturnType<typeof prepare>

  private constructor(db: DatabaseSync) {
    this.#db = db
    this.#statements = prepare(db)
  }

  /** @throws what the system says where the folder or the file cannot be had. */
  static open(folder: string, logger: Pick<Logger, 'warn'>, now: () => number = Date.now): SqliteSessionStore {
    return openSqliteFile(join(folder, FILE), {
      use: (db) => {
        bringUp(db)
        return new SqliteSessionStore(db)
      },
      onDamage: (aside) =>
        logger.warn({ aside }, 'the file of sessions is damaged and was put aside: everyone signs in anew'),
      now,
    })
  }

  async add({ id, user, guilds, createdAt, usedAt, rotatedAt }: Session, tokenHash: Buffer): Promise<void> {
    const { username, avatar } = user
    const inGuilds = JSON.stringify(guilds)
    this.#statements.add.run(id, tokenHash, user.id, username, avatar, inGuilds, createdAt, usedAt, rotatedAt)
  }

  async find(tokenHash: Buffer, now: number): Promise<FoundSession | null> {
    const row = this.#statements.find.get(tokenHash, tokenHash, tokenHash, now) as Row | undefined
    if (row === undefined) return null
    const session = {
      id: row.id,
      user: { id: row.user_id, username: row.username, avatar: row.avatar },
      guilds: JSON.parse(row.guilds) as string[],
      createdAt: row.created_at,
      usedAt: row.used_at,
      rotatedAt: row.rotated_at,
    }
    return { session, by: row.isCurrent === 1 ? 'current' : 'before', beforeIsOpen: row.beforeIsOpen === 1 }
  }

  async touch(id: string, usedAt: number): Promise<void> {
    this.#statements.touch.run(usedAt, id)
  }

  async rotate({ id, rotatedAt }: Session, shown: Buffer, next: Buffer, at: number): Promise<boolean> {
    return this.#statements.rotate.run(shown, next, at, id, rotatedAt).changes === 1
  }

  async closeBefore(id: string, until: number): Promise<void> {
    this.#statements.closeBefore.run(until, id)
  }

  async remove(id: string): Promise<void> {
    this.#statements.remove.run(id)
  }

  async missing(ids: readonly string[]): Promise<string[]> {
    return this.#statements.missing.all(JSON.stringify(ids)).map(({ value }) => String(value))
  }

  async prune(createdBefore: number, usedBefore: number): Promise<void> {
    this.#statements.prune.run(createdBefore, usedBefore)
  }

  async close(): Promise<void> {
    if (this.#db.isOpen) this.#db.close()
  }
}

function bringUp(db: DatabaseSync): void {
  const before = shapeOf(db)
  const { tables } = db.prepare('SELECT count(*) AS tables FROM sqlite_schema').get() as { tables: number }
  if (before !== SHAPE && before !== 1 && (before !== 0 || tables > 0))
    throw new OfAnotherShape(`its shape is ${before}, not ${SHAPE}`)
  checkWhole(db)
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON')
  if (before === SHAPE) return
  db.exec('BEGIN IMMEDIATE')
  // Another web may have been quicker.
  const shape = shapeOf(db)
  if (shape === 0) db.exec(SCHEMA)
  if (shape === 1) db.exec(FROM_1)
  db.exec('COMMIT')
}

const prepare = (db: DatabaseSync) => ({
  add: db.prepare(
    'INSERT INTO sessions (id, hash, user_id, username, avatar, guilds, created_at, used_at, rotated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  ),
  find: db.prepare(
    `SELECT *, hash = ? AS isCurrent, hash_before IS NOT NULL AND before_until IS NULL AS beforeIsOpen FROM sessions
     WHERE hash = ? OR (hash_before = ? AND (before_until IS NULL OR before_until > ?))`,
  ),
  touch: db.prepare('UPDATE sessions SET used_at = ? WHERE id = ?'),
  rotate: db.prepare(
    `UPDATE sessions SET hash_before = ?, before_until = NULL, hash = ?, rotated_at = ?
     WHERE id = ? AND rotated_at = ?`,
  ),
  closeBefore: db.prepare('UPDATE sessions SET before_until = ? WHERE id = ? AND before_until IS NULL'),
  remove: db.prepare('DELETE FROM sessions WHERE id = ?'),
  missing: db.prepare(
    'SELECT value FROM json_each(?) WHERE NOT EXISTS (SELECT 1 FROM sessions WHERE sessions.id = value)',
  ),
  prune: db.prepare('DELETE FROM sessions WHERE created_at < ? OR used_at < ?'),
})
