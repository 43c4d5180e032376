import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** What SQLite keeps of one database. */
const SUFFIXES = ['', '-wal', '-shm']

/** Damaged files that are kept for whoever wants to look: the newest. More would fill the disk of a machine that fails. */
const KEPT = 2

/** The file was found damaged while it was open: the next start must not believe it. */
export function markDamaged(path: string): void {
  try {
    writeFileSync(markOf(path), '')
  } catch {
    // The disk takes nothing at all; then the next start has to find out for itself.
  }
}

export function isMarkedDamaged(path: string): boolean {
  return existsSync(markOf(path))
}

/** Puts the damaged database out of the way and answers where. What it held is not read again. */
export function moveAside(path: string, now: number): string {
  const aside = `${path}.damaged-${now}`
  for (const suffix of SUFFIXES) if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix)
  rmSync(markOf(path), { force: true })
  const prefix = `${basename(path)}.damaged-`
  const kept = readdirSync(dirname(path))
    .filter((name) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)))
    .sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
  for (const old of kept.slice(0, -KEPT)) {
    for (const suffix of SUFFIXES) rmSync(join(dirname(path), old + suffix), { force: true })
  }
  return aside
}

const markOf = (path: string) => `${path}.damaged`
