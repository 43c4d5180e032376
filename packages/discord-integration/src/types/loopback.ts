/** A host name or an address that only this machine reaches. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|(?:[a-z0-9-]+\.)+localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i.test(host)
}

/**
 * Whether a request was meant for this machine by this machine. The demo lets everyone in, so a page from elsewhere must
 * not talk to it through somebody's browser: neither across origins (Origin), nor under a name that was pointed here
 * (Host).
 */
export function isFromLoopback({ host, origin }: { host?: string | undefined; origin?: string | undefined }): boolean {
  return isLoopbackUrl(`http://${host ?? ''}`) && (origin === undefined || isLoopbackUrl(origin))
}

function isLoopbackUrl(url: string): boolean {
  const parsed = URL.parse(url)
  return parsed !== null && isLoopback(parsed.hostname)
}
