import { ChannelType, PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { z } from 'zod'
import { channelOf, need } from '../access.ts'
import { refusal } from '../errors.ts'
import { readForm, snowflake } from '../form.ts'
import { ok, param } from '../route.ts'
import type { Route } from '../route.ts'
import { checkFollowing, follow } from '../webhooks/followers.ts'

/** https://docs.discord.com/developers/resources/channel#follow-announcement-channel */
export const followerRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/channels/:channel_id/followers',
    handle: (context, request) => {
      const source = channelOf(context.world, param(request, 'channel_id'))
      if (source.channel.type !== ChannelType.GuildAnnouncement) throw refusal.wrongChannelType()
      const { webhook_channel_id } = readForm(z.looseObject({ webhook_channel_id: snowflake }), request.body ?? {})
      const target = channelOf(context.world, webhook_channel_id)
      need(target.bits, Bit.ManageWebhooks)
      checkFollowing(target.channel)
      const { id } = follow(context, source, target)
      return ok({ channel_id: source.channel.id, webhook_id: id })
    },
  },
]
