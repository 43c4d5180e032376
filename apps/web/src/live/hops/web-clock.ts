import { z } from 'zod'
import { ClockOffset } from '../../clock-offset.ts'

/** How often web is asked for its clock, in ms. At first more often: the quickest of several answers says most. */
const ASK_EVERY_MS = 60_000
const FIRST_ASKS_MS = [0, 400, 1_600] as const
/** Answers from before the last two askings say nothing of a clock that may have drifted meanwhile. */
const MAX_AGE_MS = 2.5 * ASK_EVERY_MS
/** Of so many web processes the clocks are kept: a page is served by one, and by another after it. */
const KEPT = 3

/** `GET /api/clock` */
export const ClockSchema = z.object({ ts: z.number(), by: z.string() })

export type WebClockEnvironment = {
  /** What `/api/clock` answers with; rejects where it does not. */
  askClock: () => Promise<unknown>
  now: () => number
  random: () => number
  setTimer: (run: () => void, ms: number) => unknown
  clearTimer: (timer: unknown) => void
}

/** How far web's clock is from this browser's: asked, and so known to within half of the quickest question's way. */
export class WebClock {
  readonly #env: WebClockEnvironment
  readonly #offsets = new Map<string, ClockOffset>()
  #timer: unknown = null
  #asked = 0

  constructor(env: WebClockEnvironment) {
    this.#env = env
  }

  start(): void {
    this.#asked = 0
    this.#schedule()
  }

  stop(): void {
    this.#env.clearTimer(this.#timer)
  }

  /** What the clock of that web process shows more than this browser's, in ms; null while nobody knows. */
  aheadOf(by: string): number | null {
    return this.#offsets.get(by)?.at(this.#env.now()) ?? null
  }

  #schedule(): void {
    const first = FIRST_ASKS_MS[this.#asked]
    // Not all pages at the same moment.
    const wait = first ?? ASK_EVERY_MS * (0.9 + 0.2 * this.#env.random())
    this.#asked += 1
    this.#timer = this.#env.setTimer(() => {
      this.#schedule()
      void this.#ask()
    }, wait)
  }

  async #ask(): Promise<void> {
    const askedAt = this.#env.now()
    const answer = await this.#env.askClock().catch(() => null)
    const heardAt = this.#env.now()
    const clock = ClockSchema.safeParse(answer)
    if (!clock.success) return
    const { ts: theirs, by } = clock.data
    const offset = this.#offsets.get(by) ?? new ClockOffset({ maxAgeMs: MAX_AGE_MS })
    // The one that was heard of last is the last to be forgotten.
    this.#offsets.delete(by)
    this.#offsets.set(by, offset)
    for (const one of this.#offsets.keys()) if (this.#offsets.size > KEPT) this.#offsets.delete(one)
    offset.hear({ askedAt, theirs, heardAt })
  }
}
