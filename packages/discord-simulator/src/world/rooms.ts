import { ChannelType, PermissionFlagsBits } from 'discord-api-types/v10'
import type { Guild } from './types.ts'
import type { World } from './world.ts'

/** Why somebody cannot come into a channel to talk. */
export type Barrier = 'no_room' | 'not_seen' | 'not_let_in' | 'full'

const channelOf = (guild: Guild, id: string) => guild.channels.find((channel) => channel.id === id)

/** Where everybody begins in the audience: https://docs.discord.com/developers/resources/stage-instance */
export const isStage = (guild: Guild, channelId: string | null): boolean =>
  channelId !== null && channelOf(guild, channelId)?.type === ChannelType.GuildStageVoice

/** Whether a channel takes one more, besides those who are in it. */
export function hasPlace(guild: Guild, channelId: string, userId: string): boolean {
  const channel = channelOf(guild, channelId)
  const limit = (channel && 'user_limit' in channel && channel.user_limit) || Infinity
  return guild.voice_states.filter((s) => s.channel_id === channelId && s.user_id !== userId).length < limit
}

/** What keeps somebody out of a voice channel or stage; undefined if nothing does. */
export function barrierTo(world: World, guild: Guild, channelId: string, userId: string): Barrier | undefined {
  const channel = channelOf(guild, channelId)
  if (channel?.type !== ChannelType.GuildVoice && channel?.type !== ChannelType.GuildStageVoice) return 'no_room'
  const bits = world.permissions({ guild, channel }, userId)
  if (!(bits & PermissionFlagsBits.ViewChannel)) return 'not_seen'
  if (!(bits & PermissionFlagsBits.Connect)) return 'not_let_in'
  // Whoever may move others finds a place also where there is none.
  return hasPlace(guild, channelId, userId) || bits & PermissionFlagsBits.MoveMembers ? undefined : 'full'
}
