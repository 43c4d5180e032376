/** What one round of one contender took. CPU is that of the measured process, all its threads, in microseconds. */
export type Sample = { events: number; wallMs: number; cpuUs: number }

export type Contender = { name: string; round: (forMs: number) => Promise<Sample> }

/**
 * How much longer the first turn is than those that count: a compiler that is not done yet is not what is measured. After
 * two turns what does most for an event still became faster by half in those that counted.
 */
const WARM_UP_TURNS = 5

/**
 * Rounds in turn, A B C A B C: whatever else the machine does falls on all alike, and a ratio is taken within a turn.
 * The first turn warms up and does not count.
 */
export async function interleave(
  contenders: readonly Contender[],
  { rounds, roundMs }: { rounds: number; roundMs: number },
): Promise<Map<string, Sample[]>> {
  for (const { name, round } of contenders) await named(name, round(roundMs * WARM_UP_TURNS))
  const samples = new Map<string, Sample[]>(contenders.map(({ name }) => [name, []]))
  for (let turn = 0; turn < rounds; turn++) {
    for (const { name, round } of contenders) samples.get(name)?.push(await named(name, round(roundMs)))
  }
  return samples
}

/** @throws {Error} what went wrong, with whose turn it was. */
export async function named<T>(contender: string, turn: Promise<T>): Promise<T> {
  try {
    return await turn
  } catch (error) {
    throw new Error(`${contender}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

export const perSecond = ({ events, wallMs }: Sample) => (events / wallMs) * 1_000
export const cpuUsPerEvent = ({ events, cpuUs }: Sample) => cpuUs / events

/** The middle of some figures, and the least and the most of them. */
export type Spread = { median: number; least: number; most: number }

export function spreadOf(figures: readonly number[]): Spread {
  const sorted = figures.toSorted((a, b) => a - b)
  const [low = NaN, high = low] = [
    sorted[Math.floor((sorted.length - 1) / 2)],
    sorted[Math.ceil((sorted.length - 1) / 2)],
  ]
  return { median: (low + high) / 2, least: sorted[0] ?? NaN, most: sorted.at(-1) ?? NaN }
}

/** The value below which that share of the sorted figures lies. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
}
