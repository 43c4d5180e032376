import { expect } from 'vitest'
import { nobody, type Scene, type TopicCases } from './scene.ts'

export function rolesCases({ guild, rest, role, joined, roleMade }: Scene): TopicCases<'roles'> {
  const roleOf = (roleId: string) => guild.roles.find(({ id }) => id === roleId)
  const of = (role_id: string) => ({ guild_id: guild.id, role_id })
  const unknown = of(nobody)
  // The bot's own, and so not below it.
  const own = of(role('gantry'))
  return {
    list_roles: {
      payload: () => ({ guild_id: guild.id }),
      done: ({ roles }) => expect(roles).toEqual(guild.roles),
      refused: {
        UNKNOWN_GUILD: () => ({ guild_id: nobody }),
        INVALID_PAYLOAD: () => ({ guild_id: guild.id, limit: 1 }),
      },
    },
    get_role: {
      payload: () => of(role('Maker')),
      done: ({ role: read }) => expect(read).toMatchObject({ id: role('Maker'), name: 'Maker' }),
      refused: { UNKNOWN_ROLE: () => unknown, INVALID_PAYLOAD: () => ({ guild_id: guild.id }) },
    },
    create_role: {
      payload: () => ({
        guild_id: guild.id,
        name: 'Glazer',
        permissions: '1024',
        colors: { primary_color: 0x0f766e },
        hoist: true,
        reason: 'a test',
      }),
      done: ({ role: made }, { name, permissions, hoist }) => {
        expect(made).toMatchObject({ name, permissions, hoist, color: 0x0f766e })
        expect(roleOf(made.id)).toEqual(made)
      },
      refused: {
        UNKNOWN_GUILD: () => ({ guild_id: nobody }),
        // Administrator, which the bot is not.
        MISSING_PERMISSIONS: () => ({ guild_id: guild.id, permissions: '8' }),
        INVALID_PAYLOAD: () => ({ guild_id: guild.id, permissions: 8 }),
      },
    },
    edit_role: {
      payload: async () => ({ ...of(await roleMade()), name: 'Thrower', mentionable: true, reason: 'a test' }),
      done: ({ role: edited }, { role_id, name, mentionable }) => {
        expect(edited).toMatchObject({ id: role_id, name, mentionable })
        expect(roleOf(role_id)).toEqual(edited)
      },
      refused: {
        UNKNOWN_ROLE: () => ({ ...unknown, name: 'x' }),
        MISSING_PERMISSIONS: () => ({ ...own, name: 'x' }),
        INVALID_PAYLOAD: () => ({ ...own, color: 0x1000000 }),
      },
    },
    delete_role: {
      payload: async () => ({ ...of(await roleMade()), reason: 'a test' }),
      done: (_data, { role_id }) => expect(roleOf(role_id)).toBeUndefined(),
      refused: {
        UNKNOWN_ROLE: () => unknown,
        // That of everybody.
        INVALID_ROLE: () => of(guild.id),
        MISSING_PERMISSIONS: () => own,
        INVALID_PAYLOAD: () => ({ guild_id: guild.id }),
      },
    },
    move_roles: {
      payload: async () => {
        const [lower, higher] = [await roleMade(), await roleMade()]
        const roles = [
          { id: lower, position: 2 },
          { id: higher, position: 1 },
        ]
        return { guild_id: guild.id, roles, reason: 'a test' }
      },
      done: ({ roles }, { roles: moved }) => {
        expect(moved.map(({ id }) => roleOf(id)?.position)).toEqual([2, 1])
        expect(roles).toEqual(guild.roles)
      },
      refused: {
        UNKNOWN_ROLE: () => ({ guild_id: guild.id, roles: [{ id: nobody, position: 1 }] }),
        MISSING_PERMISSIONS: () => ({ guild_id: guild.id, roles: [{ id: own.role_id, position: 1 }] }),
        INVALID_PAYLOAD: () => ({ guild_id: guild.id, roles: [] }),
      },
    },
    get_role_member_counts: {
      payload: async () => {
        await rest('PUT', `/guilds/${guild.id}/members/${joined()}/roles/${await roleMade()}`)
        return { guild_id: guild.id }
      },
      done: ({ member_counts: counts }) => {
        expect(counts).not.toHaveProperty(guild.id)
        expect(counts).toMatchObject({ [guild.roles.at(-1)?.id ?? '']: 1, [role('gantry')]: 1 })
      },
      refused: {
        UNKNOWN_GUILD: () => ({ guild_id: nobody }),
        INVALID_PAYLOAD: () => ({ guild_id: guild.id, limit: 1 }),
      },
    },
  }
}
