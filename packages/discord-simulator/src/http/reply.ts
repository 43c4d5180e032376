import type { ServerResponse } from 'node:http'

/** What answers a request: a status, and a body that goes out as JSON. No body means an empty answer. */
export interface Reply {
  status: number
  body?: unknown
  /** Instead of a body: something that is no JSON, `text/plain` unless the headers say what it is. */
  text?: string | Buffer
  headers?: Readonly<Record<string, string>>
}

export function send(response: ServerResponse, { status, body, text, headers }: Reply): void {
  if (response.headersSent) return void response.destroy()
  let bytes = text
  try {
    bytes ??= body === undefined ? '' : JSON.stringify(body)
  } catch (error) {
    // Too deep, say: one answer fails, not the process.
    const detail = String(error)
    return send(response, { status: 500, body: { message: '500: Internal Server Error', code: 0, detail } })
  }
  response.writeHead(status, {
    ...(bytes.length > 0 && { 'Content-Type': text === undefined ? 'application/json' : 'text/plain' }),
    'Content-Length': Buffer.byteLength(bytes),
    'Cache-Control': 'no-store',
    // The rest of the body is not read: nothing can follow it on this connection.
    ...(status === 413 && { Connection: 'close' }),
    ...headers,
  })
  response.end(bytes)
}
