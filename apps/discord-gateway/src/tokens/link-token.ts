import type { Backend } from '../command-origin.ts'
import { EVERY_SCOPE } from './scopes.ts'
import { hashOf } from './token-text.ts'

/** What is known of a token that lets a backend in. */
export type LinkToken = {
  /** Of the token: `hashOf`. */
  hash: string
  backend: Backend
  /** How many connections it may have open at once; null for `linkLimits.connectionsPerTokenMax`. */
  connectionsMax: number | null
  /** From when on it is valid no more, in ms since the epoch; null for never. */
  expiresAt: number | null
}

/** Tokens as LINK_TOKEN has them: each reaches everywhere, and its place there is all that it is called. */
export function unnamedTokens(texts: readonly string[]): LinkToken[] {
  return texts.map((text, index) => {
    const hash = hashOf(text)
    const backend = { id: hash, name: `token ${index + 1}`, scopes: EVERY_SCOPE }
    return { hash, backend, connectionsMax: null, expiresAt: null }
  })
}
