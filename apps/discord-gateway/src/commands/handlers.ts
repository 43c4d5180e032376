import type { ShardStatus } from '@repo/discord-integration/clients'
import { getChannelMessages } from './get-channel-messages.ts'
import { createGetStatus } from './get-status.ts'
import type { Handlers } from './handler.ts'
import { sendMessage } from './send-message.ts'

export function createHandlers({ shards }: { shards: () => readonly ShardStatus[] }): Handlers {
  return {
    send_message: sendMessage,
    get_channel_messages: getChannelMessages,
    get_status: createGetStatus(shards),
  }
}
