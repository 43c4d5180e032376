import { LinkError, SnowflakeSchema, type CommandInput } from '@repo/discord-integration/types'
import { MessageFlags, Routes } from 'discord-api-types/v10'
import { z } from 'zod'
import { namingFields } from '../issues.ts'
import type { Handler } from './handler.ts'

const MessageSchema = z.object({ id: SnowflakeSchema })

type Said = Omit<CommandInput<'send_message'>, 'channel_id' | 'reply_to' | 'suppress_embeds'>

/** https://docs.discord.com/developers/resources/message#create-message */
export const sendMessage: Handler<'send_message'> = async (input, { discord, nonce, ...call }) => {
  const { channel_id: channelId, reply_to: replyTo, suppress_embeds: isBare, ...said } = input
  const request = requestOf({
    ...said,
    ...(replyTo !== undefined && { message_reference: { message_id: replyTo } }),
    ...(isBare === true && { flags: (said.flags ?? 0) | MessageFlags.SuppressEmbeds }),
  })
  const body = { ...request.body, nonce, enforce_nonce: true }
  const message = await discord.call(call, async (rest, signal) =>
    MessageSchema.parse(await rest.post(Routes.channelMessages(channelId), { ...request, body, signal })),
  )
  return { success: true, message_id: message.id }
}

/** What is asked of Discord. Of `files` nothing can be yet: there are no uploads. */
function requestOf({ files, ...body }: Said): { body: object } {
  if (files === undefined) return { body }
  const issues = [{ path: 'data.payload.files', message: 'files cannot be sent yet' }]
  throw new LinkError('INVALID_PAYLOAD', namingFields('Not a payload of send_message', issues), { issues })
}
