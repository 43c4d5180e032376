import { isThread, isVoice, sightOf } from '@repo/discord-permissions'
import type { GuildView, Sight } from '@repo/discord-permissions'
import type { CommandName, CommandPayload } from '@repo/discord-integration/types'
import type { Guild } from '@repo/event-feed'
import { PermissionFlagsBits } from 'discord-api-types/v10'
import type { Member } from '../membership/membership.ts'
import type { Refusal } from './refused.ts'

export type Permission = keyof typeof PermissionFlagsBits

/**
 * Permissions that a person has to have themselves, beside VIEW_CHANNEL: in a channel or thread, or, where that is null, in
 * the guild as a whole.
 */
export type Demand = { readonly channelId: string | null; readonly permissions: readonly Permission[] }

/** In place of uploads: it is asked what stands against any. */
export const ANY_FILES = [{ upload: '0' }]

type Demands<Name extends CommandName> = (
  payload: CommandPayload<Name>,
  entered: Entered,
  about: About,
) => readonly Demand[]

/** What is known of what a command is about. */
export type About = {
  /** The message that it names was written, or the reaction made, for whoever asks. */
  readonly isOwn: boolean
  /** The member that it names, where the need says to look; null: there is none. */
  readonly target: Member | null
  /** In ms since the epoch. */
  readonly now: number
}

/** What a command takes of whom the bot does it for. */
export type Need<Name extends CommandName> = {
  /** `reads`: also those may who are held back from acting. */
  readonly kind: 'reads' | 'acts'
  readonly demands: Demands<Name>
  /** The user whom they have to outrank. */
  readonly over?: (payload: CommandPayload<Name>) => string
  /** What Discord demands of the bot in any case, which `over` holds for too. Default: nothing that is certain beforehand. */
  readonly ofBot?: Demands<Name>
  /** What else stands against it, for who has all that. */
  readonly unless?: (payload: CommandPayload<Name>, entered: Entered, about: About) => Refusal | null
}

/** Who asks, and where. */
export type Entered = { readonly guild: Guild; readonly sight: Sight; readonly member: Member }

/**
 * Every command, and what the bot demands of a person before it does that for them; null: it does it for nobody. What Discord
 * would demand of them, had they no bot: https://docs.discord.com/developers/topics/permissions
 */
export const needs: { readonly [Name in CommandName]: Need<Name> | null } = {
  send_message: {
    kind: 'acts',
    demands: writing,
    ofBot: writing,
    unless: ({ channel_id: channelId }, entered) => (isLocked(channelId, entered) ? 'LOCKED' : null),
  },
  // New words in the channel take what words take there.
  edit_message: {
    kind: 'acts',
    demands: ({ channel_id: channelId }, { guild }) => [{ channelId, permissions: sending(channelId, guild) }],
    unless: ({ channel_id: channelId }, entered, { isOwn }) => {
      if (!isOwn) return 'NOT_YOURS'
      return isLocked(channelId, entered) ? 'LOCKED' : null
    },
  },
  delete_message: {
    kind: 'acts',
    demands: ({ channel_id: channelId }, _entered, { isOwn }) => [
      { channelId, permissions: isOwn ? [] : ['ReadMessageHistory', 'ManageMessages'] },
    ],
    ofBot: ({ channel_id: channelId }, _entered, { isOwn }) => [
      { channelId, permissions: isOwn ? [] : ['ManageMessages'] },
    ],
  },
  add_reaction: {
    kind: 'acts',
    demands: ({ channel_id: channelId }) => [{ channelId, permissions: ['ReadMessageHistory', 'AddReactions'] }],
    // It takes no more where somebody has reacted so before.
    ofBot: ({ channel_id: channelId }) => [{ channelId, permissions: ['ReadMessageHistory'] }],
  },
  remove_reaction: {
    kind: 'acts',
    demands: ({ channel_id: channelId }, _entered, { isOwn }) => [
      { channelId, permissions: isOwn ? [] : ['ReadMessageHistory', 'ManageMessages'] },
    ],
  },
  get_channel_messages: {
    kind: 'reads',
    demands: ({ channel_id: channelId }, { guild }) => {
      // https://docs.discord.com/developers/resources/message#get-channel-messages
      const isSpoken = isVoice(guild.collections.channels.get(channelId) ?? {})
      return [{ channelId, permissions: isSpoken ? ['Connect', 'ReadMessageHistory'] : ['ReadMessageHistory'] }]
    },
  },
  // From where somebody is, to where both may be. Nobody has to outrank anybody for what is done in voice.
  move_member: {
    kind: 'acts',
    demands: ({ user_id: userId, channel_id: to }, entered) => {
      const left = spoken(userId, entered, 'MoveMembers')
      return to === null ? [left] : [left, { channelId: to, permissions: ['Connect', 'MoveMembers'] }]
    },
    ofBot: ({ user_id: userId, channel_id: to }, entered) => {
      const left = spoken(userId, entered, 'MoveMembers')
      return to === null ? [left] : [left, { channelId: to, permissions: ['Connect'] }]
    },
    unless: notInVoice,
  },
  mute_member: {
    kind: 'acts',
    demands: ({ user_id: userId }, entered) => [spoken(userId, entered, 'MuteMembers')],
    ofBot: ({ user_id: userId }, entered) => [spoken(userId, entered, 'MuteMembers')],
    unless: notInVoice,
  },
  deafen_member: {
    kind: 'acts',
    demands: ({ user_id: userId }, entered) => [spoken(userId, entered, 'DeafenMembers')],
    ofBot: ({ user_id: userId }, entered) => [spoken(userId, entered, 'DeafenMembers')],
    unless: notInVoice,
  },
  // https://docs.discord.com/developers/topics/permissions#permissions-for-timed-out-members
  timeout_member: {
    kind: 'acts',
    demands: () => [{ channelId: null, permissions: ['ModerateMembers'] }],
    ofBot: () => [{ channelId: null, permissions: ['ModerateMembers'] }],
    over: ({ user_id: userId }) => userId,
    unless: ({ communication_disabled_until: until }, { guild }, { target, now }) => {
      if (target && isAdministrator(target, guild, now)) return 'ADMINISTRATOR'
      return until !== null && Date.parse(until) > now + TIMEOUT_MAX_MS ? 'TOO_LONG' : null
    },
  },
  // What web has no button for.
  bulk_delete_messages: null,
  get_message: null,
  search_messages: null,
  crosspost_message: null,
  pin_message: null,
  unpin_message: null,
  get_pinned_messages: null,
  end_poll: null,
  get_poll_voters: null,
  remove_user_reaction: null,
  remove_emoji_reactions: null,
  remove_all_reactions: null,
  get_reactions: null,
  get_channel: null,
  create_channel: null,
  edit_channel: null,
  delete_channel: null,
  move_channels: null,
  set_channel_permission: null,
  delete_channel_permission: null,
  follow_announcement_channel: null,
  trigger_typing: null,
  create_thread: null,
  create_thread_from_message: null,
  create_forum_post: null,
  edit_thread: null,
  join_thread: null,
  leave_thread: null,
  add_thread_member: null,
  remove_thread_member: null,
  list_thread_members: null,
  list_active_threads: null,
  list_public_archived_threads: null,
  list_private_archived_threads: null,
  list_own_archived_threads: null,
  // The bot's own voice, and what web itself asks of the service.
  update_voice_state: null,
  request_members: null,
  get_member: null,
  get_thread_member: null,
  get_status: null,
  get_figures: null,
  report_figures: null,
  list_commands: null,
  // What web has no use for yet.
  list_members: null,
  search_members: null,
  edit_member: null,
  edit_own_member: null,
  set_nickname: null,
  kick_member: null,
  add_member_role: null,
  remove_member_role: null,
  ban_member: null,
  bulk_ban_members: null,
  unban_member: null,
  get_ban: null,
  list_bans: null,
  disconnect_member: null,
  get_voice_state: null,
  edit_voice_state: null,
  edit_own_voice_state: null,
  set_voice_channel_status: null,
  create_stage: null,
  get_stage: null,
  edit_stage: null,
  delete_stage: null,
  list_roles: null,
  get_role: null,
  create_role: null,
  edit_role: null,
  delete_role: null,
  move_roles: null,
  get_role_member_counts: null,
  create_invite: null,
  list_channel_invites: null,
  list_guild_invites: null,
  get_invite: null,
  delete_invite: null,
  list_scheduled_events: null,
  get_scheduled_event: null,
  create_scheduled_event: null,
  edit_scheduled_event: null,
  delete_scheduled_event: null,
  list_event_users: null,
  list_emojis: null,
  get_emoji: null,
  create_emoji: null,
  edit_emoji: null,
  delete_emoji: null,
  list_stickers: null,
  get_sticker: null,
  create_sticker: null,
  edit_sticker: null,
  delete_sticker: null,
  get_guild: null,
  get_guild_snapshot: null,
  list_channels: null,
  get_audit_log: null,
  // What the service does for backends of its operators alone.
  reply_to_interaction: null,
  defer_interaction: null,
  update_interaction_message: null,
  defer_interaction_update: null,
  autocomplete_interaction: null,
  show_modal: null,
  get_interaction_reply: null,
  edit_interaction_reply: null,
  delete_interaction_reply: null,
  follow_up: null,
  get_follow_up: null,
  edit_follow_up: null,
  delete_follow_up: null,
  list_global_commands: null,
  create_global_command: null,
  edit_global_command: null,
  delete_global_command: null,
  set_global_commands: null,
  list_guild_commands: null,
  create_guild_command: null,
  edit_guild_command: null,
  delete_guild_command: null,
  set_guild_commands: null,
  get_command_permissions: null,
  create_webhook: null,
  list_channel_webhooks: null,
  list_guild_webhooks: null,
  get_webhook: null,
  edit_webhook: null,
  delete_webhook: null,
  execute_webhook: null,
  get_webhook_message: null,
  edit_webhook_message: null,
  delete_webhook_message: null,
  update_presence: null,
  discord_api: null,
}

/** https://docs.discord.com/developers/resources/guild#modify-guild-member */
const TIMEOUT_MAX_MS = 28 * 86_400_000

/** The voice channel that somebody is in, as far as whoever asks sees: one that is hidden is none. */
export function voiceOf(userId: string, { guild, sight }: Pick<Entered, 'guild' | 'sight'>): string | null {
  const channelId = guild.collections.voice_states.get(userId)?.['channel_id']
  return typeof channelId === 'string' && sight.mayView(guild, channelId) ? channelId : null
}

/** Where somebody is in voice. Of who is in none the guild's own permissions are asked. */
const spoken = (userId: string, entered: Entered, permission: Permission): Demand => ({
  channelId: voiceOf(userId, entered),
  permissions: [permission],
})

function notInVoice({ user_id: userId }: { user_id: string }, entered: Entered): Refusal | null {
  return voiceOf(userId, entered) === null ? 'NOT_IN_VOICE' : null
}

function isAdministrator(member: Member, guild: GuildView, now: number): boolean {
  const { permissions = 0n } = sightOf({ userId: member.user.id, member }, guild, now) ?? {}
  return (permissions & PermissionFlagsBits.Administrator) !== 0n
}

function writing(
  { channel_id: channelId, reply_to: replyTo, files }: CommandPayload<'send_message'>,
  { guild }: Entered,
): readonly Demand[] {
  const reply = replyTo === undefined ? [] : (['ReadMessageHistory'] as const)
  const attach = files === undefined ? [] : (['AttachFiles'] as const)
  return [{ channelId, permissions: [...sending(channelId, guild), ...reply, ...attach] }]
}

function sending(channelId: string, { collections }: GuildView): readonly Permission[] {
  const channel = collections.channels.get(channelId) ?? collections.threads.get(channelId)
  return [channel && isThread(channel) ? 'SendMessagesInThreads' : 'SendMessages']
}

/** Of what is demanded, what somebody with that sight lacks. */
export function lacking(demands: readonly Demand[], { guild, sight }: Pick<Entered, 'guild' | 'sight'>): Permission[] {
  const missing = demands.flatMap(({ channelId, permissions }) => {
    const has = channelId === null ? sight.permissions : sight.permissionsIn(guild, channelId)
    return permissions.filter((name) => (has & PermissionFlagsBits[name]) === 0n)
  })
  return [...new Set(missing)]
}

/** A thread that is locked is for moderators. */
function isLocked(channelId: string, { guild, sight }: Entered): boolean {
  const metadata = guild.collections.threads.get(channelId)?.['thread_metadata']
  const locked = typeof metadata === 'object' && metadata !== null && 'locked' in metadata && metadata.locked === true
  return locked && (sight.permissionsIn(guild, channelId) & PermissionFlagsBits.ManageThreads) === 0n
}
