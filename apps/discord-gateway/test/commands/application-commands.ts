import { expect } from 'vitest'
import { tokenOf } from '../../../../packages/discord-simulator/test/oauth-client.ts'
import { nobody, type Scene, type TopicCases } from './scene.ts'

const FIRE = {
  name: 'fire',
  description: 'Fire a kiln',
  options: [
    {
      type: 2 as const,
      name: 'wood',
      description: 'With wood',
      options: [
        {
          type: 1 as const,
          name: 'up',
          description: 'Heat it',
          options: [{ type: 10 as const, name: 'hours', description: 'How long', required: true, max_value: 40 }],
        },
      ],
    },
  ],
}
const named = (name: string) => ({ ...FIRE, name })
/** What is typed has no capitals. */
const unnameable = { name: 'Fire Kiln', description: 'x' }

export function slashCases({ simulator, guild, botId, rest, role }: Scene): TopicCases<'slash'> {
  const everywhere = `/applications/${botId}/commands`
  const here = `/applications/${botId}/guilds/${guild.id}/commands`
  const guild_id = guild.id
  const listed = async (path: string) => (await rest('GET', path)) as unknown as { id: string; name: string }[]
  const made = async (path: string, name: string) => String((await rest('POST', path, named(name)))['id'])
  /** Who may use it only people decide: its owner lets one role. */
  const allowed = async () => {
    const command_id = await made(here, 'allowed')
    const token = await tokenOf(simulator, 'tessellate', 'applications.commands.permissions.update')
    await fetch(`${simulator.apiUrl}/v10${here}/${command_id}/permissions`, {
      method: 'PUT',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ permissions: [{ id: role('Maker'), type: 1, permission: true }] }),
    })
    return command_id
  }
  return {
    list_global_commands: {
      payload: async () => {
        await made(everywhere, 'listed')
        return { application_id: botId, with_localizations: true }
      },
      done: ({ commands }) =>
        expect(commands).toContainEqual(expect.objectContaining({ name: 'listed', name_localizations: null })),
      refused: {
        MISSING_ACCESS: () => ({ application_id: nobody }),
        INVALID_PAYLOAD: () => ({ with_localizations: 'yes' }),
      },
    },
    create_global_command: {
      payload: () => ({ ...named('made'), contexts: [0], default_member_permissions: '8192' }),
      done: async ({ command }) => {
        expect(command).toMatchObject({ ...named('made'), contexts: [0], default_member_permissions: '8192' })
        expect(await listed(everywhere)).toContainEqual(expect.objectContaining({ id: command.id }))
      },
      refused: {
        INVALID_FORM_BODY_OR_CONTENT_TYPE: () => unnameable,
        INVALID_PAYLOAD: () => ({ ...FIRE, options: [{ type: 12, name: 'x', description: 'x' }] }),
      },
    },
    edit_global_command: {
      payload: async () => ({ command_id: await made(everywhere, 'edited'), name: 'refired', contexts: null }),
      done: async ({ command }, { command_id }) => {
        expect(command).toMatchObject({ id: command_id, name: 'refired' })
        expect(await listed(everywhere)).toContainEqual(expect.objectContaining({ id: command_id, name: 'refired' }))
      },
      refused: {
        UNKNOWN_APPLICATION_COMMAND: () => ({ command_id: nobody, name: 'x' }),
        INVALID_FORM_BODY_OR_CONTENT_TYPE: async () => ({ command_id: await made(everywhere, 'bent'), ...unnameable }),
        INVALID_PAYLOAD: () => ({ name: 'x' }),
      },
    },
    delete_global_command: {
      payload: async () => ({ command_id: await made(everywhere, 'gone') }),
      done: async (_data, { command_id }) =>
        expect((await listed(everywhere)).map(({ id }) => id)).not.toContain(command_id),
      refused: {
        UNKNOWN_APPLICATION_COMMAND: () => ({ command_id: nobody }),
        INVALID_PAYLOAD: () => ({ command_id: 'fire' }),
      },
    },
    set_global_commands: {
      payload: async () => ({ commands: [{ id: await made(everywhere, 'kept'), ...named('kept') }, named('new')] }),
      done: async ({ commands }, { commands: given }) => {
        expect(commands).toMatchObject(given)
        expect((await listed(everywhere)).map(({ name }) => name)).toEqual(['kept', 'new'])
      },
      refused: {
        INVALID_FORM_BODY_OR_CONTENT_TYPE: () => ({ commands: [FIRE, FIRE] }),
        INVALID_PAYLOAD: () => ({ commands: { fire: FIRE } }),
      },
    },
    list_guild_commands: {
      payload: async () => {
        await made(here, 'listed')
        return { guild_id }
      },
      done: ({ commands }) => expect(commands).toContainEqual(expect.objectContaining({ name: 'listed', guild_id })),
      refused: { MISSING_ACCESS: () => ({ guild_id: nobody }), INVALID_PAYLOAD: () => ({}) },
    },
    create_guild_command: {
      payload: () => ({ guild_id, name: 'Report this', type: 3 }),
      done: async ({ command }) => {
        expect(command).toMatchObject({ guild_id, name: 'Report this', type: 3 })
        expect(await listed(here)).toContainEqual(expect.objectContaining({ id: command.id }))
      },
      refused: {
        MISSING_ACCESS: () => ({ guild_id: nobody, ...FIRE }),
        INVALID_FORM_BODY_OR_CONTENT_TYPE: () => ({ guild_id, ...unnameable }),
        INVALID_PAYLOAD: () => ({ guild_id, ...FIRE, cooldown: 5 }),
      },
    },
    edit_guild_command: {
      payload: async () => ({ guild_id, command_id: await made(here, 'edited'), nsfw: true }),
      done: async ({ command }, { command_id }) => {
        expect(command).toMatchObject({ id: command_id, name: 'edited', nsfw: true })
        expect(await listed(here)).toContainEqual(expect.objectContaining({ id: command_id, nsfw: true }))
      },
      refused: {
        UNKNOWN_APPLICATION_COMMAND: () => ({ guild_id, command_id: nobody, name: 'x' }),
        INVALID_FORM_BODY_OR_CONTENT_TYPE: async () => ({
          guild_id,
          command_id: await made(here, 'bent'),
          ...unnameable,
        }),
        INVALID_PAYLOAD: () => ({ guild_id, command_id: nobody, default_member_permissions: 'KickMembers' }),
      },
    },
    delete_guild_command: {
      payload: async () => ({ guild_id, command_id: await made(here, 'gone') }),
      done: async (_data, { command_id }) => expect((await listed(here)).map(({ id }) => id)).not.toContain(command_id),
      refused: {
        UNKNOWN_APPLICATION_COMMAND: () => ({ guild_id, command_id: nobody }),
        INVALID_PAYLOAD: () => ({ command_id: nobody }),
      },
    },
    set_guild_commands: {
      payload: () => ({ guild_id, commands: [named('only')] }),
      done: async ({ commands }) => {
        expect(commands).toMatchObject([{ ...named('only'), guild_id }])
        expect((await listed(here)).map(({ name }) => name)).toEqual(['only'])
      },
      refused: {
        MISSING_ACCESS: () => ({ guild_id: nobody, commands: [] }),
        INVALID_FORM_BODY_OR_CONTENT_TYPE: () => ({ guild_id, commands: [unnameable] }),
        INVALID_PAYLOAD: () => ({ guild_id, commands: [{ description: 'x' }] }),
      },
    },
    get_command_permissions: {
      payload: async () => ({ guild_id, command_id: await allowed() }),
      done: ({ permissions }, { command_id }) =>
        expect(permissions).toMatchObject({
          id: command_id,
          guild_id,
          permissions: [{ id: role('Maker'), type: 1, permission: true }],
        }),
      refused: {
        UNKNOWN_APPLICATION_COMMAND_PERMISSIONS: async () => ({ guild_id, command_id: await made(here, 'open') }),
        MISSING_ACCESS: () => ({ guild_id: nobody, command_id: nobody }),
        INVALID_PAYLOAD: () => ({ guild_id }),
      },
    },
  }
}
