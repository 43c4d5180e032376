import { z } from 'zod'
import { ClockOffset } from '../../clock-offset.ts'
import type { Clock } from '../stream/stream-types.ts'

/** How often web is asked for its clock, in ms. At first more often: the quickest of several answers says most. */
const ASK_EVERY_MS = 60_000
const FIRST_ASKS_MS = [0, 400, 1_600] as const
/** Answers from before the last two askings say nothing of a clock that may have drifted meanwhile. */
const MAX_AGE_MS = 2.5 * ASK_EVERY_MS
/** Of so many web processes the clocks are kept: a page is served by one, and by another after it. */
const KEPT = 3

/** `GET /api/clock` */
const ClockSchema = z.object({ ts: z.number(), by: z.string() })

export type WebClockEnvironment = Clock & {
  /** What `/api/clock` answers with, and when it was asked and heard, by this browser's clock; rejects where it does not. */
  askClock: () => Promise<{ answer: unknown; askedAt: number; heardAt: number }>
  random: () => number
}

/**
 * How far web's clock is from this browser's: asked, and so known to within half of the quickest question's way. It is asked
 * for as long as somebody wants to know.
 */
export class WebClock {
  readonly #env: WebClockEnvironment
  readonly #offsets = new Map<string, ClockOffset>()
  #isAsking = false
  #wantedAt = 0

  constructor(env: WebClockEnvironment) {
    this.#env = env
  }

  /** What the clock of that web process shows more than this browser's, in ms; null while nobody knows. */
  aheadOf(by: string): number | null {
    this.#wantedAt = this.#env.now()
    if (!this.#isAsking) this.#askIn(0)
    return this.#offsets.get(by)?.at(this.#wantedAt) ?? null
  }

  /** @param asked how often it was asked since somebody wanted to know. */
  #askIn(asked: number): void {
    this.#isAsking = true
    // Not all pages at the same moment.
    const wait = FIRST_ASKS_MS[asked] ?? ASK_EVERY_MS * (0.9 + 0.2 * this.#env.random())
    this.#env.setTimer(() => {
      this.#isAsking = this.#env.now() - this.#wantedAt < ASK_EVERY_MS / 2
      if (!this.#isAsking) return
      this.#askIn(asked + 1)
      void this.#ask()
    }, wait)
  }

  async #ask(): Promise<void> {
    const heard = await this.#env.askClock().catch(() => null)
    const clock = ClockSchema.safeParse(heard?.answer)
    if (heard === null || !clock.success) return
    const { askedAt, heardAt } = heard
    const { ts: theirs, by } = clock.data
    const offset = this.#offsets.get(by) ?? new ClockOffset({ maxAgeMs: MAX_AGE_MS })
    // The one that was heard of last is the last to be forgotten.
    this.#offsets.delete(by)
    this.#offsets.set(by, offset)
    for (const one of this.#offsets.keys()) if (this.#offsets.size > KEPT) this.#offsets.delete(one)
    offset.hear({ askedAt, theirs, heardAt })
  }
}
