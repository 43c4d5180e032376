import { connect, type Socket } from 'node:net'

/** What is read into, one after the other, by all of a process: each looks at its part at once. */
const shared = Buffer.allocUnsafe(256 * 1024)

/** A socket that reads as cheaply as can be. @param heard the bytes are another's as soon as it returns. */
export function listener(port: number, heard: (part: Buffer) => void): Socket {
  return connect({
    port,
    host: '127.0.0.1',
    onread: {
      buffer: shared,
      callback(length, { buffer, byteOffset }) {
        heard(Buffer.from(buffer, byteOffset, length))
        return true
      },
    },
  })
}
