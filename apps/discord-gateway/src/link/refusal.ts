import type { ServerResponse } from 'node:http'
import { errorCodes, isErrorCode, type LinkError } from '@repo/discord-integration/types'

/** After how many seconds a refusal that passes may be tried again. */
const RETRY_AFTER_SECONDS = 1

/** Answers a request that is not let in: a status, and in JSON why. */
export function refuse(response: ServerResponse, { code, message }: Pick<LinkError, 'code' | 'message'>): void {
  const status = statusOf(code)
  const body = JSON.stringify({ error: { code, message } })
  if (status === 401) response.setHeader('www-authenticate', 'Bearer')
  if (status === 429 || status === 503) response.setHeader('retry-after', RETRY_AFTER_SECONDS)
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    connection: 'close',
  })
  response.end(body)
}

function statusOf(code: string): number {
  const entry = isErrorCode(code) ? errorCodes[code] : undefined
  return entry && 'status' in entry ? entry.status : 500
}
