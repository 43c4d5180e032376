/** The names that a machine has for itself. */
const NAMES: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]'])

function isLoopback(url: string): boolean {
  return URL.canParse(url) && NAMES.has(new URL(url).hostname)
}

/**
 * Whether a request comes from this machine, and from no web page but one of this machine. Listening on loopback alone
 * does not see to that: any page can send the browser here, under a name of its own (DNS rebinding).
 *
 * @param host the Host header @param origin the Origin header, which only browsers send
 */
export function isLocal(host: string | undefined, origin: string | undefined): boolean {
  if (!host || !/^[^/?#@\\]+$/.test(host) || !isLoopback(`http://${host}`)) return false
  return origin === undefined || isLoopback(origin)
}
