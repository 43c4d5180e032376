import { createFileRoute, Navigate } from '@tanstack/react-router'
import { ChannelView } from '../components/feed/channel-view.tsx'
import { firstChannel } from '../live/view/channel-tree.ts'
import { useGuild } from '../hooks/use-guild-store.ts'

export const Route = createFileRoute('/guilds/$guildId/')({ component: FirstChannel })

/** Goes on to the first channel one reads, once the stream has said which there are. */
function FirstChannel() {
  const { guildId } = Route.useParams()
  const channels = useGuild((snapshot) => snapshot.view.channels)
  const first = firstChannel(channels)
  if (first === undefined) return <ChannelView channelId={null} />
  return <Navigate to="/guilds/$guildId/channels/$channelId" params={{ guildId, channelId: first.id }} replace />
}
