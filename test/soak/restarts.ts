import type { Random } from '@repo/discord-simulator'
import type { Actor } from '../chaos/actor.ts'
import type { Cast } from '../chaos/cast.ts'

const SIGNALS = ['SIGTERM', 'SIGKILL'] as const
/** From the signal to the next start, at most, in ms: the supervisor's wait. */
const DOWN_MS = 2_000

export const WHOM = ['gateway', 'web'] as const
export type Whom = (typeof WHOM)[number]

/** Ends some of the processes now and then, in order or not, and starts them again. */
export class Restarts {
  readonly actors: readonly Actor[]
  /** How many of each kind, and how long each took from the signal until all was ready again, in ms. */
  readonly counts = new Map<string, number>()
  readonly tookMs: number[] = []
  readonly #cast: Cast
  readonly #random: Random
  readonly #everyMs: number
  #nextAt: number

  constructor(cast: Cast, random: Random, { whom, everyMs }: { whom: readonly Whom[]; everyMs: number }) {
    this.#cast = cast
    this.#random = random
    this.#everyMs = everyMs
    this.actors = whom.map((one) => cast.actor(one, 0))
    this.#nextAt = this.actors.length === 0 ? Infinity : performance.now() + everyMs
  }

  /** Restarts one, if it is time, and resolves when all are ready again. Nobody may be asked anything meanwhile. */
  async whenDue(): Promise<void> {
    if (performance.now() < this.#nextAt) return
    const actor = this.#random.pick(this.actors)
    const signal = this.#random.pick(SIGNALS)
    const from = performance.now()
    await actor.restart(signal, this.#random.int(0, DOWN_MS))
    await this.#cast.ready()
    this.tookMs.push(performance.now() - from)
    const name = `${signal} of ${actor.name}`
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1)
    this.#nextAt = performance.now() + this.#everyMs
  }
}
