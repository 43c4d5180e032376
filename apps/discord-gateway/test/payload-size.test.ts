import { commands, type CommandDefinition } from '@repo/discord-integration/types'
import { describe, expect, it } from 'vitest'
import { ITEMS_MAX, LEVELS_MAX, tooMuch, VALUES_MAX } from '../src/commands/payload-size.ts'
import { inputSchema, type JsonSchema } from './json-schema.ts'

const listOf = (length: number) => Array.from({ length }, () => 1)
const nested = (levels: number) => {
  let value: unknown = []
  for (let level = 1; level < levels; level++) value = [value]
  return value
}

describe('a payload', () => {
  it.each([
    ['a list', { a: { b: [listOf(ITEMS_MAX + 1)] } }, 'data.payload.a.b.0'],
    ['an object', { a: Object.fromEntries(listOf(ITEMS_MAX + 1).entries()) }, 'data.payload.a'],
    ['levels', { a: { b: nested(LEVELS_MAX) } }, 'data.payload.a'],
    ['levels without end', { a: nested(100_000) }, 'data.payload.a'],
    ['values', { a: Array.from({ length: VALUES_MAX / 100 }, () => listOf(100)) }, 'data.payload'],
  ])('is not looked into where there is too much of it: %s', (_what, payload, path) => {
    expect(tooMuch(payload)).toMatchObject({ path, message: expect.stringMatching(/^expected at most [\d,]+ \w+$/) })
  })

  it.each([
    { a: listOf(ITEMS_MAX), b: nested(LEVELS_MAX - 1) },
    { a: Array.from({ length: 98 }, () => listOf(100)) },
    null,
    'text',
    listOf(ITEMS_MAX + 1),
  ])('is the schema’s to look into: %#', (payload) => {
    expect(tooMuch(payload)).toBeNull()
  })
})

/** Where a schema has a list or a record without an end; what Discord alone knows is its own. */
function endless(schema: JsonSchema, at: string): string[] {
  const {
    properties = {},
    additionalProperties: values,
    items,
    anyOf = [],
    oneOf = [],
    allOf = [],
    $defs = {},
  } = schema
  const isRecord = typeof values === 'object' && Object.keys(values).length > 0
  return [
    ...(schema.type === 'array' && schema.maxItems === undefined && !schema.prefixItems ? [at] : []),
    ...(isRecord && schema.maxProperties === undefined ? [at] : []),
    ...(isRecord ? endless(values, `${at}.*`) : []),
    ...(items ? endless(items, `${at}[]`) : []),
    ...[...anyOf, ...oneOf, ...allOf].flatMap((part) => endless(part, at)),
    ...Object.entries({ ...properties, ...$defs }).flatMap(([key, one]) => endless(one, `${at}.${key}`)),
  ]
}

it.each(Object.entries<CommandDefinition>(commands))('%s bounds every list and record', (name, { payload }) => {
  expect(endless(inputSchema(payload), name)).toEqual([])
})
