import type { SyncData } from '@repo/discord-integration/types'
import { MEMBERS_CHUNK, type DispatchEntry, type FeedBatch, type FeedItem } from '@repo/event-feed'
import type { LinkVersion } from '../command-origin.ts'
import { textFrames } from './frame.ts'

const encoded: Record<LinkVersion, WeakMap<FeedBatch, Buffer>> = { 1: new WeakMap(), 2: new WeakMap() }

/** Whether a member chunk is this backend's. */
export type IsAskedFor = (chunk: DispatchEntry) => boolean

const NOT_ASKED_FOR: IsAskedFor = () => false

/**
 * A batch as the bytes that go onto the socket, without the member chunks, which are for whoever asked. Backends that see the same share the batch, and so the bytes: each
 * event is encoded once, however many there are.
 */
export function encodeBatch(batch: FeedBatch, version: LinkVersion, now: () => number = Date.now): Buffer {
  let bytes = encoded[version].get(batch)
  if (!bytes) {
    const at = now()
    bytes = textFrames(batch.items.flatMap((item) => encodeItem(item, version, at) ?? []))
    encoded[version].set(batch, bytes)
  }
  return bytes
}

/** The same for a backend that has asked for some of the batch's chunks: these bytes are for it alone. */
export function encodeBatchWith(
  batch: FeedBatch,
  version: LinkVersion,
  isAskedFor: IsAskedFor,
  now: () => number = Date.now,
): Buffer {
  const at = now()
  return textFrames(batch.items.flatMap((item) => encodeItem(item, version, at, isAskedFor) ?? []))
}

/** One item as the JSON text of a message; null where the version has no message for it, or it is for another. */
export function encodeItem(
  item: FeedItem,
  version: LinkVersion,
  now: number,
  isAskedFor: IsAskedFor = NOT_ASKED_FOR,
): string | null {
  if (item.kind === 'sync') return version === 1 ? null : encodeSync(item.data, now)
  if (item.kind === 'guild') return encodeEvent(item.event, item.payload, now, item.id)
  const { event, payload, ts, backfilled } = item.entry
  if (event === MEMBERS_CHUNK && !isAskedFor(item.entry)) return null
  return encodeEvent(event, payload, ts, item.id, version === 2 && backfilled)
}

function encodeSync(data: SyncData, ts: number): string {
  return JSON.stringify({ type: 'sync', data, ts })
}

/** The payload goes in as the text it is: byte for byte as Discord wrote it, and never parsed. */
function encodeEvent(event: string, payload: string, ts: number, id: string | null, backfilled = false): string {
  const mark = backfilled ? ',"backfilled":true' : ''
  const place = id === null ? '' : `,"id":"${id}"`
  return `{"type":"event","data":{"event":${JSON.stringify(event)},"payload":${payload}${mark}},"ts":${ts}${place}}`
}
