import { LinkError } from '@repo/discord-integration/types'
import type { Expiring } from '@repo/event-feed'
import { z } from 'zod'
import type { OutcomeStore, StoredCommand } from './once.ts'

const ErrorSchema = z.object({
  code: z.string(),
  message: z.string(),
  retryable: z.boolean(),
  discordCode: z.number().optional(),
  status: z.number().optional(),
  retryAfter: z.number().optional(),
  issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
})

const StoredSchema = z.object({
  fingerprint: z.string(),
  begunAt: z.number(),
  outcome: z
    .discriminatedUnion('ok', [
      z.object({ ok: z.literal(true), result: z.unknown().optional() }),
      z.object({ ok: z.literal(false), error: ErrorSchema }),
    ])
    .nullable(),
})

/** Commands and their outcomes beside the log, so that they outlive the process as it does. */
export class StoredOutcomes implements OutcomeStore {
  readonly #rows: Expiring

  constructor(rows: Expiring) {
    this.#rows = rows
  }

  /** Throws for a row that is not what was written: what became of that command cannot be known, and is not made up. */
  get(key: string): StoredCommand | null {
    const text = this.#rows.get(key)
    if (text === null) return null
    const { outcome, ...stored } = StoredSchema.parse(JSON.parse(text))
    if (outcome === null) return { ...stored, outcome }
    if (outcome.ok) return { ...stored, outcome: { ok: true, result: outcome.result } }
    const { code, message, ...options } = outcome.error
    return { ...stored, outcome: { ok: false, error: new LinkError(code, message, options) } }
  }

  set(key: string, { outcome, ...stored }: StoredCommand, until: number, holder: string): void {
    this.#rows.set(
      key,
      JSON.stringify({ ...stored, outcome: outcome?.ok === false ? refused(outcome.error) : outcome }),
      until,
      holder,
    )
  }

  delete(key: string): void {
    this.#rows.delete(key)
  }

  lastOn(thing: string): string | null {
    return this.#rows.get(`on ${thing}`)
  }

  setLastOn(thing: string, key: string, until: number, holder: string): void {
    this.#rows.set(`on ${thing}`, key, until, holder)
  }
}

function refused({ code, message, retryable, discordCode, status, retryAfter, issues }: LinkError) {
  return { ok: false, error: { code, message, retryable, discordCode, status, retryAfter, issues } }
}
