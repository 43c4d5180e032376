/** A cookie of ours: named, and with attributes, as the scheme of the site allows. */
export type Cookie = {
  read(header: string | null | undefined): string | null
  /** @returns a value for `Set-Cookie`. */
  write(value: string, maxAgeSeconds: number): string
  /** @returns a value for `Set-Cookie` after which the browser has none. */
  clear(): string
}

/**
 * Not for scripts, not for requests that other sites have a browser send, but for links from them.
 *
 * @param secure whether the site is reached over https: then the name begins with `__Host-`, and no subdomain and no
 * plain http answer can set it. Over http a browser would refuse that.
 */
export function cookieOf(name: string, secure: boolean): Cookie {
  const fullName = secure ? `__Host-${name}` : name
  const attributes = `; Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
  return {
    read: (header) => {
      const start = `${fullName}=`
      const found = header?.split(/; ?/).find((pair) => pair.startsWith(start))
      return found === undefined ? null : found.slice(start.length)
    },
    write: (value, maxAgeSeconds) => `${fullName}=${value}${attributes}; Max-Age=${maxAgeSeconds}`,
    clear: () => `${fullName}=${attributes}; Max-Age=0`,
  }
}
