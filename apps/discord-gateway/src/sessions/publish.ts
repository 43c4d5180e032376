import type { GatewayEventData } from '@repo/discord-integration/clients'
import { guildIdOf, type EventFeed, type NewGap, type Published } from '@repo/event-feed'
import type { Continuity } from './continuity.ts'

/**
 * Takes a READY into the feed, with what a new session means for those who were told of an older one: before it the hole
 * that it ends, after it the guilds that it no longer lists. All of it is stored, or nothing: Discord does not send a READY
 * again, so what was left out would be left out for good.
 */
export async function publishReady(
  feed: Pick<EventFeed, 'publishAll'>,
  continuity: Continuity,
  event: GatewayEventData,
  /** Told of the hole before it is stored. */
  found: (gap: NewGap) => void,
): Promise<void> {
  const gap = continuity.before(event)
  if (gap) found(gap)
  const gone = continuity.after(event)
  await feed.publishAll([...(gap ? [{ entry: gap }] : []), dispatchOf(event), ...gone.map((entry) => ({ entry }))])
}

/**
 * Takes a dispatch into the feed; resolves once it is stored, together with the sequence it came with, and with the hole that
 * lies before it, if one does: a sequence that is stored is never asked for again.
 */
export async function publishDispatch(
  feed: Pick<EventFeed, 'publishAll'>,
  event: GatewayEventData,
  gap: NewGap | null = null,
): Promise<void> {
  await feed.publishAll(gap ? [{ entry: gap }, dispatchOf(event)] : [dispatchOf(event)])
}

function dispatchOf(event: GatewayEventData): Published {
  const { type, data, raw, receivedAt, shardId, sessionId, sequence, replayed = false } = event
  const session = { shardId, sessionId, sequence, replayed }
  const guildId = guildIdOf(type, data)
  return { entry: { kind: 'dispatch', event: type, guildId, payload: raw, ts: receivedAt, session }, data }
}
