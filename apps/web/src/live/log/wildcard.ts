/** What of a text has to be like it. */
export type Part = 'all' | 'beginning' | 'any'

/**
 * Whether a part of a text is like a pattern, in which `*` stands for anything; case does not matter. Piece after piece, each
 * where it is found first: a regular expression of many `*` would try for ages in a long text.
 */
export function wildcard(pattern: string, part: Part): (text: string) => boolean {
  const [first = '', ...others] = pattern.toLowerCase().split('*')
  const last = part === 'all' ? others.pop() : ''
  return (text) => {
    const lower = text.toLowerCase()
    if (last === undefined) return lower === first
    let at = part === 'any' || lower.startsWith(first) ? 0 : -1
    for (const piece of [first, ...others]) at = at === -1 ? -1 : endOf(piece, lower, at)
    return at !== -1 && at + last.length <= lower.length && lower.endsWith(last)
  }
}

function endOf(piece: string, text: string, from: number): number {
  const found = text.indexOf(piece, from)
  return found === -1 ? -1 : found + piece.length
}
