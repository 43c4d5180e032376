import { useQuery } from '@tanstack/react-query'
import { usePageState } from '../hooks/page-state.tsx'
import { EmptyState } from './empty-state.tsx'
import { ViewerCard, viewerQuery } from './viewer-card.tsx'

/** The fourth view of a narrow page: who is looking, which stands at the edge of a wide one. */
export function YouView() {
  const { view } = usePageState()
  const demo = useQuery(viewerQuery).data?.demo === true
  if (view !== 'you') return null
  return (
    <section
      aria-label="You"
      className="grid min-h-0 grid-rows-[auto_minmax(0,1fr)] overflow-auto bg-canvas [grid-area:feed] lg:hidden [&>div:first-child]:border-t-0 [&>div:first-child]:border-b"
    >
      <ViewerCard />
      {demo && (
        <EmptyState icon="you" title="This demo has no sign-in">
          You see what the bot sees, and what you write is sent by the bot.
        </EmptyState>
      )}
    </section>
  )
}
