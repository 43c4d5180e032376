import { expect } from 'vitest'
import { nobody, type Scene, type TopicCases } from './scene.ts'

export function invitesCases({ guild, rest, channel, roleMade }: Scene): TopicCases<'invites'> {
  const here = { channel_id: channel('build-log') }
  const codes = async () => {
    const list = await rest('GET', `/guilds/${guild.id}/invites`)
    return (list as unknown as { code: string }[]).map(({ code }) => code)
  }
  const made = async () =>
    String((await rest('POST', `/channels/${here.channel_id}/invites`, { unique: true }))['code'])
  /** Those that are read are all there are. */
  const areAll = async (invites: readonly { code: string }[]) =>
    expect(invites.map(({ code }) => code)).toEqual(await codes())
  return {
    create_invite: {
      payload: async () => ({ ...here, max_age: 60, max_uses: 3, role_ids: [await roleMade()], reason: 'a test' }),
      done: async ({ invite }, { channel_id, max_age, max_uses, role_ids }) => {
        expect(invite).toMatchObject({ channel: { id: channel_id }, max_age, max_uses })
        expect(invite).toMatchObject({ roles: role_ids?.map((id) => ({ id })) })
        expect(await codes()).toContain(invite.code)
      },
      needing: { 'with `role_ids`': async () => ({ ...here, role_ids: [await roleMade()] }) },
      refused: {
        UNKNOWN_CHANNEL: () => ({ channel_id: nobody }),
        UNKNOWN_ROLE: () => ({ ...here, role_ids: [nobody] }),
        INVALID_PAYLOAD: () => ({ ...here, max_uses: 101 }),
      },
    },
    list_channel_invites: {
      payload: async () => {
        await made()
        return here
      },
      done: ({ invites }) => areAll(invites),
      refused: { UNKNOWN_CHANNEL: () => ({ channel_id: nobody }), INVALID_PAYLOAD: () => ({}) },
    },
    list_guild_invites: {
      payload: async () => {
        await made()
        return { guild_id: guild.id }
      },
      done: ({ invites }) => areAll(invites),
      refused: { UNKNOWN_GUILD: () => ({ guild_id: nobody }), INVALID_PAYLOAD: () => ({}) },
    },
    get_invite: {
      payload: async () => ({ code: await made(), with_counts: true }),
      done: ({ invite }, { code }) =>
        expect(invite).toMatchObject({
          code,
          guild: { id: guild.id },
          channel: { id: here.channel_id },
          approximate_member_count: guild.member_count,
        }),
      refused: { UNKNOWN_INVITE: () => ({ code: 'nowhere' }), INVALID_PAYLOAD: () => ({ code: '..' }) },
    },
    delete_invite: {
      payload: async () => ({ code: await made(), reason: 'a test' }),
      done: async (_data, { code }) => expect(await codes()).not.toContain(code),
      needing: { 'whoever made it': async () => ({ code: await made() }) },
      refused: { UNKNOWN_INVITE: () => ({ code: 'nowhere' }), INVALID_PAYLOAD: () => ({ code: '../x' }) },
    },
  }
}
