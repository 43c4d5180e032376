import { LinkError } from '@repo/discord-integration/types'
import type { Expiring } from '@repo/event-feed'
import { z } from 'zod'
import type { Asked } from '../audit.ts'
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

const AskedSchema = z.object({
  backend: z.string(),
  command: z.string(),
  guild: z.string().optional(),
  channel: z.string().optional(),
  requestId: z.string().optional(),
  actor: z.string().optional(),
}) satisfies z.ZodType<Asked>

const StoredSchema = z.object({
  asked: AskedSchema.optional(),
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
  readonly #onUnkept: (error: unknown) => void
  /** Those of this process of which it is not told yet what became of them. */
  readonly #untold = new Map<string, number>()

  /** @param onUnkept hears that it could not be written down that a command was told of. */
  constructor(rows: Expiring, onUnkept: (error: unknown) => void = () => {}) {
    this.#rows = rows
    this.#onUnkept = onUnkept
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

  set(key: string, { asked, outcome, ...stored }: StoredCommand, until: number, holder?: string): void {
    // In front, where it is looked for.
    const row = { asked, ...stored, outcome: outcome?.ok === false ? refused(outcome.error) : outcome }
    this.#rows.set(key, JSON.stringify(row), until, holder)
    if (asked) this.#untold.set(key, until)
    else this.#untold.delete(key)
  }

  delete(key: string): void {
    this.#rows.delete(key)
    this.#untold.delete(key)
  }

  /**
   * Tells of each command that was under way when an earlier process ended, and did not say what became of it. Once: but where
   * that cannot be written down, at the next start again.
   */
  tellUntold(tell: (asked: Asked, begunAt: number) => void): void {
    for (const { key, until } of this.#rows.beginningWith('{"asked":')) {
      const { asked, begunAt } = this.get(key) ?? {}
      if (!asked || begunAt === undefined) continue
      tell(asked, begunAt)
      this.#forgetAsked(key, until)
    }
  }

  /** It has been told of every command of this process what became of it, or that nobody knows. */
  allTold(): void {
    for (const [key, until] of this.#untold) this.#forgetAsked(key, until)
  }

  #forgetAsked(key: string, until: number): void {
    try {
      const stored = this.get(key)
      if (stored) this.set(key, { ...stored, asked: undefined }, until)
    } catch (error) {
      this.#onUnkept(error)
    }
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
