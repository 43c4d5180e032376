import { SnowflakeSchema } from '@repo/discord-integration/types'
import { MessageFlags, Routes } from 'discord-api-types/v10'
import { z } from 'zod'
import type { Handler } from './handler.ts'

const MessageSchema = z.object({ id: SnowflakeSchema })

/** https://docs.discord.com/developers/resources/message#create-message */
export const sendMessage: Handler<'send_message'> = async (input, { discord, nonce, ...call }) => {
  const { channel_id: channelId, content, reply_to: replyTo, allowed_mentions, suppress_embeds } = input
  const message_reference = replyTo === undefined ? undefined : { message_id: replyTo }
  const flags = suppress_embeds === true ? MessageFlags.SuppressEmbeds : undefined
  const body = { content, nonce, enforce_nonce: true, message_reference, allowed_mentions, flags }
  const message = await discord.call(call, async (rest, signal) =>
    MessageSchema.parse(await rest.post(Routes.channelMessages(channelId), { body, signal })),
  )
  return { success: true, message_id: message.id }
}
