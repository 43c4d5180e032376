import type { ServerResponse } from 'node:http'

/** What answers a request: a status, and a body that goes out as JSON. No body means an empty answer. */
export interface Reply {
  status: number
  body?: unknown
  headers?: Readonly<Record<string, string>>
}

export function send(response: ServerResponse, { status, body, headers }: Reply): void {
  if (response.headersSent) return void response.destroy()
  const text = body === undefined ? '' : JSON.stringify(body)
  response.writeHead(status, {
    ...(text && { 'Content-Type': 'application/json' }),
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    ...headers,
  })
  response.end(text)
}
