import type { SyncData } from '@repo/discord-integration/types'
import type { DispatchEntry, FeedBatch } from '@repo/event-feed'
import { encodeFrame } from './sse-frame.ts'

/** The same bytes twice: as they are, and as one chunk of HTTP/1.1's chunked coding, to go straight to a socket. */
export type StreamBytes = { readonly plain: Buffer; readonly chunk: Buffer }

export function streamBytes(text: string): StreamBytes {
  const length = Buffer.byteLength(text)
  const head = `${length.toString(16)}\r\n`
  const chunk = Buffer.allocUnsafe(head.length + length + 2)
  chunk.write(head, 'latin1')
  chunk.write(text, head.length)
  chunk.write('\r\n', head.length + length, 'latin1')
  return { chunk, plain: chunk.subarray(head.length, head.length + length) }
}

const remembered = new WeakMap<FeedBatch, StreamBytes>()

/** A batch of nothing but where its reader stands, encoded once for all to whom the feed gave the same. */
export function encodeSyncs(batch: FeedBatch): StreamBytes {
  const known = remembered.get(batch)
  if (known) return known
  const bytes = streamBytes(batch.items.map((item) => (item.kind === 'sync' ? encodeSync(item.data) : '')).join(''))
  remembered.set(batch, bytes)
  return bytes
}

/** A batch, of which somebody else says what its events are. Null when that is nothing. */
export function encodeItems(batch: FeedBatch, frameOf: (entry: DispatchEntry) => string): StreamBytes | null {
  let text = ''
  for (const item of batch.items) {
    if (item.kind === 'sync') text += encodeSync(item.data)
    else if (item.kind === 'entry') text += frameOf(item.entry)
  }
  return text === '' ? null : streamBytes(text)
}

export function encodeSync(data: SyncData): string {
  return encodeFrame({ id: data.id, event: 'sync', data: JSON.stringify(data) })
}

/** @param payload its JSON text. @param id null: a browser cannot resume from there. */
export function encodeEvent(event: string, payload: string, id: string | null): string {
  return encodeFrame({ id: id ?? undefined, event, data: payload })
}
