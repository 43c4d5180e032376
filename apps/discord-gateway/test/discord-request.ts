import type { CommandDefinition, RestCommand } from '@repo/discord-integration/types'
import { z } from 'zod'
import { asDescribed, describedRoutes, routeKey, typeSchema } from '../../../test/lib/discord-spec.ts'
import { inputSchema, valuesOf, waysOf, type JsonSchema } from './json-schema.ts'

/**
 * How a command's payload differs from what Discord's description has of its route, by field, dots between the keys and `[]`
 * for what is in a list:
 * - `omitted`: Discord takes it, and the payload has no such field;
 * - `unknown`: the payload has it, and Discord takes none of that name or kind;
 * - `optional`: Discord wants it, and the payload may be without it;
 * - `wider`: the payload takes values that Discord does not.
 */
export type Difference = { kind: 'omitted' | 'unknown' | 'optional' | 'wider'; field: string; says: string }

type Rooted = { root: JsonSchema; ways: JsonSchema[] }

/** Uploads that go with a message, of which the gateway makes Discord's `attachments`. */
const FILES = 'files'

const methodOf = ({ route }: RestCommand) => route.split(' ', 1)[0] ?? ''
const pathOf = ({ route }: RestCommand) => route.slice(route.indexOf(' ') + 1)

/** The fields that a route names. */
export const routeFields = (rest: RestCommand): string[] =>
  [...pathOf(rest).matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)

/** What Discord says of a command's route; undefined where it has none such. */
export const describedRoute = (rest: RestCommand) => describedRoutes.get(routeKey(methodOf(rest), pathOf(rest)))

type Where = 'query' | 'body'

/** Where a field of the payload goes; null where it stands in the route or in the header. */
function placeOf(rest: RestCommand, name: string): Where | null {
  if (name === 'reason' || routeFields(rest).includes(name)) return null
  return methodOf(rest) === 'GET' || rest.query?.includes(name) ? 'query' : 'body'
}

/** Of an object's entries, those that go into the query or the body. */
const placed = <Value>(rest: RestCommand, entries: Readonly<Record<string, Value>>, where: Where) =>
  Object.fromEntries(Object.entries(entries).filter(([name]) => placeOf(rest, name) === where))

/** How the payload of a command differs from what Discord takes. */
export function differencesOf({ rest, payload }: CommandDefinition & { rest: RestCommand }): Difference[] {
  const described = describedRoute(rest)
  if (!described) throw new Error(`${rest.route} is no route of Discord's`)
  const root = inputSchema(payload)
  const { properties = {}, required = [] } = root
  return (['query', 'body'] as const).flatMap((where) => {
    const text = described[where]
    const own = placed(rest, properties, where)
    const object: JsonSchema = { type: 'object', properties: own, required, additionalProperties: false }
    const ours = { root, ways: waysOf(where === 'body' ? asBody(rest, object) : object, root) }
    const theirs = text === null ? null : inputSchema(typeSchema(text))
    const has = { root: theirs ?? {}, ways: theirs ? waysOf(theirs, theirs) : [{ type: 'object', properties: {} }] }
    const field = where === 'body' ? (rest.body ?? '') : ''
    return differences(ours, has, field)
  })
}

function asBody({ body, fixed = {}, under }: RestCommand, fields: JsonSchema): JsonSchema {
  if (body !== undefined) return fields.properties?.[body] ?? {}
  const constants = Object.fromEntries(Object.entries(fixed).map(([name, value]) => [name, { const: value }]))
  const inner = under === undefined ? fields.properties : { [under]: fields }
  const required = [...Object.keys(fixed), ...(under === undefined ? (fields.required ?? []) : [under])]
  return {
    type: 'object',
    properties: { ...constants, ...(inner as Record<string, JsonSchema>) },
    required,
    additionalProperties: false,
  }
}

/** Bit sets are decimal strings, which the description has as numbers: https://docs.discord.com/developers/topics/permissions */
const isBitSet = (field: string) => /(?:^|\.|_)(?:permissions|allow|deny)$/.test(field)

/** A picture, or a part of a form: Discord's description has both as text. */
const isUpload = ({ properties }: JsonSchema) => 'upload' in (properties ?? {})

function kindOf(way: JsonSchema): string | undefined {
  const value = valuesOf(way)?.[0]
  const kind = way.type ?? (value === undefined ? undefined : typeof value)
  return kind === 'integer' ? 'number' : kind?.toString()
}

function differences(ours: Rooted, theirs: Rooted, field: string): Difference[] {
  const kinds = new Set(ours.ways.filter((way) => !isUpload(way)).map(kindOf))
  return [...kinds].flatMap((kind): Difference[] => {
    if (kind === undefined) return []
    const [own, has] = [ours, theirs].map(({ root, ways }) => ({
      root,
      ways: ways.filter((way) => kindOf(way) === kind && !isUpload(way)),
    })) as [Rooted, Rooted]
    if (has.ways.length === 0) {
      if (theirs.ways.some((way) => kindOf(way) === undefined) || (kind === 'string' && isBitSet(field))) return []
      return [{ kind: 'unknown', field, says: `Discord takes no ${kind} there` }]
    }
    if (kind === 'object') return ofObjects(own, has, field)
    if (kind === 'array') return [...ofLists(own, has, field), ...ofBounds(own, has, field)]
    return ofBounds(own, has, field)
  })
}

/** Whether an object of ours can be one of theirs: what both fix to values has to be the same. */
function canBe(ours: JsonSchema, theirs: JsonSchema): boolean {
  return Object.entries(ours.properties ?? {}).every(([name, of]) => {
    const [own, has] = [valuesOf(of), valuesOf(theirs.properties?.[name] ?? {})]
    return own === null || has === null || own.some((value) => has.includes(value))
  })
}

function ofObjects(ours: Rooted, theirs: Rooted, field: string): Difference[] {
  const isOpen = ({ properties }: JsonSchema) => properties === undefined
  // What is made of Discord's own fields, or of anybody's, is Discord's to look at.
  if (ours.ways.some(isOpen) || theirs.ways.some(isOpen)) return []
  const named = (name: string) => (field === '' ? name : `${field}.${name}`)
  const had = new Set(ours.ways.flatMap(({ properties = {} }) => Object.keys(properties)))
  if (had.has(FILES)) had.add('attachments')
  const met = theirs.ways.filter((their) => ours.ways.some((way) => canBe(way, their)))
  const omitted = new Set(
    met.flatMap(({ properties = {} }) => Object.keys(properties)).filter((name) => !had.has(name)),
  )
  const found = ours.ways.flatMap((way) => {
    const these = theirs.ways.filter((their) => canBe(way, their))
    const wanted = these[0]?.required?.filter((name) => these.every(({ required = [] }) => required.includes(name)))
    const optional = (wanted ?? []).filter((name) => had.has(name) && !way.required?.includes(name))
    const fields = Object.entries(way.properties ?? {}).flatMap(([name, of]): Difference[] => {
      if (name === FILES) return []
      const has = these.flatMap(({ properties = {} }) => properties[name] ?? [])
      if (has.length === 0) return [{ kind: 'unknown', field: named(name), says: 'Discord has no such field' }]
      const waysOfTheirs = has.flatMap((one) => waysOf(one, theirs.root))
      return differences(
        { root: ours.root, ways: waysOf(of, ours.root) },
        { root: theirs.root, ways: waysOfTheirs },
        named(name),
      )
    })
    return [
      ...optional.map((name): Difference => ({ kind: 'optional', field: named(name), says: 'Discord requires it' })),
      ...fields,
    ]
  })
  return [
    ...[...omitted].map((name): Difference => ({
      kind: 'omitted',
      field: named(name),
      says: 'Discord takes it, and the payload has no such field',
    })),
    ...found,
  ]
}

function ofLists(ours: Rooted, theirs: Rooted, field: string): Difference[] {
  const [own, has] = [ours, theirs].map(({ root, ways }) => ({
    root,
    ways: ways.flatMap(({ items }) => (items ? waysOf(items, root) : [{}])),
  })) as [Rooted, Rooted]
  return differences(own, has, `${field}[]`)
}

/** Of both ends of a range, the words of JSON Schema, and whose of two is the wider. */
const BOUNDS = [
  ['maxLength', Math.max],
  ['maxItems', Math.max],
  ['maximum', Math.max],
  ['minLength', Math.min],
  ['minItems', Math.min],
  ['minimum', Math.min],
] as const

/** What numbers of 32 and 53 bits can be is no bound that somebody thought of. */
const isOfMachine = (bound: number) => Math.abs(bound) >= 2 ** 31 - 1

function ofBounds(ours: Rooted, theirs: Rooted, field: string): Difference[] {
  const allowed = theirs.ways.map(valuesOf)
  const taken = ours.ways.flatMap((way) => valuesOf(way) ?? [])
  const beyond = allowed.includes(null)
    ? []
    : taken.filter((value) => !allowed.some((values) => values?.includes(value)))
  if (beyond.length > 0) {
    return [
      {
        kind: 'wider',
        field,
        says: `Discord does not take ${beyond.map((value) => JSON.stringify(value)).join(', ')}`,
      },
    ]
  }
  return BOUNDS.flatMap(([word, widest]): Difference[] => {
    const [mine, their] = [boundOf(ours, word, widest), boundOf(theirs, word, widest)]
    if (mine === undefined || their === undefined || widest(mine, their) === their) return []
    return [{ kind: 'wider', field, says: `${word} is ${mine}, and Discord's ${their}` }]
  })
}

/** The bound that holds for whatever way is taken; undefined where one has none. */
function boundOf({ ways }: Rooted, word: (typeof BOUNDS)[number][0], widest: typeof Math.max): number | undefined {
  const bounds = ways.filter((way) => valuesOf(way) === null).map((way) => way[word] ?? Infinity)
  return bounds.length === 0 || bounds.some(isOfMachine) ? undefined : widest(...bounds)
}

/** What Discord's own schemas say of a payload, as its command asks; an empty string if nothing is wrong. */
export function refusalOf(rest: RestCommand, payload: object): string {
  const described = describedRoute(rest)
  return (['query', 'body'] as const)
    .flatMap((where) => {
      const text = described?.[where] ?? null
      const own = placed(rest, payload as Record<string, unknown>, where)
      if (text === null) return []
      const { body, fixed, under } = rest
      const sent =
        where === 'query' ? own : body === undefined ? { ...fixed, ...(under ? { [under]: own } : own) } : own[body]
      const read = typeSchema(text).safeParse(asDescribed(withoutUploads(sent)))
      return read.success ? [] : [`${where}:\n${z.prettifyError(read.error)}`]
    })
    .join('\n')
}

/** Pictures as the gateway puts them in for uploads, and bit sets as the description has them. */
function withoutUploads(value: unknown, field = ''): unknown {
  if (typeof value === 'string' && isBitSet(field)) return Number(value)
  if (Array.isArray(value)) return value.map((one) => withoutUploads(one))
  if (!(value instanceof Object)) return value
  if (Object.keys(value).join() === 'upload') return 'data:image/png;base64,AA=='
  return Object.fromEntries(Object.entries(value).map(([name, of]) => [name, withoutUploads(of, name)]))
}
