import { connect, type Socket } from 'node:net'

/** What is read into, one after the other, by all of a process: each looks at its part at once. */
const shared = Buffer.allocUnsafe(256 * 1024)

/**
 * A socket that reads as cheaply as can be.
 *
 * @param heard the bytes are another's as soon as it returns.
 * @param localAddress of this machine's own: each has ports of its own, which those who close first cannot use again for a minute.
 */
export function listener(port: number, heard: (part: Buffer) => void, localAddress?: string): Socket {
  return connect({
    port,
    host: '127.0.0.1',
    ...(localAddress !== undefined && { localAddress }),
    onread: {
      buffer: shared,
      callback(length, { buffer, byteOffset }) {
        heard(Buffer.from(buffer, byteOffset, length))
        return true
      },
    },
  })
}

/** As a browser asks for a stream. */
export function streamRequest(path: string, headers: Readonly<Record<string, string | undefined>> = {}): string {
  const all = { Host: 'localhost', Accept: 'text/event-stream', ...headers }
  const lines = Object.entries(all).map(([name, value]) => (value === undefined ? '' : `${name}: ${value}\r\n`))
  return `GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`
}
