import { parseArgs } from 'node:util'
import { z } from 'zod'

/** The port when none is given. */
export const DEFAULT_PORT = 8790

export interface Config {
  port: number
  seed: string
  life: boolean
  /** Undefined: the default token. */
  botToken: string | undefined
  /** The seed of a plan of faults. Undefined: nothing goes wrong. */
  faults: string | undefined
  /** How long an IDENTIFY takes its bucket, in ms. Undefined: the simulator's own default. */
  identifyWindowMs: number | undefined
}

/** What a command line may say wrong: one sentence, naming what. */
export class ConfigError extends Error {}

const onOff = z
  .enum(['', '0', '1', 'false', 'true'], { error: 'must be 1 or 0' })
  .transform((value) => value === '1' || value === 'true')

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port, 0 to 65535')
  .transform(Number)
  .refine((value) => value <= 65_535, 'must be a port, 0 to 65535')

const environment = z.object({
  SIMULATOR_PORT: port.default(DEFAULT_PORT),
  SIMULATOR_SEED: z.string().default('tidewater'),
  SIMULATOR_LIFE: onOff.default(false),
  SIMULATOR_BOT_TOKEN: z.string().regex(/^\S+$/, 'must not be empty or hold spaces').optional(),
  SIMULATOR_FAULTS: z.string().min(1, 'must not be empty').max(200, 'must be 200 characters or fewer').optional(),
  SIMULATOR_IDENTIFY_WINDOW_MS: z
    .string()
    .regex(/^\d{1,6}$/, 'must be milliseconds, 0 to 999999')
    .transform(Number)
    .optional(),
})

/** Reads the environment and the command line. Throws {@link ConfigError} for the first thing that is wrong. */
export function readConfig(env: NodeJS.ProcessEnv, args: readonly string[]): Config {
  const read = environment.safeParse(env)
  if (!read.success) {
    const issue = read.error.issues[0]
    throw new ConfigError(`${issue?.path.join('.')} ${issue?.message}`)
  }
  const { SIMULATOR_PORT, SIMULATOR_SEED, SIMULATOR_LIFE, SIMULATOR_BOT_TOKEN } = read.data
  const { SIMULATOR_FAULTS, SIMULATOR_IDENTIFY_WINDOW_MS } = read.data
  try {
    const { values } = parseArgs({ args: [...args], options: { life: { type: 'boolean' } }, allowNegative: true })
    return {
      port: SIMULATOR_PORT,
      seed: SIMULATOR_SEED,
      life: values.life ?? SIMULATOR_LIFE,
      botToken: SIMULATOR_BOT_TOKEN,
      faults: SIMULATOR_FAULTS,
      identifyWindowMs: SIMULATOR_IDENTIFY_WINDOW_MS,
    }
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error))
  }
}
