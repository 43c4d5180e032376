import { GuildScheduledEventEntityType } from 'discord-api-types/v10'
import type { GuildView } from '../guild-view.ts'
import type { JsonObject } from '../json.ts'
import type { Sight } from '../sight.ts'
import type { Show } from './view.ts'

/** One that is elsewhere has no channel, and is for all members. */
export function mayViewScheduledEvent(scheduled: JsonObject, guild: GuildView, sight: Sight): boolean {
  const { channel_id: channelId, entity_type: type } = scheduled
  if (typeof channelId === 'string') return sight.mayView(guild, channelId)
  return (channelId ?? null) === null && type === GuildScheduledEventEntityType.External
}

export const scheduledEventCreate: Show = (payload, { guild, sight }) =>
  mayViewScheduledEvent(payload, guild, sight) ? { event: 'GUILD_SCHEDULED_EVENT_CREATE', payload } : null

/** It may move from a hidden channel to a visible one, and is then new, or the other way, and is then gone. */
export const scheduledEventUpdate: Show = (payload, { guild, sight, before }) => {
  const was = !!before?.entry && mayViewScheduledEvent(before.entry, guild, sight)
  if (mayViewScheduledEvent(payload, guild, sight)) {
    return { event: before && !was ? 'GUILD_SCHEDULED_EVENT_CREATE' : 'GUILD_SCHEDULED_EVENT_UPDATE', payload }
  }
  if (!was || !before?.entry) return null
  return { event: 'GUILD_SCHEDULED_EVENT_DELETE', payload: { ...before.entry, guild_id: guild.id } }
}

export const scheduledEventDelete: Show = (payload, { guild, sight }) =>
  mayViewScheduledEvent(payload, guild, sight) ? { event: 'GUILD_SCHEDULED_EVENT_DELETE', payload } : null

/** Says only the event's id. */
const interest =
  (event: string): Show =>
  (payload, { guild, sight, before }) => {
    const id = payload['guild_scheduled_event_id']
    const scheduled = guild.collections.guild_scheduled_events.get(id) ?? before?.entry
    return scheduled && mayViewScheduledEvent(scheduled, guild, sight) ? { event, payload } : null
  }

export const scheduledEventUserAdd = interest('GUILD_SCHEDULED_EVENT_USER_ADD')
export const scheduledEventUserRemove = interest('GUILD_SCHEDULED_EVENT_USER_REMOVE')
