import type { ReactNode } from 'react'
import { usePageState } from './page-state.tsx'
import { BottomTabs } from './bottom-tabs.tsx'
import { ChannelList } from '../channels/channel-list.tsx'
import { MemberMenu } from '../channels/member-menu.tsx'
import { DeedNotices } from '../notices/deed-notices.tsx'
import { Inspector } from '../inspector/inspector.tsx'
import { SkipLink } from './skip-link.tsx'
import { ReasonTooltip } from '../ui/reason-tooltip.tsx'
import { TopBar } from './top-bar.tsx'
import { usePageKeys } from './use-page-keys.ts'
import { YouView } from './you-view.tsx'

/**
 * From 1280 three columns; to 960 two, the inspector a drawer; below, one view at a time. The attributes decide, not the
 * width as the script sees it, so the first paint is right.
 */
export function AppFrame({ children }: { children: ReactNode }) {
  const { view, column, drawer } = usePageState()
  usePageKeys()
  return (
    <div
      data-view={view}
      data-inspector={column}
      data-drawer={drawer}
      className="group/app grid h-dvh grid-cols-[var(--side)_minmax(0,1fr)_var(--inspector)] grid-rows-[minmax(var(--bar),auto)_minmax(0,1fr)] [grid-template-areas:'bar_bar_bar'_'side_feed_insp'] data-[inspector=closed]:grid-cols-[var(--side)_minmax(0,1fr)_2.75rem] max-xl:grid-cols-[var(--side)_minmax(0,1fr)]! max-xl:[grid-template-areas:'bar_bar'_'side_feed'] max-lg:grid-cols-[minmax(0,1fr)]! max-lg:grid-rows-[auto_minmax(0,1fr)_auto] max-lg:[grid-template-areas:'bar'_'feed'_'tabs']"
    >
      <SkipLink />
      <TopBar />
      <ChannelList />
      {children}
      <Inspector />
      <YouView />
      <BottomTabs />
      <MemberMenu />
      <DeedNotices />
      <ReasonTooltip />
    </div>
  )
}
