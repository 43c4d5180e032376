import { useLayoutEffect, type RefObject } from 'react'
import { usePageState } from '../frame/page-state.tsx'

/** What was pressed within the inspector to open or close it goes with that: the focus goes on to what undoes it. */
export function useSwitchFocus(inspector: RefObject<HTMLElement | null>): void {
  const { inspectorOpen } = usePageState()
  useLayoutEffect(() => {
    const focused = document.activeElement
    if (focused === null || inspector.current?.contains(focused) !== true) return
    if (inspectorOpen && !focused.matches('[data-switch=open]')) return
    const others = inspectorOpen ? ['[data-switch=close]'] : ['[data-switch=open]', '[aria-controls=inspector]']
    const next = others.map((other) => document.querySelector<HTMLElement>(other)).find(isInSight)
    next?.focus()
  }, [inspector, inspectorOpen])
}

const isInSight = (element: Element | null): boolean => element?.checkVisibility({ visibilityProperty: true }) === true
