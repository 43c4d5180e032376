import { setTimeout as sleep } from 'node:timers/promises'

/** Looks every so often, sleeping in between: waiting must not count as work. */
export async function until(condition: () => boolean, everyMs = 1): Promise<void> {
  while (!condition()) await sleep(everyMs)
}
