import { SnowflakeSchema } from '@repo/discord-integration/types'
import { MessageFlags, Routes } from 'discord-api-types/v10'
import { z } from 'zod'
import { bodyWith, loadUploads } from './files.ts'
import type { Handler } from './handler.ts'

const MessageSchema = z.object({ id: SnowflakeSchema })

/** https://docs.discord.com/developers/resources/message#create-message */
export const sendMessage: Handler<'send_message'> = async (named, { discord, nonce, findUpload, ...call }) => {
  using loaded = await loadUploads(named, findUpload)
  const { files } = loaded
  const { channel_id: channelId, reply_to: replyTo, suppress_embeds: isBare, ...said } = loaded.input
  const body = {
    ...said,
    ...(replyTo !== undefined && { message_reference: { message_id: replyTo } }),
    ...(isBare === true && { flags: (said.flags ?? 0) | MessageFlags.SuppressEmbeds }),
    nonce,
    enforce_nonce: true,
  }
  const message = await discord.call({ ...call, hasFiles: files.length > 0 }, async (rest, signal) =>
    MessageSchema.parse(await rest.post(Routes.channelMessages(channelId), { ...bodyWith(body, files), signal })),
  )
  return { success: true, message_id: message.id }
}
