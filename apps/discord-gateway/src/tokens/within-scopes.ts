import { commands, LinkError, type CommandDefinition } from '@repo/discord-integration/types'
import type { AnswerAgain, RunCommand } from '../command-origin.ts'
import { namingFields } from '../issues.ts'
import { mayName, reachesBeyondGuilds, type Scopes } from './scopes.ts'

const table: Readonly<Record<string, CommandDefinition>> = commands

/** The guild of a channel or a thread: null where it is in none that is known, undefined while not all guilds are. */
export type GuildOfChannel = (channelId: string) => string | null | undefined

/**
 * The same runner for those who may: the token's scopes name the command and its guild. A command whose guild cannot be
 * told from the payload needs the wildcard, and so does one that concerns none.
 *
 * A request that was taken once is told what became of it all the same: it may have been done, and its channel be gone since.
 */
export function withinScopes(
  runCommand: RunCommand,
  guildOfChannel: GuildOfChannel,
  again: AnswerAgain = () => null,
): RunCommand {
  return async (command, payload, origin) => {
    const definition = Object.hasOwn(table, command) ? table[command] : undefined
    try {
      if (definition) demand(command, definition, payload, origin.backend.scopes, guildOfChannel)
    } catch (refusal) {
      const answer = again(command, payload, origin)
      if (answer === null) throw refusal
      return await answer
    }
    return await runCommand(command, payload, origin)
  }
}

function demand(
  command: string,
  { guild: field, payload: schema }: CommandDefinition,
  payload: unknown,
  scopes: Scopes,
  guildOfChannel: GuildOfChannel,
): void {
  if (!mayName(scopes, command)) {
    throw forbidden('data.command', `the scopes of this token do not include ${command}`)
  }
  if (!scopes.guilds) return
  if (field === null) {
    if (reachesBeyondGuilds(scopes, command)) return
    throw forbidden('data.command', `${command} concerns no single server: it needs a token for all of them`)
  }
  const read = schema.safeParse(payload)
  // What is wrong with it the runner says, and does nothing.
  if (!read.success) return
  const place = (read.data as Readonly<Record<string, unknown>>)[field]
  const guildId = typeof place !== 'string' ? null : field === 'channel_id' ? guildOfChannel(place) : place
  if (guildId === undefined) {
    const message = 'The Gateway Service has not heard of all servers yet, nor of this channel: nothing was done'
    throw new LinkError('DISCORD_UNAVAILABLE', message)
  }
  if (guildId !== null && scopes.guilds.has(guildId)) return
  // The same for a channel of another server and for one that nobody knows: neither is this token's business.
  const whose = field === 'channel_id' ? 'a server that this channel is known to be in' : 'this server'
  throw forbidden(`data.payload.${field}`, `the scopes of this token do not include ${whose}`)
}

function forbidden(path: string, message: string): LinkError {
  const issues = [{ path, message }]
  return new LinkError('FORBIDDEN', namingFields('Not allowed', issues), { issues })
}
