import { ChannelType, MessageFlags } from 'discord-api-types/v10'
import type { APIMessage } from 'discord-api-types/v10'
import { z } from 'zod'
import { guildIdOf } from '../../world/compose.ts'
import type { Place, User } from '../../world/types.ts'
import { refusal } from '../errors.ts'
import { maybe, readForm, text } from '../form.ts'
import { checkTags, tagsBody } from '../forum.ts'
import { hashOf } from '../images.ts'
import type { Interaction } from '../interactions/interaction.ts'
import { messageAt } from '../interactions/message-at.ts'
import { isLoading } from '../message-flags.ts'
import { endInTime } from '../polls/end-poll.ts'
import { none, ok, param } from '../route.ts'
import type { RestContext, RestRequest, Route } from '../route.ts'
import { speak, tell } from '../webhooks/hook-message.ts'
import type { Speaker } from '../webhooks/hook-message.ts'
import { fromGithub, fromSlack } from '../webhooks/foreign.ts'
import { interactionOf, speakerFor } from './interactions.ts'
import { edited } from './messages.ts'
import { byToken, hookName, tokenHook } from './webhooks.ts'

const asBody = z.looseObject({
  username: maybe(hookName),
  avatar_url: maybe(text(2_048)),
  thread_name: maybe(text(100, 1)),
  applied_tags: maybe(tagsBody),
})

/** The post that a webhook begins with what it says, if it is to be one: only in a forum, and there it is that or a thread. */
function postOf({ located }: Speaker, body: z.infer<typeof asBody>, threadId: string | null): Speaker['post'] {
  const { thread_name: name, applied_tags } = body
  const isForum = located.channel.type === ChannelType.GuildForum
  if (name === undefined) {
    if (isForum) throw refusal.postWithoutThread()
    if (applied_tags?.length) throw refusal.postOutsideForum()
    return undefined
  }
  const parent = threadId === null ? located.channel : parentOf(located)
  if (parent?.type !== ChannelType.GuildForum) throw refusal.postOutsideForum()
  if (threadId !== null) throw refusal.postInTwoThreads()
  const tags = applied_tags ?? []
  // Whose tags a webhook may give, its channel's owners have decided by making it.
  if (located.guild) checkTags(located.guild, { parent_id: located.channel.id }, tags, ~0n)
  return { name, applied_tags: tags }
}

function parentOf({ guild, channel }: Place) {
  const parentId = 'parent_id' in channel ? channel.parent_id : undefined
  return guild?.channels.find(({ id }) => id === parentId)
}

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

/** A message that was sent through a URL, and who keeps it if it is in no history. */
interface Sent {
  speaker: Speaker
  message: APIMessage
  home: Interaction | undefined
}

/** A message that was sent through this URL, or 10008. What else there is in the channel, no token reaches. */
function ownMessage(context: RestContext, request: RestRequest): Sent {
  const speaker = speakerOf(context, request)
  const { interaction, located, webhookId } = speaker
  const id = request.params['message_id'] ?? interaction?.originalId ?? ''
  const found = messageAt(context, located.channel.id, id)
  const isOwn = interaction
    ? interaction.sent.has(id) || id === interaction.originalId
    : found?.message.webhook_id === webhookId
  if (!found || !isOwn) throw refusal.unknownMessage()
  return { speaker, ...found }
}

/** The first answer while it says no more than that the bot is thinking, unless it was deleted meanwhile. */
function deferredAnswer(context: RestContext, speaker: Speaker): Sent | undefined {
  const { channelId, originalId = '' } = speaker.interaction ?? {}
  const found = channelId === undefined ? undefined : messageAt(context, channelId, originalId)
  return found && isLoading(found.message) ? { speaker, ...found } : undefined
}

/** Edits a message. What was deferred is thereby said: whether it is for one person's eyes, it keeps. */
function rewrite(context: RestContext, request: RestRequest, { speaker, message, home }: Sent): APIMessage {
  const next = edited(context, speaker.located, message, request)
  next.flags = (next.flags ?? 0) & ~MessageFlags.Loading
  tell(context, 'MESSAGE_UPDATE', home ? { ...speaker, interaction: home } : speaker, next)
  endInTime(context, speaker.located, next)
  return next
}

/**
 * https://docs.discord.com/developers/resources/webhook#execute-webhook. For an interaction it is a follow-up, and the first
 * after a deferral edits the first answer:
 * https://docs.discord.com/developers/interactions/receiving-and-responding#create-followup-message
 */
function execute(context: RestContext, request: RestRequest) {
  const speaker = speakerOf(context, request)
  if (!speaker.interaction) {
    const body = readForm(asBody, request.body ?? {})
    const { username, avatar_url } = body
    if (username !== undefined) speaker.author = { ...speaker.author, username }
    if (avatar_url) speaker.author = { ...speaker.author, avatar: hashOf(avatar_url) }
    const post = postOf(speaker, body, request.query.get('thread_id'))
    if (post) speaker.post = post
  } else if (!speaker.interaction.isAnswered) throw refusal.unknownWebhook()
  const deferred = deferredAnswer(context, speaker)
  const message = deferred ? rewrite(context, request, deferred) : speak(context, request, speaker)
  return speaker.interaction || request.query.get('wait') === 'true' ? ok(message) : none()
}

/** Says in a message what another service has said, if it is anything to be said. */
function executeAs(context: RestContext, request: RestRequest, message: object | undefined): void {
  // Only a webhook has such a URL, and no interaction.
  const { channel_id } = tokenHook(context, request)
  if (context.world.channel(channel_id)?.channel.type === ChannelType.GuildForum) throw refusal.serviceInForum()
  if (message) execute(context, { ...request, body: JSON.parse(JSON.stringify(message)) as unknown })
}

const messageActs = (path: string): Route[] => [
  {
    method: 'GET',
    path,
    open: true,
    exempt: true,
    handle: (context, request) => ok(ownMessage(context, request).message),
  },
  {
    method: 'PATCH',
    path,
    open: true,
    exempt: true,
    handle: (context, request) => ok(rewrite(context, request, ownMessage(context, request))),
  },
  {
    method: 'DELETE',
    path,
    open: true,
    exempt: true,
    handle: (context, request) => {
      const { speaker, message, home } = ownMessage(context, request)
      const { id, channel_id } = message
      home?.ephemeral.delete(id)
      const place = home ? {} : guildIdOf(speaker.located)
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
