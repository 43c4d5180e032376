/** What is measured of an event's way: each hop, by the station that it leads to, and the way from Discord to the browser in all. */
export const HOPS = ['gateway', 'web', 'browser', 'total'] as const
export type Hop = (typeof HOPS)[number]

export function perHop<T>(make: (hop: Hop) => T): Record<Hop, T> {
  return Object.fromEntries(HOPS.map((hop) => [hop, make(hop)])) as Record<Hop, T>
}

/** How many events took as long as that bucket says; which it is, in ms, `latencyBucket` tells. */
export type LatencyCount = [bucket: number, count: number]

/** What a page measured since it told web last; a hop of which it measured nothing is empty. */
export type LatencyReport = Record<Hop, LatencyCount[]>
