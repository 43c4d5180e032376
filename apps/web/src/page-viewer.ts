/** By this header a page says whom it was made for; on a stream, `?viewer=` does. A session of somebody else is none to it. */
export const VIEWER_HEADER = 'X-Viewer'

let viewer: string | null = null

/**
 * In a browser, where a module lives as long as its page. Only the first counts: cookies are all tabs' and may become somebody
 * else's at any time, the page does not.
 */
export function pageIsFor(viewerId: string | null): void {
  viewer ??= viewerId
}

/** Whom this page was made for, by their Discord id; null where nobody said. */
export const viewerOfPage = (): string | null => viewer
