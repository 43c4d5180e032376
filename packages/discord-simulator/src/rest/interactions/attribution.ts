import { ApplicationCommandType, MessageReferenceType, MessageType } from 'discord-api-types/v10'
import type { APIMessage } from 'discord-api-types/v10'
import { guildIdOf } from '../../world/compose.ts'
import { withoutReference } from '../../world/message-store.ts'
import type { World } from '../../world/world.ts'
import type { RestContext } from '../route.ts'
import type { Interaction } from './interaction.ts'
import { messageAt } from './message-at.ts'

const userOf = (world: World, { userId }: Interaction) => world.user(userId) ?? world.bot

/** On whom or what a command of a context menu was used. */
function targetOf(world: World, { commandType, targetId = '' }: Interaction): object {
  if (commandType === ApplicationCommandType.User) return { target_user: world.user(targetId) }
  return commandType === ApplicationCommandType.Message ? { target_message_id: targetId } : {}
}

/** https://docs.discord.com/developers/resources/message#message-interaction-metadata-object */
function metadataOf(world: World, interaction: Interaction): object {
  const { id, type, guildId = '0', messageId, openedBy, isAnswered, originalId } = interaction
  return {
    id,
    type,
    user: userOf(world, interaction),
    authorizing_integration_owners: { 0: guildId },
    ...targetOf(world, interaction),
    ...(type === 3 && { interacted_message_id: messageId }),
    ...(openedBy && { triggering_interaction_metadata: metadataOf(world, openedBy) }),
    // Only what follows the first answer names it.
    ...(isAnswered && originalId !== undefined && { original_response_message_id: originalId }),
  }
}

/** A reply to a message, as clients show what follows the first answer, and what answers a component. */
function replyTo(context: RestContext, interaction: Interaction, messageId: string): Partial<APIMessage> {
  const place = context.world.place(interaction.channelId)
  const found = messageAt(context, interaction.channelId, messageId)
  return {
    type: MessageType.Reply,
    message_reference: {
      type: MessageReferenceType.Default,
      channel_id: interaction.channelId,
      message_id: messageId,
      ...(place && guildIdOf(place)),
    },
    referenced_message: found ? withoutReference(found.message) : null,
  }
}

/** What an answer without a message before it says of what it answers: the name is that of the command. */
function commandAnswered(world: World, interaction: Interaction): object {
  const { id, type, commandType, commandName, openedBy } = interaction
  const name = commandName ?? openedBy?.commandName ?? ''
  const isTyped = commandType === ApplicationCommandType.ChatInput
  return {
    ...(type === 2 && { type: isTyped ? MessageType.ChatInputCommand : MessageType.ContextMenuCommand }),
    // Deprecated, and still sent.
    interaction: { id, type, name, user: userOf(world, interaction) },
  }
}

/**
 * What a message that answers an interaction says of it: the first answer to a command that it is one, all others to which
 * message they belong.
 * https://docs.discord.com/developers/interactions/receiving-and-responding#message-interaction-object
 */
export function attribution(context: RestContext, interaction: Interaction): Partial<APIMessage> {
  const { world } = context
  const answered = interaction.isAnswered ? interaction.originalId : interaction.messageId
  const isFirst = !interaction.isAnswered && interaction.messageId === undefined
  return {
    application_id: world.bot.id,
    interaction_metadata: metadataOf(world, interaction),
    ...(isFirst && commandAnswered(world, interaction)),
    ...(answered !== undefined && replyTo(context, interaction, answered)),
  } as Partial<APIMessage>
}
