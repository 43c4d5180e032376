import type { GatewayDispatchEvents } from 'discord-api-types/v10'

/**
 * Who of a guild's members may be shown an event. The table is complete: a new event in discord-api-types fails the
 * type check until someone decides, and an event that is not in it reaches backends and never a browser.
 *
 * - `never`: no browser, whoever looks.
 * - `member`: any member of the guild.
 * - `channel`: who may view the event's channel; of a scheduled event that is elsewhere, any member.
 * - `messages`: who may read the messages of the event's channel: view it, and where it is voice or stage also connect.
 * - `connected`: who is in the event's voice channel.
 * - `permission`: who has that permission in the event's channel, or in the guild (and may read the event's channel, where
 *   it has one); `orOfGuild`: or who has that one in the guild.
 * - `self`: only the user whom the event is about.
 *
 * `field`: where the payload has the channel's id.
 *
 * Sources: "only sent to …" at each event of https://docs.discord.com/developers/events/gateway-events, and where that is
 * silent, what its REST resource asks for. Messages of voice channels:
 * https://docs.discord.com/developers/resources/message#get-channel-messages
 */
export type VisibilityRule =
  | { kind: 'never'; because: string }
  | { kind: 'member' }
  | { kind: 'channel' | 'messages' | 'connected'; field: 'channel_id' | 'id' }
  | {
      kind: 'permission'
      permission: 'BanMembers' | 'ManageChannels' | 'ManageGuild' | 'ManageWebhooks' | 'ViewAuditLog'
      in: 'guild' | 'channel'
      orOfGuild?: 'ManageGuild'
    }
  | { kind: 'self' }

type Permission = Extract<VisibilityRule, { kind: 'permission' }>

const member: VisibilityRule = { kind: 'member' }
const channel: VisibilityRule = { kind: 'channel', field: 'channel_id' }
const channelItself: VisibilityRule = { kind: 'channel', field: 'id' }
const messages: VisibilityRule = { kind: 'messages', field: 'channel_id' }
const connected: VisibilityRule = { kind: 'connected', field: 'channel_id' }
const self: VisibilityRule = { kind: 'self' }
const never = (because: string): VisibilityRule => ({ kind: 'never', because })
const inGuild = (permission: Permission['permission']): VisibilityRule => ({
  kind: 'permission',
  permission,
  in: 'guild',
})
const inChannel = (permission: Permission['permission'], more: Pick<Permission, 'orOfGuild'> = {}): VisibilityRule => ({
  kind: 'permission',
  permission,
  in: 'channel',
  ...more,
})

export const visibility = {
  APPLICATION_COMMAND_PERMISSIONS_UPDATE: inGuild('ManageGuild'),
  // AutoMod quotes the text that it blocked.
  AUTO_MODERATION_ACTION_EXECUTION: inGuild('ManageGuild'),
  AUTO_MODERATION_RULE_CREATE: inGuild('ManageGuild'),
  AUTO_MODERATION_RULE_DELETE: inGuild('ManageGuild'),
  AUTO_MODERATION_RULE_UPDATE: inGuild('ManageGuild'),
  CHANNEL_CREATE: channelItself,
  CHANNEL_DELETE: channelItself,
  CHANNEL_INFO: never('answers a question of the bot, about all channels at once'),
  CHANNEL_PINS_UPDATE: messages,
  CHANNEL_UPDATE: channelItself,
  ENTITLEMENT_CREATE: never('what someone bought'),
  ENTITLEMENT_DELETE: never('what someone bought'),
  ENTITLEMENT_UPDATE: never('what someone bought'),
  GUILD_AUDIT_LOG_ENTRY_CREATE: inGuild('ViewAuditLog'),
  GUILD_BAN_ADD: inGuild('BanMembers'),
  GUILD_BAN_REMOVE: inGuild('BanMembers'),
  GUILD_CREATE: member,
  GUILD_DELETE: member,
  GUILD_EMOJIS_UPDATE: member,
  GUILD_INTEGRATIONS_UPDATE: inGuild('ManageGuild'),
  GUILD_MEMBERS_CHUNK: never('answers a question of the bot'),
  GUILD_MEMBER_ADD: member,
  GUILD_MEMBER_REMOVE: member,
  GUILD_MEMBER_UPDATE: member,
  GUILD_ROLE_CREATE: member,
  GUILD_ROLE_DELETE: member,
  GUILD_ROLE_UPDATE: member,
  GUILD_SCHEDULED_EVENT_CREATE: channel,
  GUILD_SCHEDULED_EVENT_DELETE: channel,
  GUILD_SCHEDULED_EVENT_UPDATE: channel,
  GUILD_SCHEDULED_EVENT_USER_ADD: channel,
  GUILD_SCHEDULED_EVENT_USER_REMOVE: channel,
  GUILD_SOUNDBOARD_SOUNDS_UPDATE: member,
  GUILD_SOUNDBOARD_SOUND_CREATE: member,
  GUILD_SOUNDBOARD_SOUND_DELETE: member,
  GUILD_SOUNDBOARD_SOUND_UPDATE: member,
  GUILD_STICKERS_UPDATE: member,
  GUILD_UPDATE: member,
  INTEGRATION_CREATE: inGuild('ManageGuild'),
  INTEGRATION_DELETE: inGuild('ManageGuild'),
  INTEGRATION_UPDATE: inGuild('ManageGuild'),
  INTERACTION_CREATE: never('carries the token that answers the interaction'),
  INVITE_CREATE: inChannel('ManageChannels', { orOfGuild: 'ManageGuild' }),
  INVITE_DELETE: inChannel('ManageChannels', { orOfGuild: 'ManageGuild' }),
  MESSAGE_CREATE: messages,
  MESSAGE_DELETE: messages,
  MESSAGE_DELETE_BULK: messages,
  MESSAGE_POLL_VOTE_ADD: messages,
  MESSAGE_POLL_VOTE_REMOVE: messages,
  MESSAGE_REACTION_ADD: messages,
  MESSAGE_REACTION_REMOVE: messages,
  MESSAGE_REACTION_REMOVE_ALL: messages,
  MESSAGE_REACTION_REMOVE_EMOJI: messages,
  MESSAGE_UPDATE: messages,
  PRESENCE_UPDATE: member,
  RATE_LIMITED: never('answers a request of the bot'),
  READY: never('carries the session id'),
  RESUMED: never('belongs to the session'),
  SOUNDBOARD_SOUNDS: never('answers a question of the bot'),
  STAGE_INSTANCE_CREATE: channel,
  STAGE_INSTANCE_DELETE: channel,
  STAGE_INSTANCE_UPDATE: channel,
  SUBSCRIPTION_CREATE: never('what someone bought'),
  SUBSCRIPTION_DELETE: never('what someone bought'),
  SUBSCRIPTION_UPDATE: never('what someone bought'),
  THREAD_CREATE: channelItself,
  THREAD_DELETE: channelItself,
  THREAD_LIST_SYNC: never('what the bot has come to see, which others may not'),
  THREAD_MEMBERS_UPDATE: channelItself,
  THREAD_MEMBER_UPDATE: self,
  THREAD_UPDATE: channelItself,
  TYPING_START: messages,
  USER_UPDATE: never('is about the bot, and belongs to no guild'),
  // Discord sends it to those who are in the channel.
  VOICE_CHANNEL_EFFECT_SEND: connected,
  VOICE_CHANNEL_START_TIME_UPDATE: channelItself,
  VOICE_CHANNEL_STATUS_UPDATE: channelItself,
  VOICE_SERVER_UPDATE: never('carries the voice token'),
  VOICE_STATE_UPDATE: channel,
  WEBHOOKS_UPDATE: inChannel('ManageWebhooks'),
} as const satisfies Record<`${GatewayDispatchEvents}`, VisibilityRule>

/** The rule for an event by name; `never` for one that the table does not know. */
export function visibilityOf(event: string): VisibilityRule {
  return Object.hasOwn(visibility, event)
    ? visibility[event as keyof typeof visibility]
    : never('nobody has decided about it yet')
}

/** https://docs.discord.com/developers/resources/message#message-object-message-flags */
const EPHEMERAL = 1 << 6

/** A message that Discord shows to one person only; a bot receives its own. No browser gets it. */
export function isEphemeral(payload: unknown): boolean {
  if (typeof payload !== 'object' || payload === null || !('flags' in payload)) return false
  return typeof payload.flags === 'number' && (payload.flags & EPHEMERAL) !== 0
}
