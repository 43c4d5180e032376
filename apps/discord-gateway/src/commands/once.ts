import { LinkError } from '@repo/discord-integration/types'
import type { Asked } from '../audit.ts'
import { Revoked } from './revoked.ts'

/** What became of a command. */
export type Outcome = { ok: true; result: unknown } | { ok: false; error: LinkError }

/** What is known of a command that was begun. */
export type StoredCommand = {
  /** Tells the command and its payload from any other, without being them. */
  fingerprint: string
  /** When it was begun first, in ms since the epoch. */
  begunAt: number
  /** Null while it is being done; also for ever, where the process ended before it knew. */
  outcome: Outcome | null
  /** Who asked for it: until it is told what became of it. */
  asked?: Asked | undefined
}

/** Where commands and their outcomes are kept. */
export interface OutcomeStore {
  /** Null for one that is unknown or whose time is up. */
  get(key: string): StoredCommand | null
  /** Throws when it cannot be kept. */
  set(key: string, stored: StoredCommand, until: number, holder?: string): void
  delete(key: string): void
  /** The command that was begun last on a thing; null where none is known. */
  lastOn(thing: string): string | null
  setLastOn(thing: string, key: string, until: number, holder: string): void
}

export type OnceOptions = {
  /** A key is one requestId of one token. */
  key: string
  /** Whose request it is: who makes many crowds out none of the others'. */
  holder: string
  fingerprint: string
  keepMs: number
  /** How long after the first try another one does what that may have done, and not once more. Default: never. */
  repeatMs?: number
  /** What it changes: where another command was begun on that since, doing it again would undo what that has done. */
  thing?: string | undefined
  /** Finds out what became of one that was begun at that moment and never heard of again; null where nothing tells. */
  lookUp?: (begunAt: number) => Promise<unknown>
  /** Who asks, so that it can be told what became of it where the process ends before it knows. */
  asked?: Asked | undefined
  /** Hears that this request is not done: what it is answered is known, or another's that is under way. */
  onRepeat?: () => void
}

/**
 * The one who asks again with the same id, later or meanwhile, gets the same answer, and nothing is done twice.
 *
 * Before a command is done it is written down that it was begun, and afterwards what became of it: whatever crashes in
 * between, it is known that it may have been done.
 */
export class Once {
  readonly #store: OutcomeStore
  readonly #now: () => number
  readonly #onUnkept: (error: unknown) => void
  readonly #inFlight = new Map<string, { fingerprint: string; outcome: Promise<Outcome> }>()

  /** @param onUnkept hears of an outcome that could not be written down; it is answered all the same. */
  constructor(store: OutcomeStore, now = Date.now, onUnkept: (error: unknown) => void = () => {}) {
    this.#store = store
    this.#now = now
    this.#onUnkept = onUnkept
  }

  /**
   * @param execute does it; it is told whether it was tried before with an outcome that nobody knows.
   * @throws {LinkError} what `execute` threw, now or then; INVALID_MESSAGE where the id stands for another command;
   * OUTCOME_UNKNOWN where nobody knows what became of the first try and a second might do harm.
   */
  async run(options: OnceOptions, execute: (repeated: boolean) => Promise<unknown>): Promise<unknown> {
    const { key, fingerprint } = options
    const running = this.#inFlight.get(key)
    if (running) {
      if (running.fingerprint !== fingerprint) throw reused()
      const outcome = await running.outcome
      // It says nothing of who joined it.
      if (!outcome.ok && outcome.error instanceof Revoked) return await this.run(options, execute)
      options.onRepeat?.()
      return unwrap(outcome)
    }
    const outcome = this.#settle(options, execute)
    this.#inFlight.set(key, { fingerprint, outcome })
    try {
      return unwrap(await outcome)
    } finally {
      this.#inFlight.delete(key)
    }
  }

  /**
   * Does what nobody can ask for again. That it is under way is written down, where that can be, so that it can be told what
   * became of it.
   */
  async runUnasked(
    { key, holder, fingerprint, keepMs, thing, asked }: OnceOptions,
    execute: () => Promise<unknown>,
  ): Promise<unknown> {
    const begunAt = this.#now()
    const until = begunAt + keepMs
    if (asked) this.#keep(key, { fingerprint, begunAt, outcome: null, asked }, until, holder)
    this.#nowLastOn(thing, key, until, holder)
    try {
      return await execute()
    } finally {
      if (asked) this.#forget(key)
    }
  }

  /** Whether that command was begun under that key. */
  has(key: string, fingerprint: string): boolean {
    const known = this.#inFlight.get(key) ?? this.#store.get(key)
    return known?.fingerprint === fingerprint
  }

  /**
   * What became of that command, without doing anything: null where it was never begun.
   *
   * @throws {LinkError} what it was refused with, or OUTCOME_UNKNOWN.
   */
  again(key: string, fingerprint: string): Promise<unknown> | null {
    const running = this.#inFlight.get(key)
    if (running) return running.fingerprint === fingerprint ? running.outcome.then(unwrap) : null
    const stored = this.#store.get(key)
    if (stored?.fingerprint !== fingerprint) return null
    return Promise.resolve(stored.outcome ?? { ok: false as const, error: unknown() }).then(unwrap)
  }

  async #settle(options: OnceOptions, execute: (repeated: boolean) => Promise<unknown>): Promise<Outcome> {
    const { key, holder, fingerprint, keepMs, repeatMs = 0, thing, lookUp, asked, onRepeat } = options
    const stored = this.#store.get(key)
    if (stored && stored.fingerprint !== fingerprint) return { ok: false, error: reused() }
    if (stored?.outcome && !isUnknown(stored.outcome)) {
      onRepeat?.()
      return stored.outcome
    }
    const begunAt = stored?.begunAt ?? this.#now()
    const until = begunAt + keepMs
    const keep = (outcome: Outcome) => this.#keep(key, { fingerprint, begunAt, outcome }, until, holder)

    if (stored) {
      const isLast = thing === undefined || this.#store.lastOn(thing) === key
      if (!isLast || this.#now() >= begunAt + repeatMs) {
        const found = await lookUp?.(begunAt)
        const isFound = found !== undefined && found !== null
        onRepeat?.()
        return keep(isFound ? { ok: true, result: found } : (stored.outcome ?? { ok: false, error: unknown() }))
      }
    }
    const before = thing === undefined ? null : this.#store.lastOn(thing)
    if (!stored) this.#begin(options, { fingerprint, begunAt, outcome: null, asked }, until)
    else if (asked) this.#keep(key, { ...stored, asked }, until, holder)
    const tried = await outcomeOf(() => execute(stored !== null))
    if (tried.ok || !tried.error.retryable) return keep(tried)
    // That a later try did nothing does not say what the first did.
    if (stored) return keep(stored.outcome ?? { ok: false, error: unknown() })
    // It says of itself that nothing was done, and that it may go better: it was never begun.
    this.#store.delete(key)
    // Unless another was begun meanwhile, which waits, or is done by now.
    if (thing !== undefined && before !== null && this.#store.lastOn(thing) === key) {
      this.#store.setLastOn(thing, before, until, holder)
    }
    return tried
  }

  /** Where that cannot be written down it is done all the same: nobody could ask for it again. */
  #nowLastOn(thing: string | undefined, key: string, until: number, holder: string): void {
    if (thing === undefined) return
    try {
      this.#store.setLastOn(thing, key, until, holder)
    } catch (error) {
      this.#onUnkept(error)
    }
  }

  #forget(key: string): void {
    try {
      this.#store.delete(key)
    } catch (error) {
      this.#onUnkept(error)
    }
  }

  #begin({ key, holder, thing }: OnceOptions, stored: StoredCommand, until: number): void {
    try {
      this.#store.set(key, stored, until, holder)
      if (thing !== undefined) this.#store.setLastOn(thing, key, until, holder)
    } catch (error) {
      this.#onUnkept(error)
      const message = 'It could not be written down that the command is begun: it was not done'
      throw new LinkError('INTERNAL_ERROR', message, { retryable: true })
    }
  }

  #keep<Stored extends StoredCommand>(key: string, stored: Stored, until: number, holder: string): Stored['outcome'] {
    try {
      this.#store.set(key, stored, until, holder)
    } catch (error) {
      this.#onUnkept(error)
    }
    return stored.outcome
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

function unknown(): LinkError {
  const message =
    'The Gateway Service ended before it knew what became of the command: it may or may not have been done'
  return new LinkError('OUTCOME_UNKNOWN', message)
}

function reused(): LinkError {
  const message = 'already stands for another command'
  return new LinkError('INVALID_MESSAGE', `requestId: ${message}`, { issues: [{ path: 'requestId', message }] })
}
