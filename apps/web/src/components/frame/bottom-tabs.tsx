import { usePageState, type View } from './page-state.tsx'
import { useGuild } from '../../hooks/use-guild-store.ts'
import { isUnread } from '../../live/view/view-types.ts'
import { Icon, type IconName } from '../ui/icon.tsx'

const tabs: readonly { view: View; name: string; icon: IconName }[] = [
  { view: 'channels', name: 'Channels', icon: 'lines' },
  { view: 'feed', name: 'Feed', icon: 'chat' },
  { view: 'events', name: 'Events', icon: 'events' },
  { view: 'you', name: 'You', icon: 'you' },
]

/** One view at a time, below 960. */
export function BottomTabs() {
  const { view, setView } = usePageState()
  const unread = useGuild((snapshot) => snapshot.view.unread)
  const someUnread = Object.values(unread).some(isUnread)
  return (
    <nav
      aria-label="Views"
      className="hidden h-[calc(3.5rem+env(safe-area-inset-bottom))] grid-cols-[repeat(4,1fr)] border-t border-line bg-canvas pb-[env(safe-area-inset-bottom)] [grid-area:tabs] max-lg:grid"
    >
      {tabs.map((tab) => (
        <button
          key={tab.view}
          type="button"
          aria-current={view === tab.view ? 'page' : undefined}
          onClick={() => setView(tab.view)}
          className="focus-inside relative grid place-items-center content-center gap-0.5 text-2xs font-strong text-ink-2 aria-[current]:text-live aria-[current]:before:absolute aria-[current]:before:-top-px aria-[current]:before:h-0.5 aria-[current]:before:w-8 aria-[current]:before:bg-live"
        >
          <Icon name={tab.icon} size={20} />
          {tab.name}
          {tab.view === 'channels' && someUnread && (
            <span className="absolute start-[calc(50%+8px)] top-2 size-[7px] rounded-[2px] bg-ink-solid shadow-[0_0_0_2px_var(--canvas)]">
              <span className="sr-only">, unread messages</span>
            </span>
          )}
        </button>
      ))}
    </nav>
  )
}
