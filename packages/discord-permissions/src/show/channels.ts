import { isThread } from '../channel-kind.ts'
import type { GuildView } from '../guild-view.ts'
import { without } from '../json.ts'
import type { JsonObject } from '../json.ts'
import { isObfuscated } from '../sight.ts'
import type { Sight } from '../sight.ts'
import type { Show, Shown, View } from './view.ts'

/** Told of all who may view the channel, although it is for those who may read it. */
const OF_MESSAGES = ['last_message_id', 'last_pin_timestamp'] as const

/**
 * A channel or thread for one who may view it: without what only those may know who may read it, and without `member`,
 * which on a thread is the bot's own membership.
 */
export function cutChannel(channel: JsonObject, guild: GuildView, sight: Sight): JsonObject {
  const hidden = [
    ...(isThread(channel) ? ['member'] : []),
    ...(sight.mayReadObject(guild, channel) ? [] : OF_MESSAGES),
  ].filter((field) => Object.hasOwn(channel, field))
  return hidden.length > 0 ? without(channel, ...hidden) : channel
}

/** By what the guild says of it now, or where that is nothing (it is deleted since), by what the event says. */
function isVisible(payload: JsonObject, { guild, sight }: View): boolean {
  const known = guild.collections.channels.get(payload['id'])
  return !isThread(payload) && !isObfuscated(payload) && sight.mayViewObject(guild, known ?? payload)
}

function wasVisible({ before, guild, sight }: View): boolean {
  return !!before?.entry && sight.mayViewObject(guild, before.entry)
}

export const channelCreate: Show = (payload, view) =>
  isVisible(payload, view) ? shown('CHANNEL_CREATE', payload, view) : null

/**
 * Whoever comes to see a channel by it has never heard of it, and is told of a CHANNEL_CREATE; to whoever ceases to see it,
 * it is gone as by a CHANNEL_DELETE, which says what they knew. Since more comes and goes with a channel (threads, voice
 * states, stages), they are given a new snapshot besides: `accessChange` says so.
 */
export const channelUpdate: Show = (payload, view) => {
  const { before, guild } = view
  const was = wasVisible(view)
  if (isVisible(payload, view)) return shown(before && !was ? 'CHANNEL_CREATE' : 'CHANNEL_UPDATE', payload, view)
  return was && before?.entry ? shown('CHANNEL_DELETE', { ...before.entry, guild_id: guild.id }, view) : null
}

/** By what was to be seen of it; where that is not known, by the overwrites that it says itself. */
export const channelDelete: Show = (payload, view) => {
  const seen = view.before ? wasVisible(view) : view.sight.mayViewObject(view.guild, payload)
  return seen && !isThread(payload) ? shown('CHANNEL_DELETE', payload, view) : null
}

const threadEvent =
  (event: string): Show =>
  (payload, view) => {
    const { guild, sight, before } = view
    // A deleted thread says no more than its id, parent and type; and one that is archived is in no state.
    const thread = guild.collections.threads.get(payload['id']) ?? before?.entry ?? payload
    return isThread(payload) && sight.mayViewObject(guild, thread) ? shown(event, payload, view) : null
  }

export const threadCreate = threadEvent('THREAD_CREATE')
export const threadUpdate = threadEvent('THREAD_UPDATE')
export const threadDelete = threadEvent('THREAD_DELETE')

function shown(event: string, channel: JsonObject, { guild, sight }: View): Shown {
  return { event, payload: cutChannel(channel, guild, sight) }
}
