/**
 * A JSON value that lies inside a larger JSON text, cut out instead of parsed out and written again.
 *
 * Where a text is `head + middle + tail`, head and tail being known and such that any one value between them makes a
 * valid text, the middle is that value if and only if it parses by itself. One parse, no stringify (more than half of
 * the cost of re-encoding), and the value stays byte for byte as its author wrote it: long numbers, escapes,
 * duplicate keys and all.
 *
 * The text never holds a line break (JSON needs none outside of strings, and cannot have one inside), so that it fits
 * a line of an event stream; a value written over several lines is written again on one.
 */
export type EmbeddedJson = { value: unknown; text: string }

const LINE_BREAK = /[\n\r]/

/** `null` where the part from `start` to `end` is not one JSON value. */
export function embeddedJson(source: string, start: number, end: number): EmbeddedJson | null {
  const text = source.slice(start, end)
  try {
    const value: unknown = JSON.parse(text)
    return { value, text: LINE_BREAK.test(text) ? JSON.stringify(value) : text }
  } catch {
    return null
  }
}
