import { createHash, randomBytes } from 'node:crypto'

/** By it a token is known for one wherever it turns up: in a log, a commit, a scanner for secrets. */
export const TOKEN_PREFIX = 'dgs_'

/** 256 bits: so many that a fast hash protects it as well as a slow one would. */
const TOKEN_BYTES = 32

export function createTokenText(random: (bytes: number) => Buffer = randomBytes): string {
  return TOKEN_PREFIX + random(TOKEN_BYTES).toString('base64url')
}

export function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** What is kept of a token: its SHA-256, 64 hexadecimal digits. */
export function hashOf(token: string): string {
  return sha256(token).toString('hex')
}
