import { MessageFlags } from 'discord-api-types/v10'

/** Whether a message is only for one who used a command. https://docs.discord.com/developers/resources/message#message-object-message-flags */
export function isEphemeral(message: object): boolean {
  return 'flags' in message && typeof message.flags === 'number' && (message.flags & MessageFlags.Ephemeral) !== 0
}
