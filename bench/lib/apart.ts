import { setTimeout as sleep } from 'node:timers/promises'

/** What else a sender says, now and then, may be under way to some of them when it is looked. */
const LOOK_EVERY_MS = 20
const LOOKS_MAX = 50

/**
 * How many have read more or less than the first of them: those who are told the same, and were not.
 *
 * @param read what each has read, in bytes or events; asked after a round, so that nobody counts within it.
 */
export async function apart(read: () => readonly number[]): Promise<number> {
  const count = () => {
    const [first, ...others] = read()
    return others.filter((bytes) => bytes !== first).length
  }
  for (let looked = 0; looked < LOOKS_MAX && count() > 0; looked++) await sleep(LOOK_EVERY_MS)
  return count()
}
