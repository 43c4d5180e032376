import { EmbedType, MessageFlags, PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import type { APIAllowedMentions, APIEmbed, APIMessage } from 'discord-api-types/v10'
import { composeMessage, messageEvent } from '../world/compose.ts'
import type { Draft } from '../world/compose.ts'
import { sendBit } from '../world/permissions.ts'
import type { Place, User } from '../world/types.ts'
import type { World } from '../world/world.ts'
import { need } from './access.ts'
import type { Reached } from './access.ts'
import type { Upload } from './body.ts'
import { checkAlone, checkComponents } from './components/message-components.ts'
import { checkMedia } from './components/media.ts'
import { shownComponents } from './components/numbered.ts'
import type { Component } from './components/parts.ts'
import { embedFiles } from './embedded-files.ts'
import { refusal } from './errors.ts'
import { checkAttachments, namesOf } from './files.ts'
import type { AttachmentsBody } from './files.ts'
import type { EmbedBody, MessageBody } from './message-body.ts'
import { flagsOf, serialized } from './message-flags.ts'
import { endInTime } from './polls/end-poll.ts'
import { pollFrom } from './polls/poll-body.ts'
import { answeredBy, forwardedBy, isForward } from './references.ts'
import type { RestContext } from './route.ts'
import { stickerItems } from './sticker-items.ts'
import { checkUnlocked, openToWrite } from './thread-state.ts'
import { checkVoiceMessage, isVoiceMessage } from './voice-message.ts'

export const asEmbed = (body: EmbedBody): APIEmbed => ({ type: EmbedType.Rich, ...body }) as APIEmbed

/** A message that may be posted, and is not yet. */
export interface MessagePlan {
  draft: Draft
  files: readonly Upload[]
  about: AttachmentsBody | undefined
  components: readonly Component[]
}

/** Bots write to no bots, and to people only while they share a guild with them. */
function mayReach(world: World, recipient: User | undefined): void {
  if (!recipient || recipient.bot) throw refusal.cannotReach()
  if (!world.guilds().some(({ id }) => world.member(id, recipient.id))) throw refusal.noMutualGuilds()
}

function mayPost(world: World, { guild, channel, bits }: Reached, body: MessageBody, hasFiles: boolean): void {
  need(bits, sendBit(channel))
  checkUnlocked({ channel }, bits)
  if (!guild) mayReach(world, channel.recipients[0])
  if (body.embeds?.length) need(bits, Bit.EmbedLinks)
  // What is spoken takes a permission of its own, and not that of files besides.
  if (isVoiceMessage(body) && !(bits & Bit.SendVoiceMessages)) throw refusal.voiceNotHere()
  if (hasFiles && !isVoiceMessage(body)) need(bits, Bit.AttachFiles)
  if (body.poll) need(bits, Bit.SendPolls)
  const isReply = body.message_reference && !isForward(body)
  if (isReply && !(bits & Bit.ReadMessageHistory)) throw refusal.cannotReply()
}

/** Discord cuts white space at both ends, so a message of nothing else is empty. */
function isEmpty(body: MessageBody, files: readonly Upload[]): boolean {
  const has = body.embeds?.length || body.sticker_ids?.length || body.components?.length || body.poll || isForward(body)
  return !body.content?.trim() && !has && files.length === 0
}

/** Whether all of a message is components: https://docs.discord.com/developers/components/reference#legacy-message-component-behavior */
export const isOfComponents = (flags: number | undefined): boolean => ((flags ?? 0) & MessageFlags.IsComponentsV2) !== 0

/** Refuses components that are wrong together, or show none of these files, and what cannot be said beside them. */
export function checkParts(
  body: { components?: Component[] | undefined; flags?: number | undefined },
  files: readonly string[],
): void {
  const isFlagged = isOfComponents(body.flags)
  checkComponents(body.components ?? [], isFlagged)
  checkMedia(body.components ?? [], files)
  if (isFlagged) checkAlone(body)
}

/** What the bot would post somewhere, or why it cannot. */
export function planMessage(
  { world }: RestContext,
  reached: Reached,
  body: MessageBody,
  files: readonly Upload[],
): MessagePlan {
  mayPost(world, reached, body, files.length > 0)
  checkAttachments(body.attachments, files)
  checkVoiceMessage(body, files)
  if (isEmpty(body, files)) throw refusal.emptyMessage()
  checkParts(body, namesOf(files, body.attachments))
  const { flags: snapshotFlag = 0, ...forwarded } = forwardedBy(world, body) ?? {}
  const stickers = body.sticker_ids?.length && { sticker_items: stickerItems(world, reached, body.sticker_ids) }
  const draft: Draft = {
    author: world.bot,
    content: (body.content ?? '').trim(),
    embeds: (body.embeds ?? []).map(asEmbed),
    reply_to: answeredBy(world, reached, body),
    allowed_mentions: body.allowed_mentions as APIAllowedMentions | undefined,
    nonce: body.nonce,
    tts: body.tts === true && (reached.bits & Bit.SendTTSMessages) !== 0n,
    flags: flagsOf(body.flags, 'message') | snapshotFlag,
    extra: {
      ...(body.poll && { poll: pollFrom(body.poll, world.clock.now()) }),
      ...stickers,
      ...forwarded,
    },
  }
  return { draft, files, about: body.attachments, components: body.components ?? [] }
}

/** Posts what was planned. A message that is a thread's first has the thread's id. */
export function postMessage(context: RestContext, place: Place, plan: MessagePlan, id?: string): APIMessage {
  const { world, files, emit } = context
  const shown = embedFiles(
    plan.draft.embeds ?? [],
    files.keep(place.channel.id, plan.files, plan.about, isVoiceMessage(plan.draft)),
  )
  openToWrite(context, place)
  const draft = { ...plan.draft, ...shown, ...(id !== undefined && { id }) }
  const message = serialized(context, composeMessage(world, place, draft))
  message.components = shownComponents(plan.components, message.attachments, world.nextId)
  emit({ event: 'MESSAGE_CREATE', payload: messageEvent(world, place, message) })
  endInTime(context, place, message)
  return message
}
