import type { IncomingMessage } from 'node:http'
import type { WebConfig } from '../config.ts'

type Reached = Pick<WebConfig, 'PUBLIC_URL' | 'demo'>

/** Whether browsers reach this site over TLS. The demo is this machine's own and has none. */
export const isHttps = ({ PUBLIC_URL, demo }: Reached): boolean => !demo && PUBLIC_URL?.protocol === 'https:'

/**
 * Where people reach this site, without a path: what they are sent back to after signing in. What a request says of
 * itself (Host) counts in the demo alone, where it was checked to be this machine.
 */
export function originOf({ headers }: IncomingMessage, { PUBLIC_URL, PORT, demo }: Reached & { PORT: number }): string {
  if (demo && headers.host !== undefined) return `http://${headers.host}`
  return PUBLIC_URL?.origin ?? `http://localhost:${PORT}`
}

/** Whether that origin is this site's: where the request came in, by its Host, or where people reach it. */
export function isOwnOrigin(origin: string, host: string, { PUBLIC_URL }: Pick<WebConfig, 'PUBLIC_URL'>): boolean {
  return origin === `http://${host}` || origin === PUBLIC_URL?.origin
}

/**
 * Whether a page of this site sent that request. Browsers say so in Sec-Fetch-Site, over plain http to other machines
 * only in Origin; what says neither is no browser, or an old one. https://www.w3.org/TR/fetch-metadata/
 */
export function isOwnRequest({ headers }: IncomingMessage, config: Pick<WebConfig, 'PUBLIC_URL'>): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin'
  return headers.origin !== undefined && isOwnOrigin(headers.origin, headers.host ?? '', config)
}

/**
 * Who asks, for limits. Behind a proxy, which PUBLIC_URL stands for, what the proxy added last to X-Forwarded-For; what
 * stands before that, anybody can have written.
 */
export function addressOf({ headers, socket }: IncomingMessage, { PUBLIC_URL }: Pick<WebConfig, 'PUBLIC_URL'>): string {
  const forwarded = PUBLIC_URL === null ? undefined : headers['x-forwarded-for']
  const last = (typeof forwarded === 'string' ? forwarded : '').split(',').at(-1)?.trim()
  return last || (socket.remoteAddress ?? '')
}
