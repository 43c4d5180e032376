import { ChannelType, PermissionFlagsBits } from 'discord-api-types/v10'
import type { Guild, Located } from '../world/types.ts'
import type { World } from '../world/world.ts'
import { refusal } from './errors.ts'

const VOICE: ReadonlySet<ChannelType> = new Set([ChannelType.GuildVoice, ChannelType.GuildStageVoice])

/** What can hold messages, of what a guild has. */
const TEXT: ReadonlySet<ChannelType> = new Set([
  ChannelType.GuildText,
  ChannelType.GuildAnnouncement,
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
  ChannelType.AnnouncementThread,
  ...VOICE,
])

/** A guild that the bot is in, or 10004. */
export function guildOf(world: World, id: string): Guild {
  const guild = world.guild(id)
  if (!guild) throw refusal.unknownGuild()
  return guild
}

/** A channel that the bot may view, with what it may do there; else 10003 or 50001. */
export function channelOf(world: World, id: string): Located & { bits: bigint } {
  const located = world.channel(id)
  if (!located) throw refusal.unknownChannel()
  const bits = world.permissions(located, world.bot.id)
  if (!(bits & PermissionFlagsBits.ViewChannel)) throw refusal.missingAccess()
  return { ...located, bits }
}

/** The same for a channel whose messages are asked for. The text of a voice channel is for those who may connect. */
export function messagesOf(world: World, id: string): Located & { bits: bigint } {
  const found = channelOf(world, id)
  if (!TEXT.has(found.channel.type)) throw refusal.nonTextChannel()
  if (VOICE.has(found.channel.type) && !(found.bits & PermissionFlagsBits.Connect)) throw refusal.missingAccess()
  return found
}
