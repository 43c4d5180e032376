import { createContext, use, useCallback, useMemo, useState, type ReactNode } from 'react'
import { remember, type Preferences } from './preferences.ts'
import { isWide, useLayout } from '../ui/use-layout.ts'

/** The four views of a narrow page; a wide one shows the first three at once. */
export type View = 'channels' | 'feed' | 'events' | 'you'

export type PageState = {
  view: View
  setView: (view: View) => void
  /** Whether the inspector is open as this window is now: a column, or below 1280 a drawer. */
  inspectorOpen: boolean
  /** The column's own state, whatever the width: it decides the layout before the page is alive. */
  column: 'open' | 'closed'
  drawer: 'open' | 'closed'
  setInspector: (open: boolean) => void
  /** The chosen event, here and in the feed. */
  eventId: string | null
  choose: (eventId: string | null) => void
}

const PageStateContext = createContext<PageState | null>(null)

export function PageStateProvider({ preferences, children }: { preferences: Preferences; children: ReactNode }) {
  const [view, setView] = useState<View>('feed')
  const [column, setColumn] = useState(preferences.inspector)
  const [drawer, setDrawer] = useState<'open' | 'closed'>('closed')
  const [eventId, choose] = useState<string | null>(null)
  const wide = useLayout(isWide, true)
  const setInspector = useCallback(
    (open: boolean) => {
      const next = open ? 'open' : 'closed'
      // The drawer covers what one reads, so it is not remembered.
      if (!wide) return setDrawer(next)
      setColumn(next)
      remember('inspector', next)
    },
    [wide],
  )
  const inspectorOpen = (wide ? column : drawer) === 'open'
  const state = useMemo(
    () => ({ view, setView, inspectorOpen, column, drawer, setInspector, eventId, choose }),
    [view, inspectorOpen, column, drawer, setInspector, eventId],
  )
  return <PageStateContext value={state}>{children}</PageStateContext>
}

export function usePageState(): PageState {
  const state = use(PageStateContext)
  if (state === null) throw new Error('usePageState needs a PageStateProvider above it')
  return state
}
