/** A numbered dispatch, as it went over the wire. */
export interface Numbered {
  s: number
  frame: string
}

/** The last dispatches of a session, kept so that it can be resumed. Bounded: the oldest give way. */
export class ReplayBuffer {
  readonly #limit: number
  #entries: Numbered[] = []

  /** @param limit how many dispatches are kept */
  constructor(limit: number) {
    this.#limit = limit
  }

  push(entry: Numbered): void {
    this.#entries.push(entry)
    // Cut in halves: shifting one by one would move the whole buffer for every dispatch.
    if (this.#entries.length > this.#limit * 2) this.#entries = this.#entries.slice(-this.#limit)
  }

  /** What came after `s`, or undefined if some of it is no longer there. */
  after(s: number): Numbered[] | undefined {
    const kept = this.#entries.slice(-this.#limit)
    const oldest = kept[0]
    if (oldest && oldest.s > s + 1) return undefined
    return kept.filter((entry) => entry.s > s)
  }
}
