import { setTimeout as sleep } from 'node:timers/promises'

/** Longer than the slowest contender takes for what is sent in a round of the default length. */
const LOST_MS = 180_000

/**
 * Looks each millisecond, sleeping in between: waiting must not count as work.
 *
 * @throws where it is not so in three minutes: something was lost, and what is measured then says nothing.
 */
export async function until(condition: () => boolean, withinMs = LOST_MS): Promise<void> {
  const from = performance.now()
  while (!condition()) {
    if (performance.now() - from > withinMs) throw new Error(`not so within ${withinMs / 1_000} s: something was lost`)
    await sleep(1)
  }
}
