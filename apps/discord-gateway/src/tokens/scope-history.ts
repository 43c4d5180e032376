import type { EventPosition } from '@repo/discord-integration/types'
import type { EventLog, Notes } from '@repo/event-feed'
import { z } from 'zod'
import { readNote } from '../notes.ts'
import type { LinkToken } from './link-token.ts'
import { EVERY_SCOPE, scopesKey } from './scopes.ts'

const EVERYWHERE = scopesKey(EVERY_SCOPE)

/** The note. */
const KEY = 'link-scopes'

const PlaceSchema = z.object({ epoch: z.string(), position: z.int().nonnegative() })

/** By hash. `since` is null where it has been so for as long as anything is known. */
const HistorySchema = z.record(
  z.string(),
  z.object({ name: z.string(), scopes: z.string(), since: PlaceSchema.nullable() }),
)
type Era = z.output<typeof HistorySchema>[string]

/**
 * Where in the log each token's scopes became what they are. An id from before was told under others: what these passed
 * over would be missing for ever, and what the new ones no longer reach would stay with whoever has it.
 */
export class ScopeHistory {
  readonly #log: Pick<EventLog, 'epoch' | 'to'>
  readonly #notes: Notes
  #history: z.output<typeof HistorySchema>

  constructor(log: Pick<EventLog, 'epoch' | 'to'>, notes: Notes) {
    this.#log = log
    this.#notes = notes
    this.#history = readNote(notes, KEY, HistorySchema) ?? {}
  }

  /**
   * To be told of the tokens whenever they may have changed, also while no process ran.
   *
   * @throws what the notes throw; it is remembered all the same, for as long as the process lives.
   */
  record(tokens: readonly LinkToken[]): void {
    const before = this.#history
    this.#history = Object.fromEntries(tokens.map((token) => [token.hash, this.#eraOf(token, before)]))
    const text = JSON.stringify(this.#history)
    if (text !== JSON.stringify(before)) this.#notes.set(KEY, text)
  }

  #eraOf({ hash, backend: { name, scopes: given } }: LinkToken, before: Readonly<Record<string, Era>>): Era {
    const scopes = scopesKey(given)
    const known = before[hash]
    if (known?.scopes === scopes) return { ...known, name }
    const eras = Object.values(before)
    // A backend that changes from one token to the next comes with an id that the last one had.
    const last = eras.find((era) => era.scopes === scopes && (era.name === name || scopes === EVERYWHERE))
    if (!known && last) return { name, scopes, since: last.since }
    const { epoch, to: position } = this.#log
    return { name, scopes, since: eras.length === 0 ? null : { epoch, position } }
  }

  /** Null where the token never had other scopes. */
  since(hash: string): EventPosition | null {
    return this.#history[hash]?.since ?? null
  }
}
