import type { APIBaseVoiceState } from 'discord-api-types/v10'
import { id, voiceState as voiceShape } from '../shapes.ts'
import { PLAIN_VOICE } from '../voice-state.ts'
import { onGuild, remove, without } from './handler.ts'
import type { Handlers } from './handler.ts'

const voiceState = voiceShape.extend({ guild_id: id })

const voiceStateUpdate = onGuild(voiceState, (guild, payload, world) => {
  const same = (state: APIBaseVoiceState) => state.user_id === payload.user_id
  if (payload.channel_id === null) return remove(guild.voice_states, same)
  if (!guild.voice_states.some((state) => state.channel_id === payload.channel_id)) {
    world.voiceStarts.set(payload.channel_id, Math.floor(world.clock.now() / 1_000))
  }
  const entry = {
    session_id: '',
    ...PLAIN_VOICE,
    // GUILD_CREATE's voice states lack the guild's id, and the member is in its `members`.
    ...without(payload, 'guild_id', 'member'),
  }
  // Not merged: `self_stream` is absent, not false, when somebody stops streaming.
  remove(guild.voice_states, same)
  guild.voice_states.push(entry as unknown as APIBaseVoiceState)
})

/** https://docs.discord.com/developers/events/gateway-events#voice-state-update */
export const voiceHandlers: Handlers = { VOICE_STATE_UPDATE: voiceStateUpdate }
