import { ChannelType, MessageFlags, MessageType } from 'discord-api-types/v10'
import type { APIMessage } from 'discord-api-types/v10'
import { composeMessage, messageEvent } from '../../world/compose.ts'
import type { Located } from '../../world/types.ts'
import { refusal } from '../errors.ts'
import type { RestContext } from '../route.ts'
import { noteHook } from './note-hook.ts'

/** Who carries what is published in a channel into another: https://docs.discord.com/developers/resources/webhook#webhook-object-webhook-types */
export interface Follower {
  id: string
  type: 2
  /** Where it is carried to. */
  guild_id: string
  channel_id: string
  /** Whose words they are said to be: the source's, unless it was called otherwise. */
  name: string
  avatar: string | null
  /** Where it is published. */
  sourceId: string
}

/** Refuses what nobody can follow another channel in. */
export function checkFollowing({ type }: Located['channel']): void {
  if (type !== ChannelType.GuildText) throw refusal.wrongChannelType()
}

/** A follower as a list of webhooks shows it. */
export function shownFollower({ world }: RestContext, { sourceId, ...follower }: Follower): object {
  const source = world.channel(sourceId)
  return {
    ...follower,
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
  const place = { guild_id: target.guild.id, channel_id: target.channel.id }
  const name = `${source.guild.name} #${source.channel.name}`
  const follower: Follower = { id: world.nextId(), type: 2, ...place, name, avatar: null, sourceId: source.channel.id }
  records.followers.set(follower.id, follower)
  emit({ event: 'WEBHOOKS_UPDATE', payload: place })
  noteHook(context, undefined, follower)
  const content = name
  const notice = composeMessage(world, target, { author: world.bot, content, type: MessageType.ChannelFollowAdd })
  notice.message_reference = { type: 0, channel_id: source.channel.id, guild_id: source.guild.id }
  emit({ event: 'MESSAGE_CREATE', payload: messageEvent(world, target, notice) })
  return follower
}

/** Carries a published message to whoever follows: https://docs.discord.com/developers/resources/message#message-reference-types */
export function carry(context: RestContext, source: Located, message: APIMessage): void {
  const { world, records, emit } = context
  for (const follower of records.followers.values()) {
    const target = world.channel(follower.channel_id)
    if (follower.sourceId !== source.channel.id || !target) continue
    const author = {
      ...message.author,
      id: follower.id,
      username: follower.name,
      avatar: follower.avatar ?? message.author.avatar,
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
