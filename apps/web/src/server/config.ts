import { isLoopback } from '@repo/discord-integration/types'
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
      meaning: 'Where people reach web, when a proxy stands before it: https://live.example.com',
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
  WEB_DATA_DIR: z.string().register(rows, {
    default: '.data/web',
    meaning: 'The folder for what survives a restart. Nothing does yet.',
  }),
  WEB_RETENTION_MIB: count().register(rows, {
    default: '64',
    meaning: 'How many MiB of events web keeps for browsers that come back.',
  }),
  STREAMS_PER_USER: count().register(rows, {
    default: '16',
    meaning: 'How many event streams one person may hold open. Has no effect while nobody can sign in.',
  }),
  STREAMS_TOTAL: count().register(rows, {
    default: '20000',
    meaning: 'How many event streams web holds open in all.',
  }),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .register(rows, { default: 'info', meaning: 'The least grave level that is logged.' }),
})

export type WebConfig = z.output<typeof ConfigSchema> & {
  /** Web serves the simulator's guilds to whoever asks, on loopback only. */
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
    problems.push(`NODE_ENV: ${DEMO_FLAG} is not for production: it lets everyone in`)
  }
  if (demo && result.success && !isLoopback(result.data.WEB_HOST)) {
    problems.push('WEB_HOST: the demo listens on a loopback address only')
  }
  if (!result.success || problems.length > 0) throw new ConfigError(problems.join('\n'))
  return { ...result.data, demo }
}
