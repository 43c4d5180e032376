import { parseArgs } from 'node:util'
import { isLoopback } from '@repo/discord-integration/types'
import { GatewayIntentBits } from 'discord-api-types/v10'
import { z } from 'zod'

/** Shorter link tokens can be guessed; in production they are refused. */
export const LINK_TOKEN_MIN_CHARS = 16

type Variable = {
  /** As it would be written in the environment; null where there is none. */
  default: string | null
  meaning: string
  /** Without it the service does not start. */
  required?: true
  /** Its value is never shown. */
  secret?: true
}

const variables = z.registry<Variable>()

const whole = (what: string, min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, `expected ${what}: a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `expected ${what}: a whole number from ${min} to ${max}`)

/** The environment, one line each; README's configuration table is made from it. */
const EnvironmentSchema = z.object({
  DISCORD_TOKEN: z
    .string()
    .regex(/^(?!Bot )\S+$/i, 'expected a bot token, without "Bot " before it')
    .register(variables, { default: null, required: true, secret: true, meaning: 'The bot’s token.' }),
  DISCORD_API_URL: z
    .url({ protocol: /^https?$/, error: 'expected an http or https URL' })
    .refine((url) => !/\/v\d+\/?$/.test(url), 'expected the URL without the API version')
    .transform((url) => url.replace(/\/+$/, ''))
    .register(variables, {
      default: 'https://discord.com/api',
      meaning: 'Discord’s API, without the version. The simulator’s, to develop against.',
    }),
  DISCORD_INTENTS: z
    .string()
    .transform((text, context) => {
      const intents = parseIntents(text)
      if (typeof intents === 'number') return intents
      context.addIssue({ code: 'custom', message: intents })
      return z.NEVER
    })
    .optional()
    .register(variables, {
      default: null,
      meaning:
        'Gateway intents: a number, or names as in `Guilds,GuildMessages`. Without it: the unprivileged ones, and the privileged ones that the application has switched on.',
    }),
  DISCORD_COMPRESSION: z.enum(['none', 'zstd-stream']).register(variables, {
    default: 'none',
    meaning:
      'How Discord compresses events: `none`, or `zstd-stream`, a fraction of the bytes for more time per event.',
  }),
  LINK_TOKEN: z
    .string()
    .transform((list) => list.split(',').map((token) => token.trim()))
    .pipe(z.array(z.string().regex(/^[\u0021-\u007e]+$/, 'expected tokens of visible ASCII, commas between them')))
    .optional()
    .register(variables, {
      default: null,
      secret: true,
      meaning: `What a backend shows to be let in, everywhere. Several, separated by commas, are valid at once, and one backend’s; at least ${LINK_TOKEN_MIN_CHARS} characters each in production. The gateway needs it, or \`LINK_TOKENS_FILE\`.`,
    }),
  LINK_TOKENS_FILE: z.string().optional().register(variables, {
    default: null,
    meaning:
      'A JSON file of tokens that reach less far, as `npm run token` makes them. Read at the start, and again at SIGHUP.',
  }),
  GATEWAY_HOST: z.string().register(variables, { default: '127.0.0.1', meaning: 'The address to listen on.' }),
  GATEWAY_PORT: whole('a port', 0, 65_535).register(variables, {
    default: '8787',
    meaning: 'The port to listen on; 0 takes any that is free.',
  }),
  GATEWAY_DATA_DIR: z.string().register(variables, {
    default: '.data/gateway',
    meaning:
      'The folder for what survives a restart: the log, the state, the sessions, uploads. One process at a time has it open.',
  }),
  RETENTION_MINUTES: whole('minutes', 1, 7 * 24 * 60).register(variables, {
    default: '60',
    meaning: 'How long events are kept for those who come back.',
  }),
  RETENTION_MIB: whole('MiB', 1, 1_048_576).register(variables, {
    default: '512',
    meaning: 'How much of them is kept at most.',
  }),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).register(variables, {
    default: 'info',
    meaning:
      '`fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`. The gateway’s line for each command is written at all but the last.',
  }),
})

/** Every variable of the environment that the Gateway Service reads. */
export const configTable: readonly ({ name: string } & Variable)[] = Object.entries(EnvironmentSchema.shape).map(
  ([name, schema]) => {
    const variable = variables.get(schema)
    if (!variable) throw new TypeError(`${name} has no entry in the table`)
    return Object.assign({ name }, variable)
  },
)

export type Config = {
  discordToken: string
  /** Without a slash at its end, and without the API version. */
  discordApiUrl: string
  /** Null: ask Discord what the application may have. */
  intents: number | null
  compression: z.output<typeof EnvironmentSchema>['DISCORD_COMPRESSION']
  linkTokens: readonly string[]
  /** The path of further tokens; null for none. */
  linkTokensFile: string | null
  host: string
  port: number
  dataDir: string
  retentionMs: number
  retentionBytes: number
  logLevel: z.output<typeof EnvironmentSchema>['LOG_LEVEL']
  /** It runs against the simulator. Said by `--demo` alone. */
  demo: boolean
}

export type ConfigResult = { ok: true; config: Config } | { ok: false; problems: string[] }

/**
 * Reads the environment and the arguments. A problem is one line that begins with the variable's name; the value of a
 * secret is in none of them.
 */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>>,
  args: readonly string[],
): ConfigResult {
  const problems: string[] = []
  const given: Record<string, string | undefined> = {}
  for (const { name, default: fallback, required } of configTable) {
    // An empty variable is what `.env` files and compose files make of one that is not set.
    given[name] = environment[name]?.trim() || fallback || undefined
    if (required && given[name] === undefined) problems.push(`${name}: required`)
  }

  if (given['LINK_TOKEN'] === undefined && given['LINK_TOKENS_FILE'] === undefined) {
    problems.push('LINK_TOKEN: required, or LINK_TOKENS_FILE')
  }

  const parsed = EnvironmentSchema.safeParse(given)
  for (const issue of parsed.error?.issues ?? []) {
    const row = configTable.find(({ name }) => name === issue.path[0])
    if (!row || given[row.name] === undefined) continue
    const got = JSON.stringify(given[row.name])
    const said = row.secret || issue.message.includes(got)
    problems.push(`${row.name}: ${issue.message}${said ? '' : `, got ${got}`}`)
  }

  const demo = readDemoFlag(args, problems)
  const production = environment['NODE_ENV'] === 'production'
  if (demo && production) problems.push('--demo: refused while NODE_ENV is production')
  if (demo && parsed.data && !isLoopback(parsed.data.GATEWAY_HOST)) {
    problems.push('GATEWAY_HOST: the demo listens on a loopback address only')
  }
  if (production && parsed.data?.LINK_TOKEN?.some((token) => token.length < LINK_TOKEN_MIN_CHARS)) {
    problems.push(`LINK_TOKEN: expected at least ${LINK_TOKEN_MIN_CHARS} characters in each token`)
  }

  if (!parsed.data || problems.length > 0) return { ok: false, problems }
  const values = parsed.data
  return {
    ok: true,
    config: {
      discordToken: values.DISCORD_TOKEN,
      discordApiUrl: values.DISCORD_API_URL,
      intents: values.DISCORD_INTENTS ?? null,
      compression: values.DISCORD_COMPRESSION,
      linkTokens: values.LINK_TOKEN ?? [],
      linkTokensFile: values.LINK_TOKENS_FILE ?? null,
      host: values.GATEWAY_HOST,
      port: values.GATEWAY_PORT,
      dataDir: values.GATEWAY_DATA_DIR,
      retentionMs: values.RETENTION_MINUTES * 60_000,
      retentionBytes: values.RETENTION_MIB * 1024 * 1024,
      logLevel: values.LOG_LEVEL,
      demo,
    },
  }
}

function readDemoFlag(args: readonly string[], problems: string[]): boolean {
  try {
    return parseArgs({ args: [...args], options: { demo: { type: 'boolean', default: false } } }).values.demo
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error))
    return false
  }
}

const intentBits = new Map(
  Object.entries(GatewayIntentBits).flatMap(([name, bit]) =>
    typeof bit === 'number' ? [[plain(name), bit] as const] : [],
  ),
)

/** `GuildMembers` and `GUILD_MEMBERS`, as discord-api-types and Discord's documentation write it, are the same. */
function plain(name: string): string {
  return name.replaceAll('_', '').toLowerCase()
}

/** The bits, or what is wrong. https://docs.discord.com/developers/events/gateway#gateway-intents */
function parseIntents(text: string): number | string {
  if (/^\d+$/.test(text)) {
    const bits = Number(text)
    return Number.isSafeInteger(bits) ? bits : 'expected a bit field'
  }
  let bits = 0
  for (const name of text.split(',').map((part) => part.trim())) {
    const bit = intentBits.get(plain(name))
    if (bit === undefined) return `${JSON.stringify(name)} is no gateway intent`
    bits |= bit
  }
  return bits
}
