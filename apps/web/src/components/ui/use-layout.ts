import { useSyncExternalStore } from 'react'

/** The page's breakpoints, as the styles have them: in rem, since text that is twice as large needs twice the room. */
const NARROW_REM = 60
const WIDE_REM = 80

const widthInRem = (): number =>
  document.documentElement.clientWidth / Number.parseFloat(getComputedStyle(document.documentElement).fontSize)

/** One view at a time. */
export const isNarrow = (): boolean => widthInRem() < NARROW_REM
/** Room for the inspector as a column. */
export const isWide = (): boolean => widthInRem() >= WIDE_REM
/** As the styles' variant `touch`. */
export const isTouch = (): boolean => isNarrow() || matchMedia('(pointer: coarse)').matches

function subscribe(changed: () => void): () => void {
  const observer = new ResizeObserver(changed)
  observer.observe(document.documentElement)
  return () => observer.disconnect()
}

/** Whether one of the above holds. On the server, and until the page is its own, `assumed`. */
export function useLayout(holds: () => boolean, assumed: boolean): boolean {
  return useSyncExternalStore(subscribe, holds, () => assumed)
}
