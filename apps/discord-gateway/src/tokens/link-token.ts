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

/** Whose the tokens of LINK_TOKEN are. In front of the names of a file stands `name `, so it is none of theirs. */
const UNNAMED_BACKEND_ID = 'LINK_TOKEN'

/**
 * Tokens as LINK_TOKEN has them: each reaches everywhere, and its place there is all that it is called. They are one backend's,
 * who changes from one to the next: what has several gives each a name in a file.
 */
export function unnamedTokens(texts: readonly string[]): LinkToken[] {
  return texts.map((text, index) => {
    const hash = hashOf(text)
    const backend = { id: UNNAMED_BACKEND_ID, name: `token ${index + 1}`, scopes: EVERY_SCOPE }
    return { hash, backend, connectionsMax: null, expiresAt: null }
  })
}
