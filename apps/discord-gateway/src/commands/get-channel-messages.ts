import { Routes } from 'discord-api-types/v10'
import { z } from 'zod'
import type { Handler } from './handler.ts'

const MessagesSchema = z.array(z.record(z.string(), z.unknown()))

/** https://docs.discord.com/developers/resources/message#get-channel-messages */
export const getChannelMessages: Handler<'get_channel_messages'> = async (input, { discord, ...call }) => {
  const { channel_id: channelId, ...options } = input
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(options)) query.set(name, String(value))
  const messages = await discord.call(call, async (rest, signal) =>
    MessagesSchema.parse(await rest.get(Routes.channelMessages(channelId), { query, signal })),
  )
  return { success: true, messages }
}
