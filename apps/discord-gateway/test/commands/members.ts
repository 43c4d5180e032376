import { STRANGER } from '@repo/discord-simulator'
import { GuildMemberFlags } from 'discord-api-types/v10'
import { expect } from 'vitest'
import { nobody, type Scene, type TopicCases } from './scene.ts'

export function membersCases({
  simulator,
  guild,
  botId,
  channel,
  answer,
  rest,
  member,
  role,
  joined,
  roleMade,
}: Scene): TopicCases<'members'> {
  const memberOf = (userId: string) => guild.members.find(({ user }) => user.id === userId)
  const of = (user_id: string) => ({ guild_id: guild.id, user_id })
  // Nobody outranks the owner.
  const owner = of(guild.owner_id)
  const stranger = of(STRANGER.id)
  const timeout = (user_id: string, untilMs: number) => ({
    guild_id: guild.id,
    user_id,
    communication_disabled_until: new Date(untilMs).toISOString(),
  })
  /** Somebody new, who is in voice. */
  const inVoice = () => {
    const there = of(joined())
    simulator.people.voice({ ...there, channel_id: channel('Loft') })
    return there
  }
  return {
    get_member: {
      payload: () => ({ guild_id: guild.id, user_id: member('brackish') }),
      done: ({ member: read }, { user_id }) => {
        const { roles } = guild.members.find(({ user }) => user.id === user_id) ?? {}
        expect(read).toMatchObject({ user: { id: user_id }, roles })
      },
      refused: {
        UNKNOWN_USER: () => ({ guild_id: guild.id, user_id: nobody }),
        INVALID_PAYLOAD: () => ({ guild_id: guild.id, user_id: 'brackish' }),
      },
    },
    list_members: {
      payload: () => ({ guild_id: guild.id, limit: 2, after: member('brackish') }),
      done: ({ members }) => {
        const ids = guild.members.map(({ user }) => BigInt(user.id)).filter((id) => id > BigInt(member('brackish')))
        const [first, second] = ids.toSorted((a, b) => (a < b ? -1 : 1)).map(String)
        expect(members).toMatchObject([{ user: { id: first } }, { user: { id: second } }])
      },
      refused: {
        UNKNOWN_GUILD: () => ({ guild_id: nobody }),
        INVALID_PAYLOAD: () => ({ guild_id: guild.id, limit: 1_001 }),
      },
    },
    search_members: {
      payload: () => ({ guild_id: guild.id, query: 'hal', limit: 5 }),
      done: ({ members }) => expect(members).toMatchObject([{ user: { id: member('halfpenny') } }]),
      refused: {
        UNKNOWN_GUILD: () => ({ guild_id: nobody, query: 'hal' }),
        INVALID_PAYLOAD: () => ({ guild_id: guild.id, query: '' }),
      },
    },
    edit_member: {
      payload: async () => ({
        ...of(joined()),
        nick: 'Newcomer',
        roles: [await roleMade()],
        flags: GuildMemberFlags.BypassesVerification,
        reason: 'a test',
      }),
      done: ({ member: edited }, { user_id, nick, roles, flags }) => {
        expect(edited).toMatchObject({ user: { id: user_id }, nick, roles, flags })
        expect(memberOf(user_id)).toMatchObject({ nick, roles, flags })
      },
      needing: {
        'with `nick`': () => ({ ...of(joined()), nick: 'Newcomer' }),
        'with `roles`': async () => ({ ...of(joined()), roles: [await roleMade()] }),
        'with `mute`': () => ({ ...inVoice(), mute: true }),
        'with `deaf`': () => ({ ...inVoice(), deaf: true }),
        'with `channel_id`': () => ({ ...inVoice(), channel_id: null }),
        'with `communication_disabled_until`': () => timeout(joined(), Date.now() + 60_000),
        'with `flags`': () => ({ ...of(joined()), flags: GuildMemberFlags.BypassesVerification }),
      },
      refused: {
        UNKNOWN_MEMBER: () => ({ ...stranger, nick: 'x' }),
        MISSING_PERMISSIONS: () => ({ ...owner, nick: 'x' }),
        TARGET_USER_IS_NOT_CONNECTED_TO_VOICE: () => ({ ...of(joined()), mute: true }),
        INVALID_PAYLOAD: () => ({ ...owner, nick: 'x'.repeat(33) }),
      },
    },
    edit_own_member: {
      payload: () => ({ guild_id: guild.id, nick: 'Workshop bot', reason: 'a test' }),
      done: ({ member: edited }, { nick }) => {
        expect(edited).toMatchObject({ user: { id: botId }, nick })
        expect(memberOf(botId)).toMatchObject({ nick })
      },
      needing: { 'with `nick`': () => ({ guild_id: guild.id, nick: 'Gantry' }) },
      refused: {
        UNKNOWN_GUILD: () => ({ guild_id: nobody, nick: null }),
        INVALID_PAYLOAD: () => ({ guild_id: guild.id, avatar: 'https://example.com/a.png' }),
      },
    },
    set_nickname: {
      payload: () => ({ ...of(joined()), nick: 'Newcomer' }),
      done: ({ member: named }, { user_id, nick }) => {
        expect(named).toMatchObject({ user: { id: user_id }, nick })
        expect(memberOf(user_id)).toMatchObject({ nick })
      },
      refused: {
        UNKNOWN_MEMBER: () => ({ ...stranger, nick: null }),
        MISSING_PERMISSIONS: () => ({ ...owner, nick: null }),
        INVALID_PAYLOAD: () => owner,
      },
    },
    kick_member: {
      payload: () => ({ ...of(joined()), reason: 'a test' }),
      done: (_data, { user_id }) => expect(memberOf(user_id)).toBeUndefined(),
      refused: {
        UNKNOWN_MEMBER: () => stranger,
        MISSING_PERMISSIONS: () => owner,
        INVALID_PAYLOAD: () => ({ ...owner, reason: '' }),
      },
    },
    add_member_role: {
      payload: async () => ({ ...of(joined()), role_id: await roleMade(), reason: 'a test' }),
      done: (_data, { user_id, role_id }) => expect(memberOf(user_id)?.roles).toEqual([role_id]),
      refused: {
        UNKNOWN_MEMBER: () => ({ ...stranger, role_id: role('Maker') }),
        UNKNOWN_ROLE: () => ({ ...of(joined()), role_id: nobody }),
        // The bot's own, which nobody gives.
        MISSING_PERMISSIONS: () => ({ ...of(joined()), role_id: role('gantry') }),
        INVALID_PAYLOAD: () => stranger,
      },
    },
    remove_member_role: {
      payload: async () => {
        const payload = { ...of(joined()), role_id: await roleMade() }
        await rest('PUT', `/guilds/${guild.id}/members/${payload.user_id}/roles/${payload.role_id}`)
        return payload
      },
      done: (_data, { user_id }) => expect(memberOf(user_id)?.roles).toEqual([]),
      refused: {
        UNKNOWN_MEMBER: () => ({ ...stranger, role_id: role('Maker') }),
        UNKNOWN_ROLE: () => ({ ...of(joined()), role_id: nobody }),
        MISSING_PERMISSIONS: () => ({ ...of(botId), role_id: role('gantry') }),
        INVALID_PAYLOAD: () => stranger,
      },
    },
    timeout_member: {
      payload: () => ({
        guild_id: guild.id,
        user_id: member('halfpenny'),
        communication_disabled_until: new Date(Date.now() + 60_000).toISOString(),
      }),
      done: ({ member: silenced }, { communication_disabled_until: end }) =>
        expect(
          Date.parse(String((silenced as { communication_disabled_until: unknown }).communication_disabled_until)),
        ).toBe(Date.parse(end ?? '')),
      refused: {
        MISSING_PERMISSIONS: () => timeout(guild.owner_id, Date.now() + 60_000),
        INVALID_FORM_BODY_OR_CONTENT_TYPE: () => timeout(member('halfpenny'), Date.now() + 29 * 86_400_000),
        UNKNOWN_USER: () => ({ guild_id: guild.id, user_id: nobody, communication_disabled_until: null }),
        INVALID_PAYLOAD: () => ({
          guild_id: guild.id,
          user_id: member('halfpenny'),
          communication_disabled_until: 'tomorrow',
        }),
      },
    },
    request_members: {
      payload: () => ({ guild_id: guild.id, user_ids: [member('brackish'), nobody] }),
      done: ({ chunk_count, not_found }) => {
        expect(chunk_count).toBe(1)
        expect(not_found).toEqual([nobody])
      },
      refused: {
        UNKNOWN_GUILD: () => ({ guild_id: nobody, query: 'a' }),
        // Of all of them one may ask once in a while.
        RATE_LIMITED: async () => {
          const all = { guild_id: guild.id, query: '' }
          await answer('request_members', all)
          return all
        },
        INVALID_PAYLOAD: () => ({ guild_id: guild.id }),
      },
    },
  }
}
