import { LinkError } from '@repo/discord-integration/types'
import { ATTEMPT_MIN_MS } from './deadline.ts'

/** How many commands of one channel or guild may wait: seconds of what Discord takes there. */
const WAITING_MAX = 64

/** Commands of one channel, or of one guild, one after the other; those of others go past them. */
export class Lanes {
  readonly #now: () => number
  readonly #lanes = new Map<string, { waiting: number; last: Promise<void> }>()

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  /**
   * Runs the task when those before it in its lane are done.
   *
   * @throws {LinkError} RATE_LIMITED: too many wait there, or its turn came too late; it was not run.
   */
  async run<Result>(lane: string, deadlineAt: number, task: () => Promise<Result>): Promise<Result> {
    const queue = this.#lanes.get(lane) ?? { waiting: 0, last: Promise.resolve() }
    if (queue.waiting >= WAITING_MAX) throw crowded(deadlineAt - this.#now())
    this.#lanes.set(lane, queue)
    queue.waiting += 1
    const { promise: done, resolve } = Promise.withResolvers<void>()
    const before = queue.last
    queue.last = done
    await before
    try {
      if (this.#now() + ATTEMPT_MIN_MS > deadlineAt) throw crowded(ATTEMPT_MIN_MS)
      return await task()
    } finally {
      queue.waiting -= 1
      if (queue.waiting === 0) this.#lanes.delete(lane)
      resolve()
    }
  }
}

function crowded(waitMs: number): LinkError {
  const message = 'The commands before it, for the same channel or server, leave no room in time: it was not done'
  return new LinkError('RATE_LIMITED', message, { retryAfter: Math.ceil(Math.max(waitMs, 1_000)) / 1000 })
}
