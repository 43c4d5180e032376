import { createHash } from 'node:crypto'
import type { Clock } from '../../clock.ts'
import type { Reply } from '../../http/reply.ts'
import type { Route } from '../route.ts'
import { limitOf } from './table.ts'
import { Window } from './window.ts'
import type { Taken } from './window.ts'

export interface RateLimitOptions {
  /** Requests a second, of one bot over all routes. Default: 50, as at Discord. */
  globalPerSecond: number
  /** How many answers of 401, 403 and 429 (but shared ones) in 10 minutes end in a ban. Default: 10,000, as at Discord. */
  invalidRequests: number
}

/** https://docs.discord.com/developers/topics/rate-limits#global-rate-limit and #invalid-request-limit-aka-cloudflare-bans */
export const RATE_LIMITS: RateLimitOptions = { globalPerSecond: 50, invalidRequests: 10_000 }

export const INVALID_WINDOW_MS = 600_000
/** How long a ban lasts. Discord does not say; an hour is what its Retry-After has been seen to tell. */
export const BAN_MS = 3_600_000

/** How many buckets are looked after before those that are over are thrown away. */
const BUCKETS_KEPT = 10_000

/** The places of a path that make buckets of one route differ. */
const MAJOR = ['channel_id', 'guild_id', 'webhook_id', 'webhook_token', 'interaction_id'] as const

const INVALID: ReadonlySet<number> = new Set([401, 403, 429])

/** What is asked, and by whom. */
export interface Asking {
  route: Pick<Route, 'method' | 'path' | 'exempt'>
  params: Readonly<Record<string, string>>
  /** Who is counted: the token. */
  who: string
}

const seconds = (ms: number) => (ms / 1_000).toFixed(3)

type Named = Pick<Route, 'method' | 'path'>

const nameOf = (route: Named) => limitOf(route).bucket ?? `${route.method} ${route.path}`

/** What every answer of a route says of its bucket: https://docs.discord.com/developers/topics/rate-limits#header-format */
export const bucketHeaders = (route: Named, { remaining, resetMs }: Omit<Taken, 'isTaken'>, now: number) => ({
  'X-RateLimit-Limit': String(limitOf(route).count),
  'X-RateLimit-Remaining': String(remaining),
  'X-RateLimit-Reset': seconds(resetMs),
  'X-RateLimit-Reset-After': seconds(resetMs - now),
  'X-RateLimit-Bucket': createHash('md5').update(nameOf(route)).digest('hex'),
})

export type LimitScope = 'global' | 'shared' | 'user'

/** https://docs.discord.com/developers/topics/rate-limits#exceeding-a-rate-limit */
export const tooMany = (leftMs: number, scope: LimitScope, headers: Record<string, string>): Reply => ({
  status: 429,
  headers: {
    ...headers,
    ...(scope === 'global' && { 'X-RateLimit-Global': 'true' }),
    'X-RateLimit-Scope': scope,
    'Retry-After': String(Math.ceil(leftMs / 1_000)),
  },
  body: {
    message: scope === 'shared' ? 'The resource is being rate limited.' : 'You are being rate limited.',
    retry_after: leftMs / 1_000,
    global: scope === 'global',
    code: 0,
  },
})

/**
 * How often Discord may be asked: a bucket per route and major parameter, a global limit per bot, and a ban for who does
 * not listen. https://docs.discord.com/developers/topics/rate-limits
 */
export class RateLimits {
  readonly #clock: Clock
  readonly #options: RateLimitOptions
  readonly #windows = new Map<string, Window>()
  #invalid: Window
  #bannedUntilMs = -Infinity

  constructor(clock: Clock, options: RateLimitOptions) {
    this.#clock = clock
    this.#options = options
    this.#invalid = this.#newInvalid()
  }

  /** The answer to who is banned, if they are. It comes from the door, not from the API, and is no JSON. */
  ban(): Reply | undefined {
    const left = this.#bannedUntilMs - this.#clock.now()
    if (left <= 0) return undefined
    const headers = { 'Retry-After': String(Math.ceil(left / 1_000)) }
    return { status: 429, headers, text: 'error code: 1015' }
  }

  /** Counts a request. Returns the headers of its answer, or the 429 that is its answer. */
  take(asking: Asking): { headers: Record<string, string> } | { refused: Reply } {
    const { route, who } = asking
    if (!route.exempt) {
      const global = this.#window(`global ${who}`, this.#options.globalPerSecond, 1_000).take()
      if (!global.isTaken) return { refused: this.#refuse(global, 'global', {}) }
    }
    const limit = limitOf(route)
    const { count, windowMs, scope = 'user', isUntold } = limit
    const name = nameOf(route)
    const major = MAJOR.map((key) => asking.params[key] ?? '').join('/')
    const taken = this.#window(`${name} ${major} ${scope === 'shared' ? '' : who}`, count, windowMs).take()
    const headers = isUntold ? {} : bucketHeaders(route, taken, this.#clock.now())
    return taken.isTaken ? { headers } : { refused: this.#refuse(taken, scope, headers) }
  }

  /** Looks at an answer, and bans who has collected too many that should not have been asked for. */
  note({ status, headers }: Reply): void {
    if (!INVALID.has(status) || headers?.['X-RateLimit-Scope'] === 'shared') return
    if (this.#invalid.take().remaining > 0) return
    this.#bannedUntilMs = this.#clock.now() + BAN_MS
    this.#invalid = this.#newInvalid()
  }

  #newInvalid(): Window {
    return new Window(this.#clock, this.#options.invalidRequests, INVALID_WINDOW_MS)
  }

  #window(key: string, count: number, windowMs: number): Window {
    const known = this.#windows.get(key)
    if (known) return known
    if (this.#windows.size >= BUCKETS_KEPT) {
      for (const [old, window] of this.#windows) if (window.isOver) this.#windows.delete(old)
    }
    const made = new Window(this.#clock, count, windowMs)
    this.#windows.set(key, made)
    return made
  }

  #refuse({ resetMs }: Taken, scope: LimitScope, headers: Record<string, string>): Reply {
    return tooMany(Math.max(1, resetMs - this.#clock.now()), scope, headers)
  }
}
