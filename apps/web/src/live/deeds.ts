import type { DeedOutcome, Failure } from '../server/function-results.ts'
import { afterFailure } from './after-failure.ts'
import { failureOf, nothingDone } from './thrown.ts'

/** What a person has done to a message or a member. */
export type Deed =
  | { kind: 'edit'; channelId: string; messageId: string; content: string }
  | { kind: 'delete'; channelId: string; messageId: string }
  | { kind: 'react' | 'unreact'; channelId: string; messageId: string; emoji: string }
  /** To another voice channel; null: out of voice. */
  | { kind: 'move'; userId: string; channelId: string | null }
  | { kind: 'mute' | 'deafen'; userId: string; on: boolean }
  /** Until a moment, as ISO 8601 has it; null: no longer. */
  | { kind: 'timeout'; userId: string; until: string | null }

/** A deed that is under way, that was not done, or of which nobody knows whether it was. */
export type Doing = {
  requestId: string
  deed: Deed
  /** When it was asked for first, in ms since the epoch. */
  at: number
  state: 'pending' | 'failed' | 'unknown'
  /** Why it was not done; null unless it failed. `retryAt`: not before, in ms since the epoch. */
  failure: { code: string; text: string; missing: readonly string[]; retryAt: number | null } | null
  /** A try had an outcome that nobody knows: what turns back a later one on its way says nothing of that. */
  inDoubt: boolean
  /** The gateway keeps an answer for this id, and would only say it again. */
  answered: boolean
}

export type DeedsEnvironment = {
  act: (guildId: string, deed: Deed, requestId: string) => Promise<DeedOutcome>
  newId: () => string
  now: () => number
}

/** For so long the gateway does what nobody knows of again under its id, where it is as once (docs/PROTOCOL.md, "Once"). */
const ASKED_AGAIN_MS = 2 * 60_000

const none: readonly Doing[] = []

/**
 * What one does to a guild's messages and members. Nothing shows as done before the stream says so; here is what is asked for,
 * and what became of it if that was nothing.
 */
export class Deeds {
  readonly #guildId: string
  readonly #env: DeedsEnvironment
  readonly #listeners = new Set<() => void>()
  readonly #underWay = new Map<string, Promise<DeedOutcome>>()
  #items = none

  constructor(guildId: string, env: DeedsEnvironment) {
    this.#guildId = guildId
    this.#env = env
  }

  get items(): readonly Doing[] {
    return this.#items
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Asks for it. The same that is under way is not asked for twice. */
  async do(deed: Deed): Promise<DeedOutcome> {
    const known = this.#underWay.get(nameOf(deed))
    if (known) return await known
    const doing: Doing = {
      requestId: this.#env.newId(),
      deed,
      at: this.#env.now(),
      state: 'pending',
      failure: null,
      inDoubt: false,
      answered: false,
    }
    // What became of it before is of no interest any more.
    this.#set([...this.#items.filter((other) => nameOf(other.deed) !== nameOf(deed)), doing])
    return await this.#try(doing)
  }

  /** Again, under the same id for as long as no answer is kept for it: it is then done once, or it is said what became of it. */
  async retry(requestId: string): Promise<void> {
    const doing = this.#items.find((other) => other.requestId === requestId)
    if (doing === undefined || doing.state === 'pending') return
    const again = doing.answered ? { requestId: this.#env.newId(), at: this.#env.now(), answered: false } : {}
    const next: Doing = { ...doing, ...again, state: 'pending', failure: null }
    this.#set(this.#items.map((other) => (other === doing ? next : other)))
    await this.#try(next)
  }

  dismiss(requestId: string): void {
    this.#set(this.#items.filter((doing) => doing.requestId !== requestId || doing.state === 'pending'))
  }

  clear(): void {
    this.#set(none)
  }

  async #try(doing: Doing): Promise<DeedOutcome> {
    const { requestId, deed } = doing
    const asking = this.#env.act(this.#guildId, deed, requestId).catch(failureOf)
    this.#underWay.set(nameOf(deed), asking)
    const outcome = await asking
    this.#underWay.delete(nameOf(deed))
    const isTheSame = (other: Doing) => other.requestId === requestId
    this.#set(
      this.#items.flatMap((other) => {
        if (!isTheSame(other)) return [other]
        return outcome.ok ? [] : [this.#settled(other, outcome)]
      }),
    )
    return outcome
  }

  #settled(doing: Doing, outcome: Failure): Doing {
    const { code } = outcome
    const now = this.#env.now()
    const undone = afterFailure(outcome, doing, now - doing.at < ASKED_AGAIN_MS)
    if (undone.state === 'unknown') return { ...doing, ...undone }
    const text = outcome.message === '' ? (nothingDone[code] ?? 'It was refused.') : outcome.message
    const retryAt = outcome.retryAfter === undefined ? null : now + outcome.retryAfter * 1_000
    return { ...doing, ...undone, failure: { code, text, missing: outcome.missing ?? [], retryAt } }
  }

  #set(items: readonly Doing[]): void {
    this.#items = items
    for (const listener of this.#listeners) listener()
  }
}

const nameOf = (deed: Deed): string => JSON.stringify(Object.entries(deed).sort(([a], [b]) => (a < b ? -1 : 1)))
