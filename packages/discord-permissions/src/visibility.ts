import type { GatewayDispatchEvents } from 'discord-api-types/v10'

/**
 * Who of a guild's members may be shown an event. The table is complete: a new event in discord-api-types fails the
 * type check until someone decides, and an event that is not in it reaches backends and never a browser.
 *
 * - `never`: no browser, whoever looks.
 * - `member`: any member of the guild.
 * - `channel`: who may view the event's channel.
 * - `permission`: who has that permission, in the event's channel where it has one, else in the guild.
 * - `self`: only the user whom the event is about.
 */
export type VisibilityRule =
  | { kind: 'never'; because: string }
  | { kind: 'member' }
  | { kind: 'channel' }
  | {
      kind: 'permission'
      permission: 'BanMembers' | 'ManageChannels' | 'ManageGuild' | 'ManageWebhooks' | 'ViewAuditLog'
    }
  | { kind: 'self' }

const member: VisibilityRule = { kind: 'member' }
const channel: VisibilityRule = { kind: 'channel' }
const self: VisibilityRule = { kind: 'self' }
const never = (because: string): VisibilityRule => ({ kind: 'never', because })
const permission = (name: Extract<VisibilityRule, { kind: 'permission' }>['permission']): VisibilityRule => ({
  kind: 'permission',
  permission: name,
})

export const visibility = {
  APPLICATION_COMMAND_PERMISSIONS_UPDATE: permission('ManageGuild'),
  // AutoMod quotes the text that it blocked.
  AUTO_MODERATION_ACTION_EXECUTION: permission('ManageGuild'),
  AUTO_MODERATION_RULE_CREATE: permission('ManageGuild'),
  AUTO_MODERATION_RULE_DELETE: permission('ManageGuild'),
  AUTO_MODERATION_RULE_UPDATE: permission('ManageGuild'),
  CHANNEL_CREATE: channel,
  CHANNEL_DELETE: channel,
  CHANNEL_INFO: never('answers a question of the bot, about all channels at once'),
  CHANNEL_PINS_UPDATE: channel,
  CHANNEL_UPDATE: channel,
  ENTITLEMENT_CREATE: never('what someone bought'),
  ENTITLEMENT_DELETE: never('what someone bought'),
  ENTITLEMENT_UPDATE: never('what someone bought'),
  GUILD_AUDIT_LOG_ENTRY_CREATE: permission('ViewAuditLog'),
  GUILD_BAN_ADD: permission('BanMembers'),
  GUILD_BAN_REMOVE: permission('BanMembers'),
  GUILD_CREATE: member,
  GUILD_DELETE: member,
  GUILD_EMOJIS_UPDATE: member,
  GUILD_INTEGRATIONS_UPDATE: permission('ManageGuild'),
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
  INTEGRATION_CREATE: permission('ManageGuild'),
  INTEGRATION_DELETE: permission('ManageGuild'),
  INTEGRATION_UPDATE: permission('ManageGuild'),
  INTERACTION_CREATE: never('carries the token that answers the interaction'),
  INVITE_CREATE: permission('ManageChannels'),
  INVITE_DELETE: permission('ManageChannels'),
  MESSAGE_CREATE: channel,
  MESSAGE_DELETE: channel,
  MESSAGE_DELETE_BULK: channel,
  MESSAGE_POLL_VOTE_ADD: channel,
  MESSAGE_POLL_VOTE_REMOVE: channel,
  MESSAGE_REACTION_ADD: channel,
  MESSAGE_REACTION_REMOVE: channel,
  MESSAGE_REACTION_REMOVE_ALL: channel,
  MESSAGE_REACTION_REMOVE_EMOJI: channel,
  MESSAGE_UPDATE: channel,
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
  THREAD_CREATE: channel,
  THREAD_DELETE: channel,
  THREAD_LIST_SYNC: never('what the bot has come to see, which others may not'),
  THREAD_MEMBERS_UPDATE: channel,
  THREAD_MEMBER_UPDATE: self,
  THREAD_UPDATE: channel,
  TYPING_START: channel,
  USER_UPDATE: never('is about the bot, and belongs to no guild'),
  VOICE_CHANNEL_EFFECT_SEND: channel,
  VOICE_CHANNEL_START_TIME_UPDATE: channel,
  VOICE_CHANNEL_STATUS_UPDATE: channel,
  VOICE_SERVER_UPDATE: never('carries the voice token'),
  VOICE_STATE_UPDATE: channel,
  WEBHOOKS_UPDATE: permission('ManageWebhooks'),
} as const satisfies Record<`${GatewayDispatchEvents}`, VisibilityRule>

/** The rule for an event by name; `never` for one that the table does not know. */
export function visibilityOf(event: string): VisibilityRule {
  return Object.hasOwn(visibility, event)
    ? visibility[event as keyof typeof visibility]
    : never('nobody has decided about it yet')
}

/** Whether any browser at all may be shown events of that name. */
export function mayReachBrowser(event: string): boolean {
  return visibilityOf(event).kind !== 'never'
}

/** https://docs.discord.com/developers/resources/message#message-object-message-flags */
const EPHEMERAL = 1 << 6

/** A message that Discord shows to one person only; a bot receives its own. No browser gets it. */
export function isEphemeral(payload: unknown): boolean {
  if (typeof payload !== 'object' || payload === null || !('flags' in payload)) return false
  return typeof payload.flags === 'number' && (payload.flags & EPHEMERAL) !== 0
}
