import {
  AuditLogEvent,
  ChannelType,
  MessageFlags,
  MessageType,
  PermissionFlagsBits as Bit,
} from 'discord-api-types/v10'
import type { APIAllowedMentions, APIMessage } from 'discord-api-types/v10'
import { z } from 'zod'
import { timestampOf } from '../../snowflake.ts'
import { composeMessage, guildIdOf, isoTime, messageEvent } from '../../world/compose.ts'
import { shownMessage } from '../../world/content.ts'
import { isEphemeral } from '../../world/ephemeral.ts'
import type { Place } from '../../world/types.ts'
import type { World } from '../../world/world.ts'
import { inGuild, messagesOf, need } from '../access.ts'
import type { Reached } from '../access.ts'
import { shownComponents } from '../components/numbered.ts'
import { embedFiles } from '../embedded-files.ts'
import { asEmbed, checkParts } from '../post-message.ts'
import { refusal } from '../errors.ts'
import { checkAttachments, namesOf } from '../files.ts'
import { integer, moment, readForm, snowflake } from '../form.ts'
import { messageBody } from '../message-body.ts'
import { editedFlags, embedsOf, isLoading, serialized, suppressedFlags } from '../message-flags.ts'
import { pollFrom } from '../polls/poll-body.ts'
import { carry } from '../webhooks/followers.ts'
import { none, ok, param } from '../route.ts'
import { checkActive, checkDeletable, checkUnlocked } from '../thread-state.ts'
import { isVoiceMessage } from '../voice-message.ts'
import type { RestContext, RestRequest, Route } from '../route.ts'

/** Messages older than this are deleted one by one or not at all: https://docs.discord.com/developers/resources/message#bulk-delete-messages */
const BULK_AGE_MS = 14 * 86_400_000

/** https://docs.discord.com/developers/resources/message#pin-message */
const PINS_PER_CHANNEL = 250

/** The old list knows no pages, and ends where pins once did. */
const PINS_IN_OLD_LIST = 50

/** The message that a path names, with its channel; else 10008. */
export function messageOf(world: World, request: RestRequest): { reached: Reached; message: APIMessage } {
  const reached = messagesOf(world, param(request, 'channel_id'))
  const message = world.messages.get(reached.channel.id, param(request, 'message_id'))
  if (!message) throw refusal.unknownMessage()
  return { reached, message }
}

/** What of a message an edit changes. */
export const editBody = messageBody.pick({
  content: true,
  embeds: true,
  allowed_mentions: true,
  components: true,
  attachments: true,
  flags: true,
  poll: true,
})

/**
 * A message as an edit makes it.
 *
 * @param mayEmbed whether who edits may embed links. Discord passes over the embeds of who may not, and refuses only a message that is
 * then empty: https://github.com/discord/discord-api-docs/issues/5648
 */
export function edited(
  context: RestContext,
  place: Place,
  message: APIMessage,
  request: RestRequest,
  mayEmbed = true,
): APIMessage {
  const { world, files } = context
  if (message.poll) throw refusal.cannotEditPoll()
  if (isVoiceMessage(message)) throw refusal.voiceNotEditable()
  if (!isEphemeral(message)) checkActive(place)
  const body = readForm(editBody, request.body ?? {})
  const given = mayEmbed || !body.embeds?.length ? body.embeds : undefined
  // What is null is taken away.
  const isCleared = (field: string) => Reflect.get(request.body ?? {}, field) === null
  const content = isCleared('content') ? '' : (body.content?.trim() ?? message.content)
  const draft = {
    author: message.author,
    id: message.id,
    content,
    allowed_mentions: body.allowed_mentions as APIAllowedMentions | undefined,
  }
  const { mentions, mention_roles, mention_everyone } = composeMessage(world, place, draft)
  checkAttachments(body.attachments, request.files, message.attachments)
  // What the list leaves out is gone, also of what was sent along; without a list all stay, and all are added.
  // https://docs.discord.com/developers/resources/message#edit-message
  const isListed = (name: string) => body.attachments?.some(({ id }) => id === name) ?? true
  const kept = message.attachments.filter(({ id }) => isListed(id))
  const added = request.files.filter(({ index }) => isListed(index))
  const names = [...kept.map(({ filename }) => filename), ...namesOf(added, body.attachments)]
  const next: APIMessage = {
    ...message,
    content,
    ...(body.content !== undefined && { mentions, mention_roles, mention_everyone }),
    ...embedFiles(isCleared('embeds') ? [] : (given?.map(asEmbed) ?? embedsOf(context, message)), [
      ...kept,
      ...files.keep(place.channel.id, added, body.attachments),
    ]),
    edited_timestamp: isoTime(world.clock.now()),
    flags: editedFlags(message.flags ?? 0, body.flags),
  }
  // A message that is there already gets no poll, but one that was deferred may: https://docs.discord.com/developers/resources/webhook#edit-webhook-message
  if (body.poll && isLoading(message)) next.poll = pollFrom(body.poll, world.clock.now())
  checkParts({ ...body, ...next, components: body.components }, names)
  if (body.components) next.components = shownComponents(body.components, next.attachments, world.nextId)
  const isSaid = next.content || next.embeds.length || next.components?.length || next.attachments.length || next.poll
  if (!isSaid) throw refusal.emptyMessage()
  return serialized(context, next)
}

/** The bot's own message. That files take their permission in an edit too is no more than likely: Discord does not say. */
function ownEdited(context: RestContext, reached: Reached, message: APIMessage, request: RestRequest): APIMessage {
  if (request.files.length > 0) need(reached.bits, Bit.AttachFiles)
  return edited(context, reached, message, request, (reached.bits & Bit.EmbedLinks) !== 0n)
}

/** What of somebody else's message an edit may name: any other field, and any file, is refused with 50005. */
const flagsBody = z.strictObject({ flags: z.int().nonnegative() })

/** Another's message is left as it was written, but for whether its embeds are shown. That takes MANAGE_MESSAGES. */
function moderated(context: RestContext, reached: Reached, message: APIMessage, request: RestRequest): APIMessage {
  const asked = flagsBody.safeParse(request.body)
  if (!asked.success || request.files.length > 0) throw refusal.notYourMessage()
  need(reached.bits, Bit.ManageMessages)
  checkActive(reached)
  const flags = suppressedFlags(message.flags ?? 0, asked.data.flags)
  return serialized(context, { ...message, embeds: embedsOf(context, message), flags })
}

/** https://docs.discord.com/developers/resources/message#edit-message */
function editMessage(context: RestContext, request: RestRequest) {
  const { world, emit } = context
  const { reached, message } = messageOf(world, request)
  checkUnlocked(reached, reached.bits)
  const isOwn = message.author.id === world.bot.id
  const next = (isOwn ? ownEdited : moderated)(context, reached, message, request)
  emit({ event: 'MESSAGE_UPDATE', payload: messageEvent(world, reached, next) })
  return ok(shownMessage(world, next))
}

/** https://docs.discord.com/developers/resources/message#delete-message */
function deleteMessage({ world, emit }: RestContext, request: RestRequest) {
  const { reached, message } = messageOf(world, request)
  if (message.author.id !== world.bot.id) need(inGuild(reached).bits, Bit.ManageMessages)
  checkDeletable(reached, reached.bits)
  const { id, channel_id } = message
  emit({ event: 'MESSAGE_DELETE', payload: { id, channel_id, ...guildIdOf(reached) } })
  return none()
}

/** https://docs.discord.com/developers/resources/message#bulk-delete-messages */
function bulkDelete({ world, emit, note }: RestContext, request: RestRequest) {
  const { guild, channel, bits } = inGuild(messagesOf(world, param(request, 'channel_id')))
  const { messages } = readForm(z.looseObject({ messages: z.array(snowflake) }), request.body ?? {})
  need(bits, Bit.ManageMessages)
  checkDeletable({ channel }, bits)
  if (messages.length < 2 || messages.length > 100) throw refusal.notSoManyToDelete()
  const isOld = (id: string) => timestampOf(id) < world.clock.now() - BULK_AGE_MS
  if (messages.some(isOld)) throw refusal.tooOldToBulkDelete()
  const ids = [...new Set(messages)].filter((id) => world.messages.get(channel.id, id))
  if (ids.length === 0) return none()
  emit({ event: 'MESSAGE_DELETE_BULK', payload: { ids, channel_id: channel.id, guild_id: guild.id } })
  const options = { count: String(ids.length) }
  note(guild.id, { action_type: AuditLogEvent.MessageBulkDelete, target_id: channel.id, options })
  return none()
}

/** https://docs.discord.com/developers/resources/message#crosspost-message */
function crosspost(context: RestContext, request: RestRequest) {
  const { world, emit } = context
  const { reached, message } = messageOf(world, request)
  if (reached.channel.type !== ChannelType.GuildAnnouncement) throw refusal.wrongChannelType()
  need(reached.bits, Bit.SendMessages, ...(message.author.id === world.bot.id ? [] : [Bit.ManageMessages]))
  if ((message.flags ?? 0) & MessageFlags.Crossposted) throw refusal.alreadyCrossposted()
  const next = { ...message, flags: (message.flags ?? 0) | MessageFlags.Crossposted }
  emit({ event: 'MESSAGE_UPDATE', payload: messageEvent(world, reached, next) })
  carry(context, inGuild(reached), next)
  return ok(shownMessage(world, next))
}

const pinnedIn = (world: World, channelId: string) =>
  world.messages.recent(channelId, Infinity).filter((message) => message.pinned)

/** https://docs.discord.com/developers/resources/message#pin-message */
function setPinned({ world, emit, records }: RestContext, request: RestRequest, pinned: boolean) {
  const { reached, message } = messageOf(world, request)
  need(reached.bits, Bit.PinMessages)
  checkActive(reached)
  if (message.pinned === pinned) return none()
  const { channel } = reached
  if (pinned && pinnedIn(world, channel.id).length >= PINS_PER_CHANNEL) throw refusal.tooManyPins()
  const now = isoTime(world.clock.now())
  emit({ event: 'MESSAGE_UPDATE', payload: messageEvent(world, reached, { ...message, pinned }) })
  if (pinned) records.pinnedAt.set(message.id, now)
  const left = pinnedIn(world, channel.id).flatMap(({ id }) => records.pinnedAt.get(id) ?? [])
  const last_pin_timestamp = left.toSorted().at(-1) ?? null
  emit({ event: 'CHANNEL_PINS_UPDATE', payload: { ...guildIdOf(reached), channel_id: channel.id, last_pin_timestamp } })
  if (!pinned) return none()
  const type = MessageType.ChannelPinnedMessage
  const notice = composeMessage(world, reached, { author: world.bot, content: '', type })
  notice.message_reference = { type: 0, channel_id: channel.id, ...guildIdOf(reached), message_id: message.id }
  emit({ event: 'MESSAGE_CREATE', payload: messageEvent(world, reached, notice) })
  return none()
}

/** All pins of a channel, the newest first. */
function pinsOf({ world, records }: RestContext, channelId: string) {
  return pinnedIn(world, channelId)
    .flatMap(({ id, timestamp }) => {
      const message = world.messages.get(channelId, id)
      const pinned_at = records.pinnedAt.get(id) ?? timestamp
      return message ? [{ pinned_at, message: shownMessage(world, message) }] : []
    })
    .toSorted((a, b) => Date.parse(b.pinned_at) - Date.parse(a.pinned_at))
}

/** https://docs.discord.com/developers/resources/message#get-pinned-messages-deprecated */
function listPinsBare(context: RestContext, request: RestRequest) {
  const { channel, bits } = messagesOf(context.world, param(request, 'channel_id'))
  if (!(bits & Bit.ReadMessageHistory)) return ok([])
  const newest = pinsOf(context, channel.id).slice(0, PINS_IN_OLD_LIST)
  return ok(newest.map(({ message }) => message))
}

/** https://docs.discord.com/developers/resources/message#get-channel-pins */
function listPins(context: RestContext, request: RestRequest) {
  const { channel, bits } = messagesOf(context.world, param(request, 'channel_id'))
  const query = z.object({ limit: integer(1, 50).default(50), before: moment.optional() })
  const { limit, before } = readForm(query, Object.fromEntries(request.query))
  if (!(bits & Bit.ReadMessageHistory)) return ok({ items: [], has_more: false })
  const all = pinsOf(context, channel.id).filter(
    ({ pinned_at }) => before === undefined || Date.parse(pinned_at) < Date.parse(before),
  )
  return ok({ items: all.slice(0, limit), has_more: all.length > limit })
}

const pins = ['/channels/:channel_id/messages/pins/:message_id', '/channels/:channel_id/pins/:message_id']

/** https://docs.discord.com/developers/resources/message */
export const messageRoutes: readonly Route[] = [
  { method: 'PATCH', path: '/channels/:channel_id/messages/:message_id', handle: editMessage },
  { method: 'DELETE', path: '/channels/:channel_id/messages/:message_id', handle: deleteMessage },
  { method: 'POST', path: '/channels/:channel_id/messages/bulk-delete', handle: bulkDelete },
  { method: 'POST', path: '/channels/:channel_id/messages/:message_id/crosspost', handle: crosspost },
  { method: 'GET', path: '/channels/:channel_id/messages/pins', handle: listPins },
  // The second of each is the old name, which still answers.
  { method: 'GET', path: '/channels/:channel_id/pins', handle: listPinsBare },
  ...pins.map((path): Route => ({ method: 'PUT', path, handle: (at, request) => setPinned(at, request, true) })),
  ...pins.map((path): Route => ({ method: 'DELETE', path, handle: (at, request) => setPinned(at, request, false) })),
]
