import type { FetchHandler, ServerRequest } from 'srvx'
import { staticMiddleware } from 'srvx/static'

/** Names in this folder carry a hash of what is in the file. */
const HASHED = '/assets/'
const YEAR_SECONDS = 365 * 24 * 60 * 60

/** The built client's files, before whatever answers the rest. */
export function withAssets(dir: string, rest: (request: Request) => Promise<Response>): FetchHandler {
  const hashed = staticMiddleware({ dir, maxAge: YEAR_SECONDS, immutable: true })
  const others = staticMiddleware({ dir })
  return (request: ServerRequest) => {
    if (!new URL(request.url).pathname.startsWith(HASHED)) return others(request, () => rest(request))
    // A page of an older build asks for it: the page that says so must not be kept under the file's name.
    return hashed(request, () => new Response('not found', { status: 404, headers: { 'Cache-Control': 'no-store' } }))
  }
}
