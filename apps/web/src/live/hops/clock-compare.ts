/** Of so many answers the quickest is believed: its way leaves the least room for a difference. */
const KEPT = 8

/** A question to another clock: when it was asked and answered by one's own, and what the other showed in between. */
export type ClockReading = { askedAt: number; answeredAt: number; shown: number; by: string }

/**
 * How far another clock is from one's own, as network time is told (RFC 5905, section 8): the other's time is taken to be
 * that of the middle of the way, and the error is at most half of the way.
 */
export class ClockCompare {
  #readings: { way: number; difference: number }[] = []
  #by: string | null = null

  hear({ askedAt, answeredAt, shown, by }: ClockReading): void {
    // Another process, another clock.
    if (by !== this.#by) this.#readings = []
    this.#by = by
    const way = answeredAt - askedAt
    // One's own clock was set in between.
    if (way < 0) return
    this.#readings = [...this.#readings, { way, difference: shown - (askedAt + way / 2) }].slice(-KEPT)
  }

  /** What that clock shows more than one's own, in ms; null where it was not asked, or it is another one. */
  differenceOf(by: string): number | null {
    if (by !== this.#by || this.#readings.length === 0) return null
    return this.#readings.reduce((best, one) => (one.way < best.way ? one : best)).difference
  }
}
