import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { readTokenFile, TokenEntrySchema, type TokenEntry } from '../../apps/discord-gateway/src/tokens/token-file.ts'
import { createTokenText, hashOf } from '../../apps/discord-gateway/src/tokens/token-text.ts'
import { replaceFile } from './replace-file.ts'

const USAGE = `npm run token -- create --name <who> --guilds <list> --events <list> --commands <list>
                        [--connections <most>] [--expires <ISO time>] [--file <path>]
npm run token -- list [--file <path>]
npm run token -- revoke --name <who> [--hash <its beginning>] [--file <path>]

A list is '*' (in quotes: the shell takes it otherwise) or names with commas between them; '' is none.
The file is that of LINK_TOKENS_FILE unless --file says another. create prints the token, once, and writes its entry there;
where neither names a file, it prints that too.
`

/** Enough of a hash to tell a file's tokens apart. */
const HASH_SHOWN_CHARS = 12

type Done = { exitCode: number; output: string }

const OPTIONS = {
  name: { type: 'string' },
  guilds: { type: 'string' },
  events: { type: 'string' },
  commands: { type: 'string' },
  connections: { type: 'string' },
  expires: { type: 'string' },
  hash: { type: 'string' },
  file: { type: 'string' },
} as const

const HELP = { help: { type: 'boolean', short: 'h' } } as const

type Options = { [Name in keyof typeof OPTIONS]?: string }

/** Why nothing was done, for who typed the command. */
class Refused extends Error {}

export function tokenCommand(args: readonly string[], environment: NodeJS.ProcessEnv, now = Date.now): Done {
  try {
    const options = { ...OPTIONS, ...HELP }
    const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true })
    const { help, ...given } = values
    if (help) return { exitCode: 0, output: USAGE }
    const [what, ...more] = positionals
    if (more.length > 0) throw new Refused(`${more[0]}: not expected here; is there a * without quotes?`)
    const file = given.file ?? (environment['LINK_TOKENS_FILE'] || undefined)
    if (what === 'create') return { exitCode: 0, output: create(given, file, now()) }
    if (what === 'list') return { exitCode: 0, output: list(required('file', file), now()) }
    if (what === 'revoke') return { exitCode: 0, output: revoke(given, required('file', file)) }
    return { exitCode: 2, output: USAGE }
  } catch (error) {
    if (!(error instanceof Refused || (error instanceof TypeError && 'code' in error))) throw error
    return { exitCode: 1, output: `${error.message}\n` }
  }
}

function create(options: Options, file: string | undefined, now: number): string {
  const token = createTokenText()
  const entry = entryOf(options, token)
  if (entry.expires !== undefined && Date.parse(entry.expires) <= now) throw new Refused('--expires: is in the past')
  const shown = `The token, shown this once:\n\n${token}\n\n`
  if (file === undefined)
    return `${shown}Its entry for the list in LINK_TOKENS_FILE:\n\n${JSON.stringify(entry, null, 2)}\n`
  const entries = existsSync(file) ? read(file) : []
  write(file, [...entries, entry])
  const others = entries.filter(({ name }) => name === entry.name)
  const rotation =
    others.length === 0
      ? ''
      : `${entry.name} has ${others.length + 1} tokens now. When nobody uses the old one any more: ` +
        `npm run token -- revoke --name ${entry.name} --hash ${others[0]?.hash.slice(0, HASH_SHOWN_CHARS)}\n`
  return `${shown}Its entry is in ${file}. ${TAKES_EFFECT}${rotation}`
}

const TAKES_EFFECT = 'It takes effect when the gateway starts, or at once: kill -HUP <its process>\n'

function list(file: string, now: number): string {
  const rows = read(file).map(({ name, hash, guilds, events, commands, connections, expires }) =>
    [
      name,
      hash.slice(0, HASH_SHOWN_CHARS),
      ...Object.entries({ guilds, events, commands }).map(([what, scope]) => `${what} ${shownScope(scope)}`),
      ...(connections === undefined ? [] : [`connections ${connections}`]),
      ...(expires === undefined ? [] : [`${Date.parse(expires) <= now ? 'EXPIRED' : 'expires'} ${expires}`]),
    ].join('  '),
  )
  return rows.length === 0 ? `${file} has no tokens.\n` : `${rows.join('\n')}\n`
}

function revoke({ name, hash = '' }: Options, file: string): string {
  const who = required('name', name)
  const entries = read(file)
  const found = entries.filter((entry) => entry.name === who && entry.hash.startsWith(hash))
  const [only, ...others] = found
  if (!only) throw new Refused(`${file} has no token of ${who}${hash && ` whose hash begins with ${hash}`}`)
  if (others.length > 0) {
    const hashes = found.map((entry) => entry.hash.slice(0, HASH_SHOWN_CHARS)).join(', ')
    throw new Refused(`${who} has ${found.length} tokens: say by --hash which of ${hashes}`)
  }
  write(
    file,
    entries.filter((entry) => entry !== only),
  )
  return `${who} ${only.hash.slice(0, HASH_SHOWN_CHARS)} is revoked. ${TAKES_EFFECT}`
}

function entryOf(options: Options, token: string): TokenEntry {
  const { connections, expires } = options
  const parsed = TokenEntrySchema.safeParse({
    name: required('name', options.name),
    hash: hashOf(token),
    guilds: scopeOf(required('guilds', options.guilds)),
    events: scopeOf(required('events', options.events)),
    commands: scopeOf(required('commands', options.commands)),
    ...(connections !== undefined && { connections: Number(connections) }),
    ...(expires !== undefined && { expires }),
  })
  if (parsed.success) return parsed.data
  throw new Refused(parsed.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`).join('\n'))
}

function scopeOf(text: string): '*' | string[] {
  if (text === '*') return '*'
  return text === '' ? [] : text.split(',').map((one) => one.trim())
}

function shownScope(scope: '*' | readonly string[]): string {
  return scope === '*' ? '*' : scope.join(',') || '(none)'
}

function required(option: keyof Options, value: string | undefined): string {
  if (value === undefined) throw new Refused(`--${option}: required\n\n${USAGE.trimEnd()}`)
  return value
}

function read(file: string): TokenEntry[] {
  const found = readTokenFile(file)
  if (found.ok) return found.entries
  throw new Refused(found.problems.join('\n'))
}

function write(file: string, entries: readonly TokenEntry[]): void {
  try {
    replaceFile(file, `${JSON.stringify(entries, null, 2)}\n`)
  } catch (error) {
    throw new Refused(`${file}: nothing was changed: ${error instanceof Error ? error.message : String(error)}`)
  }
}
