import { setTimeout as sleep } from 'node:timers/promises'

/**
 * What each has read, once nobody has read anything more for so long.
 *
 * @param stillMs longer than something that is written to all of them is under way.
 */
export async function atRest(read: () => readonly number[], stillMs: number): Promise<readonly number[]> {
  for (let before: readonly number[] = []; ;) {
    const now = read()
    if (now.every((one, index) => one === before[index])) return now
    before = now
    await sleep(stillMs)
  }
}
