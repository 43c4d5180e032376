import { closeSync, constants, fstatSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'

/** What a mark says; `writtenAt` is null in that of an earlier release. */
export type Mark = { epoch: string; position: number; writtenAt: number | null }

/** A mark was written when it says so: the file system's clock and ours are read one after the other. */
const SAME_TIME_MS = 2_000

/**
 * The highest position that anyone may have been told, beside the log in a file of its own. The log can lose its tail
 * without knowing: SQLite passes over a write-ahead log that is torn or missing, in silence, and a file may be put back
 * from a copy. Were positions then given twice, a consumer would be sent on from a place that is not its own.
 *
 * Written at each append and not forced to the disk: what a loss of power does, the boot's name tells.
 *
 * It says when that was, by the file system's clock. Of a mark that was put back from a copy, be it into this very file, the
 * file system says another time, and nobody can set what it says (`st_ctime`).
 */
export class HighWater {
  readonly #fd: number
  readonly #epoch: string
  /** How much the file system's clock is ahead of ours: it may be another machine's. */
  #aheadMs = 0

  /** Begins at a position of an epoch, whatever the file said before. */
  constructor(path: string, epoch: string, position: number) {
    // Not emptied first: a process that ends just then would leave a file that says nothing.
    this.#fd = openSync(path, constants.O_RDWR | constants.O_CREAT)
    this.#epoch = epoch
    ftruncateSync(this.#fd, this.raise(position))
    this.#aheadMs = fstatSync(this.#fd).ctimeMs - Date.now()
    this.raise(position)
  }

  /** What the file at that path says; null when it says nothing that makes sense. */
  static read(path: string): Mark | null {
    try {
      const [, epoch = '', position, at] = /^(\S+) (\d{16})(?: (\d{16}))?\n$/.exec(readFileSync(path, 'utf8')) ?? []
      if (position === undefined) return null
      return { epoch, position: Number(position), writtenAt: at === undefined ? null : Number(at) }
    } catch {
      return null
    }
  }

  /** Answers how many bytes the file has. */
  raise(position: number): number {
    const [place, at] = [position, Math.round(Date.now() + this.#aheadMs)].map((one) => String(one).padStart(16, '0'))
    return writeSync(this.#fd, `${this.#epoch} ${place} ${at}\n`, 0)
  }

  /** Whether the mark was written when it says so; where either time is not known, it is believed. */
  static isOriginal({ writtenAt }: Mark, changedAt: number | null): boolean {
    return writtenAt === null || changedAt === null || Math.abs(writtenAt - changedAt) <= SAME_TIME_MS
  }

  close(): void {
    closeSync(this.#fd)
  }
}
