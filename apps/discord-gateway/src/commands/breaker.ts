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

/** When to try again what comes while that one request has no answer yet, which may take as long as an attempt. */
const WHILE_ASKING_MS = 1_000

/** What Discord answered; `scope` is the answer's `x-ratelimit-scope`, null where it has none. */
export type Answered = { status: number; scope: string | null }

/** To be told once what a request came to; null where it has no answer. */
export type Ended = (answered: Answered | null) => void

/** Whose a refused request was; null for one of the gateway itself. */
type BackendId = string | null

/** Opens when Discord has refused too much, and lets nothing through while it is open. */
export class Breaker {
  readonly #now: () => number
  /** Refusals by the step of time that they fell into, the oldest first, and by whose they were. */
  #steps: { at: number; counts: Map<BackendId, number> }[] = []
  #unauthorized = { inARow: 0, until: 0 }
  #isAsking = false

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  /**
   * A request is to be sent.
   *
   * @param bearsToken with the bot's token. What is answered without it says nothing of the token.
   * @throws {BreakerOpen} it may not.
   */
  begin(backendId: BackendId, bearsToken = true): Ended {
    this.check(backendId)
    const asks = this.#isUnauthorized
    if (asks) this.#isAsking = true
    return (answered) => {
      if (asks) this.#isAsking = false
      if (answered) this.#answered(answered, backendId, bearsToken)
    }
  }

  /** @throws {BreakerOpen} a backend may send nothing now. */
  check(backendId: BackendId): void {
    const waitMs = this.waitMs(backendId)
    if (waitMs > 0) throw new BreakerOpen(waitMs)
  }

  /** How long a backend may send nothing, in ms; 0 while all is well. */
  waitMs(backendId: BackendId): number {
    const now = this.#now()
    this.#steps = this.#steps.filter(({ at }) => at > now - WINDOW_MS)
    const { until } = this.#unauthorized
    const unknown = now < until ? until - now : this.#isAsking && this.#isUnauthorized ? WHILE_ASKING_MS : 0
    return Math.max(this.#refusedMs(backendId), unknown)
  }

  /**
   * How long until few enough of the refusals are left, as they grow old. One backend's may be half of what the others have
   * left of all: so however many there are that are refused all the time, none stops those that are not.
   */
  #refusedMs(backendId: BackendId): number {
    let all = 0
    let own = 0
    // The newest first: it is the age of the oldest of too many that counts.
    for (const { at, counts } of this.#steps.toReversed()) {
      for (const [id, count] of counts) {
        all += count
        if (id === backendId) own += count
      }
      const others = all - own
      const isTooMuch = all >= MOST || (backendId !== null && own >= (MOST - others) / 2)
      if (isTooMuch) return at + WINDOW_MS - this.#now()
    }
    return 0
  }

  get #isUnauthorized(): boolean {
    return this.#unauthorized.inARow >= UNAUTHORIZED_MAX
  }

  #answered({ status, scope }: Answered, backendId: BackendId, bearsToken: boolean): void {
    // Of a token that failure of Discord's says nothing.
    if (status < 500 && bearsToken) {
      const inARow = status === 401 ? this.#unauthorized.inARow + 1 : 0
      this.#unauthorized = { inARow, until: inARow < UNAUTHORIZED_MAX ? 0 : this.#now() + AFTER_401_MS }
    }
    if (status !== 401 && status !== 403 && (status !== 429 || scope === 'shared')) return
    const at = Math.floor(this.#now() / STEP_MS) * STEP_MS
    let last = this.#steps.at(-1)
    if (last?.at !== at) this.#steps.push((last = { at, counts: new Map() }))
    last.counts.set(backendId, (last.counts.get(backendId) ?? 0) + 1)
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
