import { usePageState } from '../hooks/page-state.tsx'
import { Button } from './button.tsx'
import { Icon } from './icon.tsx'
import { switchTheme } from './theme-button.tsx'
import { ViewerCard } from './viewer-card.tsx'

/** The fourth view of a narrow page: what stands at the edges of a wide one. */
export function YouView() {
  const { view } = usePageState()
  if (view !== 'you') return null
  return (
    <section aria-label="You" className="min-h-0 overflow-auto bg-canvas [grid-area:feed] lg:hidden">
      <div className="[&>div]:border-t-0 [&>div]:border-b">
        <ViewerCard />
      </div>
      <div className="p-3.5">
        <Button onClick={switchTheme}>
          <Icon name="sun" />
          Switch between light and dark
        </Button>
      </div>
    </section>
  )
}
