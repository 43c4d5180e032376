import type { Dispatch } from '../world/types.ts'

export type Happening = Dispatch & { payload: object }

/** Something that will happen at a moment of the script's own time, which begins at 0. */
export interface Entry {
  atMs: number
  /** Looks at the world as it then is, and says what happens. May be nothing. */
  act: () => Happening[]
}

/** What is still to come, soonest first; of what falls on one moment, what was written down first. */
export class Agenda {
  #entries: Entry[] = []
  #nowMs = 0

  /** The moment of the entry last taken. */
  get nowMs(): number {
    return this.#nowMs
  }

  /** Writes something down for `inMs` milliseconds after {@link nowMs}. */
  add(inMs: number, act: Entry['act']): void {
    const atMs = this.#nowMs + inMs
    const place = this.#entries.findIndex((entry) => entry.atMs > atMs)
    this.#entries.splice(place === -1 ? this.#entries.length : place, 0, { atMs, act })
  }

  /** Takes the soonest entry, and moves time to it. Undefined when there is none. */
  take(): Entry | undefined {
    const entry = this.#entries.shift()
    if (entry) this.#nowMs = entry.atMs
    return entry
  }
}
