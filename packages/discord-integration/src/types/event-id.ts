/**
 * The id of an event, `<epoch>-<position>`: the epoch names one life of one log, the position grows within it.
 *
 * Opaque to consumers, who keep the last one and send it back; only logs take it apart. A bare position would be
 * taken for one of another log's, which is why it is always a pair (docs/adr/0003-event-ids-are-pairs.md).
 *
 * At most 64 characters of `[A-Za-z0-9_-]`, so that it fits an SSE `id:` line, an HTTP header and a query unescaped.
 */
export type EventId = string

export type EventPosition = {
  epoch: string
  /** A non-negative safe integer; 0 is the place before the first event. */
  position: number
}

/** The longest event id, in characters. */
export const EVENT_ID_MAX_CHARS = 64

const EPOCH = /^[A-Za-z0-9_-]+$/
const POSITION = /^(?:0|[1-9]\d{0,15})$/

/** @throws {RangeError} for an epoch or a position that no event id can carry. */
export function formatEventId({ epoch, position }: EventPosition): EventId {
  const id = `${epoch}-${position}`
  // An epoch `a-` with position 1 and an epoch `a` with position -1 read alike: only what comes back as it went is one.
  if (parseEventId(id)?.position !== position) {
    throw new RangeError(`not an event id: epoch ${JSON.stringify(epoch)}, position ${position}`)
  }
  return id
}

/** `null` for anything that `formatEventId` would not have written. */
export function parseEventId(id: string): EventPosition | null {
  if (id.length > EVENT_ID_MAX_CHARS) return null
  const dash = id.lastIndexOf('-')
  const epoch = id.slice(0, dash)
  const digits = id.slice(dash + 1)
  if (dash < 1 || !EPOCH.test(epoch) || !POSITION.test(digits)) return null
  const position = Number(digits)
  return Number.isSafeInteger(position) ? { epoch, position } : null
}
