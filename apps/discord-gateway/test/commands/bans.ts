import { STRANGER } from '@repo/discord-simulator'
import { expect } from 'vitest'
import { nobody, type Scene, type TopicCases } from './scene.ts'

export function bansCases({ simulator, guild, rest, joined }: Scene): TopicCases<'bans'> {
  const of = (user_id: string) => ({ guild_id: guild.id, user_id })
  const isBanned = (userId: string) => simulator.world.bans.get(guild.id)?.has(userId) === true
  const isMember = (userId: string) => guild.members.some(({ user }) => user.id === userId)
  const banned = async () => {
    const there = of(joined())
    await rest('PUT', `/guilds/${guild.id}/bans/${there.user_id}`)
    return there
  }
  return {
    ban_member: {
      payload: () => ({ ...of(joined()), delete_message_seconds: 60, reason: 'a test' }),
      done: async (_data, { user_id }) => {
        expect([isBanned(user_id), isMember(user_id)]).toEqual([true, false])
        expect(await rest('GET', `/guilds/${guild.id}/bans/${user_id}`)).toMatchObject({ reason: 'a test' })
      },
      refused: {
        UNKNOWN_USER: () => of(nobody),
        // Nobody outranks the owner.
        MISSING_PERMISSIONS: () => of(guild.owner_id),
        INVALID_PAYLOAD: () => ({ ...of(nobody), delete_message_seconds: 604_801 }),
      },
    },
    bulk_ban_members: {
      payload: () => ({ guild_id: guild.id, user_ids: [joined(), joined(), guild.owner_id], reason: 'a test' }),
      done: ({ bulk_ban }, { user_ids: [first = '', second = '', owner = ''] }) => {
        expect(bulk_ban).toEqual({ banned_users: [first, second], failed_users: [owner] })
        expect([first, second, owner].map(isBanned)).toEqual([true, true, false])
      },
      refused: {
        FAILED_TO_BAN_USERS: () => ({ guild_id: guild.id, user_ids: [guild.owner_id] }),
        INVALID_PAYLOAD: () => ({ guild_id: guild.id, user_ids: [] }),
      },
    },
    unban_member: {
      payload: async () => ({ ...(await banned()), reason: 'a test' }),
      done: (_data, { user_id }) => expect(isBanned(user_id)).toBe(false),
      refused: {
        UNKNOWN_BAN: () => of(STRANGER.id),
        INVALID_PAYLOAD: () => ({ guild_id: guild.id }),
      },
    },
    get_ban: {
      payload: banned,
      done: ({ ban }, { user_id }) => expect(ban).toMatchObject({ user: { id: user_id }, reason: null }),
      refused: {
        UNKNOWN_BAN: () => of(STRANGER.id),
        INVALID_PAYLOAD: () => ({ guild_id: guild.id }),
      },
    },
    list_bans: {
      payload: async () => {
        const { user_id } = await banned()
        return { guild_id: guild.id, limit: 1, after: String(BigInt(user_id) - 1n) }
      },
      done: ({ bans }, { after }) => expect(bans).toMatchObject([{ user: { id: String(BigInt(after ?? '') + 1n) } }]),
      refused: {
        UNKNOWN_GUILD: () => ({ guild_id: nobody }),
        INVALID_PAYLOAD: () => ({ guild_id: guild.id, limit: 0 }),
      },
    },
  }
}
