import type { FigureHistory, FigureRange, Figures } from '@repo/discord-integration/types'
import type { HopReport } from '../../hop-report.ts'
import type { OpsReport } from '../../ops-report.ts'

/** Pages ask every second; of what is as young as this they all get the same. */
const FIGURES_FRESH_MS = 500
/** A point of a history is ten seconds at the least. */
const HISTORY_FRESH_MS = 5_000
/** A healthy gateway answers from memory. Whoever looks is told of the last known after this. */
const ANSWER_WITHIN_MS = 1_500
/** Whoever looks asks every second: after this nobody does. */
const WATCHED_MS = 5_000

export type OpsSource = {
  /** Asks the gateway. Rejects where it does not answer in time. */
  ask(history: FigureRange | undefined, options: { deadlineMs: number }): Promise<Figures>
  hops: { report(): HopReport; subscribe(listener: () => void): () => void }
  /** What pages of this process measured lately. */
  took(): OpsReport['took']
  streams(): number
}

type Kept<T> = { at: number; value: T }

/**
 * What the gateway counts, for whoever looks: it is asked one question at a time and at most twice a second, however many they
 * are, and not at all while nobody does.
 */
export class OpsReader {
  readonly #source: OpsSource
  readonly #now: () => number
  #figures: Kept<Figures> | null = null
  readonly #histories = new Map<FigureRange, Kept<FigureHistory>>()
  /** When it was asked last, answered or not. */
  #askedAt = -Infinity
  readonly #askedFor = new Map<FigureRange, number>()
  #asking: Promise<void> | null = null
  #watch: { stop: () => void; timer: NodeJS.Timeout } | null = null

  constructor(source: OpsSource, now: () => number = Date.now) {
    this.#source = source
    this.#now = now
  }

  /** @param has the history that the page has, by its `historyAt`. */
  async read(range: FigureRange, has: number | null): Promise<OpsReport> {
    this.#watched()
    while (this.#asking !== null || !this.#isFresh(range)) {
      this.#asking ??= this.#ask(range)
      await this.#asking
    }
    const history = this.#histories.get(range) ?? null
    return {
      figures: this.#figures?.value ?? null,
      heardAt: this.#figures?.at ?? null,
      history: history === null || history.at === has ? null : history.value,
      historyAt: history?.at ?? null,
      hops: this.#source.hops.report(),
      took: this.#source.took(),
      streams: this.#source.streams(),
    }
  }

  close(): void {
    clearTimeout(this.#watch?.timer)
    this.#watch?.stop()
    this.#watch = null
  }

  #isFresh(range: FigureRange): boolean {
    const now = this.#now()
    const isYoung = now - this.#askedAt < FIGURES_FRESH_MS
    return isYoung && now - (this.#askedFor.get(range) ?? -Infinity) < HISTORY_FRESH_MS
  }

  async #ask(range: FigureRange): Promise<void> {
    const wantsHistory = this.#now() - (this.#askedFor.get(range) ?? -Infinity) >= HISTORY_FRESH_MS
    try {
      const answer = await this.#source.ask(wantsHistory ? range : undefined, { deadlineMs: ANSWER_WITHIN_MS })
      const { history, ...figures } = answer
      this.#figures = { at: this.#now(), value: figures }
      if (history) this.#histories.set(range, { at: this.#now(), value: history })
    } catch {
      // The hops say that it is away, and `heardAt` since when nothing is known.
    } finally {
      this.#askedAt = this.#now()
      if (wantsHistory) this.#askedFor.set(range, this.#askedAt)
      this.#asking = null
    }
  }

  /** The hops are looked at as long as somebody looks at them. */
  #watched(): void {
    if (this.#watch) {
      this.#watch.timer.refresh()
      return
    }
    const stop = this.#source.hops.subscribe(() => {})
    this.#watch = { stop, timer: setTimeout(() => this.close(), WATCHED_MS).unref() }
  }
}
