import { commands, type CommandDefinition } from '@repo/discord-integration/types'
import { z } from 'zod'
import { mayUse } from '../tokens/scopes.ts'
import type { Handler } from './handler.ts'

/** The table of commands as a client of any language can read it. */
const listed = Object.entries<CommandDefinition>(commands).map(([name, { summary, repeatable, payload, result }]) => ({
  name,
  summary,
  repeatable,
  payload: z.toJSONSchema(payload, { io: 'input' }) as Record<string, unknown>,
  result: z.toJSONSchema(result) as Record<string, unknown>,
}))

export const listCommands: Handler<'list_commands'> = async (_input, { backend }) => ({
  success: true,
  commands: listed.filter(({ name }) => mayUse(backend.scopes, name)),
})
