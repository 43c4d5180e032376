import { MessageFlags } from 'discord-api-types/v10'
import type { APIMessage } from 'discord-api-types/v10'
import { z } from 'zod'
import { guildIdOf } from '../../world/compose.ts'
import type { User } from '../../world/types.ts'
import { refusal } from '../errors.ts'
import { maybe, readForm, text } from '../form.ts'
import { hashOf } from '../images.ts'
import { none, ok, param } from '../route.ts'
import type { RestContext, RestRequest, Route } from '../route.ts'
import { speak, tell } from '../webhooks/hook-message.ts'
import type { Speaker } from '../webhooks/hook-message.ts'
import { fromGithub, fromSlack } from '../webhooks/foreign.ts'
import { interactionOf, speakerFor } from './interactions.ts'
import { edited } from './messages.ts'
import { byToken, hookName, tokenHook } from './webhooks.ts'

const asBody = z.looseObject({ username: maybe(hookName), avatar_url: maybe(text(2_048)) })

/** Who speaks through a URL: a webhook or, under the application's id, an interaction. */
function speakerOf(context: RestContext, request: RestRequest): Speaker {
  const { world, records } = context
  if (param(request, 'webhook_id') === world.bot.id) {
    return speakerFor(world, interactionOf(world, records, param(request, 'webhook_token')))
  }
  const webhook = tokenHook(context, request)
  const threadId = request.query.get('thread_id')
  const located = world.channel(threadId ?? webhook.channel_id)
  const isThere =
    located &&
    (threadId === null || ('parent_id' in located.channel && located.channel.parent_id === webhook.channel_id))
  if (!isThere) throw refusal.unknownChannel()
  const author: User = {
    id: webhook.id,
    username: webhook.name,
    avatar: webhook.avatar,
    discriminator: '0000',
    public_flags: 0 as NonNullable<User['public_flags']>,
    flags: 0 as NonNullable<User['flags']>,
    bot: true,
    global_name: null,
    primary_guild: null,
  }
  return { located, author, webhookId: webhook.id }
}

/** https://docs.discord.com/developers/resources/webhook#execute-webhook */
function execute(context: RestContext, request: RestRequest) {
  const speaker = speakerOf(context, request)
  if (!speaker.interaction) {
    const { username, avatar_url } = readForm(asBody, request.body ?? {})
    if (username !== undefined) speaker.author = { ...speaker.author, username }
    if (avatar_url) speaker.author = { ...speaker.author, avatar: hashOf(avatar_url) }
  } else if (!speaker.interaction.isAnswered) throw refusal.unknownWebhook()
  const message = speak(context, request, speaker)
  return speaker.interaction || request.query.get('wait') === 'true' ? ok(message) : none()
}

/** Says in a message what another service has said, if it is anything to be said. */
function executeAs(context: RestContext, request: RestRequest, message: object | undefined): void {
  // Only a webhook has such a URL, and no interaction.
  tokenHook(context, request)
  if (message) execute(context, { ...request, body: JSON.parse(JSON.stringify(message)) as unknown })
}

/** A message that was sent through this URL, or 10008. */
function ownMessage(context: RestContext, request: RestRequest): { speaker: Speaker; message: APIMessage } {
  const speaker = speakerOf(context, request)
  const { interaction, located } = speaker
  const id = request.params['message_id'] ?? interaction?.originalId
  const message =
    id === undefined
      ? undefined
      : (interaction?.ephemeral.get(id) ?? context.world.messages.get(located.channel.id, id))
  const isOwn = message?.webhook_id === speaker.webhookId || (message && message.id === interaction?.originalId)
  if (!message || !isOwn) throw refusal.unknownMessage()
  return { speaker, message }
}

const messageActs = (path: string): Route[] => [
  { method: 'GET', path, open: true, handle: (context, request) => ok(ownMessage(context, request).message) },
  {
    method: 'PATCH',
    path,
    open: true,
    handle: (context, request) => {
      const { speaker, message } = ownMessage(context, request)
      const next = edited(context, speaker.located, message, request)
      next.flags = (next.flags ?? 0) & ~MessageFlags.Loading
      tell(context, 'MESSAGE_UPDATE', speaker, next)
      return ok(next)
    },
  },
  {
    method: 'DELETE',
    path,
    open: true,
    handle: (context, request) => {
      const { speaker, message } = ownMessage(context, request)
      const isEphemeral = speaker.interaction?.ephemeral.delete(message.id) === true
      const { id, channel_id } = message
      const place = isEphemeral ? {} : guildIdOf(speaker.located)
      context.emit({ event: 'MESSAGE_DELETE', payload: { id, channel_id, ...place } })
      return none()
    },
  },
]

/** https://docs.discord.com/developers/resources/webhook#execute-webhook, and what is said there */
export const hookMessageRoutes: readonly Route[] = [
  { method: 'POST', path: byToken, open: true, exempt: true, handle: execute },
  {
    method: 'POST',
    path: `${byToken}/slack`,
    open: true,
    exempt: true,
    handle: (context, request) => {
      executeAs(context, request, fromSlack.message(readForm(fromSlack.shape, request.body ?? {})))
      return ok('ok')
    },
  },
  {
    method: 'POST',
    path: `${byToken}/github`,
    open: true,
    exempt: true,
    handle: (context, request) => {
      executeAs(context, request, fromGithub.message(readForm(fromGithub.shape, request.body ?? {})))
      return none()
    },
  },
  ...messageActs(`${byToken}/messages/@original`),
  ...messageActs(`${byToken}/messages/:message_id`),
]
