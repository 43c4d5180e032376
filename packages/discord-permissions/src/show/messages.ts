import { isThread } from '../channel-kind.ts'
import { isObject, without } from '../json.ts'
import type { JsonObject } from '../json.ts'
import { isEphemeral } from '../visibility.ts'
import { cutChannel } from './channels.ts'
import type { Show, View } from './view.ts'

export const messageCreate: Show = (payload, view) => message('MESSAGE_CREATE', payload, view, view.isOld)

/** An edit says the whole message, which may be an old one. */
export const messageUpdate: Show = (payload, view) => message('MESSAGE_UPDATE', payload, view, true)

function message(event: string, payload: JsonObject, view: View, old: boolean) {
  const { guild, sight } = view
  if (mayBeEphemeral(payload) || !sight.mayRead(guild, payload['channel_id'], { old })) return null
  return { event, payload: cutMessage(payload, view) }
}

/** Flags that are no number may say anything. */
function mayBeEphemeral(payload: JsonObject): boolean {
  const { flags } = payload
  return flags !== undefined && (typeof flags !== 'number' || isEphemeral(payload))
}

/**
 * Without what is of elsewhere and not for this viewer: the message that this one answers, which is history, and comes from
 * the parent where it starts a thread; channels that somebody has chosen from a menu; the bot's own membership of the thread
 * that the message has. Forwards carry a copy, which Discord shows to whoever may read the message itself.
 * https://docs.discord.com/developers/resources/message#message-object
 */
function cutMessage(payload: JsonObject, view: View): JsonObject {
  const { referenced_message: referenced, resolved, thread } = payload
  let cut = payload
  if (isObject(referenced)) {
    const kept = cutReferenced(referenced, payload['channel_id'], view)
    if (kept !== referenced) cut = kept ? { ...cut, referenced_message: kept } : without(cut, 'referenced_message')
  }
  if (isObject(resolved) && resolved['channels'] !== undefined) {
    cut = { ...cut, resolved: { ...resolved, channels: visibleChannels(resolved['channels'], view) } }
  }
  if (thread !== undefined) cut = cutThread(cut, thread, view)
  return cut
}

/** As deep as a payload may be, references are followed: Discord's are one deep. */
function cutReferenced(referenced: JsonObject, channelId: unknown, view: View): JsonObject | null {
  const { guild, sight } = view
  const id = referenced['channel_id'] ?? channelId
  if (mayBeEphemeral(referenced) || !sight.mayRead(guild, id, { old: true })) return null
  return cutMessage({ ...referenced, channel_id: id }, view)
}

function visibleChannels(channels: unknown, { guild, sight }: View): JsonObject {
  const entries = isObject(channels) ? Object.entries(channels) : []
  return Object.fromEntries(
    entries.filter(([id, channel]) => isObject(channel) && channel['id'] === id && sight.mayView(guild, id)),
  )
}

function cutThread(payload: JsonObject, thread: unknown, { guild, sight }: View): JsonObject {
  const isShown = isObject(thread) && isThread(thread) && sight.mayViewObject(guild, thread)
  return isShown ? { ...payload, thread: cutChannel(thread, guild, sight) } : without(payload, 'thread')
}
