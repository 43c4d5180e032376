import { isEphemeral, mayReachBrowser } from '@repo/discord-permissions'
import type { FeedBatch, FeedItem } from '@repo/event-feed'
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

const remembered = new WeakMap<FeedBatch, StreamBytes | null>()

/**
 * What of a batch browsers may see, encoded once for all streams that the feed gave the same batch. Null when that is
 * nothing.
 */
export function encodeBatch(batch: FeedBatch): StreamBytes | null {
  const known = remembered.get(batch)
  if (known !== undefined) return known
  const text = batch.items.map(encodeItem).join('')
  const bytes = text === '' ? null : streamBytes(text)
  remembered.set(batch, bytes)
  return bytes
}

/** Most messages have none, and need not be parsed. */
const HAS_FLAGS = /"flags":\s*[1-9]/

function encodeItem(item: FeedItem): string {
  if (item.kind === 'sync') return encodeFrame({ id: item.data.id, event: 'sync', data: JSON.stringify(item.data) })
  if (item.kind === 'guild') return encodeEvent(item.event, item.payload, item.id)
  return encodeEvent(item.entry.event, item.entry.payload, item.id)
}

/** An event that browsers may be sent; '' for one that none may see. */
export function encodeEvent(event: string, payload: string, id: string | null): string {
  if (!mayReachBrowser(event)) return ''
  if (event.startsWith('MESSAGE_') && HAS_FLAGS.test(payload) && isEphemeral(JSON.parse(payload))) return ''
  return encodeFrame({ id: id ?? undefined, event, data: payload })
}
