import { isThread } from '@repo/discord-permissions'
import type { GuildView } from '@repo/discord-permissions'
import type { CommandName, CommandPayload } from '@repo/discord-integration/types'
import { ChannelType } from 'discord-api-types/v10'
import type { PermissionFlagsBits } from 'discord-api-types/v10'

export type Permission = keyof typeof PermissionFlagsBits

/**
 * Permissions that a person has to have themselves, beside VIEW_CHANNEL: in a channel or thread, or, where that is null, in
 * the guild as a whole.
 */
export type Demand = { readonly channelId: string | null; readonly permissions: readonly Permission[] }

type Demands<Name extends CommandName> = (payload: CommandPayload<Name>, guild: GuildView) => readonly Demand[]

/** What a command takes of whom the bot does it for. `reads`: also those may who are held back from acting. */
export type Need<Name extends CommandName> = { readonly kind: 'reads' | 'acts'; readonly demands: Demands<Name> }

/**
 * Every command, and what the bot demands of a person before it does that for them; null: it does it for nobody. What Discord
 * would demand of them, had they no bot: https://docs.discord.com/developers/topics/permissions
 */
export const needs: { readonly [Name in CommandName]: Need<Name> | null } = {
  send_message: {
    kind: 'acts',
    demands: ({ channel_id: channelId, reply_to: replyTo }, guild) => {
      const reply = replyTo === undefined ? [] : (['ReadMessageHistory'] as const)
      return [{ channelId, permissions: [...sending(channelId, guild), ...reply] }]
    },
  },
  // The bot's own messages alone can be edited, and nobody says whose they were.
  edit_message: null,
  delete_message: {
    kind: 'acts',
    demands: ({ channel_id: channelId }) => [{ channelId, permissions: ['ReadMessageHistory', 'ManageMessages'] }],
  },
  add_reaction: {
    kind: 'acts',
    demands: ({ channel_id: channelId }) => [{ channelId, permissions: ['ReadMessageHistory', 'AddReactions'] }],
  },
  get_channel_messages: {
    kind: 'reads',
    demands: ({ channel_id: channelId }, { collections }) => {
      const isVoice = VOICE.has(collections.channels.get(channelId)?.['type'])
      return [{ channelId, permissions: isVoice ? ['Connect', 'ReadMessageHistory'] : ['ReadMessageHistory'] }]
    },
  },
  // From where somebody is, to where both may be.
  move_member: {
    kind: 'acts',
    demands: ({ user_id: userId, channel_id: to }, { collections }) => {
      const from = collections.voice_states.get(userId)?.['channel_id']
      const left: Demand = { channelId: typeof from === 'string' ? from : null, permissions: ['MoveMembers'] }
      return to === null ? [left] : [left, { channelId: to, permissions: ['Connect', 'MoveMembers'] }]
    },
  },
  // The bot's own voice, and what web itself asks of the service.
  update_voice_state: null,
  request_members: null,
  get_member: null,
  get_thread_member: null,
  get_status: null,
  list_commands: null,
}

/** https://docs.discord.com/developers/resources/message#get-channel-messages takes CONNECT in these. */
const VOICE: ReadonlySet<unknown> = new Set([ChannelType.GuildVoice, ChannelType.GuildStageVoice])

/** A thread that is locked is for moderators. */
function sending(channelId: string, { collections }: GuildView): readonly Permission[] {
  const channel = collections.channels.get(channelId) ?? collections.threads.get(channelId)
  if (!channel || !isThread(channel)) return ['SendMessages']
  const { thread_metadata: metadata } = channel
  const isLocked = typeof metadata === 'object' && metadata !== null && 'locked' in metadata && metadata.locked === true
  return isLocked ? ['SendMessagesInThreads', 'ManageThreads'] : ['SendMessagesInThreads']
}
