import { AuditLogEvent } from 'discord-api-types/v10'
import { expect } from 'vitest'
import { nobody, type Scene, type TopicCases } from './scene.ts'

export function guildsCases({ guild, botId, rest, member, roleMade }: Scene): TopicCases<'guilds'> {
  const here = { guild_id: guild.id }
  const { id, name } = guild
  return {
    get_guild: {
      payload: () => ({ ...here, with_counts: true }),
      done: ({ guild: read }) => {
        expect(read).toMatchObject({ id, name, approximate_member_count: guild.member_count })
        expect(read).not.toHaveProperty('members')
      },
      refused: {
        UNKNOWN_GUILD: () => ({ guild_id: nobody }),
        INVALID_PAYLOAD: () => ({ ...here, with_counts: 1 }),
      },
    },
    get_guild_snapshot: {
      payload: () => here,
      done: ({ guild: known }) => {
        expect(known).toMatchObject({ id, name, owner_id: guild.owner_id })
        const ids = known.members.map(({ user }: { user: { id: string } }) => user.id)
        expect(ids).toEqual(expect.arrayContaining([botId, member('brackish')]))
        expect(known.presences).not.toEqual([])
      },
      refused: { UNKNOWN_GUILD: () => ({ guild_id: nobody }), INVALID_PAYLOAD: () => ({}) },
    },
    list_channels: {
      payload: () => here,
      done: ({ channels }) => expect(channels).toEqual(guild.channels),
      refused: { UNKNOWN_GUILD: () => ({ guild_id: nobody }), INVALID_PAYLOAD: () => ({ ...here, limit: 1 }) },
    },
    get_audit_log: {
      payload: async () => {
        const role = await roleMade()
        await rest('PATCH', `/guilds/${id}/roles/${role}`, { name: 'Renamed' })
        return { ...here, user_id: botId, target_id: role, action_type: AuditLogEvent.RoleUpdate, limit: 5 }
      },
      done: ({ audit_log }, { target_id, action_type }) => {
        expect(audit_log.audit_log_entries).toMatchObject([{ user_id: botId, target_id, action_type }])
        expect(audit_log.users).toMatchObject([{ id: botId }])
      },
      refused: {
        UNKNOWN_GUILD: () => ({ guild_id: nobody }),
        INVALID_PAYLOAD: () => ({ ...here, limit: 101 }),
      },
    },
  }
}
