import { chmodSync, chownSync, lstatSync, readlinkSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** Of a new file: what is in it is its owner's business. */
const NEW_MODE = 0o600
const PERMISSIONS = 0o7777

/**
 * Puts a text into a file, all or nothing: somebody may read it at any moment. What there is keeps its owner, group and mode,
 * and a symbolic link stays one, to the same file.
 *
 * @throws {Error} the system's; then nothing is changed. Whose file it is may be kept by them and by root alone.
 */
export function replaceFile(path: string, text: string): void {
  const target = targetOf(path)
  const before = statSync(target, { throwIfNoEntry: false })
  const beside = `${target}.${process.pid}.tmp`
  try {
    writeFileSync(beside, text, { mode: NEW_MODE, flag: 'wx' })
    if (before) {
      const { uid, gid } = statSync(beside)
      if (uid !== before.uid || gid !== before.gid) chownSync(beside, before.uid, before.gid)
      // After that: a change of owner takes bits of the mode away.
      chmodSync(beside, before.mode & PERMISSIONS)
    }
    renameSync(beside, target)
  } catch (error) {
    rmSync(beside, { force: true })
    throw error
  }
}

/** Where links lead to, also when there is nothing there yet. */
function targetOf(path: string): string {
  let target = resolve(path)
  // As many as Linux follows: https://man7.org/linux/man-pages/man7/path_resolution.7.html
  for (let links = 0; links < 40; links += 1) {
    if (!lstatSync(target, { throwIfNoEntry: false })?.isSymbolicLink()) return target
    target = resolve(dirname(target), readlinkSync(target))
  }
  throw new Error('its symbolic links lead in a circle')
}
