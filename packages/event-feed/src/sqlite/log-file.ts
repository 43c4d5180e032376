import { dirname } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { randomEpoch } from '../intake.ts'
import { bootId } from './boot.ts'
import { isMarkedDamaged, moveAside } from './damage.ts'
import { Damage, isDamage, openDatabase, requireWhole } from './database.ts'
import { makeFolder } from './folder.ts'
import { HighWater } from './high-water.ts'
import { takeLock } from './lock.ts'

/** Why a log began anew: there was none, the power may have taken its newest, it lost its end, or it was damaged. */
export type Beginning = 'new' | 'power' | 'tail' | 'damage'

export type LogFileOptions = {
  /** The file; its folder is made. Beside it lie files of the same name and an ending. */
  path: string
  /** The file grows no larger; an append that would is refused, as by a full disk. Default: the disk decides. */
  maxFileBytes?: number
  /** How long a log that another process has open is waited for, in ms. Default: as long as such a process may take to end. */
  lockWaitMs?: number
  /** Names the machine's present boot. */
  boot?: string
  now?: () => number
}

export type LogFile = {
  path: string
  db: DatabaseSync
  epoch: string
  /** The place at which the epoch began. */
  begins: number
  /** Its end. */
  to: number
  /** Null where it goes on as it was. */
  began: Beginning | null
  /** Where the damaged file is, if there was one. */
  aside: string | null
  highWater: HighWater
  lock: Disposable
}

/**
 * The file of a log, as this process's own, in an epoch that can be trusted.
 *
 * @throws {LogInUse} when another process has it open.
 * @throws {LaterSchema} when a later release has made it.
 */
export async function openLogFile(options: LogFileOptions): Promise<LogFile> {
  const { path, now = Date.now } = options
  makeFolder(dirname(path))
  const lock = await takeLock(`${path}.lock`, options.lockWaitMs)
  try {
    const anew = () => open(options, lock, moveAside(path, now()))
    if (isMarkedDamaged(path)) return anew()
    try {
      return open(options, lock, null)
    } catch (error) {
      if (isDamage(error)) return anew()
      throw error
    }
  } catch (error) {
    lock[Symbol.dispose]()
    throw error
  }
}

export const highWaterPath = (path: string) => `${path}.high`

function open(options: LogFileOptions, lock: Disposable, aside: string | null): LogFile {
  const { path, maxFileBytes = null, boot = bootId() } = options
  const db = openDatabase(path, maxFileBytes)
  try {
    const { began, ...place } = begin(db, path, boot)
    db.prepare('UPDATE log SET open_under = ?').run(boot)
    // Onto the disk before anything is appended: with a loss of power it would go first, and nobody would know of one.
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    const highWater = new HighWater(highWaterPath(path), place.epoch, place.to)
    return { path, db, ...place, began: aside === null ? began : 'damage', aside, highWater, lock }
  } catch (error) {
    db.close()
    throw error
  }
}

type Row = { epoch: string; begins: number; reached: number; open_under: string | null; last: number | null }

function begin(db: DatabaseSync, path: string, boot: string): Pick<LogFile, 'epoch' | 'begins' | 'to' | 'began'> {
  const row = db.prepare('SELECT *, (SELECT max(position) FROM entry) AS last FROM log').get() as Row | undefined
  if (!row) {
    if (db.prepare('SELECT 1 FROM entry LIMIT 1').get())
      throw new Damage('the log lacks the row that says where it stands')
    const epoch = randomEpoch()
    db.prepare('INSERT INTO log VALUES (1, ?, 0, 0, NULL, NULL)').run(epoch)
    return { epoch, begins: 0, to: 0, began: 'new' }
  }
  const to = Math.max(row.reached, row.last ?? 0)
  const began = whyAnew(db, row, HighWater.read(highWaterPath(path)), to, boot)
  if (began === null) return { epoch: row.epoch, begins: row.begins, to, began }
  // What is stored stays for the state that is built from it; for consumers nothing before this place exists.
  const epoch = randomEpoch()
  db.prepare('UPDATE log SET epoch = ?, begins = ?, reached = ?').run(epoch, to, to)
  return { epoch, begins: to, to, began }
}

function whyAnew(db: DatabaseSync, row: Row, told: ReturnType<typeof HighWater.read>, to: number, boot: string) {
  if (row.open_under !== null && row.open_under !== boot) {
    requireWhole(db)
    return 'power'
  }
  return told === null || told.epoch !== row.epoch || told.position > to ? 'tail' : null
}
