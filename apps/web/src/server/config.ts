import { isLoopback, SnowflakeSchema } from '@repo/discord-integration/types'
import { z } from 'zod'

const port = () => z.coerce.number<string>('expected a port').int().min(1).max(65535)
const count = () => z.coerce.number<string>('expected a number').int().positive()

/**
 * What holds where the environment says nothing, and what a setting means. `$NAME` in a default stands for that
 * setting's own value.
 */
const rows = z.registry<{ default: string | null; meaning: string }>()

const ConfigSchema = z.object({
  PORT: port().register(rows, { default: '3000', meaning: 'The port web listens on.' }),
  WEB_HOST: z.string().register(rows, {
    default: '127.0.0.1',
    meaning: 'The address web listens on; 0.0.0.0 for all. In the demo only a loopback address.',
  }),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'expected an http or https URL' })
    .transform((url) => new URL(url))
    .nullable()
    .register(rows, {
      default: null,
      meaning:
        'Where people reach web, when a proxy stands before it: https://live.example.com. Without it, `http://localhost:$PORT`.',
    }),
  GATEWAY_PORT: port().register(rows, { default: '8787', meaning: 'The port the Gateway Service listens on.' }),
  GATEWAY_WS_URL: z
    .url({ protocol: /^wss?$/, error: 'expected a ws or wss URL' })
    .register(rows, { default: 'ws://127.0.0.1:$GATEWAY_PORT', meaning: 'Where web finds the Gateway Service.' }),
  LINK_TOKEN: z
    .string('must be set: the token that the Gateway Service was given')
    .transform((list) => list.split(',')[0]?.trim() ?? '')
    .refine((token) => token !== '', 'expected a token before the first comma')
    .register(rows, {
      default: null,
      meaning: 'The bearer token of the link. Of several, comma separated, web uses the first.',
    }),
  DISCORD_API_URL: z
    .url({ protocol: /^https?$/, error: 'expected an http or https URL' })
    .transform((url) => url.replace(/\/+$/, ''))
    .register(rows, {
      default: 'https://discord.com/api',
      meaning: 'Discord’s API, without the version, which web asks who has signed in.',
    }),
  DISCORD_AUTHORIZE_URL: z.url({ protocol: /^https?$/, error: 'expected an http or https URL' }).register(rows, {
    default: 'https://discord.com/oauth2/authorize',
    meaning: 'The page on which people let Discord say who they are. The simulator’s, to develop against.',
  }),
  DISCORD_CLIENT_ID: z
    .string()
    .regex(/^\d{1,20}$/, 'expected the id of an application of Discord’s')
    .nullable()
    .register(rows, {
      default: null,
      meaning: 'The application’s id, from its page **OAuth2**. Without it nobody can sign in.',
    }),
  DISCORD_CLIENT_SECRET: z.string().nullable().register(rows, {
    default: null,
    meaning: 'The application’s client secret, from the same page.',
  }),
  DEMO_PEOPLE: z
    .string()
    .regex(/^\d+:[^,:]+(?:,\d+:[^,:]+)*$/, 'expected id:name, separated by commas')
    .transform((list) =>
      list.split(',').map((pair) => ({ id: pair.split(':')[0] ?? '', name: pair.split(':')[1] ?? '' })),
    )
    .nullable()
    .register(rows, {
      default: null,
      meaning:
        'Simulated people as `id:name`, separated by commas, whom the demo’s sign-in page offers. Nothing outside of it.',
    }),
  WEB_DATA_DIR: z.string().register(rows, {
    default: '.data/web',
    meaning: 'The folder for what survives a restart: who is signed in, and what the bot did for whom.',
  }),
  WEB_RETENTION_MIB: count().register(rows, {
    default: '64',
    meaning: 'How many MiB of events web keeps for browsers that come back.',
  }),
  STREAMS_PER_USER: count().register(rows, {
    default: '16',
    meaning: 'How many event streams one person may hold open, over all windows and devices.',
  }),
  STREAMS_TOTAL: count().register(rows, {
    default: '20000',
    meaning: 'How many event streams web holds open in all.',
  }),
  OPS_USERS: z
    .string()
    .transform((list) => list.split(',').map((id) => id.trim()))
    .pipe(z.array(SnowflakeSchema))
    .transform((ids): ReadonlySet<string> => new Set(ids))
    .nullable()
    .register(rows, {
      default: null,
      meaning:
        'The Discord ids of those who may open `/ops`, separated by commas. Without it nobody may, and in the demo everyone.',
    }),
  READS_PER_MINUTE: count().register(rows, {
    default: '240',
    meaning: 'How often one person may have web look something up for them in a minute; half of them at once.',
  }),
  WRITES_PER_MINUTE: count().register(rows, {
    default: '30',
    meaning:
      'How often one person may have the bot do something in a minute: write, edit, delete, react, move, mute, time out; half of it at once.',
  }),
  UPLOAD_MIB: count().register(rows, {
    default: '100',
    meaning:
      'How many MiB of files one person may upload in 15 minutes, at once if they like; each file counts as one at least. The Gateway Service keeps 256 of all.',
  }),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .register(rows, { default: 'info', meaning: 'The least grave level that is logged.' }),
})

export type WebConfig = z.output<typeof ConfigSchema> & {
  /** Web serves the simulator's guilds to the simulator's people, on loopback only. */
  demo: boolean
}

/** For documentation: one row a setting. */
export const configTable: readonly { name: string; default: string | null; meaning: string }[] = Object.entries(
  ConfigSchema.shape,
).map(([name, schema]) => {
  const row = rows.get(schema)
  return { name, default: row?.default ?? null, meaning: row?.meaning ?? '' }
})

/** A setting is wrong; the message names it, and never quotes a value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

export const DEMO_FLAG = '--demo'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads the settings from an environment and a command line. The demo is asked for by `--demo` alone, never by the
 * environment: `node src/main.ts --demo`, or `vite dev -- --demo` (Vite leaves what follows `--` to others).
 *
 * @throws {ConfigError} naming each setting that is wrong.
 */
export function readConfig(env: Environment, argv: readonly string[]): WebConfig {
  const defaults = new Map(configTable.map((row) => [row.name, row.default]))
  const given = (name: string): string | null => {
    const text = env[name]?.trim() || (defaults.get(name) ?? null)
    return text?.replace(/\$([A-Z_]+)/, (_, other: string) => given(other) ?? '') ?? null
  }
  const result = ConfigSchema.safeParse(Object.fromEntries(configTable.map(({ name }) => [name, given(name)])))
  const demo = argv.includes(DEMO_FLAG)
  const problems = result.success ? [] : result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  if (demo && env['NODE_ENV'] === 'production') {
    problems.push(`NODE_ENV: ${DEMO_FLAG} is not for production: anybody can sign in as anybody`)
  }
  if (demo && result.success && !isLoopback(result.data.WEB_HOST)) {
    problems.push('WEB_HOST: the demo listens on a loopback address only')
  }
  if (result.success && (result.data.DISCORD_CLIENT_ID === null) !== (result.data.DISCORD_CLIENT_SECRET === null)) {
    const [missing, other] =
      result.data.DISCORD_CLIENT_ID === null
        ? ['DISCORD_CLIENT_ID', 'DISCORD_CLIENT_SECRET']
        : ['DISCORD_CLIENT_SECRET', 'DISCORD_CLIENT_ID']
    problems.push(`${missing}: must be set, since ${other} is`)
  }
  if (!result.success || problems.length > 0) throw new ConfigError(problems.join('\n'))
  return { ...result.data, demo }
}
