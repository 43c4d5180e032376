import type { IncomingMessage } from 'node:http'
import { BodyTooLarge } from '../http/body.ts'
import type { Reply } from '../http/reply.ts'
import type { Grant, Grants } from '../oauth/grants.ts'
import { OAUTH_ROUTES } from '../oauth/routes.ts'
import { isSnowflake } from '../snowflake.ts'
import { actingAs } from './audit/acting.ts'
import { readRequest } from './body.ts'
import { DiscordError, refusal } from './errors.ts'
import type { Asking, RateLimits } from './limits/rate-limits.ts'
import type { RestContext, RestRequest, Route } from './route.ts'
import { NOT_SERVED } from './not-served.ts'
import { ROUTES } from './routes/all.ts'

interface Compiled {
  route: Route
  segments: readonly string[]
}

const places = ({ segments }: Compiled) => segments.filter((segment) => segment.startsWith(':')).length

/** Those with the fewest places come first: `/messages/pins` is no message's id. */
const COMPILED: readonly Compiled[] = ROUTES.map((route) => ({
  route,
  segments: route.path.split('/').slice(1),
})).toSorted((a, b) => places(a) - places(b))

/** The places of a path, if it fits. `@me` only fits where it is spelled out. */
function match(segments: readonly string[], path: readonly string[]): Record<string, string> | undefined {
  if (segments.length !== path.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, segment] of segments.entries()) {
    const given = path[index] ?? ''
    if (!segment.startsWith(':')) {
      if (segment !== given) return undefined
    } else if (given === '' || given.startsWith('@')) return undefined
    else params[segment.slice(1)] = given
  }
  return params
}

/** Routes of Discord's that are not here. */
const MISSING = NOT_SERVED.flatMap(({ what, routes }) =>
  routes.map((name) => {
    const [method = '', path = ''] = name.split(' ')
    return { name, what, method, segments: path.split('/').slice(1) }
  }),
)

function find(method: string | undefined, path: readonly string[]) {
  const fitting = COMPILED.flatMap(({ route, segments }) => {
    const params = match(segments, path)
    return params ? [{ route, params }] : []
  })
  if (fitting.length === 0) {
    if (OAUTH_ROUTES.some((route) => route.path === `/${path.join('/')}`)) throw refusal.methodNotAllowed()
    const missing = MISSING.filter(({ segments }) => match(segments, path))
    const asked = missing.find((each) => each.method === method) ?? missing[0]
    throw asked ? refusal.notServed(asked.name, asked.what) : refusal.notFound()
  }
  // HEAD is GET whose answer goes out without its body.
  const found = fitting.find(({ route }) => route.method === (method === 'HEAD' ? 'GET' : method))
  if (!found) throw refusal.methodNotAllowed()
  return found
}

/** The route that a request is for, if there is one. */
export function routeOf(method: string | undefined, pathname: string): Route | undefined {
  try {
    return find(method, placeOf(pathname)).route
  } catch {
    return undefined
  }
}

/**
 * Whether there is a route of a method (or any) that a path is for. The path may have places of its own: `:channel_id`, or
 * what stands in one.
 */
export function isServed(method: string | undefined, path: string): boolean {
  const given = path.split('/').slice(1)
  const isOf = ({ route, segments }: Compiled) =>
    (method === undefined || route.method === method) &&
    segments.length === given.length &&
    segments.every((segment, index) => segment.startsWith(':') || segment === given[index])
  return COMPILED.some(isOf)
}

function checkSnowflakes(params: Readonly<Record<string, string>>): void {
  const wrong = Object.entries(params).filter(([name, value]) => name.endsWith('_id') && !isSnowflake(value))
  if (wrong.length === 0) return
  throw refusal.invalidForm(
    wrong.map(([name, value]) => ({
      path: [name],
      code: 'NUMBER_TYPE_COERCE',
      message: `Value "${value}" is not snowflake.`,
    })),
  )
}

/** A segment as it was meant. What is no encoding stands for itself. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/**
 * What versions Discord serves: https://docs.discord.com/developers/reference#api-versioning. 9 and what names none, as the
 * URLs of webhooks do, are answered as 10; what is deprecated there is not served here.
 */
const VERSIONS: ReadonlySet<string> = new Set(['v9', 'v10'])

/** The segments of a path after `/api` and the version. */
function placeOf(pathname: string): string[] {
  const [version = '', ...path] = pathname.split('/').slice(2).map(decode)
  if (!/^v\d+$/.test(version)) return [version, ...path]
  if (!VERSIONS.has(version)) throw refusal.invalidVersion()
  return path
}

/** Discord's end of the REST API, under `/api`. */
export class Rest {
  readonly #context: RestContext
  readonly #botToken: () => string
  readonly #grants: Grants
  /** Undefined: nobody counts. */
  readonly #limits: RateLimits | undefined

  constructor(context: RestContext, botToken: () => string, grants: Grants, limits?: RateLimits) {
    this.#context = context
    this.#botToken = botToken
    this.#grants = grants
    this.#limits = limits
  }

  /** Answers a request. Refusals are answers too: it throws only where the simulator itself is wrong. */
  answer(request: IncomingMessage, url: URL): Promise<Reply> {
    return this.#counted(() => this.#answer(request, url).catch(refused))
  }

  /** Lets another answer a request of the API's, within the limits that hold for it all. */
  within(route: Asking['route'], request: IncomingMessage, answer: () => Promise<Reply>): Promise<Reply> {
    const who = request.headers.authorization ?? ''
    return this.#counted(() => this.#limited({ route, params: {}, who }, answer))
  }

  /** Counts an answer that should not have been asked for. */
  note(reply: Reply): void {
    this.#limits?.note(reply)
  }

  async #counted(answer: () => Promise<Reply>): Promise<Reply> {
    const banned = this.#limits?.ban()
    if (banned) return banned
    const reply = await answer()
    this.note(reply)
    return reply
  }

  async #limited(asking: Asking, answer: () => Promise<Reply>): Promise<Reply> {
    const taken = this.#limits?.take(asking)
    if (taken && 'refused' in taken) return taken.refused
    const reply = await answer()
    return taken ? { ...reply, headers: { ...taken.headers, ...reply.headers } } : reply
  }

  async #answer(request: IncomingMessage, url: URL): Promise<Reply> {
    const { route, params } = find(request.method, placeOf(url.pathname))
    const who = request.headers.authorization ?? ''
    const grant = this.#admit(route, who)
    return this.#limited({ route, params, who }, () =>
      this.#handle(request, route, { params, query: url.searchParams, grant }).catch(refused),
    )
  }

  /** Lets in the bot, or somebody whose token has the scope that the route asks for. */
  #admit(route: Route, who: string): Grant | undefined {
    if (route.open) return undefined
    const bearer = /^Bearer (\S+)$/.exec(who)?.[1]
    const grant = bearer === undefined ? undefined : this.#grants.of(bearer)
    const isBot = who === `Bot ${this.#botToken()}` && !route.personal
    if (isBot) return undefined
    if (!grant || route.scope === undefined) throw refusal.unauthorized()
    if (route.scope !== 'any' && !grant.scopes.includes(route.scope)) throw refusal.missingScope()
    return grant
  }

  async #handle(
    request: IncomingMessage,
    route: Route,
    place: Pick<RestRequest, 'params' | 'query' | 'grant'>,
  ): Promise<Reply> {
    checkSnowflakes(place.params)
    const read = route.method === 'GET' ? { body: undefined, files: [] } : await readRequest(request)
    const said = request.headers['x-audit-log-reason']
    const reason = typeof said === 'string' ? decode(said) : null
    // Who has only a URL is nobody whose deeds could be written down.
    const doer = place.grant?.userId ?? this.#context.world.bot.id
    const context = route.open ? this.#context : actingAs(this.#context, doer, reason)
    return route.handle(context, { ...place, ...read, reason })
  }
}

/** What was thrown, as an answer, if it is one. */
function refused(error: unknown): Reply {
  if (error instanceof DiscordError) return error.reply()
  if (error instanceof BodyTooLarge) return refusal.tooLarge().reply()
  throw error
}
