type Sized = { width?: number | null | undefined; height?: number | null | undefined }

/** The size that a payload tells, in px; null for one that tells none, which could move what stands below it. */
export function sizeOf({ width, height }: Sized): { width: number; height: number } | null {
  const known = typeof width === 'number' && typeof height === 'number' && width > 0 && height > 0
  return known ? { width, height } : null
}

/** What a picture may have of the feed, in px. */
const BOX = { width: 400, height: 300 }

/** A size as it is, or made smaller as a whole until it fits into what a picture may have; in whole px, and at least one. */
export function fitted({ width, height }: { width: number; height: number }): { width: number; height: number } {
  const scale = Math.min(1, BOX.width / width, BOX.height / height)
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

/** Where the page may have it from: Discord's own proxy, which knows all that is shown in messages. */
export const sourceOf = ({ proxy_url, url }: { proxy_url?: string | undefined; url: string }): string =>
  proxy_url ?? url

/** An address that may be followed, or undefined. */
export const webAddress = (url: string | undefined): string | undefined =>
  url !== undefined && URL.canParse(url) && /^https?:/iu.test(url) ? url : undefined
