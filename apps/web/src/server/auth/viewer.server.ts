import { VIEWER_HEADER } from '../../page-viewer.ts'
import type { Runtime } from '../boot.server.ts'
import type { Session } from './session-store.ts'
import { expiryOf } from './sessions.ts'

/** Who is looking. */
export type Viewer = {
  user: Session['user']
  /** What is open for them ends with it. */
  sessionId: string
  /** When it ends by itself, in ms since the epoch. */
  expiresAt: number
}

/** Somebody who is signed in, and where they were when they did: where to look, and nothing that lets them in. */
export type SignedIn = Viewer & Pick<Session, 'guilds'>

type AnyHeaders = Headers | NodeJS.Dict<string | string[]>

/** Who sent a request with these headers; null: nobody who is signed in, or a page that was made for somebody else. */
export async function viewerOf(
  headers: AnyHeaders,
  { sessions, sessionCookie }: Pick<Runtime, 'sessions' | 'sessionCookie'>,
): Promise<SignedIn | null> {
  const session = await sessions.read(sessionCookie.read(cookiesOf(headers)))
  if (!session || !isFor(session.user.id, headers)) return null
  return { user: session.user, guilds: session.guilds, sessionId: session.id, expiresAt: expiryOf(session) }
}

/** A value for `Set-Cookie` where it is time for another token; asked with pages, since their answers are awaited. */
export async function renewedCookie(
  headers: Headers,
  { sessions, sessionCookie }: Pick<Runtime, 'sessions' | 'sessionCookie'>,
): Promise<string | null> {
  const renewed = await sessions.renew(sessionCookie.read(cookiesOf(headers)))
  if (!renewed) return null
  return sessionCookie.write(renewed.token, Math.floor((expiryOf(renewed.session) - Date.now()) / 1_000))
}

/** A page says whom it was made for; somebody's own program need not. */
function isFor(userId: string, headers: AnyHeaders): boolean {
  const said = headers instanceof Headers ? headers.get(VIEWER_HEADER) : (headers[VIEWER_HEADER.toLowerCase()] ?? null)
  return said === null || said === userId
}

/** The same of a request that is no script's, and says it in its query. A page that was made for somebody else is nobody's. */
export const isForAnother = (query: URLSearchParams, userId: string): boolean =>
  query.getAll('viewer').some((id) => id !== userId)

function cookiesOf(headers: AnyHeaders): string | null {
  const cookies = headers instanceof Headers ? headers.get('cookie') : headers['cookie']
  return typeof cookies === 'string' ? cookies : null
}
