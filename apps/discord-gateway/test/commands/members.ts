import { expect } from 'vitest'
import { nobody, type Scene, type TopicCases } from './scene.ts'

export function membersCases({ guild, answer, member }: Scene): TopicCases<'members'> {
  const timeout = (user_id: string, untilMs: number) => ({
    guild_id: guild.id,
    user_id,
    communication_disabled_until: new Date(untilMs).toISOString(),
  })
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
        // Nobody outranks the owner.
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
