import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { FoundSession, Session, SessionStore } from './session-store.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** Whoever was away for so long signs in again. */
export const IDLE_MAX_MS = 7 * DAY_MS
/** And everyone does after so long, however busy. */
export const LIFE_MAX_MS = 30 * DAY_MS
/** How long a token is the same. */
export const ROTATE_AFTER_MS = 6 * 60 * MINUTE_MS
/** How long the token before is good once the new one was shown: for requests that were on their way. */
export const BEFORE_GRACE_MS = MINUTE_MS
/** That a session is used is written down at most so often. */
const TOUCH_EVERY_MS = MINUTE_MS

/** 32 random bytes: https://owasp.org/www-community/vulnerabilities/Insufficient_Session-ID_Length asks for 8. */
const TOKEN_BYTES = 32
const TOKEN = /^[A-Za-z0-9_-]{43}$/

/** What a browser holds, and what it stands for here. A token is told once, to the browser that it is for. */
export class Sessions {
  readonly #store: SessionStore
  readonly #now: () => number
  readonly #onUnwritten: (error: unknown) => void

  /** @param onUnwritten told of what could not be written down and costs nobody their session, as on a full disk. */
  constructor(store: SessionStore, now: () => number = Date.now, onUnwritten: (error: unknown) => void = () => {}) {
    this.#store = store
    this.#now = now
    this.#onUnwritten = onUnwritten
  }

  /** Begins a session under a token that nobody has had. What the browser showed before is for `end`. */
  async begin(user: Session['user'], guilds: Session['guilds'] = []): Promise<{ token: string; session: Session }> {
    const now = this.#now()
    await this.#store.prune(now - LIFE_MAX_MS, now - IDLE_MAX_MS)
    const session = { id: randomUUID(), user, guilds, createdAt: now, usedAt: now, rotatedAt: now }
    const token = newToken()
    await this.#store.add(session, hashOf(token))
    return { token, session }
  }

  /** The session of that token; null for one that is none, or has expired. */
  async read(token: string | null): Promise<Session | null> {
    const found = await this.#find(token)
    if (!found) return null
    const { session } = found
    const now = this.#now()
    if (now - session.usedAt >= TOUCH_EVERY_MS) await this.#store.touch(session.id, now).catch(this.#onUnwritten)
    return session
  }

  /**
   * Another token for the same session, where it is time for one; else null. The one that was shown stays good until the
   * new one has been seen, and a minute more: no request that is under way is refused, and no answer that is lost costs
   * a sign-in.
   */
  async renew(token: string | null): Promise<{ token: string; session: Session } | null> {
    const found = await this.#find(token)
    if (!found || token === null) return null
    const { session, by, beforeIsOpen } = found
    const now = this.#now()
    // By a token before that is open: the answer that brought the new one was lost, or is still on its way.
    const isDue =
      by === 'current'
        ? now >= session.rotatedAt + ROTATE_AFTER_MS
        : beforeIsOpen && now >= session.rotatedAt + BEFORE_GRACE_MS
    if (!isDue) return null
    const next = newToken()
    const isRotated = await this.#store.rotate(session, hashOf(token), hashOf(next), now).catch((error: unknown) => {
      this.#onUnwritten(error)
      return false
    })
    return isRotated ? { token: next, session } : null
  }

  /** Ends the session of that token, under every token that it has; the session that it was, if any. */
  async end(token: string | null): Promise<Session | null> {
    const found = await this.#find(token)
    if (!found) return null
    await this.#store.remove(found.session.id)
    return found.session
  }

  /** Those of these ids whose sessions have ended, here or at another web that has the same store. */
  ended(ids: readonly string[]): Promise<string[]> {
    return this.#store.missing(ids)
  }

  close(): Promise<void> {
    return this.#store.close()
  }

  async #find(token: string | null): Promise<FoundSession | null> {
    if (token === null || !TOKEN.test(token)) return null
    const now = this.#now()
    const found = await this.#store.find(hashOf(token), now)
    if (!found) return null
    const { session, by, beforeIsOpen } = found
    if (now >= expiryOf(session) || now - session.usedAt >= IDLE_MAX_MS) {
      await this.#store.remove(session.id).catch(this.#onUnwritten)
      return null
    }
    if (by === 'current' && beforeIsOpen) {
      await this.#store.closeBefore(session.id, now + BEFORE_GRACE_MS).catch(this.#onUnwritten)
    }
    return found
  }
}

/** When a session is over, however much it is used, in ms since the epoch. */
export const expiryOf = (session: Session): number => session.createdAt + LIFE_MAX_MS

const newToken = (): string => randomBytes(TOKEN_BYTES).toString('base64url')

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest()
