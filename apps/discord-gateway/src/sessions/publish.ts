import type { GatewayEventData } from '@repo/discord-integration/clients'
import { guildIdOf, type EventFeed } from '@repo/event-feed'

/** Takes a dispatch into the feed; resolves once it is stored, together with the sequence it came with. */
export async function publishDispatch(feed: Pick<EventFeed, 'publish'>, event: GatewayEventData): Promise<void> {
  const { type, data, raw, shardId, sessionId, sequence, receivedAt } = event
  const session = { shardId, sessionId, sequence }
  const guildId = guildIdOf(type, data)
  await feed.publish({ kind: 'dispatch', event: type, guildId, payload: raw, ts: receivedAt, session }, data)
}
