/** The first wait of a series, and the longest, in ms. */
const FIRST_MS = 500
const LONGEST_MS = 10_000

/**
 * How long to wait before try `attempt` (1 is the first). Doubling, and the half of it left to chance: after a restart of
 * the server every page of the house comes back, and they should not all come in the same instant.
 */
export function backoffDelay(attempt: number, random: () => number): number {
  const most = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt - 1, 10))
  return Math.round(most * (0.5 + random() / 2))
}
