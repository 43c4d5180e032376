/** So much of a room is promised to the backends in equal parts; the rest is whose comes first. */
const PROMISED = 0.5

export type Room = {
  /** How many places there are. */
  places: number
  /** Of each place that is taken, whose it is. */
  taken: readonly string[]
  /** Who has to find room besides whoever asks. */
  backends: Iterable<string>
  /** How many places are kept at most for those who have less than their part. Default: as many as it takes. */
  keptMax?: number
}

/** Whether one place more is for a backend: one that takes much leaves the others their part. */
export function hasRoom(backendId: string, { places, taken, backends, keptMax = places }: Room): boolean {
  if (taken.length >= places) return false
  // Also who has gone meanwhile, and whose command is still to be done.
  const all = new Set(backends).add(backendId)
  const used = new Map<string, number>()
  for (const id of taken) used.set(id, (used.get(id) ?? 0) + 1)
  // Of very many each has one, as far as that goes.
  const promised = Math.max(1, Math.floor((places * PROMISED) / all.size))
  const unusedOf = (id: string) => Math.max(0, promised - (used.get(id) ?? 0))
  if (unusedOf(backendId) > 0) return true
  const kept = [...all].reduce((sum, id) => sum + unusedOf(id), 0)
  return taken.length + Math.min(kept, keptMax) < places
}
