import { useSyncExternalStore } from 'react'

/** The page's breakpoints, as the styles have them: in rem, since text that is twice as large needs twice the room. */
const NARROW_REM = 60
const WIDE_REM = 80

/** As it was measured last: to measure makes the browser lay out the page, and components ask with every event. */
let known: number | null = null

const widthInRem = (): number => {
  const root = document.documentElement
  known ??= root.clientWidth / Number.parseFloat(getComputedStyle(root).fontSize)
  return known
}

/** One view at a time. */
export const isNarrow = (): boolean => widthInRem() < NARROW_REM
/** Where fingers point, as the style `touch` has it: nothing is found there by a pointer that rests. */
export const isTouch = (): boolean => isNarrow() || matchMedia('(pointer: coarse)').matches
/** Room for the inspector as a column. */
export const isWide = (): boolean => widthInRem() >= WIDE_REM

function subscribe(changed: () => void): () => void {
  const remeasured = () => {
    known = null
    changed()
  }
  // Tells of a size of text that is set on the page, by which the page itself grows no wider.
  const letter = document.createElement('span')
  letter.style.cssText = 'position: absolute; width: 1rem; visibility: hidden'
  document.body.append(letter)
  const observer = new ResizeObserver(remeasured)
  observer.observe(document.documentElement)
  observer.observe(letter)
  return () => {
    observer.disconnect()
    letter.remove()
  }
}

/** Whether one of the above holds. On the server, and until the page is its own, `assumed`. */
export function useLayout(holds: () => boolean, assumed: boolean): boolean {
  return useSyncExternalStore(subscribe, holds, () => assumed)
}
