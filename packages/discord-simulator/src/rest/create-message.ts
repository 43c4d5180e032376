import { EmbedType, PermissionFlagsBits } from 'discord-api-types/v10'
import type { APIAllowedMentions, APIEmbed, APIMessage } from 'discord-api-types/v10'
import type { Reply } from '../http/reply.ts'
import { composeMessage, messageEvent } from '../world/compose.ts'
import type { User } from '../world/types.ts'
import type { World } from '../world/world.ts'
import { messagesOf } from './access.ts'
import type { Reached } from './access.ts'
import { numbered } from './components.ts'
import { refusal } from './errors.ts'
import { readForm } from './form.ts'
import { messageBody } from './message-body.ts'
import type { EmbedBody, MessageBody } from './message-body.ts'
import { ok, param } from './route.ts'
import type { RestContext, RestRequest } from './route.ts'

/** Bots write to no bots, and to people only while they share a guild with them. */
function mayReach(world: World, recipient: User | undefined): void {
  if (!recipient || recipient.bot) throw refusal.cannotReach()
  if (!world.guilds().some(({ id }) => world.member(id, recipient.id))) throw refusal.noMutualGuilds()
}

function mayPost(world: World, { guild, channel, bits }: Reached, body: MessageBody): void {
  const sends =
    'thread_metadata' in channel ? PermissionFlagsBits.SendMessagesInThreads : PermissionFlagsBits.SendMessages
  if (!(bits & sends)) throw refusal.missingPermissions()
  if (!guild) mayReach(world, channel.recipients[0])
  if (body.embeds?.length && !(bits & PermissionFlagsBits.EmbedLinks)) throw refusal.missingPermissions()
  if (body.message_reference && !(bits & PermissionFlagsBits.ReadMessageHistory)) throw refusal.cannotReply()
}

/** The message that is answered, or 50035 naming what is wrong with the reference. */
function answered(world: World, { channel }: Reached, body: MessageBody): APIMessage | undefined {
  const reference = body.message_reference
  if (!reference) return undefined
  const refuse = (code: string, message: string) =>
    refusal.invalidForm([{ path: ['message_reference'], code, message }])
  if (reference.type === 1)
    throw refuse('MESSAGE_REFERENCE_UNSUPPORTED', 'Forwards are not served by the simulator yet')
  if (reference.channel_id !== undefined && reference.channel_id !== channel.id) {
    throw refuse('REPLIES_CANNOT_REFERENCE_OTHER_CHANNEL', 'Cannot reply to a message in a different channel')
  }
  const message = world.messages.get(channel.id, reference.message_id)
  if (!message && reference.fail_if_not_exists !== false) {
    throw refuse('MESSAGE_REFERENCE_UNKNOWN_MESSAGE', 'Unknown message')
  }
  return message
}

export const asEmbed = (body: EmbedBody): APIEmbed => ({ type: EmbedType.Rich, ...body }) as APIEmbed

/** A request that repeats one of the last minutes gets its message, and makes none. */
function repeated({ world, nonces }: RestContext, body: MessageBody): APIMessage | undefined {
  if (body.nonce === undefined || !body.enforce_nonce) return undefined
  const sent = nonces.find(world.bot.id, body.nonce)
  if (!sent) return undefined
  const message = world.messages.get(sent.channel_id, sent.id)
  if (!message) throw refusal.unknownMessage()
  return { ...message, nonce: body.nonce }
}

/** https://docs.discord.com/developers/resources/message#create-message */
export function createMessage(context: RestContext, request: RestRequest): Reply {
  const { world, nonces, files, emit } = context
  const reached = messagesOf(world, param(request, 'channel_id'))
  const body = readForm(messageBody, request.body ?? {})
  mayPost(world, reached, body)
  if (request.files.length > 0 && !(reached.bits & PermissionFlagsBits.AttachFiles)) throw refusal.missingPermissions()

  // Discord cuts white space at both ends, so a message of nothing else is empty.
  const content = (body.content ?? '').trim()
  const isEmpty =
    !content &&
    !body.embeds?.length &&
    !body.sticker_ids?.length &&
    !body.components?.length &&
    request.files.length === 0
  if (isEmpty) throw refusal.emptyMessage()
  const reply_to = answered(world, reached, body)

  const before = repeated(context, body)
  if (before) return ok(before)

  const message = composeMessage(world, reached, {
    author: world.bot,
    content,
    embeds: (body.embeds ?? []).map(asEmbed),
    attachments: files.keep(reached.channel.id, request.files, body.attachments),
    reply_to,
    allowed_mentions: body.allowed_mentions as APIAllowedMentions | undefined,
    nonce: body.nonce,
    tts: body.tts === true && (reached.bits & PermissionFlagsBits.SendTTSMessages) !== 0n,
    flags: body.flags ?? 0,
  })
  if (body.components) message.components = numbered(body.components)
  emit({ event: 'MESSAGE_CREATE', payload: messageEvent(world, reached, message) })
  if (body.nonce !== undefined) nonces.remember(world.bot.id, body.nonce, message)
  return ok(message)
}
