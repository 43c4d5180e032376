import { hopsOf, type EventTimes, type Hops } from './event-times.ts'

/** So many events, and so far back, the figures are of. */
const KEPT = 1_000
const WINDOW_MS = 5 * 60_000
/** Of fewer, the slowest hundredth is no more than the slowest. */
const ENOUGH_FOR_P99 = 100

export type HopFigures = {
  /** Medians, in ms; null where not one event said. */
  gateway: number | null
  web: number | null
  browser: number | null
  total: { p50: number; p99: number | null } | null
}

type Sample = Hops & { at: number }

/** What the events of the last minutes took from station to station. */
export class HopMeter {
  #samples: Sample[] = []
  #added = 0
  #known: { now: number; added: number; figures: HopFigures } | null = null
  readonly #measured: (hops: Hops) => void

  /** @param measured told of each event what it took, in ms, as far as that is known. */
  constructor(measured: (hops: Hops) => void = () => {}) {
    this.#measured = measured
  }

  add(times: EventTimes): void {
    const hops = hopsOf(times)
    if (hops.gateway === null && hops.web === null && hops.browser === null) return
    this.#samples.push({ ...hops, at: times.browser })
    this.#added += 1
    this.#measured(hops)
    // In lumps: moving a thousand for each event would cost more than the event.
    if (this.#samples.length > KEPT * 1.25) this.#samples.splice(0, this.#samples.length - KEPT)
  }

  /** Of one moment and the same events they are reckoned once: several parts of a page ask with each report. */
  figures(now: number): HopFigures {
    if (this.#known?.now !== now || this.#known.added !== this.#added) {
      this.#known = { now, added: this.#added, figures: this.#reckon(now) }
    }
    return this.#known.figures
  }

  #reckon(now: number): HopFigures {
    const recent = this.#samples.slice(-KEPT).filter(({ at }) => at > now - WINDOW_MS)
    const of = (hop: keyof Hops) => recent.flatMap((sample) => sample[hop] ?? []).sort((a, b) => a - b)
    const total = of('total')
    const p50 = quantile(total, 0.5)
    const p99 = total.length < ENOUGH_FOR_P99 ? null : quantile(total, 0.99)
    return {
      gateway: quantile(of('gateway'), 0.5),
      web: quantile(of('web'), 0.5),
      browser: quantile(of('browser'), 0.5),
      total: p50 === null ? null : { p50, p99 },
    }
  }
}

/** By the nearest rank. */
function quantile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null
}
