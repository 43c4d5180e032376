/**
 * Discord bans an address for a while after 10,000 requests within ten minutes that it answered 401, 403 or 429 (but for
 * 429 of a shared resource): https://docs.discord.com/developers/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans
 */
const WINDOW_MS = 10 * 60_000
/** A twentieth of that: other programs may share the address, and none of ours is worth the ban. */
const MOST = 500
const STEP_MS = 10_000

/** So many in a row say that Discord does not know the token: from then on one request asks again now and then. */
const UNAUTHORIZED_MAX = 3
const AFTER_401_MS = 30_000

/** Opens when Discord has refused too much, and lets nothing through while it is open. */
export class Breaker {
  readonly #now: () => number
  /** Refusals by the step of time that they fell into, the oldest first. */
  #steps: { at: number; count: number }[] = []
  #unauthorized = { inARow: 0, until: 0 }

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  /** How long nothing may be sent, in ms; 0 while all is well. */
  waitMs(): number {
    const now = this.#now()
    this.#steps = this.#steps.filter(({ at }) => at > now - WINDOW_MS)
    const refused = this.#steps.reduce((sum, { count }) => sum + count, 0)
    const tooMany = refused < MOST ? 0 : (this.#steps[0]?.at ?? now) + WINDOW_MS - now
    return Math.max(0, tooMany, this.#unauthorized.until - now)
  }

  /** @param scope `x-ratelimit-scope` of the answer; null where it has none. */
  answered(status: number, scope: string | null): void {
    const inARow = status === 401 ? this.#unauthorized.inARow + 1 : 0
    this.#unauthorized = { inARow, until: inARow < UNAUTHORIZED_MAX ? 0 : this.#now() + AFTER_401_MS }
    if (status !== 401 && status !== 403 && (status !== 429 || scope === 'shared')) return
    const at = Math.floor(this.#now() / STEP_MS) * STEP_MS
    const last = this.#steps.at(-1)
    if (last?.at === at) last.count += 1
    else this.#steps.push({ at, count: 1 })
  }
}

/** Nothing was sent: the breaker is open. */
export class BreakerOpen extends Error {
  readonly waitMs: number

  constructor(waitMs: number) {
    super('Discord has refused too much')
    this.waitMs = waitMs
  }
}
