import type { ServerResponse } from 'node:http'

/** Headers of every answer. Script and style sources are the page's own to name. */
const securityHeaders = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Content-Security-Policy': "frame-ancestors 'none'; base-uri 'none'; object-src 'none'; form-action 'self'",
} as const

export function setSecurityHeaders(response: ServerResponse): void {
  for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value)
}

export function answerJson(response: ServerResponse, status: number, body: unknown, headers: HeaderValues = {}): void {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    ...headers,
  })
  response.end(response.req.method === 'HEAD' ? undefined : text)
}

type HeaderValues = Record<string, string>

/** Why a request is not answered; nothing in it tells a stranger what there is. */
const refusals = {
  UNAUTHORIZED: { status: 401, message: 'you are not signed in' },
  FORBIDDEN_ORIGIN: { status: 403, message: 'the demo answers this machine only' },
  NOT_FOUND: { status: 404, message: 'there is no such server, or you may not see it' },
  METHOD_NOT_ALLOWED: { status: 405, message: 'that method is not answered here' },
} as const

export function refuse(response: ServerResponse, code: keyof typeof refusals, headers: HeaderValues = {}): void {
  const { status, message } = refusals[code]
  answerJson(response, status, { error: { code, message } }, headers)
}
