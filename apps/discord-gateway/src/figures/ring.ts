import { LATENCY_BUCKETS, latencyQuantile } from '@repo/discord-integration/types'
import { z } from 'zod'

/** What is counted in each point, in this order. */
export const COUNTED = ['messages', 'presence', 'voice', 'reactions', 'other', 'done', 'refused', 'unknown'] as const
export type Counted = (typeof COUNTED)[number]

/** What is known of a stretch of time that has just passed. */
export type Passed = {
  /** How long it was, in ms. */
  ms: number
  counts: Readonly<Record<Counted, number>>
  logBytes: number
  latency: ArrayLike<number>
}

/** One point: of `ms` of its time it is known what happened. */
export type Point = { ms: number; counts: number[]; logBytes: number; p50: number | null; p99: number | null }

const nullable = z.number().nullable()
const PointSchema = z.object({
  ms: z.number().positive(),
  counts: z.array(z.number()).length(COUNTED.length),
  logBytes: z.number(),
  p50: nullable,
  p99: nullable,
})
export const KeptRingSchema = z.object({
  stepMs: z.number(),
  points: z.array(z.tuple([z.int(), PointSchema])),
  /** Of the newest point, which may not be over. */
  latency: z.array(z.number()).length(LATENCY_BUCKETS),
})
export type KeptRing = z.infer<typeof KeptRingSchema>

/**
 * The last points of time, evenly apart, each at its place by the clock: where nobody counted there is none. A clock that is
 * set back takes the points with it that would then lie ahead.
 */
export class Ring {
  readonly stepMs: number
  readonly size: number
  /** By the number of its step since the epoch, modulo the size. */
  readonly #points: ({ slot: number; point: Point } | undefined)[]
  /** Of the newest point: quantiles of parts cannot be put together, counts can. */
  #latency = new Float64Array(LATENCY_BUCKETS)
  #newest = -1

  constructor(stepMs: number, size: number) {
    this.stepMs = stepMs
    this.size = size
    this.#points = Array.from({ length: size }, () => undefined)
  }

  /** @param now the end of that stretch. */
  add({ ms, counts, logBytes, latency }: Passed, now: number): void {
    const slot = this.slotOf(now)
    if (slot !== this.#newest) {
      if (slot < this.#newest) this.#forgetAfter(slot)
      this.#latency.fill(0)
      this.#newest = slot
    }
    for (let bucket = 0; bucket < LATENCY_BUCKETS; bucket++) this.#latency[bucket]! += latency[bucket] ?? 0
    const before = this.at(slot)
    this.#points[slot % this.size] = {
      slot,
      point: {
        ms: (before?.ms ?? 0) + ms,
        counts: COUNTED.map((name, index) => (before?.counts[index] ?? 0) + counts[name]),
        logBytes,
        p50: latencyQuantile(this.#latency, 0.5) ?? before?.p50 ?? null,
        p99: latencyQuantile(this.#latency, 0.99) ?? before?.p99 ?? null,
      },
    }
  }

  /** In whose time lies what has just passed. */
  slotOf(now: number): number {
    return Math.ceil(now / this.stepMs) - 1
  }

  /** The point of that step; null where nothing is known of it. */
  at(slot: number): Point | null {
    const kept = this.#points[slot % this.size]
    return kept?.slot === slot ? kept.point : null
  }

  keep(): KeptRing {
    const points = this.#points.flatMap((kept) => (kept ? [[kept.slot, kept.point] as [number, Point]] : []))
    return { stepMs: this.stepMs, points, latency: [...this.#latency] }
  }

  /** What an earlier process kept, as far as it lies within what is kept now. */
  restore({ stepMs, points, latency }: KeptRing, now: number): void {
    if (stepMs !== this.stepMs) return
    const last = this.slotOf(now)
    for (const [slot, point] of points) {
      if (slot > last || slot <= last - this.size) continue
      this.#points[slot % this.size] = { slot, point }
      this.#newest = Math.max(this.#newest, slot)
    }
    if (this.#newest === last) this.#latency = Float64Array.from(latency)
  }

  #forgetAfter(slot: number): void {
    for (const [index, kept] of this.#points.entries()) if (kept && kept.slot > slot) this.#points[index] = undefined
  }
}
