import { PermissionFlagsBits } from 'discord-api-types/v10'
import { expect } from 'vitest'
import { nobody, type Scene, type TopicCases } from './scene.ts'

export function voiceCases({
  simulator,
  guild,
  ask,
  rest,
  channel,
  member,
  joined,
  stageMade,
  botId,
  stateOf,
  voiceOf,
  nextEvent,
}: Scene): TopicCases<'voice'> {
  const of = (user_id: string) => ({ guild_id: guild.id, user_id })
  /** Somebody new, who is in that channel. */
  const inVoice = (channel_id: string) => {
    const there = of(joined())
    simulator.people.voice({ ...there, channel_id })
    return there
  }
  /** The bot itself goes there, in the audience where it is a stage. */
  const botIn = async (channel_id: string | null) => {
    await ask('update_voice_state', { guild_id: guild.id, channel_id })
    return { guild_id: guild.id }
  }
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
    disconnect_member: {
      payload: () => ({ ...inVoice(channel('Loft')), reason: 'a test' }),
      done: (_data, { user_id }) => expect(voiceOf(user_id)).toBeNull(),
      refused: {
        TARGET_USER_IS_NOT_CONNECTED_TO_VOICE: () => of(member('umberfox')),
        UNKNOWN_USER: () => of(nobody),
        INVALID_PAYLOAD: () => ({ ...of(member('brackish')), channel_id: channel('Loft') }),
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
    get_voice_state: {
      payload: () => inVoice(channel('Loft')),
      done: ({ voice_state }, { user_id }) =>
        expect(voice_state).toMatchObject({ user_id, guild_id: guild.id, channel_id: channel('Loft') }),
      refused: {
        UNKNOWN_VOICE_STATE: () => of(member('umberfox')),
        INVALID_PAYLOAD: () => ({ guild_id: guild.id }),
      },
    },
    edit_voice_state: {
      payload: async () => {
        const there = inVoice(await stageMade())
        expect(stateOf(there.user_id)).toMatchObject({ suppress: true })
        return { ...there, suppress: false }
      },
      done: (_data, { user_id }) => expect(stateOf(user_id)).toMatchObject({ suppress: false }),
      refused: {
        UNKNOWN_VOICE_STATE: () => ({ ...of(member('umberfox')), suppress: false }),
        CANNOT_EXECUTE_ACTION_ON_THIS_CHANNEL_TYPE: () => ({ ...inVoice(channel('Loft')), suppress: false }),
        INVALID_PAYLOAD: () => ({ ...of(nobody), request_to_speak_timestamp: null }),
      },
    },
    edit_own_voice_state: {
      payload: async () => ({
        // Of a new one the gateway may not have heard yet.
        ...(await botIn(channel('Friday demo'))),
        request_to_speak_timestamp: new Date().toISOString(),
      }),
      done: (_data, { request_to_speak_timestamp: asked }) =>
        expect(Date.parse(stateOf(botId)?.request_to_speak_timestamp ?? '')).toBe(Date.parse(asked ?? '')),
      needing: {
        'with `suppress: false`': async () => ({ ...(await botIn(channel('Friday demo'))), suppress: false }),
        'with `request_to_speak_timestamp`': async () => ({
          ...(await botIn(channel('Friday demo'))),
          request_to_speak_timestamp: new Date().toISOString(),
        }),
      },
      refused: {
        UNKNOWN_VOICE_STATE: () => botIn(null),
        CANNOT_EXECUTE_ACTION_ON_THIS_CHANNEL_TYPE: async () => ({ ...(await botIn(channel('Loft'))), suppress: true }),
        INVALID_PAYLOAD: () => ({ guild_id: guild.id, request_to_speak_timestamp: 'now' }),
      },
    },
    set_voice_channel_status: {
      payload: () => ({ channel_id: channel('Loft'), status: 'Glazing together', reason: 'a test' }),
      done: async (_data, { channel_id, status }) => {
        const { audit_log_entries: entries } = await rest('GET', `/guilds/${guild.id}/audit-logs?limit=1`)
        expect(entries).toMatchObject([{ target_id: channel_id, options: { status }, reason: 'a test' }])
      },
      needing: {
        'of a channel that it is not in': async () => {
          await botIn(null)
          return { channel_id: channel('Loft'), status: 'x' }
        },
      },
      refused: {
        CANNOT_EXECUTE_ACTION_ON_THIS_CHANNEL_TYPE: () => ({ channel_id: channel('build-log'), status: 'x' }),
        UNKNOWN_CHANNEL: () => ({ channel_id: nobody, status: null }),
        INVALID_PAYLOAD: () => ({ channel_id: channel('Loft'), status: 'x'.repeat(501) }),
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
