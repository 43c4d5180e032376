import { LinkError } from '@repo/discord-integration/types'

/** What became of a command. */
export type Outcome = { ok: true; result: unknown } | { ok: false; error: LinkError }

export type StoredOutcome = {
  /** Tells the command and its payload from any other, without being them. */
  fingerprint: string
  outcome: Outcome
  /** Until when it may be tried again though nobody knows what became of it, in ms since the epoch. */
  repeatUntil?: number
}

/** Where outcomes are kept. */
export interface OutcomeStore {
  /** Null for one that is unknown or whose time is up. */
  get(key: string): Promise<StoredOutcome | null>
  set(key: string, stored: StoredOutcome, keepMs: number): Promise<void>
}

export type OnceOptions = {
  /** Whose request it is: a key is one requestId of one token. */
  key: string
  fingerprint: string
  keepMs: number
  /** How long after the first try another one does what that may have done, and not once more. Default: never. */
  repeatMs?: number
}

/** The one who asks again with the same id, later or meanwhile, gets the same answer, and nothing is done twice. */
export class Once {
  readonly #store: OutcomeStore
  readonly #now: () => number
  readonly #inFlight = new Map<string, { fingerprint: string; outcome: Promise<Outcome> }>()

  constructor(store: OutcomeStore, now = Date.now) {
    this.#store = store
    this.#now = now
  }

  /** @throws {LinkError} what `execute` threw, now or then; INVALID_MESSAGE where the id stands for another command. */
  async run(options: OnceOptions, execute: (repeated: boolean) => Promise<unknown>): Promise<unknown> {
    const { key, fingerprint } = options
    const running = this.#inFlight.get(key)
    if (running) {
      if (running.fingerprint !== fingerprint) throw reused()
      return unwrap(await running.outcome)
    }
    const outcome = this.#settle(options, execute)
    this.#inFlight.set(key, { fingerprint, outcome })
    try {
      return unwrap(await outcome)
    } finally {
      this.#inFlight.delete(key)
    }
  }

  async #settle(options: OnceOptions, execute: (repeated: boolean) => Promise<unknown>): Promise<Outcome> {
    const { key, fingerprint, keepMs, repeatMs = 0 } = options
    const stored = await this.#store.get(key)
    if (stored && stored.fingerprint !== fingerprint) return { ok: false, error: reused() }
    const now = this.#now()
    const { repeatUntil = now + repeatMs } = stored ?? {}
    if (stored && !(isUnknown(stored.outcome) && now < repeatUntil)) return stored.outcome
    const tried = await outcomeOf(() => execute(stored !== null))
    // That a later try did nothing does not say what the first did.
    const outcome = stored && !tried.ok && tried.error.retryable ? stored.outcome : tried
    // What says of itself that nothing was done, and that it may go better, is no outcome yet.
    if (outcome.ok || !outcome.error.retryable)
      await this.#store.set(key, { fingerprint, outcome, ...(isUnknown(outcome) ? { repeatUntil } : {}) }, keepMs)
    return outcome
  }
}

function isUnknown(outcome: Outcome): boolean {
  return !outcome.ok && outcome.error.code === 'OUTCOME_UNKNOWN'
}

async function outcomeOf(execute: () => Promise<unknown>): Promise<Outcome> {
  try {
    return { ok: true, result: await execute() }
  } catch (error) {
    if (error instanceof LinkError) return { ok: false, error }
    throw error
  }
}

function unwrap(outcome: Outcome): unknown {
  if (outcome.ok) return outcome.result
  throw outcome.error
}

function reused(): LinkError {
  const message = 'already stands for another command'
  return new LinkError('INVALID_MESSAGE', `requestId: ${message}`, { issues: [{ path: 'requestId', message }] })
}
