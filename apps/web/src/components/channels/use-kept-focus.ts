import { useLayoutEffect, useRef, type FocusEvent } from 'react'

/** The rows that arrows go through. */
export const stopsIn = (list: HTMLElement) => [...list.querySelectorAll<HTMLElement>('[data-arrow-stop]')]

/**
 * For a list whose rows come and go. When that which has the focus goes, the focus stays with the person who moved
 * (`data-arrow-stop` names them), or else is with the row before.
 */
export function useKeptFocus() {
  const held = useRef<{ row: HTMLElement; list: HTMLElement; before: HTMLElement[] } | null>(null)
  // After each rendering, whatever it took away.
  useLayoutEffect(() => {
    if (held.current === null || held.current.row.isConnected) return
    const { row, list, before } = held.current
    held.current = null
    if (document.activeElement !== document.body) return
    const same = stopsIn(list).find((stop) => isSame(stop, row))
    const next = same ?? before.findLast((stop) => stop.isConnected)
    next?.focus()
  })
  return {
    onFocus: ({ target, currentTarget: list }: FocusEvent<HTMLElement>) => {
      const stops = stopsIn(list)
      held.current = { row: target, list, before: stops.slice(0, Math.max(0, stops.indexOf(target))) }
    },
    onBlur: () => {
      held.current = null
    },
  }
}

const isSame = (one: HTMLElement, other: HTMLElement): boolean =>
  one.dataset['arrowStop'] !== 'true' && one.dataset['arrowStop'] === other.dataset['arrowStop']
