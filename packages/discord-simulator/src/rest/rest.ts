import type { IncomingMessage } from 'node:http'
import { BodyTooLarge, readBody } from '../http/body.ts'
import type { Reply } from '../http/reply.ts'
import { isSnowflake } from '../snowflake.ts'
import { DiscordError, refusal } from './errors.ts'
import type { RestContext, Route } from './route.ts'
import { ROUTES } from './routes/all.ts'

interface Compiled {
  route: Route
  segments: readonly string[]
}

const COMPILED: readonly Compiled[] = ROUTES.map((route) => ({
  route,
  segments: route.path.split('/').slice(1),
}))

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

function find(method: string | undefined, path: readonly string[]) {
  const fitting = COMPILED.flatMap(({ route, segments }) => {
    const params = match(segments, path)
    return params ? [{ route, params }] : []
  })
  if (fitting.length === 0) throw refusal.notFound()
  const found = fitting.find(({ route }) => route.method === method)
  if (!found) throw refusal.methodNotAllowed()
  return found
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

async function readJson(request: IncomingMessage): Promise<unknown> {
  const bytes = await readBody(request)
  if (bytes.length === 0) return undefined
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    throw refusal.invalidForm([
      { path: [], code: 'CONTENT_TYPE_INVALID', message: 'Expected "Content-Type" header to be application/json.' },
    ])
  }
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    throw refusal.invalidJson()
  }
}

/** Discord's end of the REST API, under `/api/v10`. */
export class Rest {
  readonly #context: RestContext
  readonly #botToken: () => string

  constructor(context: RestContext, botToken: () => string) {
    this.#context = context
    this.#botToken = botToken
  }

  /** Answers a request. Refusals are answers too: it throws only where the simulator itself is wrong. */
  async answer(request: IncomingMessage, url: URL): Promise<Reply> {
    try {
      const [version, ...path] = url.pathname.split('/').slice(2).map(decode)
      if (version === undefined || !/^v\d+$/.test(version)) throw refusal.notFound()
      if (version !== 'v10') throw refusal.invalidVersion()
      const { route, params } = find(request.method, path)
      if (!route.open && request.headers.authorization !== `Bot ${this.#botToken()}`) throw refusal.unauthorized()
      checkSnowflakes(params)
      const body = request.method === 'GET' ? undefined : await readJson(request)
      return route.handle(this.#context, { params, query: url.searchParams, body })
    } catch (error) {
      if (error instanceof DiscordError) return error.reply()
      if (error instanceof BodyTooLarge) return refusal.tooLarge().reply()
      throw error
    }
  }
}
