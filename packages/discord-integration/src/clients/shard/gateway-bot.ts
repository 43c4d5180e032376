import { z } from 'zod'
import { discordCloseCodes } from './close-codes.ts'
import type { SessionStartLimit } from './identify-queue.ts'

/** Discord answers in tens of ms; what takes longer than this is asked again. */
const REQUEST_TIMEOUT_MS = 10_000

/** https://docs.discord.com/developers/reference#user-agent */
export const USER_AGENT = 'DiscordBot (https://discord-gateway-service.example, 0.1.0)'

const GatewayBotSchema = z.object({
  url: z.url({ protocol: /^wss?$/ }),
  shards: z.int().min(1),
  session_start_limit: z.object({
    total: z.number(),
    remaining: z.number(),
    reset_after: z.number(),
    max_concurrency: z.int().min(1),
  }),
})

/** Where to connect, with how many shards, and how often. */
export type GatewayBot = { url: string; shards: number; limit: SessionStartLimit }

export class GatewayBotError extends Error {
  /** False: asking again is no use until a person has acted. */
  readonly retryable: boolean
  /** What Discord asks to wait, in ms. */
  readonly retryAfterMs: number

  constructor(message: string, options: { retryable?: boolean; retryAfterMs?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.name = 'GatewayBotError'
    this.retryable = options.retryable ?? true
    this.retryAfterMs = options.retryAfterMs ?? 0
  }
}

/**
 * GET /gateway/bot. https://docs.discord.com/developers/events/gateway#get-gateway-bot
 *
 * @throws {GatewayBotError}
 */
export async function getGatewayBot(options: {
  apiUrl: string
  token: string
  now: () => number
  signal: AbortSignal
}): Promise<GatewayBot> {
  const { url, shards, session_start_limit: limit } = await request(options)
  return {
    url,
    shards,
    limit: {
      total: limit.total,
      remaining: limit.remaining,
      resetsAt: options.now() + limit.reset_after,
      maxConcurrency: limit.max_concurrency,
    },
  }
}

async function request(options: { apiUrl: string; token: string; signal: AbortSignal }) {
  try {
    const response = await fetch(`${options.apiUrl}/v10/gateway/bot`, {
      headers: { authorization: `Bot ${options.token}`, 'user-agent': USER_AGENT },
      redirect: 'error',
      signal: AbortSignal.any([options.signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
    })
    if (response.ok) return GatewayBotSchema.parse(await response.json())
    await response.body?.cancel()
    throw refusal(response)
  } catch (error) {
    if (error instanceof GatewayBotError) throw error
    throw new GatewayBotError(`GET /gateway/bot was not answered as documented (${reason(error)})`, { cause: error })
  }
}

/** ECONNREFUSED, TimeoutError, ZodError, …: what went wrong, without a message that could quote what was sent. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const cause = z.object({ code: z.string() }).safeParse(error.cause)
  return cause.success ? cause.data.code : error.name
}

function refusal(response: Response): GatewayBotError {
  if (response.status === 401) {
    return new GatewayBotError(discordCloseCodes.AUTHENTICATION_FAILED.meaning, { retryable: false })
  }
  const seconds = Number(response.headers.get('retry-after') ?? 0)
  return new GatewayBotError(`GET /gateway/bot was answered with ${response.status}`, {
    retryAfterMs: seconds > 0 && Number.isFinite(seconds) ? seconds * 1000 : 0,
  })
}
