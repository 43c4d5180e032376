import { AuditLogEvent, ChannelType, PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { z } from 'zod'
import type { Located } from '../../world/types.ts'
import { channelOf, guildWith, need } from '../access.ts'
import { changesBetween } from '../audit/changes.ts'
import { refusal } from '../errors.ts'
import { blame, maybe, readForm, snowflake, text } from '../form.ts'
import { hashed, image } from '../images.ts'
import type { Webhook } from '../records.ts'
import { shownFollower } from '../webhooks/followers.ts'
import { none, ok, param } from '../route.ts'
import type { RestContext, RestRequest, Route } from '../route.ts'

/** https://docs.discord.com/developers/resources/webhook#create-webhook */
const PER_CHANNEL = 15
const HOLD: ReadonlySet<ChannelType> = new Set([
  ChannelType.GuildText,
  ChannelType.GuildAnnouncement,
  ChannelType.GuildVoice,
  ChannelType.GuildStageVoice,
  ChannelType.GuildForum,
])

/** Refuses a channel that can have no webhook, or not another one. */
function checkRoom({ records }: RestContext, { id, type }: Located['channel']): void {
  if (!HOLD.has(type)) throw refusal.wrongChannelType()
  const here = [...records.webhooks.values()].filter(({ channel_id }) => channel_id === id)
  if (here.length >= PER_CHANNEL) throw refusal.tooManyWebhooks()
}

/** What no webhook is called: https://docs.discord.com/developers/resources/webhook#create-webhook */
const RESERVED = ['clyde', 'discord'] as const

/** The name of who speaks through a webhook. */
export const hookName = text(80, 1).superRefine((name, context) => {
  const found = RESERVED.find((word) => name.toLowerCase().includes(word))
  if (!found) return
  context.addIssue({ code: 'custom', ...blame('USERNAME_INVALID_CONTAINS', `Username cannot contain "${found}"`) })
})

const webhookBody = z.looseObject({
  name: maybe(hookName),
  avatar: image.nullish(),
  channel_id: maybe(snowflake),
})

/** What whoever has only the token is shown. */
const shown = ({ user: _user, ...rest }: Webhook) => rest

const LOGGED = ['type', 'channel_id', 'name', 'avatar_hash', 'application_id']

/** WEBHOOKS_UPDATE says no more than where: who did what to which webhook stands in the log alone. */
function noteHook({ note }: RestContext, before: Webhook | undefined, after: Webhook | undefined): void {
  const hook = after ?? before
  const [from, to] = [before, after].map((each) => each && { ...each, avatar_hash: each.avatar })
  const changes = changesBetween(from, to, LOGGED)
  const { WebhookCreate, WebhookUpdate, WebhookDelete } = AuditLogEvent
  const action_type = !before ? WebhookCreate : after ? WebhookUpdate : WebhookDelete
  if (hook && changes.length > 0) note(hook.guild_id, { action_type, target_id: hook.id, changes })
}

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
export function tokenHook({ records }: RestContext, request: RestRequest): Webhook {
  const webhook = records.webhooks.get(param(request, 'webhook_id'))
  if (!webhook) throw refusal.unknownWebhook()
  if (webhook.token !== param(request, 'webhook_token')) throw refusal.invalidWebhookToken()
  return webhook
}

function change(context: RestContext, webhook: Webhook, body: z.infer<typeof webhookBody>) {
  const next = {
    ...webhook,
    name: body.name ?? webhook.name,
    ...(body.avatar !== undefined && { avatar: hashed(body.avatar) }),
    ...(body.channel_id !== undefined && { channel_id: body.channel_id }),
  }
  context.records.webhooks.set(next.id, next)
  tellHooks(context, next.guild_id, next.channel_id)
  noteHook(context, webhook, next)
  return next
}

function drop(context: RestContext, webhook: Webhook) {
  context.records.webhooks.delete(webhook.id)
  tellHooks(context, webhook.guild_id, webhook.channel_id)
  noteHook(context, webhook, undefined)
  return none()
}

export const byToken = '/webhooks/:webhook_id/:webhook_token'

/** https://docs.discord.com/developers/resources/webhook */
export const webhookRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/channels/:channel_id/webhooks',
    handle: (context, request) => {
      const { world, records } = context
      const { guild, channel, bits } = channelOf(world, param(request, 'channel_id'))
      need(bits, Bit.ManageWebhooks)
      const { name, avatar = null } = readForm(webhookBody.extend({ name: hookName }), request.body ?? {})
      checkRoom(context, channel)
      const id = world.nextId()
      const token = `webhook-${world.random.hex(60)}`
      const url = `${context.url()}/api/webhooks/${id}/${token}`
      const place = { guild_id: guild.id, channel_id: channel.id }
      const webhook: Webhook = {
        id,
        type: 1,
        ...place,
        name,
        avatar: hashed(avatar),
        application_id: world.bot.id,
        token,
        url,
        user: world.bot,
      }
      records.webhooks.set(id, webhook)
      tellHooks(context, guild.id, channel.id)
      noteHook(context, undefined, webhook)
      return ok(webhook)
    },
  },
  {
    method: 'GET',
    path: '/channels/:channel_id/webhooks',
    handle: (context, request) => {
      const { world, records } = context
      const { channel, bits } = channelOf(world, param(request, 'channel_id'))
      need(bits, Bit.ManageWebhooks)
      const own = [...records.webhooks.values()].filter(({ channel_id }) => channel_id === channel.id)
      const followers = [...records.followers.values()].filter(({ channelId }) => channelId === channel.id)
      return ok([...own, ...followers.map((follower) => shownFollower(context, follower))])
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
      if (body.channel_id !== undefined && body.channel_id !== webhook.channel_id) {
        const target = channelOf(context.world, body.channel_id)
        // It moves within its guild.
        if (target.guild.id !== webhook.guild_id) throw refusal.unknownChannel()
        need(target.bits, Bit.ManageWebhooks)
        checkRoom(context, target.channel)
      }
      return ok(change(context, webhook, body))
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
      const { name, avatar } = readForm(webhookBody, request.body ?? {})
      return ok(shown(change(context, webhook, { name, avatar, channel_id: undefined })))
    },
  },
  {
    method: 'DELETE',
    path: byToken,
    open: true,
    handle: (context, request) => drop(context, tokenHook(context, request)),
  },
]
