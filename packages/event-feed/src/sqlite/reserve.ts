import { randomBytes } from 'node:crypto'
import { rmSync, statSync, writeFileSync } from 'node:fs'

/** A start needs some pages, and what SQLite shares between threads: a tenth of this. */
const RESERVE_BYTES = 1024 * 1024

/**
 * Takes room on the disk, in a file beside the log, for a start that finds none: it writes a little before it can serve what it
 * knows, and what a process that ended in order has given back may be taken by somebody else.
 */
export function keepReserve(path: string): void {
  if (sizeOf(path) === RESERVE_BYTES) return
  try {
    // Noise: a file system that compresses would keep nothing for zeros.
    writeFileSync(reserveOf(path), randomBytes(RESERVE_BYTES))
  } catch {
    // As much as there is.
  }
}

/** Gives that room back. False: there is none. */
export function giveUpReserve(path: string): boolean {
  const hadAny = sizeOf(path) > 0
  rmSync(reserveOf(path), { force: true })
  return hadAny
}

const sizeOf = (path: string) => statSync(reserveOf(path), { throwIfNoEntry: false })?.size ?? 0
const reserveOf = (path: string) => `${path}.reserve`
