/** A browser as far as sign-in needs one: it keeps cookies for each origin, and follows redirects one at a time. */
export class Visitor {
  readonly #jars = new Map<string, Map<string, string>>()

  /** What it sends to an origin as `Cookie`. */
  cookies(url: string): string {
    return Array.from(this.#jar(url), ([name, value]) => `${name}=${value}`).join('; ')
  }

  setCookie(url: string, name: string, value: string): void {
    this.#jar(url).set(name, value)
  }

  /** One request. A redirect is answered as it is. */
  async ask(url: string | URL, { headers, ...init }: RequestInit = {}): Promise<Response> {
    const sent = new Headers(headers)
    if (this.cookies(String(url)) !== '') sent.set('cookie', this.cookies(String(url)))
    const answer = await fetch(url, { ...init, headers: sent, redirect: 'manual' })
    for (const cookie of answer.headers.getSetCookie()) this.#keep(String(url), cookie)
    return answer
  }

  /** Goes where it is led, and says where that was: every address, the last last. */
  async follow(url: string | URL): Promise<{ answer: Response; ways: URL[] }> {
    const ways = [new URL(url)]
    for (;;) {
      const here = ways.at(-1) ?? ''
      const answer = await this.ask(here)
      const location = answer.headers.get('location')
      if (location === null) return { answer, ways }
      await answer.body?.cancel()
      ways.push(new URL(location, here))
      if (ways.length > REDIRECTS_MAX) throw new Error(`never came to an end: ${ways.join(' ')}`)
    }
  }

  #jar(url: string): Map<string, string> {
    const { origin } = new URL(url)
    const jar = this.#jars.get(origin) ?? new Map<string, string>()
    this.#jars.set(origin, jar)
    return jar
  }

  #keep(url: string, cookie: string): void {
    const [pair = ''] = cookie.split(';')
    const at = pair.indexOf('=')
    if (/; *Max-Age=0/i.test(cookie)) this.#jar(url).delete(pair.slice(0, at))
    else this.#jar(url).set(pair.slice(0, at), pair.slice(at + 1))
  }
}

/** More than a sign-in has. */
const REDIRECTS_MAX = 8
