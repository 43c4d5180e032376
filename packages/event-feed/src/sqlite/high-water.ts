import { closeSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { basename, dirname } from 'node:path'

/** What a mark says. */
export type Mark = { epoch: string; position: number }

/**
 * The highest position that anyone may have been told, beside the log in a file of its own. The log can lose its tail
 * without knowing: SQLite passes over a write-ahead log that is torn or missing, in silence, and a file may be put back
 * from a copy. Were positions then given twice, a consumer would be sent on from a place that is not its own.
 *
 * Written at each append and not forced to the disk: what a loss of power does, the boot's name tells.
 *
 * Each start and each orderly end begins another file, with a number in its name, and the one with the highest is believed: a copy
 * of an earlier time that is put back into the folder brings its own, and does not touch that one.
 */
export class HighWater {
  readonly #logPath: string
  readonly #epoch: string
  #fd: number
  #position: number

  /** Begins at a position of an epoch, whatever the marks before said. */
  constructor(logPath: string, epoch: string, position: number) {
    this.#logPath = logPath
    this.#epoch = epoch
    this.#position = position
    this.#fd = openSync(this.#begin(), 'r+')
    this.raise(position)
  }

  /** The file of the mark that is believed; null where there is none. */
  static fileOf(logPath: string): string | null {
    const number = numbersOf(logPath).at(-1)
    return number === undefined ? null : fileOf(logPath, number)
  }

  /** What that file says; null when there is none, or it says nothing that makes sense. */
  static read(logPath: string): Mark | null {
    const file = HighWater.fileOf(logPath)
    const [, epoch = '', position] = /^(\S+) (\d{16})\n$/.exec(file === null ? '' : readFileSync(file, 'utf8')) ?? []
    return position === undefined ? null : { epoch, position: Number(position) }
  }

  raise(position: number): void {
    this.#position = position
    writeSync(this.#fd, this.#text, 0)
  }

  close(): void {
    closeSync(this.#fd)
    this.#begin()
  }

  get #text(): string {
    return `${this.#epoch} ${String(this.#position).padStart(16, '0')}\n`
  }

  /** Another file that says the same, whole as soon as it is there. Answers which: on a full disk the last one goes on. */
  #begin(): string {
    const numbers = numbersOf(this.#logPath)
    const last = numbers.at(-1)
    const next = fileOf(this.#logPath, (last ?? 0) + 1)
    try {
      writeFileSync(`${next}.new`, this.#text)
      renameSync(`${next}.new`, next)
    } catch (error) {
      if (last === undefined) throw error
      return fileOf(this.#logPath, last)
    }
    for (const number of numbers) rmSync(fileOf(this.#logPath, number), { force: true })
    return next
  }
}

const fileOf = (logPath: string, number: number) => `${logPath}.high.${number}`

/** Of the marks that there are, the lowest first. */
function numbersOf(logPath: string): number[] {
  const prefix = basename(fileOf(logPath, 0)).slice(0, -1)
  return (
    readdirSync(dirname(logPath))
      .flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []))
      // As we write them: of another that somebody has made there would be no such file.
      .filter((number) => /^[1-9]\d{0,14}$/.test(number))
      .map(Number)
      .sort((a, b) => a - b)
  )
}
