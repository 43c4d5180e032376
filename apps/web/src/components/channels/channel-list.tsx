import { useMemo, type KeyboardEvent } from 'react'
import { channelTree, voiceByChannel, type ChannelGroup } from '../../live/view/channel-tree.ts'
import { hasEnded } from '../../live/stream/stream-types.ts'
import { useGuild } from '../../hooks/use-guild-store.ts'
import type { ViewVoice } from '../../live/view/view-types.ts'
import { useFolded } from './folded-categories.ts'
import { ChannelRow } from './channel-row.tsx'
import { stopsIn, useKeptFocus } from './use-kept-focus.ts'
import { Icon } from '../ui/icon.tsx'
import { ViewerCard } from '../frame/viewer-card.tsx'

/** The channels in Discord's order, and who is in the voice ones. */
export function ChannelList() {
  const awaited = useGuild(({ view, status }) => view.guild === null && !hasEnded(status))
  const channels = useGuild((snapshot) => snapshot.view.channels)
  const voice = useGuild((snapshot) => snapshot.view.voice)
  const people = useGuild((snapshot) => snapshot.view.people)
  const groups = useMemo(() => channelTree(channels), [channels])
  const occupants = useMemo(() => voiceByChannel(voice, people), [voice, people])
  const kept = useKeptFocus()
  return (
    <nav
      aria-label="Channels"
      className="flex min-h-0 flex-col border-e border-line [grid-area:side] max-lg:hidden max-lg:border-0 max-lg:[grid-area:feed] max-lg:group-data-[view=channels]/app:flex"
    >
      <div
        {...kept}
        onKeyDown={moveByArrows}
        role="presentation"
        className="flex-1 overflow-auto px-2 pt-2.5 pb-4 [scrollbar-width:thin]"
      >
        {awaited && <ListSkeleton />}
        {groups.map((group) => (
          <Category key={group.category?.id ?? ''} group={group} occupants={occupants} />
        ))}
      </div>
      <ViewerCard />
    </nav>
  )
}

function Category({
  group: { category, nodes },
  occupants,
}: {
  group: ChannelGroup
  occupants: Readonly<Record<string, readonly ViewVoice[]>>
}) {
  const [folded, setFolded] = useFolded(category?.id ?? '')
  const open = !folded
  return (
    <>
      {category !== null && (
        <h2 className="flex pt-3.5 pb-1 text-xs touch:py-0 font-strong text-ink-3 first:pt-0.5">
          <button
            type="button"
            aria-expanded={open}
            data-arrow-stop
            onClick={() => setFolded(open)}
            className="focus-inside flex min-w-0 flex-1 items-center gap-1 ps-1 pe-2 text-start hover:text-ink touch:min-h-11"
          >
            <Icon name={open ? 'chevronDown' : 'chevronRight'} size={12} />
            <span dir="auto" className="truncate">
              {category.name}
            </span>
          </button>
        </h2>
      )}
      <ul>
        {nodes.map((node) => (
          <ChannelRow key={node.channel.id} node={node} occupants={occupants[node.channel.id]} onlyIfLive={!open} />
        ))}
      </ul>
    </>
  )
}

/** Arrows go from row to row; Tab goes through them as anywhere. */
function moveByArrows(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
  const stops = stopsIn(event.currentTarget)
  const at = stops.indexOf(document.activeElement as HTMLElement)
  if (at === -1) return
  event.preventDefault()
  stops[at + (event.key === 'ArrowDown' ? 1 : -1)]?.focus()
}

const widths = ['w-24', 'w-32', 'w-20', 'w-28', 'w-36', 'w-16', 'w-30', 'w-22', 'w-34'] as const

function ListSkeleton() {
  return (
    <output aria-label="Loading channels" className="after-a-moment block">
      {widths.map((width) => (
        <div key={width} className="flex h-7 items-center gap-2 px-2">
          <span className="skeleton size-4 rounded-1" />
          <span className={`skeleton h-2.5 rounded-1 ${width}`} />
        </div>
      ))}
    </output>
  )
}
