import { commands, LinkError, type CommandDefinition } from '@repo/discord-integration/types'
import type { AnswerAgain, CommandOrigin, RunCommand } from '../command-origin.ts'
import { tooMuch } from '../commands/payload-size.ts'
import { refusalOf } from '../issues.ts'
import type { Thing } from './asked-guilds.ts'
import { mayName, reachesBeyondGuilds, type Scopes } from './scopes.ts'

const table: Readonly<Record<string, CommandDefinition>> = commands

/** The guild of a channel or a thread: null where it is in none that is known, undefined while not all guilds are. */
export type GuildOfChannel = (channelId: string) => string | null | undefined

/** The guild of what is known to be in none, as Discord says: an archived thread's, or an invite's. */
export type AskGuild = (thing: Thing, origin: CommandOrigin) => Promise<string | null>

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
  askGuild: AskGuild = async () => null,
): RunCommand {
  return async (command, payload, origin) => {
    const definition = Object.hasOwn(table, command) ? table[command] : undefined
    try {
      const unknown = definition ? demand(command, definition, payload, origin.backend.scopes, guildOfChannel) : []
      if (unknown.length > 0) await requireAsked(unknown, origin, askGuild)
    } catch (refusal) {
      const answer = again(command, payload, origin)
      if (answer === null) throw refusal
      return await answer
    }
    return await runCommand(command, payload, origin)
  }
}

/** What a payload names, and whose guild Discord has to say. */
type Unknown = { path: string; thing: Thing }

async function requireAsked(unknown: readonly Unknown[], origin: CommandOrigin, askGuild: AskGuild): Promise<void> {
  const asking = new AbortController()
  // The same object: by it the audit, and who gives it up, know the command again.
  Object.assign(origin, { begunAt: Date.now(), asking })
  try {
    for (const { path, thing } of unknown) {
      requireAmong(origin.backend.scopes.guilds, path, await askGuild(thing, origin))
    }
    asking.signal.throwIfAborted()
  } finally {
    delete origin.asking
  }
}

/** What else has to be within the scopes. */
function demand(
  command: string,
  { guild: field, channels = [], payload: schema }: CommandDefinition,
  payload: unknown,
  scopes: Scopes,
  guildOfChannel: GuildOfChannel,
): Unknown[] {
  if (!mayName(scopes, command)) {
    throw forbidden('data.command', `the scopes of this token do not include ${command}`)
  }
  if (!scopes.guilds) return []
  if (field === null) {
    if (reachesBeyondGuilds(scopes, command)) return []
    throw forbidden('data.command', `${command} concerns no single server: it needs a token for all of them`)
  }
  // Whoever has the secret was told it by Discord, for that place alone.
  if (field === 'interaction_token' || field === 'webhook_token') return []
  // What is wrong with it the runner says, and does nothing.
  if (tooMuch(payload)) return []
  const read = schema.safeParse(payload)
  if (!read.success) return []
  const named = (path: string) =>
    path.split('.').reduce<unknown>((at, key) => (at as Fields | undefined)?.[key], read.data)
  const unknown = requireWithin(scopes.guilds, field, named(field), guildOfChannel)
  for (const path of channels) {
    const channel = named(path)
    if (channel === undefined || channel === null) continue
    unknown.push(...requireWithin(scopes.guilds, path, channel, guildOfChannel))
  }
  return unknown
}

type Fields = Readonly<Record<string, unknown>>

/** @param path of what `kindAt` says of it. */
function requireWithin(
  guilds: ReadonlySet<string>,
  path: string,
  place: unknown,
  guildOfChannel: GuildOfChannel,
): Unknown[] {
  const kind = kindAt(path)
  const id = typeof place === 'string' ? place : ''
  const guildId = kind === 'server' ? id : kind === 'channel' ? guildOfChannel(id) : null
  if (guildId === undefined) {
    const message = 'The Gateway Service has not heard of all servers yet, nor of this channel: nothing was done'
    throw new LinkError('DISCORD_UNAVAILABLE', message)
  }
  if (guildId === null && kind !== 'server') return [{ path, thing: { kind, id } }]
  requireAmong(guilds, path, guildId)
  return []
}

/** What a field of a payload names. All those that name channels of another place are called differently. */
function kindAt(path: string): 'server' | Thing['kind'] {
  if (path === 'guild_id') return 'server'
  if (path === 'webhook_id') return 'webhook'
  return path === 'code' ? 'invite' : 'channel'
}

function requireAmong(guilds: Scopes['guilds'], path: string, guildId: string | null): void {
  if (!guilds || (guildId !== null && guilds.has(guildId))) return
  // The same for a channel of another server and for one that nobody knows: neither is this token's business.
  const kind = kindAt(path)
  const whose = kind === 'server' ? 'this server' : `a server that this ${kind} is known to be of`
  throw forbidden(`data.payload.${path}`, `the scopes of this token do not include ${whose}`)
}

function forbidden(path: string, message: string): LinkError {
  return refusalOf('FORBIDDEN', 'Not allowed', [{ path, message }])
}
