import { isNarrow } from '../ui/use-layout.ts'
import { usePageState } from './page-state.tsx'

/** Chooses an event, and brings it into sight in the inspector. */
export function useChooseEvent(): (eventId: string) => void {
  const { choose, setInspector, setView } = usePageState()
  return (eventId) => {
    choose(eventId)
    setInspector(true)
    if (isNarrow()) setView('events')
  }
}
