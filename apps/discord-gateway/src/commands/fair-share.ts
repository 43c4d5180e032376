import { hasRoom } from './fair-room.ts'

/** https://docs.discord.com/developers/events/gateway#rate-limiting: 120 in 60 s, of which six are the session's own. */
const WINDOW_MS = 60_000
const SENDS_PER_WINDOW = 114

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
    const backends = [...this.#backends()]
    const hasRoomAfter = (gone: number) => {
      const taken = this.#taken.slice(gone).map((one) => one.backendId)
      return hasRoom(backendId, { places: SENDS_PER_WINDOW, taken, backends })
    }
    if (hasRoomAfter(0)) return 0
    // Not each of those that grow old makes room: what others did not use yet stays theirs.
    const last = this.#taken.find((_, index) => hasRoomAfter(index + 1))
    return (last?.at ?? now) + WINDOW_MS - now
  }

  take(backendId: string): void {
    this.#taken.push({ at: this.#now(), backendId })
  }
}
