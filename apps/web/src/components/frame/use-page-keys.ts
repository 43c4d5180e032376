import { useEffect } from 'react'
import { isNarrow, isWide } from '../ui/use-layout.ts'
import { usePageState } from './page-state.tsx'

export const FILTER_FIELD = 'event-filter'
export const PAUSE_BUTTON = 'pause-events'

/** `/` filter, `p` pause, `e` inspector, Escape closes. Not while one types, nor with a modifier: those belong to others. */
export function usePageKeys(): void {
  const { inspectorOpen, setInspector, setView } = usePageState()
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
      const target = event.target as HTMLElement
      if (target.matches('input, textarea, select, [contenteditable], [role=option], [role=listbox]')) return
      switch (event.key) {
        case '/':
          event.preventDefault()
          setInspector(true)
          if (isNarrow()) setView('events')
          // After the inspector is there to hold it.
          requestAnimationFrame(() => document.getElementById(FILTER_FIELD)?.focus())
          break
        case 'p':
          // It knows what the list is held by.
          document.getElementById(PAUSE_BUTTON)?.click()
          break
        case 'e':
          setInspector(!inspectorOpen)
          break
        case 'Escape':
          if (!isWide()) setInspector(false)
          break
        default:
      }
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [inspectorOpen, setInspector, setView])
}
