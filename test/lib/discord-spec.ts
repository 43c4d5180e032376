import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'

/*
 * Discord's own OpenAPI description, as the package discord-api-spec carries it: schemas for zod, and, only as types, which
 * route is asked and answers with which. The types are read as text, so that nothing here is copied by hand.
 */

const types = readFileSync(fileURLToPath(import.meta.resolve('discord-api-spec')).replace(/\.js$/, '.ts'), 'utf8')
const schemas = (await import(import.meta.resolve('discord-api-spec/zod'))) as Readonly<Record<string, unknown>>

/** What a route of the description takes and answers, each as the text of its type: `typeSchema` reads it. */
export type DescribedRoute = {
  /** Null where there is none. */
  query: string | null
  body: string | null
  /** By status, or `4XX`. */
  answers: ReadonlyMap<string, string>
}

/** A route as both sides can name it: `GET /channels/{}/messages`. */
export const routeKey = (method: string, path: string): string =>
  `${method.toUpperCase()} ${path.replaceAll(/\{[^}]+\}|:[a-z_]+/g, '{}')}`

function readRoutes(): ReadonlyMap<string, DescribedRoute> {
  const found = new Map<string, DescribedRoute>()
  const begin = types.indexOf('export interface Paths {')
  const block = types.slice(begin, types.indexOf('\n}\n', begin)).replaceAll(/\/\*\*[^]*?\*\//g, '')
  for (const [, path = '', methods = ''] of block.matchAll(/^ {2}"(\/[^"]*)": \{$([^]*?)^ {2}\};$/gm)) {
    for (const [, method = '', described = ''] of methods.matchAll(/^ {4}(\w+): \{$([^]*?)^ {4}\};$/gm)) {
      const [, query = 'never'] = /^ {8}query\?: ([^]*?);$(?=\s+header)/m.exec(described) ?? []
      const [, body = 'undefined'] = /^ {6}requestBody\?:([^]*?);$(?=\s+responses)/m.exec(described) ?? []
      const answers = described.matchAll(/^ {8}"(\w{3})":\s*([^]*?);$(?=\s*^ {8}"|\s*^ {6}\})/gm)
      found.set(routeKey(method, path), {
        query: query === 'never' ? null : query,
        body: body.trim() === 'undefined' ? null : body,
        answers: new Map([...answers].map(([, status = '', answer = '']) => [status, answer])),
      })
    }
  }
  return found
}

/** Every route of Discord's description, by `routeKey`. */
export const describedRoutes = readRoutes()

/** The schema that the description has by a type's name. */
function named(name: string): z.ZodType {
  const schema = schemas[`${name}Schema`]
  if (!schema) throw new Error(`discord-api-spec has no schema for ${name}`)
  return schema as z.ZodType
}

const WORDS: Readonly<Record<string, () => z.ZodType>> = {
  null: z.null,
  string: z.string,
  number: z.number,
  boolean: z.boolean,
  unknown: z.undefined,
}

/** The schema of a type's text: names, objects, lists, unions. Throws at anything else. */
export function typeSchema(text: string): z.ZodType {
  const tokens = text.match(/\w+|\[\]|\S/g) ?? []
  let at = 0
  const take = (token: string) => {
    if (tokens[at] !== token) return false
    at += 1
    return true
  }
  const expect = (token: string) => {
    if (!take(token)) throw new Error(`expected ${token} in ${text}`)
  }
  const next = () => tokens[at++] ?? ''

  function union(): z.ZodType {
    take('|')
    const parts = [list()]
    while (take('|')) parts.push(list())
    return parts.length === 1 && parts[0] ? parts[0] : z.union(parts)
  }
  function list(): z.ZodType {
    let schema = one()
    while (take('[]')) schema = z.array(schema)
    return schema
  }
  function one(): z.ZodType {
    if (take('{')) return object()
    if (take('(')) {
      const inner = union()
      expect(')')
      return inner
    }
    const word = next()
    return WORDS[word]?.() ?? named(word)
  }
  function object(): z.ZodType {
    const shape: Record<string, z.ZodType> = {}
    if (take('[')) {
      for (const token of ['key', ':', 'string', ']', ':']) expect(token)
      const values = union()
      for (const token of [';', '}']) expect(token)
      return z.record(z.string(), values)
    }
    while (!take('}')) {
      const name = next()
      const optional = take('?')
      expect(':')
      const schema = union()
      expect(';')
      shape[name] = optional ? z.optional(schema) : schema
    }
    return z.object(shape)
  }

  const schema = union()
  if (at < tokens.length) throw new Error(`nothing is known of ${tokens.slice(at).join(' ')} in ${text}`)
  return schema
}

/**
 * A value in the words of the description, where Discord's pages have others:
 * - Discord writes `+00:00`, as its own examples do, and the generated schemas only take `Z`. The rest of the moment is
 *   checked.
 * - Messages point to others in two ways, of which the description knows 0:
 *   https://docs.discord.com/developers/resources/message#message-reference-types
 */
export function asDescribed(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/^(\d{4}-\d\d-\d\dT[\d:.]+)\+00:00$/, '$1Z')
  if (Array.isArray(value)) return value.map(asDescribed)
  if (!(value instanceof Object)) return value
  const described = Object.fromEntries(Object.entries(value).map(([key, of]) => [key, asDescribed(of)]))
  const reference = described['message_reference']
  if (reference instanceof Object && 'type' in reference && reference.type === 1) Object.assign(reference, { type: 0 })
  return described
}
