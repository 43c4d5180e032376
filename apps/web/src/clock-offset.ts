/** How old an answer may be that the offset is taken from, in ms: clocks that are set right drift apart by less than 1 ms in that. */
const MAX_AGE_MS = 30_000
/** Both clocks are read in whole ms. */
const ROUNDING_MS = 1

/** By our clock but for `theirs`, all in ms since the epoch. */
export type ClockAnswer = { readonly askedAt: number; readonly theirs: number; readonly heardAt: number }

/**
 * Another machine’s clock less ours. It was read between the question and the answer, so each answer says between which two
 * values the offset lies; the quickest of the last says it most exactly, and its middle is taken (the clock filter of
 * https://www.rfc-editor.org/rfc/rfc5905#section-10). An answer that contradicts that one says that a clock was set anew: what
 * was before counts no more.
 */
export class ClockOffset {
  readonly #maxAgeMs: number
  #answers: ClockAnswer[] = []

  constructor({ maxAgeMs = MAX_AGE_MS } = {}) {
    this.#maxAgeMs = maxAgeMs
  }

  hear(answer: ClockAnswer): void {
    // Our own clock was set back meanwhile.
    if (roundTrip(answer) < 0) return this.forget()
    const quickest = this.#quickest(answer.heardAt)
    if (quickest && contradicts(quickest, answer)) this.#answers = []
    this.#answers.push(answer)
  }

  /** In ms; null where there is no answer that is new enough. */
  at(now: number): number | null {
    const quickest = this.#quickest(now)
    return quickest && quickest.theirs - (quickest.askedAt + quickest.heardAt) / 2
  }

  /** It may be another’s clock from now on. */
  forget(): void {
    this.#answers = []
  }

  #quickest(now: number): ClockAnswer | null {
    this.#answers = this.#answers.filter(({ heardAt }) => Math.abs(now - heardAt) <= this.#maxAgeMs)
    return this.#answers.reduce<ClockAnswer | null>(
      (best, one) => (best === null || roundTrip(one) <= roundTrip(best) ? one : best),
      null,
    )
  }
}

const roundTrip = ({ askedAt, heardAt }: ClockAnswer): number => heardAt - askedAt

function contradicts(one: ClockAnswer, other: ClockAnswer): boolean {
  const least = Math.max(one.theirs - one.heardAt, other.theirs - other.heardAt)
  const most = Math.min(one.theirs - one.askedAt, other.theirs - other.askedAt)
  return least - most > 2 * ROUNDING_MS
}
