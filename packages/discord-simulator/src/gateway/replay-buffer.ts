import type { Clock } from '../clock.ts'

/** A numbered dispatch, as it went over the wire. */
export interface Numbered {
  s: number
  frame: string
}

export interface ReplayLimits {
  clock: Clock
  /** How many dispatches are kept. */
  count: number
  /** How long they are kept, in ms. */
  ageMs: number
}

/** The last dispatches of a session, kept so that it can be resumed. Bounded in number and time: the oldest give way. */
export class ReplayBuffer {
  readonly #limits: ReplayLimits
  #entries: (Numbered & { atMs: number })[] = []
  /** The number of the newest that is no longer there. */
  #lost = 0

  constructor(limits: ReplayLimits) {
    this.#limits = limits
  }

  push(s: number, frame: string): void {
    const { clock, count, ageMs } = this.#limits
    const atMs = clock.now()
    this.#entries.push({ s, frame, atMs })
    const oldest = this.#entries[0]?.atMs ?? atMs
    // Cut in halves: shifting one by one would move the whole buffer for every dispatch.
    if (this.#entries.length > count * 2 || atMs - oldest > ageMs * 2) this.#cut()
  }

  /** What came after `s`, or undefined if some of it is no longer there. */
  after(s: number): Numbered[] | undefined {
    this.#cut()
    if (s < this.#lost) return undefined
    return this.#entries.filter((entry) => entry.s > s)
  }

  #cut(): void {
    const { clock, count, ageMs } = this.#limits
    const eldest = clock.now() - ageMs
    const young = this.#entries.findIndex(({ atMs }) => atMs >= eldest)
    const first = Math.max(this.#entries.length - count, young === -1 ? this.#entries.length : young)
    this.#lost = this.#entries[first - 1]?.s ?? this.#lost
    this.#entries = this.#entries.slice(first)
  }
}
