import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes a folder and those above it that are missing, for this user alone. Not `mkdirSync` with `recursive`: below a place where nothing can
 * be made and that says "no such folder", as `/proc` does, that tries for ever at a full core.
 *
 * @throws {NodeJS.ErrnoException} what the system says of the first folder that cannot be had.
 */
export function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return
  const above = dirname(path)
  if (above !== path) makeFolder(above)
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    // Another process was quicker.
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST' && statSync(path).isDirectory()) return
    throw error
  }
}
