const TRAILING = /[.,:;"'!?*_~|]/
const opening: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }

/**
 * Where an address that stands in a sentence ends: before what ends the sentence, and before a bracket that was not opened
 * in it.
 */
export function linkEnd(url: string): number {
  let end = url.length
  for (; end > 0; end--) {
    const last = url[end - 1]!
    if (TRAILING.test(last)) continue
    const open = opening[last]
    if (open === undefined || balance(url, end, open, last) >= 0) break
  }
  return end
}

function balance(url: string, end: number, open: string, close: string): number {
  let sum = 0
  for (let at = 0; at < end; at++) sum += url[at] === open ? 1 : url[at] === close ? -1 : 0
  return sum
}

const targets: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:'])

/** Whether a browser may be led there: to the web, or to write a letter. */
export const isLinkTarget = (url: string): boolean => URL.canParse(url) && targets.has(new URL(url).protocol)
