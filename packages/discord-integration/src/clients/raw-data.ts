import type { RawData } from 'ws'

/** What `ws` hands over is a Buffer unless it was asked for something else; its type leaves that open. */
export function toBuffer(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data)
}
