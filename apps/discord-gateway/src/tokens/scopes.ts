import { commands, LinkError, type CommandDefinition } from '@repo/discord-integration/types'
import type { EntryFilter } from '@repo/event-feed'

/** How far a link token reaches. Null is the wildcard. */
export type Scopes = {
  /** Null: every guild, and what concerns none. */
  guilds: ReadonlySet<string> | null
  /** Names of dispatches. */
  events: ReadonlySet<string> | null
  /** Names of commands; `*` among them is all that the wildcard has. */
  commands: ReadonlySet<string> | null
}

export const EVERY_SCOPE: Scopes = { guilds: null, events: null, commands: null }

/** The subscription that an upgrade asks for; null where it names nothing. */
export type Asked = { guilds: ReadonlySet<string> | null; events: ReadonlySet<string> | null }

/** What is named beyond these is only counted: a refusal is for people. */
const NAMED_MAX = 3

/**
 * What a subscription gets: what it asks for, or else all that the token may have, and never more than that.
 *
 * @throws {LinkError} FORBIDDEN where it asks for more, naming the parameter.
 */
export function filterWithin(scopes: Scopes, asked: Asked): EntryFilter {
  return {
    guilds: within('guilds', scopes.guilds, asked.guilds),
    events: within('events', scopes.events, asked.events),
    // Whoever names guilds wants theirs alone: direct messages and the like are nobody's.
    guildless: scopes.guilds === null && asked.guilds === null,
  }
}

/** Equal for scopes that reach equally far. */
export function scopesKey(scopes: Scopes): string {
  return JSON.stringify([scopes.guilds, scopes.events, scopes.commands].map((scope) => scope && [...scope].sort()))
}

/** Says no more than what the token may do. */
const FOR_EVERYONE: ReadonlySet<string> = new Set(['list_commands'])

/** Whether a token's scopes name the command, whatever guild it is for. */
export function mayName(scopes: Scopes, command: string): boolean {
  const { commands: named } = scopes
  if (named?.has(command)) return true
  return (named === null || named.has('*')) && !NAMED_ONLY.has(command)
}

/** The commands that no wildcard has. */
const NAMED_ONLY: ReadonlySet<string> = new Set(
  Object.entries<CommandDefinition>(commands).flatMap(([name, { namedOnly }]) => (namedOnly ? [name] : [])),
)

/** Whether there is any command that a token may send. */
export function mayCommand({ commands: named }: Scopes): boolean {
  return named === null || named.size > 0
}

/** Whether a command that concerns no guild is within the scopes: of these one that is for all of them. */
export function reachesBeyondGuilds(scopes: Scopes, command: string): boolean {
  return scopes.guilds === null || FOR_EVERYONE.has(command)
}

/** Whether events of that name are within the scopes. */
export function isSent(event: string, { events }: Scopes): boolean {
  return events?.has(event) ?? true
}

function within(
  parameter: keyof Asked,
  scope: ReadonlySet<string> | null,
  asked: ReadonlySet<string> | null,
): ReadonlySet<string> | null {
  if (!scope || !asked) return asked ?? scope
  const beyond = [...asked].filter((one) => !scope.has(one))
  if (beyond.length === 0) return asked
  const more = beyond.length > NAMED_MAX ? ` and ${beyond.length - NAMED_MAX} more` : ''
  const named = `${beyond.slice(0, NAMED_MAX).join(', ')}${more}`
  throw new LinkError('FORBIDDEN', `${parameter}: the scopes of this token do not include ${named}`)
}
