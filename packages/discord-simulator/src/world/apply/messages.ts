import { MessageType } from 'discord-api-types/v10'
import type { APIMessage } from 'discord-api-types/v10'
import { z } from 'zod'
import { compareSnowflakes } from '../../snowflake.ts'
import { isEphemeral } from '../ephemeral.ts'
import { message as messageShape, newMessage } from '../message-shape.ts'
import { id } from '../shapes.ts'
import { on, without } from './handler.ts'
import type { Handlers } from './handler.ts'

/** Events give each mentioned user's member too; what REST shows does not have it. */
const usersOf = (mentions: unknown): unknown[] =>
  Array.isArray(mentions) ? mentions.map((user) => (user instanceof Object ? without(user, 'member') : user)) : []

const messageCreate = on(messageShape, (world, payload) => {
  // It is in no history: nobody can ask for it again.
  if (isEphemeral(payload)) return
  const stored = without(newMessage(payload), 'guild_id', 'member', 'nonce', 'channel_type', 'referenced_message')
  const full = { ...stored, mentions: usersOf(payload['mentions']) }
  world.messages.put(full as unknown as APIMessage)
  const channel = world.place(payload.channel_id)?.channel
  if (!channel) return
  const last = 'last_message_id' in channel ? channel.last_message_id : null
  if (!last || compareSnowflakes(payload.id, last) > 0) Object.assign(channel, { last_message_id: payload.id })
  // A post's first message has the post's id, and that of a thread on a message is its parent's: neither is counted.
  const isFirst = payload.id === channel.id || payload.type === MessageType.ThreadStarterMessage
  if ('thread_metadata' in channel && !isFirst) {
    channel.message_count = (channel.message_count ?? 0) + 1
    channel.total_message_sent = (channel.total_message_sent ?? 0) + 1
  }
})

const messageUpdate = on(messageShape, (world, payload) => {
  const fields = without(payload, 'guild_id', 'member', 'nonce', 'channel_type', 'referenced_message', 'reactions')
  world.messages.patch(payload.channel_id, payload.id, fields)
})

const messageDelete = on(z.looseObject({ id, channel_id: id }), (world, payload) =>
  world.messages.delete(payload.channel_id, payload.id),
)

const messageDeleteBulk = on(z.looseObject({ ids: z.array(id), channel_id: id }), (world, payload) => {
  for (const messageId of payload.ids) world.messages.delete(payload.channel_id, messageId)
})

/** https://docs.discord.com/developers/events/gateway-events#messages */
export const messageHandlers: Handlers = {
  MESSAGE_CREATE: messageCreate,
  MESSAGE_UPDATE: messageUpdate,
  MESSAGE_DELETE: messageDelete,
  MESSAGE_DELETE_BULK: messageDeleteBulk,
}
