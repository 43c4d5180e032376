import { FIGURE_RANGES, type FigureHistory, type FigureRange } from '@repo/discord-integration/types'
import type { Notes } from '@repo/event-feed'
import { z } from 'zod'
import { readNote } from '../notes.ts'
import { COUNTED, KeptRingSchema, Ring, type Counted, type Passed, type Point } from './ring.ts'

/** As many points as a plot has pixels for, twice over; of three steps, so that a day takes no more than half an hour. */
const POINTS = 180
const STEPS = { fine: 10_000, middle: 2 * 60_000, coarse: 8 * 60_000 } as const
const STEP_OF: Record<FigureRange, keyof typeof STEPS> = {
  '15m': 'fine',
  '30m': 'fine',
  '6h': 'middle',
  '24h': 'coarse',
}

const NOTE = 'figures history'
const KeptSchema = z.object({ rings: z.array(KeptRingSchema) })

/** The last day in fixed memory: some 100 KB. Beside the log it is a note of as much. */
export class History {
  readonly #rings: Record<keyof typeof STEPS, Ring> = {
    fine: new Ring(STEPS.fine, POINTS),
    middle: new Ring(STEPS.middle, POINTS),
    coarse: new Ring(STEPS.coarse, POINTS),
  }
  readonly #notes: Notes

  constructor(notes: Notes, now: number) {
    this.#notes = notes
    const kept = readNote(notes, NOTE, KeptSchema)
    for (const ring of kept?.rings ?? []) {
      for (const own of Object.values(this.#rings)) own.restore(ring, now)
    }
  }

  add(passed: Passed, now: number): void {
    for (const ring of Object.values(this.#rings)) ring.add(passed, now)
  }

  /** Throws where there is no room for it. */
  save(): void {
    const rings = Object.values(this.#rings).map((ring) => ring.keep())
    this.#notes.set(NOTE, JSON.stringify({ rings }, rounded))
  }

  /** The points of so long before now, the one that is not over among them. */
  of(range: FigureRange, now: number): FigureHistory {
    const ring = this.#rings[STEP_OF[range]]
    const { stepMs } = ring
    const last = ring.slotOf(now)
    const first = last - FIGURE_RANGES[range] / stepMs + 1
    const points = Array.from({ length: last - first + 1 }, (_, index) => ring.at(first + index))
    const series = (value: (point: Point) => number | null) =>
      points.map((point) => (point === null ? null : short(value(point))))
    const perSecond = (name: Counted) => {
      const index = COUNTED.indexOf(name)
      return series(({ counts, ms }) => ((counts[index] ?? 0) / ms) * 1_000)
    }
    return {
      range,
      step_ms: stepMs,
      from: first * stepMs,
      events: {
        messages: perSecond('messages'),
        presence: perSecond('presence'),
        voice: perSecond('voice'),
        reactions: perSecond('reactions'),
        other: perSecond('other'),
      },
      commands: { done: perSecond('done'), refused: perSecond('refused'), unknown: perSecond('unknown') },
      log_bytes: series(({ logBytes }) => logBytes),
      p50_ms: series(({ p50 }) => p50),
      p99_ms: series(({ p99 }) => p99),
    }
  }
}

/** As many digits as can be seen in a plot. */
const short = (value: number | null): number | null => (value === null ? null : Number(value.toPrecision(6)))

const rounded = (_key: string, value: unknown): unknown =>
  typeof value === 'number' ? Number(value.toPrecision(12)) : value
