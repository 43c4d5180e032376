import { PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { isoTime } from '../world/compose.ts'
import type { Place } from '../world/types.ts'
import { refusal } from './errors.ts'
import type { RestContext } from './route.ts'

/*
 * What may be done in threads that are archived, locked or both.
 * https://docs.discord.com/developers/topics/threads#locked-threads and #active-archived-threads
 */

const stateOf = ({ channel }: Pick<Place, 'channel'>) =>
  'thread_metadata' in channel ? channel.thread_metadata : undefined

/** Whoever does not manage threads writes nothing in a locked one, archived or not: 160005. */
export function checkUnlocked(place: Pick<Place, 'channel'>, bits: bigint): void {
  if (stateOf(place)?.locked && !(bits & Bit.ManageThreads)) throw refusal.threadLocked()
}

/** In an archived thread nobody edits, pins or reacts: 50083. */
export function checkActive(place: Pick<Place, 'channel'>): void {
  if (stateOf(place)?.archived) throw refusal.threadArchived()
}

/** Messages are all that is deleted in an archived thread; if it is locked too, only by who manages threads. */
export function checkDeletable(place: Pick<Place, 'channel'>, bits: bigint): void {
  if (stateOf(place)?.locked && !(bits & Bit.ManageThreads)) checkActive(place)
}

/** Whoever writes in an archived thread opens it, which is told before the message. */
export function openToWrite({ world, emit }: Pick<RestContext, 'world' | 'emit'>, { channel }: Place): void {
  // As it is now: whoever writes may have waited, as polls do.
  const thread = world.channel(channel.id)?.channel
  if (!thread || !('thread_metadata' in thread) || !thread.thread_metadata?.archived) return
  const archive_timestamp = isoTime(world.clock.now())
  const thread_metadata = { ...thread.thread_metadata, archived: false, archive_timestamp }
  emit({ event: 'THREAD_UPDATE', payload: { ...thread, thread_metadata } })
}
