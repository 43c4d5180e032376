import { closeSync, existsSync, openSync, renameSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { makeFolder } from '@repo/event-feed/folder'

/** What SQLite keeps beside a file. */
const BESIDE = ['', '-wal', '-shm'] as const
/** Another web on the same folder may be writing. */
const BUSY_TIMEOUT_MS = 1_000
/** https://sqlite.org/rescode.html: a generic ERROR here is a table without a column that is asked for. */
const DAMAGE: ReadonlySet<number> = new Set([1, 11, 26])

/** A file is of another shape than the one that is known, or says of itself that it is not whole. */
export class OfAnotherShape extends Error {}

export type SqliteFileOptions<T> = {
  /** Brings an open file to its shape, and makes of it what is wanted. What it throws closes the file. */
  use: (db: DatabaseSync) => T
  /** Told under which name a file was put aside. */
  onDamage: (aside: string) => void
  now: () => number
}

/**
 * A file of web's, for its user alone, in a folder that several webs of one machine may share. One that is damaged, or of
 * another shape, is put aside under another name and begun anew.
 *
 * @throws what the system says where the folder or the file cannot be had.
 */
export function openSqliteFile<T>(path: string, options: SqliteFileOptions<T>): T {
  makeFolder(dirname(path))
  try {
    return opened(path, options)
  } catch (error) {
    if (!isDamage(error)) throw error
    options.onDamage(putAside(path, options.now()))
    return opened(path, options)
  }
}

/** `PRAGMA user_version`; 0 of a file that was just made. */
export function shapeOf(db: DatabaseSync): number {
  const { user_version: shape } = db.prepare('PRAGMA user_version').get() as { user_version: number }
  return shape
}

/** @throws {OfAnotherShape} */
export function checkWhole(db: DatabaseSync): void {
  const { quick_check: whole } = db.prepare('PRAGMA quick_check(1)').get() as { quick_check: string }
  if (whole !== 'ok') throw new OfAnotherShape(whole)
}

function opened<T>(path: string, { use }: SqliteFileOptions<T>): T {
  // What SQLite makes beside it has the file's own mode.
  closeSync(openSync(path, 'a', 0o600))
  const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS })
  try {
    return use(db)
  } catch (error) {
    db.close()
    throw error
  }
}

function putAside(path: string, at: number): string {
  const aside = `${path}.damaged-${new Date(at).toISOString().replaceAll(/[:.]/g, '-')}`
  for (const suffix of BESIDE) {
    if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix)
  }
  return aside
}

function isDamage(error: unknown): boolean {
  if (error instanceof OfAnotherShape) return true
  return error instanceof Error && 'errcode' in error && DAMAGE.has(Number(error.errcode) & 0xff)
}
