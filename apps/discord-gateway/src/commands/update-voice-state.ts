import { GatewayOpcodes } from 'discord-api-types/v10'
import { z } from 'zod'
import type { BotSocket } from './bot-socket.ts'
import type { Handler } from './handler.ts'
import { requireGuild, requireNoBarrier, type GuildOf } from './known-refusals.ts'

const VoiceStateSchema = z.looseObject({
  channel_id: z.string().nullable(),
  guild_id: z.string().exactOptional(),
  user_id: z.string().exactOptional(),
  self_mute: z.boolean().default(false),
  self_deaf: z.boolean().default(false),
})
type VoiceState = z.output<typeof VoiceStateSchema>

/** The bot, as its voice is concerned. */
export type BotVoice = {
  /** Null where its token does not say it: then nothing can be known to be done. */
  botId: string | null
  guildOf: GuildOf
}

/**
 * Op 4: https://docs.discord.com/developers/events/gateway-events#update-voice-state. Discord says nothing to one that
 * it does not carry out, so only the bot's own VOICE_STATE_UPDATE shows that it was.
 */
export function createUpdateVoiceState(socket: BotSocket, { botId, guildOf }: BotVoice): Handler<'update_voice_state'> {
  return async ({ guild_id, channel_id, self_mute, self_deaf }, { action, backend, deadlineAt }) => {
    const asAsked = (state: VoiceState) =>
      state.channel_id === channel_id &&
      (channel_id === null || (state.self_mute === self_mute && state.self_deaf === self_deaf))
    // Without a session it is not known what is so by now.
    socket.requireSession(guild_id, action)
    const guild = guildOf(guild_id)
    requireGuild(guild, action)
    if (guild && channel_id !== null && botId !== null) requireNoBarrier(guild, channel_id, botId, action)
    // Of what is so already Discord would not tell.
    const isKnown = guild && botId !== null && guild.fields['unavailable'] !== true
    const known = isKnown ? (guild.collections.voice_states.get(botId) ?? { channel_id: null }) : undefined
    const now = VoiceStateSchema.safeParse(known).data
    if (now && asAsked(now)) return { success: true, voice_state: { ...now, guild_id } }
    const voiceState = await socket.ask({
      guildId: guild_id,
      payload: { op: GatewayOpcodes.VoiceStateUpdate, d: { guild_id, channel_id, self_mute, self_deaf } },
      action,
      backendId: backend.id,
      deadlineAt,
      listen: ({ type, data }) => {
        if (type !== 'VOICE_STATE_UPDATE') return undefined
        const state = VoiceStateSchema.safeParse(data).data
        return state?.user_id === botId && state?.guild_id === guild_id && asAsked(state) ? state : undefined
      },
    })
    return { success: true, voice_state: { ...voiceState, guild_id } }
  }
}
