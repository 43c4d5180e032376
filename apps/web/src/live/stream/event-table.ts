import type { GatewayDispatchEvents } from 'discord-api-types/v10'

/** The colour an event has in the inspector. */
export type EventFamily = 'messages' | 'voice' | 'reactions' | 'guild' | 'other'

/**
 * Every dispatch Discord may send, by its family. An EventSource hears only the names it listens to, so this is also the
 * list of those; an event that a later discord-api-types knows fails the type check until it stands here.
 */
export const eventFamilies = {
  APPLICATION_COMMAND_PERMISSIONS_UPDATE: 'other',
  AUTO_MODERATION_ACTION_EXECUTION: 'guild',
  AUTO_MODERATION_RULE_CREATE: 'guild',
  AUTO_MODERATION_RULE_DELETE: 'guild',
  AUTO_MODERATION_RULE_UPDATE: 'guild',
  CHANNEL_CREATE: 'guild',
  CHANNEL_DELETE: 'guild',
  CHANNEL_INFO: 'guild',
  CHANNEL_PINS_UPDATE: 'guild',
  CHANNEL_UPDATE: 'guild',
  ENTITLEMENT_CREATE: 'other',
  ENTITLEMENT_DELETE: 'other',
  ENTITLEMENT_UPDATE: 'other',
  GUILD_AUDIT_LOG_ENTRY_CREATE: 'guild',
  GUILD_BAN_ADD: 'guild',
  GUILD_BAN_REMOVE: 'guild',
  GUILD_CREATE: 'guild',
  GUILD_DELETE: 'guild',
  GUILD_EMOJIS_UPDATE: 'guild',
  GUILD_INTEGRATIONS_UPDATE: 'guild',
  GUILD_MEMBER_ADD: 'guild',
  GUILD_MEMBER_REMOVE: 'guild',
  GUILD_MEMBERS_CHUNK: 'guild',
  GUILD_MEMBER_UPDATE: 'guild',
  GUILD_ROLE_CREATE: 'guild',
  GUILD_ROLE_DELETE: 'guild',
  GUILD_ROLE_UPDATE: 'guild',
  GUILD_SCHEDULED_EVENT_CREATE: 'guild',
  GUILD_SCHEDULED_EVENT_DELETE: 'guild',
  GUILD_SCHEDULED_EVENT_UPDATE: 'guild',
  GUILD_SCHEDULED_EVENT_USER_ADD: 'guild',
  GUILD_SCHEDULED_EVENT_USER_REMOVE: 'guild',
  GUILD_SOUNDBOARD_SOUND_CREATE: 'voice',
  GUILD_SOUNDBOARD_SOUND_DELETE: 'voice',
  GUILD_SOUNDBOARD_SOUNDS_UPDATE: 'voice',
  GUILD_SOUNDBOARD_SOUND_UPDATE: 'voice',
  SOUNDBOARD_SOUNDS: 'voice',
  GUILD_STICKERS_UPDATE: 'guild',
  GUILD_UPDATE: 'guild',
  INTEGRATION_CREATE: 'guild',
  INTEGRATION_DELETE: 'guild',
  INTEGRATION_UPDATE: 'guild',
  INTERACTION_CREATE: 'other',
  INVITE_CREATE: 'guild',
  INVITE_DELETE: 'guild',
  MESSAGE_CREATE: 'messages',
  MESSAGE_DELETE: 'messages',
  MESSAGE_DELETE_BULK: 'messages',
  MESSAGE_POLL_VOTE_ADD: 'messages',
  MESSAGE_POLL_VOTE_REMOVE: 'messages',
  MESSAGE_REACTION_ADD: 'reactions',
  MESSAGE_REACTION_REMOVE: 'reactions',
  MESSAGE_REACTION_REMOVE_ALL: 'reactions',
  MESSAGE_REACTION_REMOVE_EMOJI: 'reactions',
  MESSAGE_UPDATE: 'messages',
  PRESENCE_UPDATE: 'other',
  RATE_LIMITED: 'other',
  READY: 'other',
  RESUMED: 'other',
  STAGE_INSTANCE_CREATE: 'voice',
  STAGE_INSTANCE_DELETE: 'voice',
  STAGE_INSTANCE_UPDATE: 'voice',
  SUBSCRIPTION_CREATE: 'other',
  SUBSCRIPTION_DELETE: 'other',
  SUBSCRIPTION_UPDATE: 'other',
  THREAD_CREATE: 'guild',
  THREAD_DELETE: 'guild',
  THREAD_LIST_SYNC: 'guild',
  THREAD_MEMBERS_UPDATE: 'guild',
  THREAD_MEMBER_UPDATE: 'guild',
  THREAD_UPDATE: 'guild',
  TYPING_START: 'messages',
  USER_UPDATE: 'other',
  VOICE_CHANNEL_EFFECT_SEND: 'voice',
  VOICE_CHANNEL_START_TIME_UPDATE: 'voice',
  VOICE_CHANNEL_STATUS_UPDATE: 'voice',
  VOICE_SERVER_UPDATE: 'voice',
  VOICE_STATE_UPDATE: 'voice',
  WEBHOOKS_UPDATE: 'guild',
} as const satisfies Record<`${GatewayDispatchEvents}`, EventFamily>

export const eventNames: readonly string[] = Object.keys(eventFamilies)

/** How what the stream says of itself begins, in the list of events. */
export const ownNames: readonly string[] = ['sync:', 'stream lost', 'Gap:']

export function familyOf(eventName: string): EventFamily {
  return (eventFamilies as Record<string, EventFamily>)[eventName] ?? 'other'
}
