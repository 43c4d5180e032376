import { useEffect } from 'react'

/** The title follows live names, which the server that rendered the page may not have known. */
export function usePageTitle(...parts: (string | null | undefined)[]): void {
  const title = parts.filter((part) => part !== null && part !== undefined && part !== '').join(' · ')
  useEffect(() => {
    if (title !== '') document.title = title
  }, [title])
}
