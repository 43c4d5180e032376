/** Late by more than this counts, once it has lasted for so long. Both as the page's wording says. */
const LATE_MS = 1_000
const LASTING_MS = 10_000

/**
 * How late words from the server come. Where nobody knows how far the two clocks are apart, the quickest word so far is taken as
 * on time, and what is measured is only how much later than that the others are: a lower bound, never a guess.
 */
export class LagMeter {
  #quickest = Number.POSITIVE_INFINITY
  #late = 0
  #lateSince: number | null = null

  /** @param ahead what the clock that `sentAt` is by shows more than that of `now`, in ms; null where nobody knows. */
  hear(sentAt: number, now: number, ahead: number | null): void {
    const way = now - sentAt
    this.#quickest = Math.min(this.#quickest, way)
    this.#late = ahead === null ? way - this.#quickest : way + ahead
    if (this.#late <= LATE_MS) this.#lateSince = null
    else this.#lateSince ??= now
  }

  /** How late events come, in ms; null while that is fine, or has not lasted. */
  lateMs(now: number): number | null {
    return this.#lateSince !== null && now - this.#lateSince >= LASTING_MS ? this.#late : null
  }

  /** What to add to a time of the server's clock to have it by this browser's: right but for the quickest way. */
  get offset(): number {
    return Number.isFinite(this.#quickest) ? this.#quickest : 0
  }

  reset(): void {
    this.#quickest = Number.POSITIVE_INFINITY
    this.#late = 0
    this.#lateSince = null
  }
}
