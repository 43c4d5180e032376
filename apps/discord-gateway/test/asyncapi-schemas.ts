import { readdir } from 'node:fs/promises'
import {
  commands,
  ErrorIssueSchema,
  GatewayServiceAckMessageSchema,
  GatewayServiceCommandMessageSchema,
  GatewayServiceErrorMessageSchema,
  GatewayServiceEventMessageSchema,
  GatewayServiceSyncMessageSchema,
  GatewayServiceV2CommandMessageSchema,
  SnowflakeSchema,
  type CommandDefinition,
} from '@repo/discord-integration/types'
import { z } from 'zod'

const FIELDS = new URL('../../../packages/discord-integration/src/types/commands/', import.meta.url)

/** What the table's files share among them, by the names that they have there, without `Schema`; `ok` is of many results. */
async function sharedFields(): Promise<[string, z.ZodType][]> {
  const paths = await readdir(FIELDS)
  const modules = await Promise.all(
    paths.sort().map(async (path) => (await import(new URL(path, FIELDS).href)) as Record<string, unknown>),
  )
  return modules
    .flatMap((exported) => Object.entries(exported))
    .filter((entry): entry is [string, z.ZodType] => /^ok$|Schema$/.test(entry[0]) && entry[1] instanceof z.ZodType)
    .map(([name, schema]) => [name.replace(/Schema$/, ''), schema])
}

const messages: Readonly<Record<string, z.ZodType>> = {
  EventMessage: GatewayServiceEventMessageSchema,
  SyncMessage: GatewayServiceSyncMessageSchema,
  AckMessage: GatewayServiceAckMessageSchema,
  ErrorMessage: GatewayServiceErrorMessageSchema,
  CommandMessage: GatewayServiceCommandMessageSchema,
  CommandMessageV2: GatewayServiceV2CommandMessageSchema,
}

const ofCommands = Object.entries<CommandDefinition>(commands).flatMap(([name, { payload, result }]) => [
  [`${name}.payload`, payload] as const,
  [`${name}.result`, result] as const,
])

export const schemaRef = (name: string) => ({ $ref: `#/components/schemas/${name}` })

/** Draft 7, which is what AsyncAPI's own schemas are a superset of. */
const asJsonSchema = { target: 'draft-7', io: 'input', unrepresentable: 'any' } as const

/**
 * The schemas of all messages, and of each command's payload and result, for `components.schemas` of AsyncAPI: what several
 * have in them stands once, by its name in the code.
 */
export async function componentSchemas(): Promise<Record<string, object>> {
  const registry = z.registry<{ id: string }>()
  const names = new Set<string>()
  const shared = [['Snowflake', SnowflakeSchema] as const, ['ErrorIssue', ErrorIssueSchema] as const]
  for (const [name, schema] of [...Object.entries(messages), ...shared, ...(await sharedFields()), ...ofCommands]) {
    if (registry.has(schema) || names.has(name)) continue
    names.add(name)
    registry.add(schema, { id: name })
  }
  const { schemas } = z.toJSONSchema(registry, {
    ...asJsonSchema,
    uri: (name) => schemaRef(name).$ref,
    override: ({ zodSchema, jsonSchema }) => {
      // Any name is one: Discord adds events before anybody knows them.
      if (zodSchema === GatewayServiceEventMessageSchema.shape.data.shape.event) jsonSchema.type = 'string'
    },
  })
  const again = ofCommands.flatMap(([name, schema]) => {
    const first = registry.get(schema)?.id
    return first === undefined || first === name ? [] : [[name, schemaRef(first)] as const]
  })
  const used = new Set(JSON.stringify([schemas, again]).match(/(?<="\$ref":"#\/components\/schemas\/)[^"]+/g))
  const isOf = (name: string) => name in messages || name.includes('.') || used.has(name)
  const own = Object.entries(schemas)
    .filter(([name]) => isOf(name))
    .map(([name, { $id: _id, $schema: _draft, ...schema }]) => [name, schema] as const)
  return Object.fromEntries<object>([...own, ...again])
}

/** A schema that refers to none, as draft 7. */
export function inlineSchema(schema: z.ZodType): object {
  const { $schema: _draft, ...own } = z.toJSONSchema(schema, asJsonSchema)
  return own
}
