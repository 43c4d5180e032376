import type { BrowserContext } from 'playwright-core'
import { Visitor } from './visitor.ts'

/**
 * Signs one of the simulated people in.
 *
 * @param who their id or username.
 * @returns what their browser then sends as `Cookie`.
 */
export async function signIn(webUrl: string, who: string): Promise<string> {
  const visitor = new Visitor()
  const start = new URL(`/auth/discord?login_hint=${encodeURIComponent(who)}`, webUrl)
  const { answer, ways } = await visitor.follow(start)
  await answer.body?.cancel()
  const cookies = visitor.cookies(webUrl)
  if (/(?:^|; |-)session=/.test(cookies)) return cookies
  throw new Error(`signing in as ${who} came to nothing: ${answer.status} from ${ways.at(-1)?.href}`)
}

/** Gives a browser's pages that cookie. */
export async function signInContext(context: BrowserContext, webUrl: string, cookies: string): Promise<void> {
  await context.addCookies(
    cookies.split('; ').map((pair) => {
      const [name = '', value = ''] = pair.split('=')
      return { name, value, domain: new URL(webUrl).hostname, path: '/', httpOnly: true, sameSite: 'Lax' as const }
    }),
  )
}
