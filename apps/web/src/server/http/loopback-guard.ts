import type { IncomingHttpHeaders } from 'node:http'
import { isLoopback } from '../config.ts'

/**
 * Whether a request was meant for this machine by this machine. The demo lets everyone in, so a page from elsewhere must
 * not talk to it through somebody's browser: neither across origins (Origin), nor under a name that was pointed here
 * (Host).
 */
export function isFromLoopback({ host, origin }: IncomingHttpHeaders): boolean {
  return isLoopbackUrl(`http://${host ?? ''}`) && (origin === undefined || isLoopbackUrl(origin))
}

function isLoopbackUrl(url: string): boolean {
  return URL.canParse(url) && isLoopback(new URL(url).hostname)
}
