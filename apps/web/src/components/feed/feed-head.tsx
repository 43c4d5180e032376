import { useGuild } from '../../hooks/use-guild-store.ts'
import { usePageState } from '../frame/page-state.tsx'
import type { ViewChannel } from '../../live/view/view-types.ts'
import { Button } from '../ui/button.tsx'
import { ChannelIcon } from '../channels/channel-icon.tsx'
import { Icon } from '../ui/icon.tsx'

export function FeedHead({ channel }: { channel: ViewChannel }) {
  const { inspectorOpen, setInspector } = usePageState()
  const stage = useGuild((snapshot) => snapshot.view.stages[channel.id])
  const topic = stage?.topic ?? channel.status ?? channel.topic ?? ''
  return (
    <header className="flex min-h-12 flex-none items-center gap-2.5 border-b border-line ps-5 pe-4 max-md:ps-3.5 max-md:pe-2">
      <ChannelIcon channel={channel} className="text-ink-3" />
      <h1 dir="auto" className="truncate text-md font-title tracking-[-0.01em]">
        {channel.name}
      </h1>
      {topic !== '' && (
        <p
          dir="auto"
          title={topic}
          className="min-w-0 flex-1 truncate border-s border-line ps-3 text-ink-3 max-lg:hidden"
        >
          {topic}
        </p>
      )}
      <Button
        kind="quiet"
        small
        aria-pressed={inspectorOpen}
        aria-controls="inspector"
        onClick={() => setInspector(!inspectorOpen)}
        className="ms-auto max-lg:hidden"
      >
        <Icon name="events" />
        Events
      </Button>
    </header>
  )
}
