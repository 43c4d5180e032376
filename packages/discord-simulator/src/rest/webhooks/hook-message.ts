import { MessageFlags } from 'discord-api-types/v10'
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
}

/** Tells a message. Ephemeral ones are in no history: their interaction keeps them. */
export function tell(context: RestContext, event: string, speaker: Speaker, message: APIMessage): void {
  const payload = messageEvent(context.world, speaker.located, message)
  if (isEphemeral(message)) speaker.interaction?.ephemeral.set(message.id, message)
  context.emit({ event, payload })
}

/** Writes what a body says. What may be posted through a webhook is its channel's owners' business, not the bot's. */
export function speak(context: RestContext, request: RestRequest, speaker: Speaker, extraFlags = 0): APIMessage {
  const { world, files } = context
  const { located, interaction } = speaker
  const body = readForm(messageBody, request.body ?? {})
  const content = (body.content ?? '').trim()
  const has = body.embeds?.length || body.components?.length || body.poll
  const isEmpty = !content && !has && request.files.length === 0
  if (isEmpty && !(extraFlags & MessageFlags.Loading)) throw refusal.emptyMessage()
  checkAttachments(body.attachments, request.files)
  checkParts(body, namesOf(request.files, body.attachments))
  const flags = flagsOf(body.flags, interaction ? 'interaction' : 'webhook') | extraFlags
  if (isVoiceMessage({ flags })) checkVoiceMessage(body, request.files)
  const whole = composeMessage(world, located, {
    author: speaker.author,
    content,
    ...embedFiles(
      (body.embeds ?? []).map(asEmbed),
      files.keep(located.channel.id, request.files, body.attachments, isVoiceMessage({ flags })),
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
  if (!isEphemeral(message)) openToWrite(context, located)
  interaction?.sent.add(message.id)
  tell(context, 'MESSAGE_CREATE', speaker, message)
  endInTime(context, located, message)
  return message
}
