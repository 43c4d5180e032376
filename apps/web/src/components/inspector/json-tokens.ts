export type JsonToken = { kind: 'key' | 'text' | 'number' | 'word' | 'mark'; text: string }

/** A payload larger than this is shown in part: a guild's snapshot can be a megabyte, and nobody reads that here. */
const SHOWN_CHARACTERS = 40_000

const parts = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d[\d.eE+-]*)|\b(true|false|null)\b/gu

/** JSON's text in pieces by what they are, for colour. */
export function jsonTokens(json: string): JsonToken[] {
  const text = json.length > SHOWN_CHARACTERS ? json.slice(0, SHOWN_CHARACTERS) : json
  const tokens: JsonToken[] = []
  const mark = (piece: string) => {
    if (piece !== '') tokens.push({ kind: 'mark', text: piece })
  }
  let done = 0
  for (const match of text.matchAll(parts)) {
    mark(text.slice(done, match.index))
    const [whole, quoted, colon, number, word] = match
    if (quoted !== undefined) {
      tokens.push({ kind: colon === undefined ? 'text' : 'key', text: quoted })
      mark(colon ?? '')
    } else tokens.push({ kind: number === undefined ? 'word' : 'number', text: number ?? word ?? whole })
    done = match.index + whole.length
  }
  mark(text.slice(done))
  if (text.length < json.length) mark(`\n… ${json.length - text.length} more characters`)
  return tokens
}
