import type { EntryTable, Mark } from './entry-table.ts'

/** Entries whose age is looked up at once. */
const MARKS_AT_ONCE = 256

/**
 * An append deletes twice what it brings, and a little, of what has fallen off: this keeps up, and nobody waits for it. Fewer
 * wait for others: each by itself would write the same pages anew, a quarter of what a lone append costs.
 */
const SWEPT_PER_POSITION = 2
const SWEPT_AT_LEAST = 16

/** Where there is no room: some tenths of a second, at most. */
const SWEPT_FOR_ROOM = 4_096

/**
 * Where the log begins. An entry falls off at once when it is too old or one too much; its row is deleted some appends
 * later, since deleting many at once would hold up whoever appends.
 */
export class Retention {
  /** Exclusive: what is up to here has fallen off. */
  from: number
  /** How many entries have not. */
  count: number
  readonly #entries: EntryTable
  readonly #bounds: { maxAgeMs: number; maxBytes: number; now: () => number }
  #bytesFrom: number
  #swept: number
  /** The marks of the oldest entries, the next to fall off first. */
  #oldest: Mark[] = []

  constructor(entries: EntryTable, begins: number, bounds: { maxAgeMs: number; maxBytes: number; now: () => number }) {
    this.#entries = entries
    this.#bounds = bounds
    this.#swept = entries.first?.before ?? begins
    this.from = Math.max(begins, this.#swept)
    this.#bytesFrom = entries.markAt(this.from)?.bytesThrough ?? entries.first?.bytesBefore ?? 0
    this.count = entries.countAfter(this.from)
  }

  /** The bytes of what has not fallen off. */
  bytes(bytesThrough: number): number {
    return bytesThrough - this.#bytesFrom
  }

  trim(bytesThrough: number): void {
    const oldestTs = this.#bounds.now() - this.#bounds.maxAgeMs
    while (this.count > 0) {
      if (this.#oldest.length === 0) this.#oldest = this.#entries.marksAfter(this.from, MARKS_AT_ONCE).toReversed()
      const mark = this.#oldest.at(-1)
      if (!mark || (mark.ts >= oldestTs && this.bytes(bytesThrough) <= this.#bounds.maxBytes)) return
      this.#oldest.pop()
      this.from = mark.position
      this.#bytesFrom = mark.bytesThrough
      this.count--
    }
  }

  /**
   * Deletes some rows of what has fallen off, within the caller's transaction; the answer is to be given to `swept` when
   * that is committed.
   *
   * @param keep what lies after this is needed all the same.
   */
  sweep(positions: number, keep: number): number {
    const through = this.#due(positions * SWEPT_PER_POSITION + SWEPT_AT_LEAST, keep)
    return through - this.#swept < SWEPT_AT_LEAST ? this.#swept : this.#delete(through)
  }

  /** The same, however few have fallen off, and of many as many as make room. */
  sweepMany(keep: number): number {
    return this.#delete(this.#due(SWEPT_FOR_ROOM, keep))
  }

  swept(through: number): void {
    this.#swept = through
  }

  #due(positions: number, keep: number): number {
    return Math.max(this.#swept, Math.min(this.from, keep, this.#swept + positions))
  }

  #delete(through: number): number {
    if (through > this.#swept) this.#entries.delete(this.#swept, through)
    return through
  }
}
