import { createHmac, randomBytes } from 'node:crypto'
import { ownPath } from './own-path.ts'

/** One sign-in that is under way in one browser. */
export type Flow = {
  /** Sent along to Discord, and expected back: https://www.rfc-editor.org/rfc/rfc6749#section-10.12 */
  state: string
  /** Of PKCE: https://www.rfc-editor.org/rfc/rfc7636 */
  verifier: string
  /** Where the person wanted to go. */
  to: string
  /** The cookie that brings it all back. */
  cookie: string
}

/** How long somebody may take at Discord. */
export const FLOW_MAX_SECONDS = 600

const SECRET = /^[A-Za-z0-9_-]{43}$/

/**
 * A sign-in is kept by the browser that began it, in a cookie that its scripts cannot read, so any web may finish it:
 * 32 random bytes, of which state and verifier are made, and the way back. What Discord and its address line see, the
 * state, does not lead to the verifier.
 */
export const newFlow = (to: string): Flow => flowOf(randomBytes(32).toString('base64url'), to)

/** Null for a cookie that is none of ours. */
export function readFlow(cookie: string | null): Flow | null {
  const [secret = '', way = ''] = cookie?.split('.') ?? []
  const to = ownPath(Buffer.from(way, 'base64url').toString('utf8'))
  return SECRET.test(secret) && to !== null ? flowOf(secret, to) : null
}

function flowOf(secret: string, to: string): Flow {
  const made = (what: string) => createHmac('sha256', secret).update(what).digest('base64url')
  const cookie = `${secret}.${Buffer.from(to, 'utf8').toString('base64url')}`
  return { state: made('state'), verifier: made('verifier'), to, cookie }
}
