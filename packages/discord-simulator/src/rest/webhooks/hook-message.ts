import { ChannelType, MessageFlags } from 'discord-api-types/v10'
import type { APIAllowedMentions, APIMessage } from 'discord-api-types/v10'
import { composeMessage, messageEvent } from '../../world/compose.ts'
import { isEphemeral } from '../../world/ephemeral.ts'
import type { Place, User } from '../../world/types.ts'
import { shownComponents } from '../components/numbered.ts'
import { embedFiles } from '../embedded-files.ts'
import { asEmbed, checkParts } from '../post-message.ts'
import { refusal } from '../errors.ts'
import { checkAttachments, namesOf } from '../files.ts'
import { readForm } from '../form.ts'
import { openThread } from '../open-thread.ts'
import { messageBody } from '../message-body.ts'
import { flagsOf, serialized } from '../message-flags.ts'
import { endInTime } from '../polls/end-poll.ts'
import { pollFrom } from '../polls/poll-body.ts'
import type { RestContext, RestRequest } from '../route.ts'
import { openToWrite } from '../thread-state.ts'
import { checkVoiceMessage, isVoiceMessage } from '../voice-message.ts'
import { attribution } from '../interactions/attribution.ts'
import type { Interaction } from '../interactions/interaction.ts'

/** Who speaks through a webhook's URL, and where. */
export interface Speaker {
  located: Place
  author: User
  webhookId: string
  /** Set for answers to an interaction. */
  interaction?: Interaction
  /** Set for what begins a post in a forum: the post. Where it is said is then the forum. */
  post?: { name: string; applied_tags: readonly string[] }
}

/** Tells a message. Ephemeral ones are in no history: their interaction keeps them. */
export function tell(context: RestContext, event: string, speaker: Speaker, message: APIMessage): void {
  const payload = messageEvent(context.world, speaker.located, message)
  if (isEphemeral(message)) speaker.interaction?.ephemeral.set(message.id, message)
  context.emit({ event, payload })
}

/** Where it is said: in the post that it begins, if it begins one. Its message has the post's id. */
function placeFor(context: RestContext, { located, post, webhookId }: Speaker): { place: Place; id?: string } {
  if (!post || !located.guild) return { place: located }
  const id = context.world.nextId()
  const thread = openThread(context, located, { ...post, id, type: ChannelType.PublicThread, owner_id: webhookId })
  return { place: { guild: located.guild, channel: thread }, id }
}

/** Writes what a body says. What may be posted through a webhook is its channel's owners' business, not the bot's. */
export function speak(context: RestContext, request: RestRequest, speaker: Speaker, extraFlags = 0): APIMessage {
  const { world, files } = context
  const { interaction } = speaker
  const body = readForm(messageBody, request.body ?? {})
  const content = (body.content ?? '').trim()
  const has = body.embeds?.length || body.components?.length || body.poll
  const isEmpty = !content && !has && request.files.length === 0
  if (isEmpty && !(extraFlags & MessageFlags.Loading)) throw refusal.emptyMessage()
  checkAttachments(body.attachments, request.files)
  checkParts(body, namesOf(request.files, body.attachments))
  const flags = flagsOf(body.flags, interaction ? 'interaction' : 'webhook') | extraFlags
  if (isVoiceMessage({ flags })) checkVoiceMessage(body, request.files)
  const { place, id } = placeFor(context, speaker)
  const whole = composeMessage(world, place, {
    ...(id !== undefined && { id }),
    author: speaker.author,
    content,
    ...embedFiles(
      (body.embeds ?? []).map(asEmbed),
      files.keep(place.channel.id, request.files, body.attachments, isVoiceMessage({ flags })),
    ),
    allowed_mentions: body.allowed_mentions as APIAllowedMentions | undefined,
    nonce: body.nonce,
    flags,
    extra: {
      ...(body.poll && { poll: pollFrom(body.poll, world.clock.now()) }),
      ...(interaction && attribution(context, interaction)),
    },
  })
  const message = serialized(context, whole)
  message.components = shownComponents(body.components ?? [], message.attachments, world.nextId)
  message.webhook_id = speaker.webhookId
  // Webhooks open archived threads too: https://docs.discord.com/developers/resources/webhook#execute-webhook
  if (!isEphemeral(message)) openToWrite(context, place)
  interaction?.sent.add(message.id)
  tell(context, 'MESSAGE_CREATE', { ...speaker, located: place }, message)
  endInTime(context, place, message)
  return message
}
