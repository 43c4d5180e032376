import { createFileRoute } from '@tanstack/react-router'
import { ChannelView } from '../components/feed/channel-view.tsx'

export const Route = createFileRoute('/guilds/$guildId/channels/$channelId')({ component: Channel })

function Channel() {
  const { channelId } = Route.useParams()
  return <ChannelView channelId={channelId} />
}
