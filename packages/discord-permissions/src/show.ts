import { PermissionFlagsBits } from 'discord-api-types/v10'
import type { Before } from './before.ts'
import type { GuildView } from './guild-view.ts'
import { isObject } from './json.ts'
import type { JsonObject } from './json.ts'
import * as channels from './show/channels.ts'
import * as guilds from './show/guild.ts'
import * as messages from './show/messages.ts'
import { presenceUpdate } from './show/presence.ts'
import * as scheduled from './show/scheduled-events.ts'
import type { Show, Shown, View } from './show/view.ts'
import { voiceStateUpdate } from './show/voice.ts'
import type { Sight } from './sight.ts'
import { visibilityOf } from './visibility.ts'
import type { VisibilityRule } from './visibility.ts'

/** Events of which the table's rule is not all: they are cut, or judged by more than one channel. */
const OWN_WAYS: ReadonlyMap<string, Show> = new Map([
  ['GUILD_CREATE', guilds.guildCreate],
  ['GUILD_UPDATE', guilds.guildUpdate],
  ['CHANNEL_CREATE', channels.channelCreate],
  ['CHANNEL_UPDATE', channels.channelUpdate],
  ['CHANNEL_DELETE', channels.channelDelete],
  ['THREAD_CREATE', channels.threadCreate],
  ['THREAD_UPDATE', channels.threadUpdate],
  ['THREAD_DELETE', channels.threadDelete],
  ['VOICE_STATE_UPDATE', voiceStateUpdate],
  ['MESSAGE_CREATE', messages.messageCreate],
  ['MESSAGE_UPDATE', messages.messageUpdate],
  ['PRESENCE_UPDATE', presenceUpdate],
  ['GUILD_SCHEDULED_EVENT_CREATE', scheduled.scheduledEventCreate],
  ['GUILD_SCHEDULED_EVENT_UPDATE', scheduled.scheduledEventUpdate],
  ['GUILD_SCHEDULED_EVENT_DELETE', scheduled.scheduledEventDelete],
  ['GUILD_SCHEDULED_EVENT_USER_ADD', scheduled.scheduledEventUserAdd],
  ['GUILD_SCHEDULED_EVENT_USER_REMOVE', scheduled.scheduledEventUserRemove],
])

/** Events whose payload is the guild itself. */
const GUILD_ITSELF: ReadonlySet<string> = new Set(['GUILD_CREATE', 'GUILD_UPDATE'])

export type ShowOptions = {
  /** The guild after the event; null where it is gone by it. */
  guild: GuildView | null
  /** Of one viewer, or where the event is not `isPersonal` of any of those with the same `key`. */
  sight: Sight
  /** What `remember` said before the event. Without it, what was visible before counts as not having been. */
  before?: Before | undefined
  /** The event is replayed or backfilled. Default: it happens now. */
  isOld?: boolean
}

/**
 * What a viewer is shown of an event: null for nothing, else an event and its payload, which may be another one than came in
 * (see `Shown`). What is missing, odd or unknown shows nothing.
 *
 * @param payload parsed; nothing is changed in it.
 */
export function show(
  event: string,
  payload: unknown,
  { guild, sight, before, isOld = false }: ShowOptions,
): Shown | null {
  const rule = visibilityOf(event)
  if (rule.kind === 'never' || !isObject(payload)) return null
  if (event === 'GUILD_DELETE') return guildDelete(payload, sight)
  const guildId = GUILD_ITSELF.has(event) ? payload['id'] : payload['guild_id']
  if (!guild || guildId !== guild.id || sight.guildId !== guild.id) return null
  const view = { guild, sight, before, isOld }
  const ownWay = OWN_WAYS.get(event)
  if (ownWay) return ownWay(payload, view)
  return passes(rule, payload, view) ? { event, payload } : null
}

/** Whether what is shown of such events is the viewer's own, so that it cannot be shared by their `key`. */
export function isPersonal(event: string): boolean {
  const { kind } = visibilityOf(event)
  // A guild tells each viewer of themselves among its members.
  return kind === 'self' || kind === 'connected' || event === 'GUILD_CREATE'
}

function passes(rule: VisibilityRule, payload: JsonObject, { guild, sight }: View): boolean {
  switch (rule.kind) {
    case 'never':
      return false
    case 'member':
      return true
    case 'self':
      return payload['user_id'] === sight.userId
    case 'channel':
      return sight.mayView(guild, payload[rule.field])
    case 'messages':
      return sight.mayRead(guild, payload[rule.field])
    case 'connected': {
      const channelId = payload[rule.field]
      const isThere = guild.collections.voice_states.get(sight.userId)?.['channel_id'] === channelId
      return isThere && sight.mayView(guild, channelId)
    }
    case 'permission':
      return isPermitted(rule, payload['channel_id'], guild, sight)
  }
}

function isPermitted(
  rule: Extract<VisibilityRule, { kind: 'permission' }>,
  channelId: unknown,
  guild: GuildView,
  sight: Sight,
): boolean {
  const bit = PermissionFlagsBits[rule.permission]
  if (rule.orOfGuild && (sight.permissions & PermissionFlagsBits[rule.orOfGuild]) !== 0n) return true
  if (rule.in === 'channel') return (sight.permissionsIn(guild, channelId) & bit) !== 0n
  // Of these AutoMod alone has a channel, and quotes what was written there.
  const isHere = (channelId ?? null) === null || sight.mayRead(guild, channelId)
  return isHere && (sight.permissions & bit) !== 0n
}

/** The bot has left the guild, or the guild is down. */
function guildDelete({ id, unavailable }: JsonObject, sight: Sight): Shown | null {
  if (id !== sight.guildId) return null
  return { event: 'GUILD_DELETE', payload: unavailable === true ? { id, unavailable } : { id } }
}
