import { MessageFlags, MessageType } from 'discord-api-types/v10'
import type { APIMessage, APIMessageSnapshot } from 'discord-api-types/v10'
import { guildIdOf } from '../world/compose.ts'
import type { World } from '../world/world.ts'
import { messagesOf } from './access.ts'
import type { Reached } from './access.ts'
import { refusal } from './errors.ts'
import type { MessageBody } from './message-body.ts'

/*
 * What a message points to: one that it answers, or one that it carries on.
 * https://docs.discord.com/developers/resources/message#message-reference-types
 */

const FORWARD = 1

const refuse = (code: string, message: string) => refusal.invalidForm([{ path: ['message_reference'], code, message }])
const required = (field: string) =>
  refusal.invalidForm([
    { path: ['message_reference', field], code: 'BASE_TYPE_REQUIRED', message: 'This field is required' },
  ])
const unknown = () => refuse('MESSAGE_REFERENCE_UNKNOWN_MESSAGE', 'Unknown message')

export const isForward = (body: MessageBody): boolean => body.message_reference?.type === FORWARD

/** The message that is answered, or 50035 naming what is wrong with the reference. */
export function answeredBy(world: World, { channel }: Reached, body: MessageBody): APIMessage | undefined {
  const reference = body.message_reference
  if (!reference || isForward(body)) return undefined
  if (reference.channel_id !== undefined && reference.channel_id !== channel.id) {
    throw refuse('REPLIES_CANNOT_REFERENCE_OTHER_CHANNEL', 'Cannot reply to a message in a different channel')
  }
  const message = world.messages.get(channel.id, reference.message_id)
  if (!message && reference.fail_if_not_exists !== false) throw unknown()
  return message
}

/** What people write, and what commands answer; the notices of channels cannot be carried on. */
const FORWARDED: ReadonlySet<MessageType> = new Set([
  MessageType.Default,
  MessageType.Reply,
  MessageType.ChatInputCommand,
  MessageType.ContextMenuCommand,
])

/** https://docs.discord.com/developers/resources/message#message-snapshot-object */
function snapshotOf(message: APIMessage): APIMessageSnapshot {
  const { type, content, mentions, mention_roles, attachments, embeds, timestamp, edited_timestamp } = message
  const { components = [], sticker_items, flags = 0 as MessageFlags } = message
  const kept = {
    type,
    content,
    mentions,
    mention_roles,
    attachments,
    embeds,
    timestamp,
    edited_timestamp,
    components,
    flags,
  }
  return { message: { ...kept, ...(sticker_items && { sticker_items }) } }
}

/** What a forward says instead of words: https://docs.discord.com/developers/resources/message#message-reference-content-attribution-forwards */
export function forwardedBy(world: World, body: MessageBody): Partial<APIMessage> | undefined {
  if (!body.message_reference || !isForward(body)) return undefined
  const { channel_id, message_id } = body.message_reference
  if (channel_id === undefined) throw required('channel_id')
  const source = messagesOf(world, channel_id)
  const message = world.messages.get(channel_id, message_id)
  if (!message) throw unknown()
  if (!FORWARDED.has(message.type) || message.poll)
    throw refuse('MESSAGE_REFERENCE_INVALID_TYPE', 'This message cannot be forwarded')
  const isReadable =
    !source.guild ||
    world.privileged.has('message_content') ||
    message.author.id === world.bot.id ||
    message.mentions.some(({ id }) => id === world.bot.id)
  if (!isReadable) throw refusal.unreadableForward()
  return {
    message_reference: { type: FORWARD, channel_id, message_id, ...guildIdOf(source) },
    // A forward that is forwarded shows what was first said.
    message_snapshots: message.message_snapshots ?? [snapshotOf(message)],
    flags: MessageFlags.HasSnapshot,
  }
}
