import { LinkError } from '@repo/discord-integration/types'
import { ATTEMPT_MIN_MS } from './deadline.ts'
import { FairQueue, turnIn } from './fair-queue.ts'
import { hasRoom } from './fair-room.ts'

/** How many commands of one channel or guild may be there at once: seconds of what Discord takes there. */
const LANE_PLACES = 64
/** And of all together: what Discord's 50 requests a second are enough for in the time that a command has. */
const ALL_PLACES = 300
const REQUESTS_PER_SECOND = 50
/** Of so many backends that each is kept a place, whoever is alone there still has this part of them. */
const FREE = 0.5

export type LanesOptions = {
  /** The ids of the backends that are connected, each once or more often: for them there has to be room. */
  backends?: () => Iterable<string>
  now?: () => number
}

/** What waits, or is being done: `taken` has an entry for each, whose it is. */
type Lane = { taken: string[]; waiting: FairQueue<string, () => void>; isBusy: boolean }

/**
 * Commands of one channel, or of one guild, one after the other; those of others go past them. Each backend's are done in the
 * order in which they come, and backends take turns.
 */
export class Lanes {
  readonly #backends: () => Iterable<string>
  readonly #now: () => number
  readonly #lanes = new Map<string, Lane>()
  readonly #taken: string[] = []

  constructor({ backends = () => [], now = Date.now }: LanesOptions = {}) {
    this.#backends = backends
    this.#now = now
  }

  /**
   * Runs the task when those before it in its lane are done.
   *
   * @throws {LinkError} RATE_LIMITED: too many are there, or its turn came too late; it was not run.
   */
  async run<Result>(
    name: string,
    { backendId, deadlineAt }: { backendId: string; deadlineAt: number },
    task: () => Promise<Result>,
  ): Promise<Result> {
    const backends = [...this.#backends()]
    const isRoom = (places: number, taken: readonly string[]) =>
      hasRoom(backendId, { places, taken, backends, keptMax: places * FREE })
    if (!isRoom(ALL_PLACES, this.#taken)) {
      const own = this.#taken.filter((id) => id === backendId).length
      throw crowded('of all channels and servers', (own * 1_000) / REQUESTS_PER_SECOND)
    }
    const lane: Lane = this.#lanes.get(name) ?? { taken: [], waiting: new FairQueue(), isBusy: false }
    if (!isRoom(LANE_PLACES, lane.taken)) {
      throw crowded(ONE_LANE, deadlineAt - this.#now())
    }
    this.#lanes.set(name, lane)
    for (const taken of [this.#taken, lane.taken]) taken.push(backendId)
    try {
      // Others that came later may have had their turn before.
      const leftMs = Math.max(0, deadlineAt - ATTEMPT_MIN_MS - this.#now())
      if (lane.isBusy) await turnIn(lane.waiting, backendId, leftMs, tooLate)
      lane.isBusy = true
      try {
        if (this.#now() + ATTEMPT_MIN_MS > deadlineAt) throw tooLate()
        return await task()
      } finally {
        const next = lane.waiting.shift()
        if (next) next()
        else lane.isBusy = false
      }
    } finally {
      for (const taken of [this.#taken, lane.taken]) taken.splice(taken.indexOf(backendId), 1)
      if (lane.taken.length === 0) this.#lanes.delete(name)
    }
  }
}

const ONE_LANE = 'for the same channel or server'

function tooLate(): LinkError {
  return crowded(ONE_LANE, ATTEMPT_MIN_MS)
}

function crowded(which: string, waitMs: number): LinkError {
  const message = `The commands before it, ${which}, leave no room in time: it was not done`
  return new LinkError('RATE_LIMITED', message, { retryAfter: Math.ceil(Math.max(waitMs, 1_000)) / 1000 })
}
