import { commands, type CommandDefinition } from '@repo/discord-integration/types'
import { z } from 'zod'
import { mayName, reachesBeyondGuilds } from '../tokens/scopes.ts'
import type { Handler } from './handler.ts'

const listsOf = (permissions: CommandDefinition['permissionsIf'] = {}) =>
  Object.fromEntries(Object.entries(permissions).map(([when, of]) => [when, [...of]]))

/** The table of commands as a client of any language can read it. */
const describe = () =>
  Object.entries<CommandDefinition>(commands).map(([name, definition]) => {
    const { summary, repeatable, guild, permissions = [], example, payload, result } = definition
    return {
      name,
      summary,
      repeatable,
      guild,
      permissions: [...permissions],
      permissions_if: listsOf(definition.permissionsIf),
      permissions_all_if: listsOf(definition.permissionsAllIf),
      example: { ...example },
      payload: z.toJSONSchema(payload, { io: 'input' }),
      result: z.toJSONSchema(result),
    }
  })

/** Made for the first who asks, which few do: it takes some 70 ms. */
let listed: ReturnType<typeof describe> | null = null

export const listCommands: Handler<'list_commands'> = async (_input, { backend }) => ({
  success: true,
  commands: (listed ??= describe()).filter(
    ({ name, guild }) => mayName(backend.scopes, name) && (guild !== null || reachesBeyondGuilds(backend.scopes, name)),
  ),
})
