/**
 * Server-sent events as bytes: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 *
 * What the format cannot carry is refused, not repaired: a line break in an event's name would forge another event, and
 * a NUL in an id makes a browser ignore it.
 */
export type SseFrame = {
  /** Becomes the browser's last event id. */
  id?: string | undefined
  event?: string | undefined
  /** May have line breaks; CR and CRLF arrive as LF. */
  data: string
}

/** @throws {RangeError} for an id or a name with CR, LF or NUL, and for an empty one, which means something else. */
export function encodeFrame({ id, event, data }: SseFrame): string {
  let frame = ''
  if (id !== undefined) frame += `id: ${singleLine('id', id)}\n`
  if (event !== undefined) frame += `event: ${singleLine('event', event)}\n`
  return `${frame}data: ${data.replace(LINE_BREAK, '\ndata: ')}\n\n`
}

/** How long a browser is to wait before it comes back by itself. */
export function encodeRetry(ms: number): string {
  return `retry: ${Math.round(ms)}\n\n`
}

/** For a person who looks: browsers pass it over. */
export function encodeComment(text: string): string {
  return `: ${text.replace(LINE_BREAK, ' ')}\n\n`
}

/** Says nothing, and keeps proxies from closing a quiet stream. */
export const KEEPALIVE = ':\n\n'

const LINE_BREAK = /\r\n|\r|\n/g
const FORBIDDEN = ['\r', '\n', '\0']

function singleLine(field: 'id' | 'event', value: string): string {
  if (value === '' || FORBIDDEN.some((character) => value.includes(character))) {
    throw new RangeError(`an SSE ${field} cannot be ${JSON.stringify(value)}`)
  }
  return value
}
