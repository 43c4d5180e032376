import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { errorCodes, isErrorCode, type LinkError } from '@repo/discord-integration/types'

/** After how many seconds a refusal that passes may be tried again. */
const RETRY_AFTER_SECONDS = 1

/** The statuses of refusals that pass by themselves, and do not depend on how it is asked. */
const PASSING: ReadonlySet<number> = new Set([429, 503, 507])

/** How long whoever was refused may go on sending, before it is cut off. */
const LINGER_MS = 2_000

/**
 * Answers a request that is not let in: a status, and in JSON why.
 *
 * @param sending the request, where somebody may still send its body: a socket that is closed on bytes that nobody has read is
 * reset, and takes the answer with it.
 */
export function refuse(
  response: ServerResponse,
  { code, message, retryAfter }: Pick<LinkError, 'code' | 'message' | 'retryAfter'>,
  sending?: IncomingMessage,
): void {
  const status = statusOf(code)
  const body = JSON.stringify({ error: { code, message } })
  if (status === 401) response.setHeader('www-authenticate', 'Bearer')
  if (PASSING.has(status)) response.setHeader('retry-after', retryAfter ?? RETRY_AFTER_SECONDS)
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    connection: 'close',
  })
  if (!sending) {
    response.end(body)
    return
  }
  response.write(body)
  void passOver(sending).then(() => response.end())
}

async function passOver(request: IncomingMessage): Promise<void> {
  const signal = AbortSignal.timeout(LINGER_MS)
  request.resume()
  // What is over already ends at once.
  if (!request.complete) await once(request, 'end', { signal }).catch(() => {})
}

function statusOf(code: string): number {
  const entry = isErrorCode(code) ? errorCodes[code] : undefined
  return entry && 'status' in entry ? entry.status : 500
}
