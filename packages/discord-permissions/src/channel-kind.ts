import { ChannelType } from 'discord-api-types/v10'

/**
 * What permissions a channel follows. `unknown`, for a type that nobody has decided about, follows none.
 * https://docs.discord.com/developers/resources/channel#channel-object-channel-types
 */
export type ChannelKind = 'text' | 'voice' | 'thread' | 'private thread' | 'unknown'

const KINDS: ReadonlyMap<unknown, ChannelKind> = new Map<unknown, ChannelKind>([
  [ChannelType.GuildText, 'text'],
  [ChannelType.GuildCategory, 'text'],
  [ChannelType.GuildAnnouncement, 'text'],
  [ChannelType.GuildDirectory, 'text'],
  [ChannelType.GuildForum, 'text'],
  [ChannelType.GuildMedia, 'text'],
  [ChannelType.GuildVoice, 'voice'],
  [ChannelType.GuildStageVoice, 'voice'],
  [ChannelType.AnnouncementThread, 'thread'],
  [ChannelType.PublicThread, 'thread'],
  [ChannelType.PrivateThread, 'private thread'],
])

export function kindOf(channel: { readonly type?: unknown }): ChannelKind {
  return KINDS.get(channel.type) ?? 'unknown'
}

export function isThread(channel: { readonly type?: unknown }): boolean {
  const kind = kindOf(channel)
  return kind === 'thread' || kind === 'private thread'
}

export function isVoice(channel: { readonly type?: unknown }): boolean {
  return kindOf(channel) === 'voice'
}
