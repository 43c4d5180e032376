import { ChannelType, PermissionFlagsBits } from 'discord-api-types/v10'
import type { GatewayChannelInfoChannel, GatewayChannelInfoDispatchData } from 'discord-api-types/v10'
import type { z } from 'zod'
import type { Guild, GuildChannel } from '../../world/types.ts'
import { guildsOf } from '../../world/world.ts'
import type { World } from '../../world/world.ts'
import type { requestChannelInfo } from '../frames.ts'
import type { RequestContext } from './request.ts'

const isVoice = ({ type }: GuildChannel) => type === ChannelType.GuildVoice || type === ChannelType.GuildStageVoice

/** Since when somebody has been in a voice channel without a break, in s of the Unix epoch. */
function startOf(world: World, guild: Guild, channelId: string): number | null {
  const isTaken = guild.voice_states.some((state) => state.channel_id === channelId)
  return (isTaken && world.voiceStarts.get(channelId)) || null
}

/**
 * Op 43, answered with CHANNEL_INFO: what of voice channels no channel object has. Fields that nobody knows are passed over.
 * https://docs.discord.com/developers/events/gateway-events#request-channel-info
 */
export function tellChannelInfo(context: RequestContext, d: z.infer<typeof requestChannelInfo>): void {
  const { world, session, reply } = context
  const guild = guildsOf(world, session.shard).find(({ id }) => id === d.guild_id)
  if (!guild) return
  const sees = (channel: GuildChannel) =>
    (world.permissions({ guild, channel }, world.bot.id) & PermissionFlagsBits.ViewChannel) !== 0n
  const infoOf = (channel: GuildChannel): GatewayChannelInfoChannel => {
    const status: unknown = Reflect.get(channel, 'status')
    return {
      id: channel.id,
      ...(d.fields.includes('status') && { status: typeof status === 'string' ? status : null }),
      ...(d.fields.includes('voice_start_time') && { voice_start_time: startOf(world, guild, channel.id) }),
    }
  }
  const channels = guild.channels.filter((channel) => isVoice(channel) && sees(channel)).map(infoOf)
  reply('CHANNEL_INFO', { guild_id: guild.id, channels } satisfies GatewayChannelInfoDispatchData)
}
