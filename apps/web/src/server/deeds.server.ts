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

export const editMessage = deed('edit_message', ({ channelId, messageId, content }: Of<typeof EditMessageInput>) => ({
  ...message(channelId, messageId),
  content,
}))

export const deleteMessage = deed('delete_message', ({ channelId, messageId }: Of<typeof DeleteMessageInput>) =>
  message(channelId, messageId),
)

export const addReaction = deed('add_reaction', reaction)
export const removeReaction = deed('remove_reaction', reaction)

export const moveMember = deed('move_member', ({ guildId, userId, channelId }: Of<typeof MoveMemberInput>) => ({
  ...member(guildId, userId),
  channel_id: channelId,
}))

export const muteMember = deed('mute_member', ({ guildId, userId, mute }: Of<typeof MuteMemberInput>) => ({
  ...member(guildId, userId),
  mute,
}))

export const deafenMember = deed('deafen_member', ({ guildId, userId, deaf }: Of<typeof DeafenMemberInput>) => ({
  ...member(guildId, userId),
  deaf,
}))

export const timeoutMember = deed('timeout_member', ({ guildId, userId, until }: Of<typeof TimeoutMemberInput>) => ({
  ...member(guildId, userId),
  communication_disabled_until: until,
}))

type Of<Schema extends z.ZodType> = z.output<Schema>

function message(channelId: string, messageId: string) {
  return { channel_id: channelId, message_id: messageId }
}

function reaction({ channelId, messageId, emoji }: Of<typeof ReactionInput>) {
  return { ...message(channelId, messageId), emoji }
}

function member(guildId: string, userId: string) {
  return { guild_id: guildId, user_id: userId }
}

/** Has the bot do it for whoever asks, if they may. @param payloadOf what the command takes of what they asked. */
function deed<Name extends CommandName, Asked extends { guildId: string; requestId: string }>(
  command: Name,
  payloadOf: (asked: Asked) => CommandPayload<Name>,
) {
  return async ({ user, deputy, limits }: Context, asked: Asked): Promise<DeedOutcome> => {
    const wait = limits.take('write', user.id)
    if (wait !== null) return tooMany(wait)
    return await outcomeOf(deputy.ask(asked.guildId, command, payloadOf(asked), asked.requestId).then(() => ({})))
  }
}
