import { AuditLogEvent, ChannelType, PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { z } from 'zod'
import { channelOf, need } from '../access.ts'
import { refusal } from '../errors.ts'
import { readForm, text } from '../form.ts'
import { none, param } from '../route.ts'
import type { Route } from '../route.ts'

const statusBody = z.looseObject({ status: text(500).nullish() })

/** https://docs.discord.com/developers/resources/channel#set-voice-channel-status */
export const voiceStatusRoutes: readonly Route[] = [
  {
    method: 'PUT',
    path: '/channels/:channel_id/voice-status',
    handle: ({ world, emit, note }, request) => {
      const { guild, channel, bits } = channelOf(world, param(request, 'channel_id'))
      if (channel.type !== ChannelType.GuildVoice) throw refusal.wrongChannelType()
      const { status } = readForm(statusBody, request.body ?? {})
      need(bits, Bit.SetVoiceChannelStatus)
      const isInside = guild.voice_states.some(
        ({ user_id, channel_id }) => user_id === world.bot.id && channel_id === channel.id,
      )
      // Whoever is inside may say what it is about, and from outside who manages it.
      if (!isInside) need(bits, Bit.ManageChannels)
      const said = status || null
      emit({ event: 'VOICE_CHANNEL_STATUS_UPDATE', payload: { id: channel.id, guild_id: guild.id, status: said } })
      const { VoiceChannelStatusCreate, VoiceChannelStatusDelete } = AuditLogEvent
      if (said === null) note(guild.id, { action_type: VoiceChannelStatusDelete, target_id: channel.id })
      else note(guild.id, { action_type: VoiceChannelStatusCreate, target_id: channel.id, options: { status: said } })
      return none()
    },
  },
]
