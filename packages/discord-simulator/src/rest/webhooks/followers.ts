import { MessageFlags, MessageType } from 'discord-api-types/v10'
import type { APIMessage } from 'discord-api-types/v10'
import { composeMessage, messageEvent } from '../../world/compose.ts'
import type { Located } from '../../world/types.ts'
import type { RestContext } from '../route.ts'

/** Who carries what is published in a channel into another: https://docs.discord.com/developers/resources/webhook#webhook-object-webhook-types */
export interface Follower {
  id: string
  /** Where it is carried to. */
  guildId: string
  channelId: string
  /** Where it is published. */
  sourceId: string
}

/** A follower as the list of a channel's webhooks shows it. */
export function shownFollower({ world }: RestContext, { id, guildId, channelId, sourceId }: Follower): object {
  const source = world.channel(sourceId)
  return {
    id,
    type: 2,
    guild_id: guildId,
    channel_id: channelId,
    name: source ? `${source.guild.name} #${source.channel.name}` : 'gone',
    avatar: null,
    application_id: null,
    user: world.bot,
    ...(source && {
      source_guild: { id: source.guild.id, name: source.guild.name, icon: source.guild.icon },
      source_channel: { id: source.channel.id, name: source.channel.name ?? '' },
    }),
  }
}

/** Lets a channel follow another. Its notice says so: https://docs.discord.com/developers/resources/channel#follow-announcement-channel */
export function follow(context: RestContext, source: Located, target: Located): Follower {
  const { world, records, emit } = context
  const place = { guildId: target.guild.id, channelId: target.channel.id }
  const follower = { id: world.nextId(), ...place, sourceId: source.channel.id }
  records.followers.set(follower.id, follower)
  emit({ event: 'WEBHOOKS_UPDATE', payload: { guild_id: target.guild.id, channel_id: target.channel.id } })
  const content = `${source.guild.name} #${source.channel.name}`
  const notice = composeMessage(world, target, { author: world.bot, content, type: MessageType.ChannelFollowAdd })
  notice.message_reference = { type: 0, channel_id: source.channel.id, guild_id: source.guild.id }
  emit({ event: 'MESSAGE_CREATE', payload: messageEvent(world, target, notice) })
  return follower
}

/** Carries a published message to whoever follows: https://docs.discord.com/developers/resources/message#message-reference-types */
export function carry(context: RestContext, source: Located, message: APIMessage): void {
  const { world, records, emit } = context
  for (const follower of records.followers.values()) {
    const target = world.channel(follower.channelId)
    if (follower.sourceId !== source.channel.id || !target) continue
    const author = {
      ...message.author,
      id: follower.id,
      username: `${source.guild.name} #${source.channel.name}`,
      global_name: null,
      discriminator: '0000',
      bot: true,
    }
    const { content, embeds, attachments, components = [] } = message
    const flags = MessageFlags.IsCrosspost
    const copy = composeMessage(world, target, { author, content, embeds, attachments, flags, extra: { components } })
    const { id: message_id, channel_id } = message
    copy.message_reference = { type: 0, channel_id, guild_id: source.guild.id, message_id }
    copy.webhook_id = follower.id
    emit({ event: 'MESSAGE_CREATE', payload: messageEvent(world, target, copy) })
  }
}
