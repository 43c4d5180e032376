import { closeSync, constants, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'

/**
 * The highest position that anyone may have been told, beside the log in a file of its own. The log can lose its tail
 * without knowing: SQLite passes over a write-ahead log that is torn or missing, in silence, and a file may be put back
 * from a copy. Were positions then given twice, a consumer would be sent on from a place that is not its own.
 *
 * Written at each append and not forced to the disk: what a loss of power does, the boot's name tells.
 */
export class HighWater {
  readonly #fd: number
  readonly #epoch: string

  /** Begins at a position of an epoch, whatever the file said before. */
  constructor(path: string, epoch: string, position: number) {
    // Not emptied first: a process that ends just then would leave a file that says nothing.
    this.#fd = openSync(path, constants.O_RDWR | constants.O_CREAT)
    this.#epoch = epoch
    ftruncateSync(this.#fd, this.raise(position))
  }

  /** What the file at that path says; null when it says nothing that makes sense. */
  static read(path: string): { epoch: string; position: number } | null {
    try {
      const [, epoch = '', position] = /^(\S+) (\d{16})\n$/.exec(readFileSync(path, 'utf8')) ?? []
      return position === undefined ? null : { epoch, position: Number(position) }
    } catch {
      return null
    }
  }

  /** Answers how many bytes the file has. */
  raise(position: number): number {
    return writeSync(this.#fd, `${this.#epoch} ${String(position).padStart(16, '0')}\n`, 0)
  }

  close(): void {
    closeSync(this.#fd)
  }
}
