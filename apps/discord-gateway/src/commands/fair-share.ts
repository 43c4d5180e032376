/** https://docs.discord.com/developers/events/gateway#rate-limiting: 120 in 60 s, of which six are the session's own. */
const WINDOW_MS = 60_000
const SENDS_PER_WINDOW = 114

/** So much of the window is promised to the backends in equal parts; the rest is whose comes first. */
const PROMISED = 0.5

/**
 * Divides what the bot may say in a minute on one shard's socket among the backends that are connected, so that one that says
 * much leaves the others their part.
 */
export class FairShare {
  readonly #backends: () => Iterable<string>
  readonly #now: () => number
  /** The oldest first. */
  #taken: { at: number; backendId: string }[] = []

  /** @param options.backends the ids of those that are connected now, each once or more often. */
  constructor(options: { backends: () => Iterable<string>; now: () => number }) {
    this.#backends = options.backends
    this.#now = options.now
  }

  /** How long a backend has to wait for another send, in ms; 0 for not at all. */
  waitMs(backendId: string): number {
    const now = this.#now()
    this.#taken = this.#taken.filter(({ at }) => at > now - WINDOW_MS)
    // Also who has gone meanwhile, and whose command is still to be done.
    const backends = new Set(this.#backends()).add(backendId)
    if (hasRoom(this.#taken, backendId, backends)) return 0
    // Not each of those that grow old makes room: what others did not use yet stays theirs.
    const last = this.#taken.find((_, index) => hasRoom(this.#taken.slice(index + 1), backendId, backends))
    return (last?.at ?? now) + WINDOW_MS - now
  }

  take(backendId: string): void {
    this.#taken.push({ at: this.#now(), backendId })
  }
}

function hasRoom(taken: readonly { backendId: string }[], backendId: string, backends: ReadonlySet<string>): boolean {
  if (taken.length >= SENDS_PER_WINDOW) return false
  const used = new Map<string, number>()
  for (const { backendId: id } of taken) used.set(id, (used.get(id) ?? 0) + 1)
  const unusedOf = (id: string) => Math.max(0, promised - (used.get(id) ?? 0))
  // Of very many each has one, as far as that goes.
  const promised = Math.max(1, Math.floor((SENDS_PER_WINDOW * PROMISED) / backends.size))
  if (unusedOf(backendId) > 0) return true
  const kept = [...backends].reduce((sum, id) => sum + unusedOf(id), 0)
  return taken.length + kept < SENDS_PER_WINDOW
}
