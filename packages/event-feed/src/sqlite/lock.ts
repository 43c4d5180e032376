import { truncateSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { isBusy, isDamageAtOpen } from './result.ts'

/** A process that ends in order is gone within five seconds of being told; its successor waits for that. */
const WAIT_MS = 6_000
const LOOK_EVERY_MS = 50

/** Another process has the log open. */
export class LogInUse extends Error {}

/**
 * The right to a log, for as long as this process lives: two that append to one would give a position twice. It is the
 * operating system's own lock on a file beside the log, taken by way of SQLite, so it ends with the process however that
 * ends.
 *
 * @throws {LogInUse} when another one has it, and goes on having it.
 */
export async function takeLock(path: string, waitMs: number = WAIT_MS): Promise<Disposable> {
  let db = new DatabaseSync(path, { timeout: 0 })
  let emptied = false
  for (const deadline = performance.now() + waitMs; ;) {
    try {
      // Nothing is ever written, so nothing need be undone: a journal would want room on a full disk.
      db.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
      return { [Symbol.dispose]: () => db.close() }
    } catch (error) {
      // There is nothing in it but the lock. The file stays, since a process that has it open has its lock on that.
      if (isDamageAtOpen(error) && !emptied) {
        emptied = true
        db.close()
        truncateSync(path)
        db = new DatabaseSync(path, { timeout: 0 })
        continue
      }
      if (!isBusy(error) || performance.now() > deadline) {
        db.close()
        throw isBusy(error) ? new LogInUse(`another process has it open: ${path}`) : error
      }
    }
    await sleep(LOOK_EVERY_MS)
  }
}
