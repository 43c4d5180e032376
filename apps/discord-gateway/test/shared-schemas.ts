import { readdir } from 'node:fs/promises'
import { commands, ErrorIssueSchema, SnowflakeSchema, type CommandDefinition } from '@repo/discord-integration/types'
import { z } from 'zod'

const FIELDS = new URL('../../../packages/discord-integration/src/types/commands/', import.meta.url)

const modules = await Promise.all(
  (await readdir(FIELDS))
    .sort()
    .map(async (path) => (await import(new URL(path, FIELDS).href)) as Record<string, unknown>),
)

type Named = readonly [name: string, schema: z.ZodType]

/** What several messages and commands have in them, by the names in the code, without `Schema`; `ok` is of many results. */
const shared: readonly Named[] = [{ SnowflakeSchema, ErrorIssueSchema }, ...modules]
  .flatMap((exported) => Object.entries<unknown>(exported))
  .filter((entry): entry is [string, z.ZodType] => /^ok$|Schema$/.test(entry[0]) && entry[1] instanceof z.ZodType)
  .map(([name, schema]) => [name.replace(/Schema$/, ''), schema] as const)
  // Discord's objects are such ones, each with a name of its own.
  .filter(([name]) => name !== 'Raw')

const ofCommands: readonly Named[] = Object.entries<CommandDefinition>(commands).flatMap(
  ([name, { payload, result }]): Named[] => [
    [`${name}.payload`, payload],
    [`${name}.result`, result],
  ],
)

/**
 * Of each command `<name>.payload` and `<name>.result`, and what these and `others` share, as JSON Schemas that refer to each
 * other: what stands in several is there once, by its name.
 */
export function namedSchemas<Schema extends object>(
  others: readonly Named[],
  params: Pick<z.core.RegistryToJSONSchemaParams, 'target' | 'uri' | 'override'>,
): Record<string, Schema> {
  const registry = z.registry<{ id: string }>()
  const first = new Map<z.ZodType, string>()
  for (const [name, schema] of [...others, ...shared, ...ofCommands]) {
    if (first.has(schema)) continue
    first.set(schema, name)
    registry.add(schema, { id: name })
  }
  const { schemas } = z.toJSONSchema(registry, { ...params, io: 'input', unrepresentable: 'any' })
  const own = Object.entries(schemas).map(([name, { $id: _id, $schema: _draft, ...schema }]) => [name, schema] as const)
  const again = ofCommands.flatMap(([name, schema]) => {
    const as = first.get(schema) ?? name
    return as === name ? [] : [[name, { $ref: params.uri?.(as) }] as const]
  })
  return Object.fromEntries<object>([...own, ...again]) as Record<string, Schema>
}
