import { useCallback, useSyncExternalStore } from 'react'

/** Whether a media query holds. On the server, and until the page is its own, `assumed`. */
export function useMedia(query: string, assumed: boolean): boolean {
  const subscribe = useCallback(
    (changed: () => void) => {
      const list = matchMedia(query)
      list.addEventListener('change', changed)
      return () => list.removeEventListener('change', changed)
    },
    [query],
  )
  return useSyncExternalStore(
    subscribe,
    () => matchMedia(query).matches,
    () => assumed,
  )
}
