/**
 * Capped exponential backoff with full jitter above a floor: uniform between the floor and min(cap, base × growthⁿ).
 *
 * Full jitter, because it spreads a herd best: whatever cut all of them off at once, they come back evenly over the
 * whole window. The floor, because the lowest draws of many rounds would otherwise be a hammer.
 */
export class Backoff {
  readonly #baseMs: number
  readonly #capMs: number
  readonly #floorMs: number
  readonly #growth: number
  readonly #random: () => number
  #attempt = 0

  /** @param options.growth default: 2. Less for a peer that is mostly back soon, and at another try's cost. */
  constructor(options: { baseMs: number; capMs: number; floorMs: number; growth?: number; random: () => number }) {
    this.#baseMs = options.baseMs
    this.#capMs = options.capMs
    this.#floorMs = options.floorMs
    this.#growth = options.growth ?? 2
    this.#random = options.random
  }

  /** How many waits there were since the last reset. */
  get attempt(): number {
    return this.#attempt
  }

  /** How long to wait now, in ms. */
  next(): number {
    const ceiling = Math.min(this.#capMs, this.#baseMs * this.#growth ** this.#attempt)
    this.#attempt += 1
    return this.#between(ceiling)
  }

  /** The wait of a peer that will not have us until someone acts: the cap, spread. */
  slow(): number {
    this.#attempt += 1
    return Math.max(this.#capMs / 2, this.#between(this.#capMs))
  }

  reset(): void {
    this.#attempt = 0
  }

  #between(ceiling: number): number {
    return this.#floorMs + this.#random() * Math.max(0, ceiling - this.#floorMs)
  }
}
