import type { IncomingMessage } from 'node:http'
import type { Reply } from './reply.ts'

/*
 * What browsers ask before a page may read the API, as with a token of response_type=token:
 * https://developer.mozilla.org/docs/Web/HTTP/Guides/CORS. Discord says of it only that there is such a thing, and that the
 * headers of rate limits are exposed (https://github.com/discord/discord-api-docs/pull/152 and /issues/2702); these are the
 * names that its answers have been seen to list.
 */
const METHODS = 'POST, GET, PUT, PATCH, DELETE'
const ALLOWED = 'Content-Type, Authorization, X-Audit-Log-Reason, If-None-Match, Range, X-RateLimit-Precision'
const EXPOSED = `Retry-After, X-RateLimit-Global, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset,
  X-RateLimit-Reset-After, X-RateLimit-Bucket, X-RateLimit-Scope, Date`.replaceAll(/\s+/g, ' ')

/** Lets pages read an answer, and answers what their browser asks first. Whose page it may be was looked at before. */
export async function withCors({ method, headers }: IncomingMessage, answer: () => Promise<Reply>): Promise<Reply> {
  const { origin } = headers
  if (origin === undefined) return answer()
  const isPreflight = method === 'OPTIONS' && headers['access-control-request-method'] !== undefined
  const reply: Reply = isPreflight ? { status: 200 } : await answer()
  const cors = {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Credentials': 'true',
    'Access-Control-Allow-Methods': METHODS,
    'Access-Control-Allow-Headers': ALLOWED,
    'Access-Control-Expose-Headers': EXPOSED,
    Vary: 'Origin',
  }
  return { ...reply, headers: { ...reply.headers, ...cors } }
}
