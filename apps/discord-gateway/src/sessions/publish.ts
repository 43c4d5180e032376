import type { GatewayEventData } from '@repo/discord-integration/clients'
import { guildIdOf, type EventFeed, type NewGap } from '@repo/event-feed'
import type { Continuity } from './continuity.ts'

/**
 * Takes a READY into the feed, with what a new session means for those who were told of an older one: before it the hole
 * that it ends, after it the guilds that it no longer lists.
 */
export async function publishReady(
  feed: Pick<EventFeed, 'publish'>,
  continuity: Continuity,
  event: GatewayEventData,
  /** Told of the hole before it is stored. */
  found: (gap: NewGap) => void,
): Promise<void> {
  const gap = continuity.before(event)
  if (gap) found(gap)
  const gone = continuity.after(event)
  await Promise.all([
    ...(gap ? [feed.publish(gap)] : []),
    publishDispatch(feed, event),
    ...gone.map((entry) => feed.publish(entry)),
  ])
}

/** Takes a dispatch into the feed; resolves once it is stored, together with the sequence it came with. */
export async function publishDispatch(feed: Pick<EventFeed, 'publish'>, event: GatewayEventData): Promise<void> {
  const { type, data, raw, shardId, sessionId, sequence, receivedAt } = event
  const session = { shardId, sessionId, sequence }
  const guildId = guildIdOf(type, data)
  await feed.publish({ kind: 'dispatch', event: type, guildId, payload: raw, ts: receivedAt, session }, data)
}
