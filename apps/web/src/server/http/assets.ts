import type { FetchHandler, ServerRequest } from 'srvx'
import { staticMiddleware } from 'srvx/static'

/** Names in this folder carry a hash of what is in the file. */
const HASHED = '/assets/'
const YEAR_SECONDS = 365 * 24 * 60 * 60

/** The script of the worker that holds the stream for all tabs (src/live/stream/hub). */
const WORKER = `${HASHED}hub-worker-`
/** A worker's policy is that of its script: https://www.w3.org/TR/CSP3/#workers */
const WORKER_POLICY =
  "default-src 'none'; script-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

/** The built client's files, before whatever answers the rest. */
export function withAssets(dir: string, rest: (request: Request) => Promise<Response>): FetchHandler {
  const hashed = staticMiddleware({ dir, maxAge: YEAR_SECONDS, immutable: true })
  const others = staticMiddleware({ dir })
  return async (request: ServerRequest) => {
    const { pathname } = new URL(request.url)
    if (!pathname.startsWith(HASHED)) return others(request, () => rest(request))
    // A page of an older build asks for it: the page that says so must not be kept under the file's name.
    const missing = () => new Response('not found', { status: 404, headers: { 'Cache-Control': 'no-store' } })
    const answer = await hashed(request, missing)
    if (pathname.startsWith(WORKER)) answer.headers.set('Content-Security-Policy', WORKER_POLICY)
    return answer
  }
}
