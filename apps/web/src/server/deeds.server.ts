import type { CommandName, CommandPayload } from '@repo/discord-integration/types'
import type { z } from 'zod'
import type {
  DeafenMemberInput,
  DeleteMessageInput,
  EditMessageInput,
  MoveMemberInput,
  MuteMemberInput,
  ReactionInput,
  TimeoutMemberInput,
} from './function-inputs.ts'
import type { DeedOutcome } from './function-results.ts'
import type { FunctionContext } from './functions.server.ts'
import { outcomeOf, tooMany } from './outcomes.ts'

/* What people have the bot do to messages and members: each by named fields, nothing passed through. */

type Context = Pick<FunctionContext, 'user' | 'deputy' | 'limits'>

export const editMessage = async (
  context: Context,
  { guildId, channelId, messageId, content, requestId }: z.output<typeof EditMessageInput>,
): Promise<DeedOutcome> =>
  await done(context, guildId, 'edit_message', { channel_id: channelId, message_id: messageId, content }, requestId)

export const deleteMessage = async (
  context: Context,
  { guildId, channelId, messageId, requestId }: z.output<typeof DeleteMessageInput>,
): Promise<DeedOutcome> =>
  await done(context, guildId, 'delete_message', { channel_id: channelId, message_id: messageId }, requestId)

export const addReaction = async (
  context: Context,
  { guildId, channelId, messageId, emoji, requestId }: z.output<typeof ReactionInput>,
): Promise<DeedOutcome> =>
  await done(context, guildId, 'add_reaction', { channel_id: channelId, message_id: messageId, emoji }, requestId)

export const removeReaction = async (
  context: Context,
  { guildId, channelId, messageId, emoji, requestId }: z.output<typeof ReactionInput>,
): Promise<DeedOutcome> =>
  await done(context, guildId, 'remove_reaction', { channel_id: channelId, message_id: messageId, emoji }, requestId)

export const moveMember = async (
  context: Context,
  { guildId, userId, channelId, requestId }: z.output<typeof MoveMemberInput>,
): Promise<DeedOutcome> =>
  await done(context, guildId, 'move_member', { ...member(guildId, userId), channel_id: channelId }, requestId)

export const muteMember = async (
  context: Context,
  { guildId, userId, mute, requestId }: z.output<typeof MuteMemberInput>,
): Promise<DeedOutcome> => await done(context, guildId, 'mute_member', { ...member(guildId, userId), mute }, requestId)

export const deafenMember = async (
  context: Context,
  { guildId, userId, deaf, requestId }: z.output<typeof DeafenMemberInput>,
): Promise<DeedOutcome> =>
  await done(context, guildId, 'deafen_member', { ...member(guildId, userId), deaf }, requestId)

export const timeoutMember = async (
  context: Context,
  { guildId, userId, until, requestId }: z.output<typeof TimeoutMemberInput>,
): Promise<DeedOutcome> => {
  const payload = { ...member(guildId, userId), communication_disabled_until: until }
  return await done(context, guildId, 'timeout_member', payload, requestId)
}

const member = (guildId: string, userId: string) => ({ guild_id: guildId, user_id: userId })

async function done<Name extends CommandName>(
  { user, deputy, limits }: Context,
  guildId: string,
  command: Name,
  payload: CommandPayload<Name>,
  requestId: string,
): Promise<DeedOutcome> {
  const wait = limits.take('write', user.id)
  if (wait !== null) return tooMany(wait)
  return await outcomeOf(deputy.ask(guildId, command, payload, requestId).then(() => ({})))
}
