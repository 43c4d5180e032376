import type { OutcomeStore, StoredOutcome } from './once.ts'

/** Half an hour at 28 a second, for some 15 MB: a repeat after a broken connection comes within seconds. */
const OUTCOMES_MAX = 50_000

/** Outcomes for as long as the process lives. The oldest make room. */
export class MemoryOutcomes implements OutcomeStore {
  readonly #outcomes = new Map<string, { stored: StoredOutcome; until: number }>()
  readonly #max: number
  readonly #now: () => number

  constructor({ max = OUTCOMES_MAX, now = Date.now }: { max?: number; now?: () => number } = {}) {
    this.#max = max
    this.#now = now
  }

  async get(key: string): Promise<StoredOutcome | null> {
    const found = this.#outcomes.get(key)
    if (!found) return null
    if (found.until > this.#now()) return found.stored
    this.#outcomes.delete(key)
    return null
  }

  async set(key: string, stored: StoredOutcome, keepMs: number): Promise<void> {
    this.#outcomes.delete(key)
    this.#outcomes.set(key, { stored, until: this.#now() + keepMs })
    for (const oldest of this.#outcomes.keys()) {
      if (this.#outcomes.size <= this.#max) break
      this.#outcomes.delete(oldest)
    }
  }
}
