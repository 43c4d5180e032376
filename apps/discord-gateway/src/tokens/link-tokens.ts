import { timingSafeEqual } from 'node:crypto'
import type { LinkToken } from './link-token.ts'
import { scopesKey } from './scopes.ts'
import { sha256 } from './token-text.ts'

const BEARER = /^Bearer +(\S+) *$/i

/** Timers count no longer than 24 days, and clocks are set: it is looked again at least so often. */
const LOOK_AGAIN_MS = 60_000

/** What is different after tokens were replaced: names, each once. */
export type TokenChanges = { added: string[]; revoked: string[]; changed: string[] }

/** The tokens that are valid now. They come and go while the process lives; who stands on one is told. */
export class LinkTokens {
  readonly #now: () => number
  readonly #listeners = new Set<() => void>()
  #tokens: readonly LinkToken[]
  #expiry: NodeJS.Timeout | undefined

  constructor(tokens: readonly LinkToken[], now: () => number = Date.now) {
    this.#now = now
    this.#tokens = tokens
    this.#awaitExpiry()
  }

  /**
   * The token of an `Authorization` header; null when it is nobody's.
   *
   * All are compared, by hash, so that all are of one length, and in constant time: how long an answer takes tells neither
   * how much of a token was right nor which one it was near.
   */
  check(authorization: string | undefined): LinkToken | null {
    const given = sha256(BEARER.exec(authorization ?? '')?.[1] ?? '')
    let found: LinkToken | null = null
    for (const token of this.#tokens) {
      if (timingSafeEqual(Buffer.from(token.hash, 'hex'), given)) found = token
    }
    return found && this.#isValid(found) ? found : null
  }

  /** What is known now of a token that was let in; null when it is valid no more. */
  get(hash: string): LinkToken | null {
    const token = this.#tokens.find((one) => one.hash === hash)
    return token && this.#isValid(token) ? token : null
  }

  /** From now on these are the tokens, and no other. */
  replace(tokens: readonly LinkToken[]): TokenChanges {
    const before = new Map(this.#tokens.map((token) => [token.hash, token]))
    const after = new Map(tokens.map((token) => [token.hash, token]))
    this.#tokens = tokens
    this.#changed()
    const isOther = (token: LinkToken) => {
      const known = before.get(token.hash)
      return known !== undefined && describe(known) !== describe(token)
    }
    return {
      added: namesOf(tokens.filter(({ hash }) => !before.has(hash))),
      revoked: namesOf([...before.values()].filter(({ hash }) => !after.has(hash))),
      changed: namesOf(tokens.filter(isOther)),
    }
  }

  /** Calls back when a token may have changed, or is valid no more. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener)
  }

  close(): void {
    clearTimeout(this.#expiry)
    this.#listeners.clear()
  }

  #isValid({ expiresAt }: LinkToken): boolean {
    return expiresAt === null || this.#now() < expiresAt
  }

  #changed(): void {
    this.#awaitExpiry()
    for (const listener of this.#listeners) listener()
  }

  #awaitExpiry(): void {
    clearTimeout(this.#expiry)
    const ahead = this.#tokens.flatMap((token) => (this.#isValid(token) ? (token.expiresAt ?? []) : []))
    if (ahead.length === 0) return
    const waitMs = Math.min(...ahead) - this.#now()
    this.#expiry = setTimeout(() => this.#changed(), Math.min(waitMs, LOOK_AGAIN_MS)).unref()
  }
}

function namesOf(tokens: readonly LinkToken[]): string[] {
  return [...new Set(tokens.map(({ backend }) => backend.name))].sort()
}

function describe({ backend, connectionsMax, expiresAt }: LinkToken): string {
  return JSON.stringify([backend.name, scopesKey(backend.scopes), connectionsMax, expiresAt])
}
