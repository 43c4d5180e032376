/** Longer paths than the page has. */
const MAX_CHARACTERS = 1_000

/** Any will do: what leaves it is not ours. */
const HERE = 'http://here.invalid'

/**
 * A path on this site, as a browser will read it; null for what would lead elsewhere (`//elsewhere`, `/\elsewhere`,
 * `/.//elsewhere`, another scheme), and for the paths of sign-in itself.
 */
export function ownPath(text: string | null | undefined): string | null {
  if (!text?.startsWith('/') || text.length > MAX_CHARACTERS) return null
  const url = URL.parse(text, HERE)
  if (url?.origin !== HERE || url.username !== '' || url.password !== '') return null
  // Dots are gone now, and what stood behind them may have come to the front.
  const path = url.pathname + url.search + url.hash
  if (/^\/[/\\]/.test(path) || /^\/(?:auth|sign-in)(?:[/?#]|$)/.test(path)) return null
  return path
}
