import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'

/*
 * Discord's own OpenAPI description, as the package discord-api-spec carries it: schemas for zod, and, only as types, which
 * route answers with which. The types are read as text, so that nothing here is copied by hand.
 */

const types = readFileSync(fileURLToPath(import.meta.resolve('discord-api-spec')).replace(/\.js$/, '.ts'), 'utf8')
const schemas = (await import(import.meta.resolve('discord-api-spec/zod'))) as Readonly<Record<string, unknown>>

/** A route as both sides can name it: `GET /channels/{}/messages`. */
const keyOf = (method: string, path: string) =>
  `${method.toUpperCase()} ${path.replaceAll(/\{[^}]+\}|:[a-z_]+/g, '{}')}`

/** By route and status, the text of the type that answers. */
function readResponses(): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const found = new Map<string, Map<string, string>>()
  let path = ''
  let current = new Map<string, string>()
  const begin = types.indexOf('export interface Paths {')
  const block = types.slice(begin, types.indexOf('\n}\n', begin))
  for (const [, route, method, status, answer] of block.matchAll(
    /^ {2}"(\/[^"]*)": \{$|^ {4}(get|post|put|patch|delete): \{$|^ {8}"(\w{3})":\s*([^;]+);$/gm,
  )) {
    if (route !== undefined) path = route
    else if (method !== undefined) found.set(keyOf(method, path), (current = new Map<string, string>()))
    else if (status !== undefined) current.set(status, answer ?? '')
  }
  return found
}
const RESPONSES = readResponses()

function named(name: string): z.ZodType {
  const schema = schemas[`${name}Schema`]
  if (!schema) throw new Error(`discord-api-spec has no schema for ${name}`)
  return schema as z.ZodType
}

/** The schema of a type's text: names, lists of them, unions, null. Throws at anything else. */
function schemaOf(text: string): z.ZodType {
  const expression = text.trim().replace(/^\|\s*/, '')
  // The text ends at the first semicolon, which is within it.
  if (/^\{\s*\[key: string\]: number$/.test(expression)) return z.record(z.string(), z.number())
  const list = /^\((.+)\)\[\](\s*\| null)?$/s.exec(expression)
  if (list) return z.array(schemaOf(list[1] ?? ''))
  const parts = expression.split('|').map((part) => part.trim())
  if (parts.length > 1) return z.union(parts.map(schemaOf))
  if (expression === 'null') return z.null()
  if (expression === 'string') return z.string()
  if (expression === 'unknown') return z.undefined()
  const element = /^(\w+)\[\]$/.exec(expression)
  return element ? z.array(named(element[1] ?? '')) : named(expression)
}

/**
 * An answer in the words of the description, where Discord's pages have others:
 * - Discord writes `+00:00`, as its own examples do, and the generated schemas only take `Z`. The rest of the moment is
 *   checked.
 * - Messages point to others in two ways, of which the description knows 0:
 *   https://docs.discord.com/developers/resources/message#message-reference-types
 */
function asDescribed(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/^(\d{4}-\d\d-\d\dT[\d:.]+)\+00:00$/, '$1Z')
  if (Array.isArray(value)) return value.map(asDescribed)
  if (!(value instanceof Object)) return value
  const described = Object.fromEntries(Object.entries(value).map(([key, of]) => [key, asDescribed(of)]))
  const reference = described['message_reference']
  if (reference instanceof Object && 'type' in reference && reference.type === 1) Object.assign(reference, { type: 0 })
  return described
}

/**
 * What is wrong with each field. The description says that the codes in there are numbers; Discord's pages and answers
 * have words: https://docs.discord.com/developers/reference#error-messages
 */
const fieldErrors: z.ZodType = z.lazy(() =>
  z.union([
    z.strictObject({ _errors: z.array(z.strictObject({ code: z.string(), message: z.string() })).min(1) }),
    z.record(z.string(), fieldErrors),
  ]),
)
const refusal = z.strictObject({ code: z.int(), message: z.string(), errors: fieldErrors.optional() })

/** Every route of Discord's description: `GET /channels/{}/messages`. */
export const describedRoutes = (): string[] => [...RESPONSES.keys()]

/** How the description would write a route of ours. */
export const asDescribedRoute = (name: string): string => {
  const [method = '', path = ''] = name.split(' ')
  return keyOf(method, path)
}

/** Whether Discord's description knows the route. */
export const isDescribed = (method: string, path: string): boolean => RESPONSES.has(keyOf(method, path))

/** What is wrong with an answer, in words; an empty string if nothing is. */
export function faultsOf(method: string, path: string, status: number, body: unknown): string {
  const responses = RESPONSES.get(keyOf(method, path))
  if (!responses) return `${method} ${path} is no route of Discord's`
  const answer = responses.get(String(status)) ?? (status >= 400 && status < 500 ? responses.get('4XX') : undefined)
  if (answer === undefined) return `${method} ${path} never answers ${status}, only ${[...responses.keys()].join(', ')}`
  const read = (answer === 'ErrorResponse' ? refusal : schemaOf(answer)).safeParse(asDescribed(body))
  return read.success ? '' : `${method} ${path} ${status} is no ${answer}:\n${z.prettifyError(read.error)}`
}
