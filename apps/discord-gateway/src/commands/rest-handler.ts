import { RequestMethod } from '@discordjs/rest'
import { LinkError, type CommandName, type RestCommand } from '@repo/discord-integration/types'
import { bodyWith, loadUploads } from './files.ts'
import type { Handler } from './handler.ts'
import { OwnApplication } from './own-application.ts'

const METHODS = {
  GET: RequestMethod.Get,
  POST: RequestMethod.Post,
  PUT: RequestMethod.Put,
  PATCH: RequestMethod.Patch,
  DELETE: RequestMethod.Delete,
} as const

/** https://docs.discord.com/developers/interactions/receiving-and-responding#responding-to-an-interaction */
const INTERACTION_ANSWER_MS = 3_000

/** What a command of the table asks of Discord, where that is all there is to it. */
export type RestRequest = {
  method: RequestMethod
  fullRoute: `/${string}`
  query?: URLSearchParams
  body?: unknown
  reason?: string
  /** False: a secret in the route says who may, and the bot's token is not shown. */
  auth?: false
}

/** What a query or a path can say. */
const isPlain = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value)

/**
 * Carries out a command by its `rest` entry alone.
 *
 * What concerns an interaction, as its route's `{interaction_token}` says, comes before everything else: somebody looks at a
 * button. Its answer is for the first 3 s only, so it is not tried for longer.
 *
 * @param takesReason Discord writes down why, in its audit log.
 */
export function restHandler<Name extends CommandName>(
  command: RestCommand,
  takesReason = false,
  application = new OwnApplication(),
): Handler<Name> {
  const urgent = command.route.includes('/{interaction_token}')
  const isAnswer = command.route.includes(' /interactions/')
  const edits = command.route.startsWith('PATCH ')
  const { form } = command
  const parts = form === undefined ? [] : [form]
  return async (input, { discord, nonce: _nonce, deadlineAt, actor, findUpload, ...call }) => {
    using loaded = await loadUploads(input, findUpload, { edits, parts })
    const { adds } = loaded
    if (adds && call.repeated) {
      throw new LinkError('OUTCOME_UNKNOWN', 'The files may have been added, and are not again')
    }
    const named = await withApplication(command, loaded.input, () => application.id(discord))
    const { body, ...request } = restRequest(command, named)
    const reason = takesReason ? reasonOf(request.reason, actor) : undefined
    const until = isAnswer ? Math.min(deadlineAt, Date.now() + INTERACTION_ANSWER_MS) : deadlineAt
    const hasFiles = loaded.files.length > 0
    const withFiles = bodyWith(body, loaded.files, form !== undefined)
    const answer = await discord.call(
      {
        ...call,
        ...(adds && { repeatable: 'no' }),
        deadlineAt: until,
        done: command.done,
        urgent,
        hasFiles,
        fieldOf: (keys) => payloadField(command, keys),
      },
      (rest, signal) => rest.request({ ...request, ...withFiles, ...(reason !== undefined && { reason }), signal }),
    )
    // Its shape is what the table says of Discord's answer; the types of the table's strings are lost on the way.
    return {
      success: true,
      ...(command.answer !== undefined && hasBody(answer) && { [command.answer]: answer }),
    } as never
  }
}

/** The bot's own application stands in a route for which none is given. */
async function withApplication(command: RestCommand, input: object, ownId: () => Promise<string>): Promise<object> {
  const isAsked = command.route.includes('{application_id}') && !('application_id' in input)
  return isAsked ? { ...input, application_id: await ownId() } : input
}

/** Discord answered something. Without a body @discordjs/rest has an empty buffer. */
const hasBody = (answer: unknown) => answer !== undefined && !(answer instanceof ArrayBuffer)

/** Of a webhook or an interaction, whose secret follows its id: that is leave enough, and the bot's token would be too much. */
const TOKEN_ROUTE = /^\/(?:webhooks|interactions)\/\d+\/[^/]/

/** https://docs.discord.com/developers/reference#http-methods-x-audit-log-reason-header */
const REASON_MAX_CHARS = 512

/**
 * What the server's audit log says beside that the bot did it: for whom, and why. Of a reason that is too long with that, the
 * end is left out.
 */
export function reasonOf(reason: string | undefined, actor: string | undefined): string | undefined {
  if (actor === undefined) return reason
  const asked = `For user ${actor}`
  if (reason === undefined) return asked
  return Array.from(`${asked}: ${reason}`).slice(0, REASON_MAX_CHARS).join('')
}

/** Fields that the route names go into it, `reason` into the header, the others into the query of a GET or the body. */
export function restRequest(command: RestCommand, input: object): RestRequest {
  const [method, path] = command.route.split(' ') as [keyof typeof METHODS, `/${string}`]
  const { reason, ...fields }: Record<string, unknown> = { ...input }
  const take = (name: string) => {
    const { [name]: value } = fields
    delete fields[name]
    return value
  }
  const fullRoute = path.replaceAll(/\{(\w+)\}/g, (_place, name: string) =>
    encodeURIComponent(String(take(name))),
  ) as `/${string}`
  const inQuery = method === 'GET' ? Object.keys(fields) : (command.query ?? [])
  const query = queryOf(inQuery.map((name) => [name, take(name)]))
  const body = bodyOf(command, fields)
  return requestTo(method, fullRoute, { query, body, ...(typeof reason === 'string' && { reason }) })
}

/** A request of a method of a route, with what there is beside. */
export function requestTo(
  method: keyof typeof METHODS,
  fullRoute: `/${string}`,
  { query, body, reason }: { query: URLSearchParams | null; body?: unknown; reason?: string | undefined },
): RestRequest {
  return {
    method: METHODS[method],
    fullRoute,
    ...(TOKEN_ROUTE.test(fullRoute) && { auth: false as const }),
    ...(query && { query }),
    ...(body !== undefined && { body }),
    ...(reason !== undefined && { reason }),
  }
}

/** Where a field of the request came from: the other way than `bodyOf`. */
function payloadField({ body, under }: RestCommand, keys: readonly string[]): readonly string[] {
  if (body !== undefined) return [body, ...keys]
  return under !== undefined && keys[0] === under ? keys.slice(1) : keys
}

export function queryOf(fields: readonly (readonly [string, unknown])[]): URLSearchParams | null {
  const query = new URLSearchParams()
  for (const [name, value] of fields) {
    // What can be there more than once is, as https://docs.discord.com/developers/reference#boolean-query-strings has the rest.
    for (const one of Array.isArray(value) ? value : [value]) if (isPlain(one)) query.append(name, String(one))
  }
  return query.size > 0 ? query : null
}

function bodyOf({ body, fixed, under }: RestCommand, fields: Readonly<Record<string, unknown>>): unknown {
  if (body !== undefined) return fields[body]
  const rest = Object.keys(fields).length > 0 ? fields : undefined
  if (under !== undefined) return { ...fixed, ...(rest && { [under]: rest }) }
  return fixed || rest ? { ...fixed, ...rest } : undefined
}
