import { ChannelType, PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { z } from 'zod'
import type { Guild, Located } from '../../world/types.ts'
import { channelOf, guildWith, need } from '../access.ts'
import { refusal } from '../errors.ts'
import { blame, maybe, readForm, snowflake, text } from '../form.ts'
import { hashed, image } from '../images.ts'
import type { Webhook } from '../records.ts'
import { none, ok, param } from '../route.ts'
import type { RestContext, RestRequest, Route } from '../route.ts'
import { checkFollowing, shownFollower } from '../webhooks/followers.ts'
import type { Follower } from '../webhooks/followers.ts'
import { noteHook } from '../webhooks/note-hook.ts'

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

/** A webhook as whoever manages it is shown it. */
const managed = (context: RestContext, hook: Webhook | Follower) =>
  hook.type === 1 ? hook : shownFollower(context, hook)

/** All webhooks, whether somebody's or a follower's, of a guild or a channel. */
function hooksOf(context: RestContext, { guild, channel }: { guild: Guild; channel?: { id: string } }) {
  const { webhooks, followers } = context.records
  const isHere = ({ guild_id, channel_id }: Webhook | Follower) =>
    guild_id === guild.id && (!channel || channel_id === channel.id)
  return [...webhooks.values(), ...followers.values()].filter(isHere).map((hook) => managed(context, hook))
}

/** What whoever has only the token is shown. */
const shown = ({ user: _user, ...rest }: Webhook) => rest

const tellHooks = ({ emit }: RestContext, guild_id: string, channel_id: string) =>
  emit({ event: 'WEBHOOKS_UPDATE', payload: { guild_id, channel_id } })

/** A webhook by its id, whether somebody's or a follower's, in a channel where the bot may manage it. */
function ownHook({ world, records }: RestContext, request: RestRequest): Webhook | Follower {
  const id = param(request, 'webhook_id')
  const webhook = records.webhooks.get(id) ?? records.followers.get(id)
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

function change<T extends Webhook | Follower>(context: RestContext, webhook: T, body: z.infer<typeof webhookBody>): T {
  const { records } = context
  const next: T = {
    ...webhook,
    name: body.name ?? webhook.name,
    ...(body.avatar !== undefined && { avatar: hashed(body.avatar) }),
    ...(body.channel_id !== undefined && { channel_id: body.channel_id }),
  }
  if (next.type === 1) records.webhooks.set(next.id, next)
  else records.followers.set(next.id, next)
  tellHooks(context, next.guild_id, next.channel_id)
  noteHook(context, webhook, next)
  return next
}

function drop(context: RestContext, webhook: Webhook | Follower) {
  context.records.webhooks.delete(webhook.id)
  context.records.followers.delete(webhook.id)
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
      const { bits, ...located } = channelOf(context.world, param(request, 'channel_id'))
      need(bits, Bit.ManageWebhooks)
      return ok(hooksOf(context, located))
    },
  },
  {
    method: 'GET',
    path: '/guilds/:guild_id/webhooks',
    handle: (context, request) =>
      ok(hooksOf(context, { guild: guildWith(context.world, param(request, 'guild_id'), Bit.ManageWebhooks) })),
  },
  {
    method: 'GET',
    path: '/webhooks/:webhook_id',
    handle: (context, request) => ok(managed(context, ownHook(context, request))),
  },
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
        if (webhook.type === 1) checkRoom(context, target.channel)
        else checkFollowing(target.channel)
      }
      return ok(managed(context, change(context, webhook, body)))
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
