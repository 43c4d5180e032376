/** https://docs.discord.com/developers/events/gateway#rate-limiting: 120 in 60 s, of which six are the session's own. */
const WINDOW_MS = 60_000
const SENDS_PER_WINDOW = 114

/** So much of the window is promised to the backends in equal parts; the rest is whose comes first. */
const PROMISED = 0.5

/**
 * Divides what the bot may say in a minute among backends, so that one that says much leaves the others their part.
 * Counted over all shards together: with many, more is promised than one alone could be refused.
 */
export class FairShare {
  readonly #backends: () => number
  readonly #now: () => number
  #taken: { at: number; backendId: string }[] = []

  constructor(options: { backends: () => number; now: () => number }) {
    this.#backends = options.backends
    this.#now = options.now
  }

  /** How long a backend has to wait for another send, in ms; 0 for not at all. */
  waitMs(backendId: string): number {
    const now = this.#now()
    this.#taken = this.#taken.filter(({ at }) => at > now - WINDOW_MS)
    const promised = Math.floor((SENDS_PER_WINDOW * PROMISED) / Math.max(1, this.#backends()))
    const used = new Map<string, number>()
    for (const { backendId: id } of this.#taken) used.set(id, (used.get(id) ?? 0) + 1)
    if ((used.get(backendId) ?? 0) < promised) return 0
    // What others have been promised and have not used stays theirs.
    const others = Math.max(0, this.#backends() - 1)
    let kept = others * promised
    for (const [id, count] of used) if (id !== backendId) kept -= Math.min(count, promised)
    if (this.#taken.length + Math.max(0, kept) < SENDS_PER_WINDOW) return 0
    return (this.#taken[0]?.at ?? now) + WINDOW_MS - now
  }

  take(backendId: string): void {
    this.#taken.push({ at: this.#now(), backendId })
  }
}
