import { useEffect } from 'react'

/** What the page is called where nothing that has a name is shown. */
export const PLAIN_TITLE = 'Gateway Service'

/**
 * The title follows live names, which the server that rendered the page may not have known, and goes with them: it says
 * nothing of what is shown no more.
 */
export function usePageTitle(...parts: (string | null | undefined)[]): void {
  const title = parts.filter((part) => part !== null && part !== undefined && part !== '').join(' · ')
  useEffect(() => {
    if (title === '') return undefined
    document.title = title
    return () => {
      document.title = PLAIN_TITLE
    }
  }, [title])
}
