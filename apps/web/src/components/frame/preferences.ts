import { createIsomorphicFn } from '@tanstack/react-start'
import { getCookie } from '@tanstack/react-start/server'

/**
 * What a browser remembers of how it likes the page. In cookies, not in local storage: so the server renders it right the
 * first time, and nothing flashes.
 */
export type Preferences = { theme: 'light' | 'dark' | null; inspector: 'open' | 'closed' }

const YEAR_S = 365 * 24 * 60 * 60

const readCookie = createIsomorphicFn()
  .server((name: string): string | undefined => getCookie(name))
  .client((name: string): string | undefined => {
    const found = document.cookie.split('; ').find((cookie) => cookie.startsWith(`${name}=`))
    return found?.slice(name.length + 1)
  })

export function readPreferences(): Preferences {
  const theme = readCookie('theme')
  return {
    theme: theme === 'light' || theme === 'dark' ? theme : null,
    inspector: readCookie('inspector') === 'closed' ? 'closed' : 'open',
  }
}

export function remember(name: keyof Preferences, value: string): void {
  document.cookie = `${name}=${value}; Path=/; Max-Age=${YEAR_S}; SameSite=Lax`
}
