import { createHash, timingSafeEqual } from 'node:crypto'
import type { Backend } from '../command-origin.ts'

/** Says whose token an `Authorization` header carries; null when it is nobody's. */
export type TokenCheck = (authorization: string | undefined) => Backend | null

const BEARER = /^Bearer +(\S+) *$/i

/**
 * Tokens are hashed, so that all are of one length, and each is compared, in constant time: how long an answer takes
 * tells neither how much of a token was right nor which one it was near.
 */
export function createTokenCheck(tokens: readonly string[]): TokenCheck {
  const known = tokens.map((token, index) => ({ hash: sha256(token), name: `token ${index + 1}` }))
  return (authorization) => {
    const given = sha256(BEARER.exec(authorization ?? '')?.[1] ?? '')
    let found: Backend | null = null
    for (const { hash, name } of known) {
      if (timingSafeEqual(hash, given)) found = { id: hash.toString('hex'), name }
    }
    return found
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
