import { ChannelType, MessageFlags, PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import type { APIMessage } from 'discord-api-types/v10'
import { z } from 'zod'
import type { Guild, User } from '../../world/types.ts'
import { channelOf, guildWith, need } from '../access.ts'
import { refusal } from '../errors.ts'
import { maybe, readForm, snowflake, text } from '../form.ts'
import type { Webhook } from '../records.ts'
import { none, ok, param } from '../route.ts'
import type { RestContext, RestRequest, Route } from '../route.ts'
import { speak, tell } from '../webhooks/hook-message.ts'
import type { Speaker } from '../webhooks/hook-message.ts'
import { interactionOf, speakerFor } from './interactions.ts'
import { edited } from './messages.ts'

/** https://docs.discord.com/developers/resources/webhook#create-webhook */
const PER_CHANNEL = 15
const HOLD: ReadonlySet<ChannelType> = new Set([
  ChannelType.GuildText,
  ChannelType.GuildAnnouncement,
  ChannelType.GuildVoice,
  ChannelType.GuildStageVoice,
])

const webhookBody = z.looseObject({
  name: maybe(text(80, 1)),
  avatar: z.string().nullish(),
  channel_id: maybe(snowflake),
})
const asBody = z.looseObject({ username: maybe(text(80, 1)) })

/** What whoever has only the token is shown. */
const shown = ({ user: _user, ...rest }: Webhook) => rest

const tellHooks = ({ emit }: RestContext, guild_id: string, channel_id: string) =>
  emit({ event: 'WEBHOOKS_UPDATE', payload: { guild_id, channel_id } })

/** A webhook by its id, in a channel where the bot may manage it. */
function ownHook({ world, records }: RestContext, request: RestRequest): Webhook {
  const webhook = records.webhooks.get(param(request, 'webhook_id'))
  if (!webhook) throw refusal.unknownWebhook()
  need(channelOf(world, webhook.channel_id).bits, Bit.ManageWebhooks)
  return webhook
}

/** A webhook by its id and token, for whoever has both. */
function tokenHook({ records }: RestContext, request: RestRequest): Webhook {
  const webhook = records.webhooks.get(param(request, 'webhook_id'))
  if (!webhook) throw refusal.unknownWebhook()
  if (webhook.token !== param(request, 'webhook_token')) throw refusal.invalidWebhookToken()
  return webhook
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

/** https://docs.discord.com/developers/resources/webhook#execute-webhook */
function execute(context: RestContext, request: RestRequest) {
  const speaker = speakerOf(context, request)
  if (!speaker.interaction) {
    const { username } = readForm(asBody, request.body ?? {})
    if (username !== undefined) speaker.author = { ...speaker.author, username }
  } else if (!speaker.interaction.isAnswered) throw refusal.unknownWebhook()
  const message = speak(context, request, speaker)
  return speaker.interaction || request.query.get('wait') === 'true' ? ok(message) : none()
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
      const place = isEphemeral ? {} : { guild_id: speaker.located.guild.id }
      context.emit({ event: 'MESSAGE_DELETE', payload: { id, channel_id, ...place } })
      return none()
    },
  },
]

function change(context: RestContext, webhook: Webhook, body: z.infer<typeof webhookBody>, guild: Guild | undefined) {
  const next = {
    ...webhook,
    name: body.name ?? webhook.name,
    ...(body.channel_id !== undefined && guild && { channel_id: body.channel_id }),
  }
  context.records.webhooks.set(next.id, next)
  tellHooks(context, next.guild_id, next.channel_id)
  return next
}

function drop(context: RestContext, webhook: Webhook) {
  context.records.webhooks.delete(webhook.id)
  tellHooks(context, webhook.guild_id, webhook.channel_id)
  return none()
}

const byToken = '/webhooks/:webhook_id/:webhook_token'

/** https://docs.discord.com/developers/resources/webhook */
export const webhookRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/channels/:channel_id/webhooks',
    handle: (context, request) => {
      const { world, records } = context
      const { guild, channel, bits } = channelOf(world, param(request, 'channel_id'))
      need(bits, Bit.ManageWebhooks)
      if (!HOLD.has(channel.type)) throw refusal.wrongChannelType()
      const { name } = readForm(webhookBody.extend({ name: text(80, 1) }), request.body ?? {})
      const here = [...records.webhooks.values()].filter(({ channel_id }) => channel_id === channel.id)
      if (here.length >= PER_CHANNEL) throw refusal.tooManyWebhooks()
      const id = world.nextId()
      const token = `webhook-${world.random.hex(60)}`
      const url = `${context.url()}/api/webhooks/${id}/${token}`
      const place = { guild_id: guild.id, channel_id: channel.id }
      const webhook: Webhook = {
        id,
        type: 1,
        ...place,
        name,
        avatar: null,
        application_id: world.bot.id,
        token,
        url,
        user: world.bot,
      }
      records.webhooks.set(id, webhook)
      tellHooks(context, guild.id, channel.id)
      return ok(webhook)
    },
  },
  {
    method: 'GET',
    path: '/channels/:channel_id/webhooks',
    handle: ({ world, records }, request) => {
      const { channel, bits } = channelOf(world, param(request, 'channel_id'))
      need(bits, Bit.ManageWebhooks)
      return ok([...records.webhooks.values()].filter(({ channel_id }) => channel_id === channel.id))
    },
  },
  {
    method: 'GET',
    path: '/guilds/:guild_id/webhooks',
    handle: ({ world, records }, request) => {
      const guild = guildWith(world, param(request, 'guild_id'), Bit.ManageWebhooks)
      return ok([...records.webhooks.values()].filter(({ guild_id }) => guild_id === guild.id))
    },
  },
  { method: 'GET', path: '/webhooks/:webhook_id', handle: (context, request) => ok(ownHook(context, request)) },
  {
    method: 'PATCH',
    path: '/webhooks/:webhook_id',
    handle: (context, request) => {
      const webhook = ownHook(context, request)
      const body = readForm(webhookBody, request.body ?? {})
      const target = body.channel_id === undefined ? undefined : channelOf(context.world, body.channel_id)
      if (target) need(target.bits, Bit.ManageWebhooks)
      return ok(change(context, webhook, body, target?.guild))
    },
  },
  {
    method: 'DELETE',
    path: '/webhooks/:webhook_id',
    handle: (context, request) => drop(context, ownHook(context, request)),
  },
  {
    method: 'GET',
    path: byToken,
    open: true,
    handle: (context, request) => ok(shown(tokenHook(context, request))),
  },
  {
    method: 'PATCH',
    path: byToken,
    open: true,
    handle: (context, request) => {
      const webhook = tokenHook(context, request)
      const { name } = readForm(webhookBody, request.body ?? {})
      return ok(shown(change(context, webhook, { name, channel_id: undefined }, undefined)))
    },
  },
  {
    method: 'DELETE',
    path: byToken,
    open: true,
    handle: (context, request) => drop(context, tokenHook(context, request)),
  },
  { method: 'POST', path: byToken, open: true, exempt: true, handle: execute },
  ...messageActs(`${byToken}/messages/@original`),
  ...messageActs(`${byToken}/messages/:message_id`),
]
