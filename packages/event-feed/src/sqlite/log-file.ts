import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { randomEpoch } from '../intake.ts'
import { bootId } from './boot.ts'
import { requireSound, requireWhole } from './check.ts'
import { isMarkedDamaged, moveAside } from './damage.ts'
import { openDatabase } from './database.ts'
import { LogRow, type LogFields } from './log-row.ts'
import { giveUpReserve, keepReserve } from './reserve.ts'
import { Damage, isDamageAtOpen, isFull, isFullAtOpen } from './result.ts'
import { readJson, sumOf } from './row.ts'
import { identityOf, isSameFile, type FileIdentity } from './file-identity.ts'
import { makeFolder } from './folder.ts'
import { HighWater } from './high-water.ts'
import { takeLock } from './lock.ts'

/** A file that is no larger is looked at whole before anything of it is told: some hundredths of a second. */
const CHECKED_AT_START_BYTES = 4 * 1024 * 1024

/** Why a log began anew: there was none, the power may have taken its newest, it lost its end, or it was damaged. */
export type Beginning = 'new' | 'power' | 'tail' | 'damage'

export type LogFileOptions = {
  /** The file; its folder is made. Beside it lie files of the same name and an ending. */
  path: string
  /** The file grows no larger; an append that would is refused, as by a full disk. Default: the disk decides. */
  maxFileBytes?: number
  /** How long a log that another process has open is waited for, in ms. Default: as long as such a process may take to end. */
  lockWaitMs?: number
  /** A file that is no larger is looked at whole at the start, one that is larger beside everything else. */
  checkedAtStartBytes?: number
  /** Names the machine's present boot. */
  boot?: string
  /** Tells a file from a copy of it. */
  identity?: (path: string) => FileIdentity
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
  /** All of it has been looked at. */
  checked: boolean
  highWater: HighWater
  lock: Disposable
}

/**
 * The file of a log, as this process's own, in an epoch that can be trusted, and what `build` makes of it. Whatever of
 * the file is not as it was written, and by whichever question it comes to light until `build` is through, the file is
 * put aside and a new one begun: a start that fails would fail at every start.
 *
 * @throws {LogInUse} when another process has it open.
 * @throws {LaterSchema} when a later release has made it, or another program.
 */
export async function openLogFile<Built>(options: LogFileOptions, build: (file: LogFile) => Built): Promise<Built> {
  const { path, now = Date.now } = options
  makeFolder(dirname(path))
  // Of a file that may not be written SQLite says what it says of one whose head is damaged.
  if (existsSync(path)) accessSync(path, constants.R_OK | constants.W_OK)
  const lock = await takeLock(`${path}.lock`, options.lockWaitMs)
  try {
    let aside = isMarkedDamaged(path) ? moveAside(path, now()) : null
    const attempt = () => {
      try {
        return open(options, lock, aside, build)
      } catch (error) {
        if (aside !== null || !isDamageAtOpen(error)) throw error
        aside = moveAside(path, now())
        return open(options, lock, aside, build)
      }
    }
    try {
      const built = attempt()
      keepReserve(path)
      return built
    } catch (error) {
      if (!isFullAtOpen(error) || !giveUpReserve(path)) throw error
      return attempt()
    }
  } catch (error) {
    lock[Symbol.dispose]()
    throw error
  }
}

function open<Built>(
  options: LogFileOptions,
  lock: Disposable,
  aside: string | null,
  build: (file: LogFile) => Built,
): Built {
  const { path, maxFileBytes = null, checkedAtStartBytes = CHECKED_AT_START_BYTES } = options
  const { boot = bootId(), identity = identityOf } = options
  const db = openDatabase(path, maxFileBytes)
  let highWater: HighWater | null = null
  try {
    // First: on a full disk it is what makes room for the rest.
    checkpoint(db)
    const checked = statSync(path).size <= checkedAtStartBytes
    if (checked) requireWhole(db)
    // Onto the disk before anything is appended: with a loss of power it would go first, and nobody would know of one.
    db.exec('PRAGMA synchronous = FULL')
    const { began, ...place } = begin(db, { path, boot, identity })
    new LogRow(db).change({ open_under: boot })
    db.exec('PRAGMA synchronous = NORMAL')
    checkpoint(db)
    highWater = new HighWater(path, place.epoch, place.to)
    return build({ path, db, ...place, began: aside === null ? began : 'damage', aside, checked, highWater, lock })
  } catch (error) {
    highWater?.close()
    db.close()
    throw error
  }
}

function checkpoint(db: DatabaseSync): void {
  try {
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  } catch (error) {
    // The write-ahead log stays, and is read from.
    if (!isFull(error)) throw error
  }
}

type Begin = Required<Pick<LogFileOptions, 'path' | 'boot' | 'identity'>>

function begin(db: DatabaseSync, options: Begin): Pick<LogFile, 'epoch' | 'begins' | 'to' | 'began'> {
  const row = new LogRow(db)
  const fields = row.read()
  const { last } = db.prepare('SELECT max(position) AS last FROM entry').get() as { last: number | null }
  if (!fields) {
    if (last !== null) throw new Damage('the log lacks the row that says where it stands')
    const epoch = randomEpoch()
    row.write({ epoch, begins: 0, reached: 0, state_through: null, open_under: null })
    checkpoint(db)
    noteIdentity(db, options)
    return { epoch, begins: 0, to: 0, began: 'new' }
  }
  const to = Math.max(fields.reached, last ?? 0)
  const began = whyAnew(db, options, fields, to)
  if (began === null) {
    noteIdentity(db, options)
    return { epoch: fields.epoch, begins: fields.begins, to, began }
  }
  // What is stored stays for the state that is built from it; for consumers nothing before this place exists.
  const epoch = randomEpoch()
  row.change({ epoch, begins: to, reached: to })
  // Not before: a process that ended in between would leave a file that is taken for what it is not.
  noteIdentity(db, options)
  return { epoch, begins: to, to, began }
}

function whyAnew(db: DatabaseSync, options: Begin, fields: LogFields, to: number): Beginning | null {
  const { path, boot, identity } = options
  if (fields.open_under !== null && fields.open_under !== boot) {
    // Torn pages are likely then, and not to be believed for a moment.
    requireSound(db)
    return 'power'
  }
  const told = HighWater.read(path)
  if (told === null || told.epoch !== fields.epoch || told.position > to) return 'tail'
  // A copy in the place of the folder brings its marks with it, so that it is one only the file itself can say.
  const noted = notedIdentity(db)
  return noted && !isSameFile(noted, identity(path)) ? 'tail' : null
}

const IDENTITY = 'file'

function notedIdentity(db: DatabaseSync): FileIdentity | null {
  const text = notedText(db)
  return text === null ? null : (readJson(text) as FileIdentity)
}

function notedText(db: DatabaseSync): string | null {
  const row = db.prepare('SELECT value FROM note WHERE key = ?').get(IDENTITY) as { value: string } | undefined
  return row?.value ?? null
}

/** Again at each start: when the file was made its birth may not have been told from its last change. */
function noteIdentity(db: DatabaseSync, { path, identity }: Begin): void {
  const value = JSON.stringify(identity(path))
  if (value === notedText(db)) return
  db.prepare('INSERT OR REPLACE INTO note VALUES (?, ?, ?)').run(IDENTITY, value, sumOf(IDENTITY, value))
}
