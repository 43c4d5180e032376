import { LinkError } from '@repo/discord-integration/types'

/** What became of a command. */
export type Outcome = { ok: true; result: unknown } | { ok: false; error: LinkError }

export type StoredOutcome = {
  /** Tells the command and its payload from any other, without being them. */
  fingerprint: string
  outcome: Outcome
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
}

/** The one who asks again with the same id, later or meanwhile, gets the same answer, and nothing is done twice. */
export class Once {
  readonly #store: OutcomeStore
  readonly #inFlight = new Map<string, { fingerprint: string; outcome: Promise<Outcome> }>()

  constructor(store: OutcomeStore) {
    this.#store = store
  }

  /** @throws {LinkError} what `execute` threw, now or then; INVALID_MESSAGE where the id stands for another command. */
  async run({ key, fingerprint, keepMs }: OnceOptions, execute: () => Promise<unknown>): Promise<unknown> {
    const running = this.#inFlight.get(key)
    if (running) {
      if (running.fingerprint !== fingerprint) throw reused()
      return unwrap(await running.outcome)
    }
    const outcome = this.#settle(key, fingerprint, keepMs, execute)
    this.#inFlight.set(key, { fingerprint, outcome })
    try {
      return unwrap(await outcome)
    } finally {
      this.#inFlight.delete(key)
    }
  }

  async #settle(key: string, fingerprint: string, keepMs: number, execute: () => Promise<unknown>): Promise<Outcome> {
    const stored = await this.#store.get(key)
    if (stored) return stored.fingerprint === fingerprint ? stored.outcome : { ok: false, error: reused() }
    const outcome = await outcomeOf(execute)
    // What says of itself that nothing was done, and that it may go better, is no outcome yet.
    if (outcome.ok || !outcome.error.retryable) await this.#store.set(key, { fingerprint, outcome }, keepMs)
    return outcome
  }
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
