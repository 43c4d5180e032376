import { createHash } from 'node:crypto'
import type { World } from '../world/world.ts'

/** How long a code can be exchanged. */
export const CODE_LIFE_MS = 10 * 60_000
/** How long an access token lasts: https://docs.discord.com/developers/topics/oauth2#authorization-code-grant-access-token-response */
export const TOKEN_LIFE_MS = 604_800_000

/** What a code was given for. */
export interface Asked {
  userId: string
  scopes: readonly string[]
  redirectUri: string
  /** Of PKCE (S256), if it was used. */
  challenge: string | undefined
}

/** What somebody has granted. */
export interface Grant {
  userId: string
  scopes: readonly string[]
  accessToken: string
  /** Null where none is given: https://docs.discord.com/developers/topics/oauth2#implicit-grant */
  refreshToken: string | null
  expiresMs: number
}

/** Who has granted what: codes that wait to be exchanged, and tokens. */
export class Grants {
  readonly #world: World
  readonly #codes = new Map<string, Asked & { atMs: number }>()
  readonly #grants = new Map<string, Grant>()
  /** By user, the scopes to which they have said yes. */
  readonly #approved = new Map<string, Set<string>>()

  constructor(world: World) {
    this.#world = world
  }

  /** A code, good once and for a while. */
  ask(asked: Asked): string {
    const code = this.#world.random.hex(30)
    this.#codes.set(code, { ...asked, atMs: this.#world.clock.now() })
    this.#approve(asked)
    return code
  }

  /** A token at once, without a code before it and without another to refresh it by. */
  give(asked: Pick<Grant, 'userId' | 'scopes'>): Grant {
    this.#approve(asked)
    return this.#make(asked, false)
  }

  /** Whether somebody has said yes to all this before. */
  isApproved(userId: string, scopes: readonly string[]): boolean {
    return scopes.every((scope) => this.#approved.get(userId)?.has(scope) === true)
  }

  /** Whether a code can be exchanged by who proves only that it was theirs to ask for. */
  isChallenged(code: string): boolean {
    return this.#codes.get(code)?.challenge !== undefined
  }

  /** Undefined if the code is unknown, used or old, or comes with another redirect or without what PKCE asks for. */
  exchange(code: string, redirectUri: string, verifier: string | undefined): Grant | undefined {
    const asked = this.#codes.get(code)
    // Used up even by an attempt that fails: whoever guesses has one guess.
    this.#codes.delete(code)
    if (!asked || this.#world.clock.now() - asked.atMs > CODE_LIFE_MS || asked.redirectUri !== redirectUri)
      return undefined
    if (asked.challenge !== undefined) {
      const hash = createHash('sha256')
        .update(verifier ?? '')
        .digest('base64url')
      if (hash !== asked.challenge) return undefined
    }
    return this.#make(asked)
  }

  /** A new pair of tokens for an old one, which is used up. */
  refresh(refreshToken: string): Grant | undefined {
    const before = [...this.#grants.values()].find((grant) => grant.refreshToken === refreshToken)
    if (!before) return undefined
    this.#grants.delete(before.accessToken)
    return this.#make(before)
  }

  revoke(token: string): void {
    for (const [access, grant] of this.#grants) {
      if (access !== token && grant.refreshToken !== token) continue
      this.#grants.delete(access)
      this.#approved.delete(grant.userId)
    }
  }

  /** What an access token is good for, while it is. */
  of(accessToken: string): Grant | undefined {
    const grant = this.#grants.get(accessToken)
    return grant && grant.expiresMs > this.#world.clock.now() ? grant : undefined
  }

  #approve({ userId, scopes }: Pick<Grant, 'userId' | 'scopes'>): void {
    this.#approved.set(userId, new Set([...(this.#approved.get(userId) ?? []), ...scopes]))
  }

  #make({ userId, scopes }: Pick<Grant, 'userId' | 'scopes'>, isRefreshed = true): Grant {
    const { random, clock } = this.#world
    const grant = {
      userId,
      scopes,
      accessToken: random.hex(30),
      refreshToken: isRefreshed ? random.hex(30) : null,
      expiresMs: clock.now() + TOKEN_LIFE_MS,
    }
    this.#grants.set(grant.accessToken, grant)
    return grant
  }
}
