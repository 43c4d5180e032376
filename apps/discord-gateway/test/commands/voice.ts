import { PermissionFlagsBits } from 'discord-api-types/v10'
import { expect } from 'vitest'
import { nobody, type Scene, type TopicCases } from './scene.ts'

export function voiceCases({
  simulator,
  guild,
  channel,
  member,
  botId,
  stateOf,
  voiceOf,
  nextEvent,
}: Scene): TopicCases<'voice'> {
  return {
    move_member: {
      payload: () => ({ guild_id: guild.id, user_id: member('brackish'), channel_id: channel('Loft') }),
      done: ({ member: moved }, { user_id }) => {
        expect(moved).toMatchObject({ user: { id: user_id } })
        expect(voiceOf(user_id)).toBe(channel('Loft'))
      },
      refused: {
        TARGET_USER_IS_NOT_CONNECTED_TO_VOICE: () => ({
          guild_id: guild.id,
          user_id: member('umberfox'),
          channel_id: channel('Loft'),
        }),
        UNKNOWN_USER: () => ({ guild_id: guild.id, user_id: nobody, channel_id: null }),
        INVALID_PAYLOAD: () => ({ guild_id: guild.id, user_id: member('brackish') }),
      },
    },
    mute_member: {
      payload: () => ({ guild_id: guild.id, user_id: member('pikelet'), mute: true, reason: 'a test' }),
      done: ({ member: muted }, { user_id }) => {
        expect(muted).toMatchObject({ user: { id: user_id }, mute: true })
        expect(stateOf(user_id)).toMatchObject({ mute: true })
      },
      refused: {
        TARGET_USER_IS_NOT_CONNECTED_TO_VOICE: () => ({ guild_id: guild.id, user_id: member('umberfox'), mute: true }),
        UNKNOWN_USER: () => ({ guild_id: guild.id, user_id: nobody, mute: true }),
        INVALID_PAYLOAD: () => ({ guild_id: guild.id, user_id: member('pikelet'), mute: 'yes' }),
      },
    },
    deafen_member: {
      payload: () => ({ guild_id: guild.id, user_id: member('pikelet'), deaf: true }),
      done: ({ member: deafened }, { user_id }) => {
        expect(deafened).toMatchObject({ user: { id: user_id }, deaf: true })
        expect(stateOf(user_id)).toMatchObject({ deaf: true })
      },
      refused: {
        TARGET_USER_IS_NOT_CONNECTED_TO_VOICE: () => ({ guild_id: guild.id, user_id: member('umberfox'), deaf: true }),
        INVALID_PAYLOAD: () => ({ guild_id: guild.id, user_id: member('pikelet') }),
      },
    },
    update_voice_state: {
      payload: () => ({ guild_id: guild.id, channel_id: channel('Loft'), self_deaf: true }),
      done: ({ voice_state }) => {
        expect(voice_state).toMatchObject({ guild_id: guild.id, channel_id: channel('Loft'), self_deaf: true })
        expect(voiceOf(botId)).toBe(channel('Loft'))
      },
      refused: {
        UNKNOWN_GUILD: () => ({ guild_id: nobody, channel_id: null }),
        UNKNOWN_CHANNEL: () => ({ guild_id: guild.id, channel_id: nobody }),
        CANNOT_EXECUTE_ACTION_ON_THIS_CHANNEL_TYPE: () => ({ guild_id: guild.id, channel_id: channel('build-log') }),
        MISSING_PERMISSIONS: async () => {
          const closed = guild.channels.find(({ name }) => name === 'Quiet room')
          const permission_overwrites = [
            { id: guild.id, type: 0, allow: '0', deny: String(PermissionFlagsBits.Connect) },
          ]
          simulator.dispatch('CHANNEL_UPDATE', { ...closed, guild_id: guild.id, permission_overwrites })
          await nextEvent('CHANNEL_UPDATE')
          return { guild_id: guild.id, channel_id: closed?.id }
        },
        INVALID_PAYLOAD: () => ({ guild_id: guild.id }),
      },
    },
  }
}
