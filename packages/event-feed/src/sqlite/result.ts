/** SQLite's primary result codes. https://sqlite.org/rescode.html */
const RESULT = {
  error: 1,
  busy: 5,
  readOnly: 8,
  corrupt: 11,
  full: 13,
  constraint: 19,
  mismatch: 20,
  notADatabase: 26,
} as const

/** The bytes are not what SQLite wrote: nothing that the file says can be believed. */
export class Damage extends Error {}

/**
 * What SQLite answers where the bytes are not its own. A constraint too: we never write what one of ours forbids. And
 * "read only", of a file that was opened for writing: its head says that it is of a format that can only be read.
 */
const DAMAGE: ReadonlySet<number | null> = new Set([
  RESULT.readOnly,
  RESULT.corrupt,
  RESULT.constraint,
  RESULT.mismatch,
  RESULT.notADatabase,
])

export function isDamage(error: unknown): boolean {
  if (error instanceof Damage) return true
  return DAMAGE.has(resultOf(error))
}

/** Of a file that is only read: then what could not be written says nothing. */
export function isCorrupt(error: unknown): boolean {
  return isDamage(error) && resultOf(error) !== RESULT.readOnly
}

/**
 * While a file is opened, "error" too, which then says "unsupported file format" and the like: what is asked of it is always
 * the same, and right.
 */
export function isDamageAtOpen(error: unknown): boolean {
  return isDamage(error) || resultOf(error) === RESULT.error
}

/** Nothing could be written: the disk, or the bound of the file, leaves no room. */
export function isFull(error: unknown): boolean {
  return resultOf(error) === RESULT.full
}

/** SQLite's own words for a file that threads share, and the system's for any other. */
const FULL_AT_OPEN: ReadonlySet<unknown> = new Set([/* SQLITE_IOERR_SHMSIZE */ 4874, 'ENOSPC', 'EDQUOT'])

/** Room is also wanted for what lies beside the database. https://sqlite.org/rescode.html#ioerr_shmsize */
export function isFullAtOpen(error: unknown): boolean {
  if (isFull(error)) return true
  return error instanceof Error && 'code' in error && FULL_AT_OPEN.has('errcode' in error ? error.errcode : error.code)
}

export function isBusy(error: unknown): boolean {
  return resultOf(error) === RESULT.busy
}

function resultOf(error: unknown): number | null {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : null
}
