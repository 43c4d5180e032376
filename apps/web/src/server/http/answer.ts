import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { WebConfig } from '../config.ts'
import type { Logger } from '../logger.server.ts'
import { errorPlace } from './error-place.ts'
import { isHttps } from './origin.ts'

/** Headers of every answer. A page's own policy, which lets its scripts run, takes the place of this one. */
const securityHeaders = {
  'X-Content-Type-Options': 'nosniff',
  // Not `no-referrer`: with it a browser says of a form of ours that it comes from nowhere.
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
} as const

/** A year, as https://hstspreload.org/ asks; for this host alone, since its neighbours are not ours to speak for. */
const STRICT_TRANSPORT = 'max-age=31536000'

/** Those that every answer of this site has. */
export function securityHeadersOf(config: Pick<WebConfig, 'PUBLIC_URL' | 'demo'>): HeaderValues {
  return isHttps(config) ? { ...securityHeaders, 'Strict-Transport-Security': STRICT_TRANSPORT } : securityHeaders
}

export function setSecurityHeaders(response: ServerResponse, config: Pick<WebConfig, 'PUBLIC_URL' | 'demo'>): void {
  for (const [name, value] of Object.entries(securityHeadersOf(config))) response.setHeader(name, value)
}

export function answerJson(response: ServerResponse, status: number, body: unknown, headers: HeaderValues = {}): void {
  response.end(begunJson(response, status, body, headers))
}

/** Writes the head, and returns what is to follow it. */
function begunJson(response: ServerResponse, status: number, body: unknown, headers: HeaderValues): string {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    ...headers,
  })
  return response.req.method === 'HEAD' ? '' : text
}

/** How long whoever is answered before they have sent everything may go on sending. */
const LINGER_MS = 5_000

/**
 * The same, where somebody may still be sending a body that nobody wants: a socket that is closed on bytes that nobody has read is
 * reset, and takes the answer with it.
 */
export function answerSending(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: HeaderValues = {},
): void {
  // Who is gone hears nothing.
  if (response.headersSent || response.destroyed) return void response.destroy()
  response.write(begunJson(response, status, body, { Connection: 'close', ...headers }))
  request.resume()
  const over = request.complete ? Promise.resolve() : once(request, 'end', { signal: AbortSignal.timeout(LINGER_MS) })
  // What is over by then, or is not, ends.
  void over.catch(() => {}).then(() => response.end())
}

export type HeaderValues = Readonly<Record<string, string>>

/** Why a request is not answered; nothing in it tells a stranger what there is. */
export const refusals = {
  BAD_REQUEST: { status: 400, message: 'that is no address of this site' },
  UNAUTHORIZED: { status: 401, message: 'you are not signed in' },
  FORBIDDEN_ORIGIN: { status: 403, message: 'the demo answers this machine only' },
  FOREIGN_REQUEST: { status: 403, message: 'only a page of this site may ask for that' },
  NOT_FOUND: { status: 404, message: 'there is no such server, or you may not see it' },
  NOTHING_HERE: { status: 404, message: 'there is nothing at this address' },
  METHOD_NOT_ALLOWED: { status: 405, message: 'that method is not answered here' },
  TOO_MANY_SIGN_INS: { status: 429, message: 'too many sign-ins from your network: try again in a minute' },
  INTERNAL_ERROR: { status: 500, message: 'something went wrong here' },
} as const

export type Refusal = keyof typeof refusals

/** @param why what exactly is wrong, where the code alone does not say it: of what was sent, the field and never its value. */
export function refuse(response: ServerResponse, code: Refusal, headers: HeaderValues = {}, why?: string): void {
  const { status, message } = refusals[code]
  answerJson(response, status, { error: { code, message: why ?? message } }, headers)
}

/** Something threw while a request was being answered: that costs this request its answer, and no other. */
export function answerFailure(
  response: ServerResponse,
  error: unknown,
  logger: Logger,
  headers: HeaderValues = {},
): void {
  // Whoever is gone hears nothing, and one who has half an answer must not take it for a whole one.
  if (response.headersSent || response.destroyed) {
    response.destroy()
    return
  }
  logger.error(errorPlace(error), 'a request failed')
  refuse(response, 'INTERNAL_ERROR', headers)
}
