import type { EventFilter } from './event-filter.ts'
import type { EventLog, LogRow } from './event-log.ts'

/** Rows as a list shows them, newest first. */
export type Rows = { readonly length: number; at: (index: number) => LogRow | undefined }

/**
 * The rows of a log that a filter lets pass, up to one of them. Each row is looked at once: five hundred come in a second,
 * and a filter by text reads a whole payload.
 */
export class ShownRows {
  #source: readonly LogRow[] | null = null
  #filter: EventFilter | null = null
  /** Oldest first. */
  #passed: LogRow[] = []
  /** The last row that was looked at. */
  #seen = 0

  /** @param upTo the `seq` of the last row that may be shown. */
  of(log: EventLog, filter: EventFilter | null, upTo: number): Rows {
    const { rows } = log
    if (rows !== this.#source || filter !== this.#filter || upTo < this.#seen) {
      this.#source = rows
      this.#filter = filter
      this.#passed = []
      this.#seen = 0
    }
    this.#drop(rows[0]?.seq ?? Number.POSITIVE_INFINITY)
    this.#take(rows, upTo)
    const passed = this.#passed
    const { length } = passed
    return { length, at: (index) => passed[length - 1 - index] }
  }

  /** What the log holds no more. */
  #drop(oldest: number): void {
    const gone = this.#passed.findIndex(({ seq }) => seq >= oldest)
    if (gone !== 0 && this.#passed.length > 0) this.#passed = gone === -1 ? [] : this.#passed.slice(gone)
  }

  #take(rows: readonly LogRow[], upTo: number): void {
    const first = rows.findLastIndex(({ seq }) => seq <= this.#seen) + 1
    // A list that is shown already keeps its rows: what is taken goes into another.
    const passed = first < rows.length ? [...this.#passed] : this.#passed
    for (const row of rows.slice(first)) {
      if (row.seq > upTo) break
      if (this.#filter === null || this.#filter(row)) passed.push(row)
      this.#seen = row.seq
    }
    this.#passed = passed
  }
}
