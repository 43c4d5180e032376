import { readFileSync } from 'node:fs'
import { commands, SnowflakeSchema } from '@repo/discord-integration/types'
import { z } from 'zod'
import { issuesOf } from '../issues.ts'
import type { LinkToken } from './link-token.ts'

/** More connections than a file descriptor limit allows are a mistake. */
const CONNECTIONS_MAX = 10_000

/** `"*"` is the wildcard. */
const scope = <Item extends z.ZodType<string>>(item: Item) => z.union([z.literal('*'), z.array(item)])

const EventSchema = z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'expected the name of a dispatch, as MESSAGE_CREATE')
const CommandSchema = z
  .string()
  .refine(
    (name) => name === '*' || Object.hasOwn(commands, name),
    'expected "*" or the name of a command, as in docs/COMMANDS.md',
  )

/** One token of LINK_TOKENS_FILE. The tokens themselves are not in it. */
export const TokenEntrySchema = z.strictObject({
  /** Who it is. Tokens of one name are one backend's, who changes from one to the next. */
  name: z.string().regex(/^[\w.-]{1,64}$/, 'expected a name: 1 to 64 of letters, digits, and _ . -'),
  hash: z.string().regex(/^[0-9a-f]{64}$/, 'expected the SHA-256 of the token: 64 digits 0-9 and a-f'),
  guilds: scope(SnowflakeSchema).refine((guilds) => guilds.length > 0, 'expected "*", or at least one id'),
  events: scope(EventSchema),
  commands: scope(CommandSchema),
  connections: z.int().min(1).max(CONNECTIONS_MAX).optional(),
  /** ISO 8601, with its zone: from then on the token is valid no more. */
  expires: z.iso.datetime({ offset: true, error: 'expected a time with its zone, as 2027-01-31T12:00:00Z' }).optional(),
})

export type TokenEntry = z.output<typeof TokenEntrySchema>

const FileSchema = z.array(TokenEntrySchema).superRefine((entries, context) => {
  const seen = new Map<string, number>()
  for (const [index, { hash }] of entries.entries()) {
    const first = seen.get(hash)
    if (first === undefined) seen.set(hash, index)
    else context.addIssue({ code: 'custom', path: [index, 'hash'], message: `the same token as ${first}.hash` })
  }
})

export type ReadEntries = { ok: true; entries: TokenEntry[] } | { ok: false; problems: string[] }

/** Reads a file of tokens. A problem is a line that names the place in it; of no value is anything shown. */
export function readTokenFile(path: string): ReadEntries {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    return {
      ok: false,
      problems: [`${path}: ${error instanceof Error && 'code' in error ? String(error.code) : String(error)}`],
    }
  }
  return parseTokenFile(text, path)
}

export function parseTokenFile(text: string, path: string): ReadEntries {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    // The parser's own message quotes the text.
    return { ok: false, problems: [`${path}: is not JSON`] }
  }
  const parsed = FileSchema.safeParse(json)
  if (parsed.success) return { ok: true, entries: parsed.data }
  const issues = issuesOf(parsed.error, [])
  return { ok: false, problems: issues.map((issue) => `${path}: ${issue.path && `${issue.path}: `}${issue.message}`) }
}

export function tokenOf(entry: TokenEntry): LinkToken {
  const { name, hash, connections, expires } = entry
  const scopes = { guilds: scopeOf(entry.guilds), events: scopeOf(entry.events), commands: scopeOf(entry.commands) }
  return {
    hash,
    // Not the hash: whoever changes to a new token asks again under the same request ids.
    backend: { id: `name ${name}`, name, scopes },
    connectionsMax: connections ?? null,
    expiresAt: expires === undefined ? null : Date.parse(expires),
  }
}

function scopeOf(given: '*' | readonly string[]): ReadonlySet<string> | null {
  return given === '*' ? null : new Set(given)
}
