import { z } from 'zod'
import type { Clock } from './clock.ts'
import type { RateLimitOptions } from './rest/limits/rate-limits.ts'
import { PRIVILEGED_INTENTS } from './world/types.ts'
import type { PrivilegedIntent } from './world/types.ts'

export interface SimulatorOptions {
  /** The port to listen on, on the loopback. 0, the default, takes a free one. */
  port?: number
  /** Where all randomness comes from: the same seed (and clock) gives the same trace. */
  seed?: string
  /** How many guilds there are, at least 2: the first two are the seed's, the others small ones for load. Default: 2. */
  guilds?: number
  /** Whether the world lives from the start. Default: false, nothing happens but what is asked for. */
  life?: boolean
  /** How much faster than believable the life goes. Default: 1. */
  pace?: number
  /** The token that is accepted. Default: `DEFAULT_BOT_TOKEN`. */
  botToken?: string
  /** The privileged intents that are switched on. Default: all. Others close with 4014. */
  privileged?: readonly PrivilegedIntent[]
  /** The shards that GET /gateway/bot recommends. Default: 1. */
  shards?: number
  /** The `max_concurrency` that GET /gateway/bot tells. Default: 1. */
  maxConcurrency?: number
  /** How many IDENTIFYs a day. One more ends all sessions and resets the token. Default: 1,000, as at Discord. */
  sessionStarts?: number
  /**
   * How long an IDENTIFY takes its `max_concurrency` bucket, in ms; another one meanwhile is answered with op 9. Discord's
   * is 5,000. Default: 0, no limit, so that tests need not wait for each other's sessions.
   */
  identifyWindowMs?: number
  /** How many guilds a shard may have, else 4011. Default: 2,500, as at Discord. */
  guildsPerShard?: number
  /** The largest WebSocket message of a compressed connection, in bytes. Default: no limit; payloads are never split. */
  compressedMessageBytes?: number
  /** What HELLO asks for, in ms. Default: 41,250, as Discord does. */
  heartbeatIntervalMs?: number
  /**
   * After how long without a heartbeat it closes with 4009, in ms. Default: the interval and 20 s; with a clock of your
   * own no limit, for one that is moved by hours leaves no client the time to beat.
   */
  heartbeatTimeoutMs?: number
  /** How long a session without a connection can be resumed, in ms. Default: 3 minutes. */
  resumeWindowMs?: number
  /** How many dispatches a session keeps for a resume. Default: 10,000. */
  replayLimit?: number
  /** How long they are kept, in ms. Default: {@link SimulatorOptions.resumeWindowMs}. */
  replayWindowMs?: number
  /** What GET /gateway and /gateway/bot answer, for a proxy in front of the gateway. Default: the gateway's own URL. */
  gatewayUrl?: string
  /** What READY gives as `resume_gateway_url`. Default: what GET /gateway answers. */
  resumeGatewayUrl?: string
  /** The secret of the OAuth2 client, whose id is the bot's. Default: `DEFAULT_CLIENT_SECRET`. */
  clientSecret?: string
  /** Whether that client may do without its secret where PKCE is used. Default: false, as at Discord until switched on. */
  publicClient?: boolean
  /** Where OAuth2 may send codes. Default: to any page of this machine. */
  redirectUris?: readonly string[]
  /** How often REST may be asked. Default: as Discord does; false counts nothing. */
  rateLimits?: Partial<RateLimitOptions> | false
  /** Time. Default: the machine's. */
  clock?: Clock
  /** Hears, line by line, of every connection, frame, fault and request. With one seed, clock and script: the same lines. */
  onTrace?: (line: string) => void
}

/** An option that cannot be: the message begins with its name. */
export class BadOption extends Error {}

const count = z.int().positive()
/** So long that no timer would ever end is no time, but for what may be without end. */
const ms = z.number().nonnegative().max(Number.MAX_SAFE_INTEGER)
const endless = z.literal(Infinity)
const hasMethods = (value: unknown, ...names: string[]) =>
  typeof value === 'object' && value !== null && names.every((name) => typeof Reflect.get(value, name) === 'function')
const gateway = z.string().regex(/^wss?:\/\/./, 'must be a URL of a WebSocket')

const FIELDS = {
  port: z.int().min(0).max(65_535),
  seed: z.string(),
  guilds: z.int().min(2),
  life: z.boolean(),
  pace: z.number().positive(),
  botToken: z.string().regex(/^\S+$/, 'must not be empty or hold spaces'),
  privileged: z.array(z.literal(PRIVILEGED_INTENTS)),
  shards: count,
  maxConcurrency: count,
  sessionStarts: z.int().nonnegative(),
  identifyWindowMs: ms,
  guildsPerShard: count,
  compressedMessageBytes: z.union([count, endless]),
  heartbeatIntervalMs: count,
  heartbeatTimeoutMs: z.union([ms.positive(), endless]),
  resumeWindowMs: ms,
  replayLimit: z.int().nonnegative(),
  replayWindowMs: ms,
  gatewayUrl: gateway,
  resumeGatewayUrl: gateway,
  clientSecret: z.string().min(1),
  publicClient: z.boolean(),
  redirectUris: z.array(z.url()),
  rateLimits: z.union([z.literal(false), z.strictObject({ globalPerSecond: count, invalidRequests: count }).partial()]),
  clock: z.custom((value) => hasMethods(value, 'now', 'after'), 'must have the methods now and after'),
  onTrace: z.custom((value) => typeof value === 'function', 'must be a function'),
} as const satisfies Record<keyof SimulatorOptions, z.ZodType>

const options = z.strictObject(FIELDS).partial()

/** The options as they were given, or {@link BadOption}. */
export function checkedOptions(given: SimulatorOptions): SimulatorOptions {
  const issue = options.safeParse(given).error?.issues[0]
  if (!issue) return given
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
  throw new BadOption(`${[...issue.path, ...unknown].join('.') || 'options'}: ${issue.message}`)
}
