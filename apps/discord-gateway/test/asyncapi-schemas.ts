import {
  GatewayServiceAckMessageSchema,
  GatewayServiceCommandMessageSchema,
  GatewayServiceErrorMessageSchema,
  GatewayServiceEventMessageSchema,
  GatewayServiceSyncMessageSchema,
  GatewayServiceV2CommandMessageSchema,
} from '@repo/discord-integration/types'
import { z } from 'zod'
import { namedSchemas } from './shared-schemas.ts'

const messages = {
  EventMessage: GatewayServiceEventMessageSchema,
  SyncMessage: GatewayServiceSyncMessageSchema,
  AckMessage: GatewayServiceAckMessageSchema,
  ErrorMessage: GatewayServiceErrorMessageSchema,
  CommandMessage: GatewayServiceCommandMessageSchema,
  CommandMessageV2: GatewayServiceV2CommandMessageSchema,
}

const REFERENCE = '#/components/schemas/'
export const schemaRef = (name: string) => ({ $ref: `${REFERENCE}${name}` })

type Schema = { $ref?: string; properties?: Record<string, Schema> }

/** Draft 7, which is what AsyncAPI's own schemas are a superset of. */
const all = namedSchemas<Schema>(Object.entries(messages), {
  target: 'draft-7',
  uri: (name) => schemaRef(name).$ref,
  override: ({ zodSchema, jsonSchema }) => {
    // Any name is one: Discord adds events before anybody knows them.
    if (zodSchema === GatewayServiceEventMessageSchema.shape.data.shape.event) jsonSchema.type = 'string'
    // That names are texts is so in all of JSON.
    if (JSON.stringify(jsonSchema.propertyNames) === '{"type":"string"}') delete jsonSchema.propertyNames
    // What is nothing but a reference is written as one.
    const { allOf, ...others } = jsonSchema
    if (allOf?.length === 1 && allOf[0]?.$ref && Object.keys(others).length === 0) {
      delete jsonSchema.allOf
      jsonSchema.$ref = allOf[0].$ref
    }
  },
})

const RESULT = '.result'
/** `followed_channel` is `FollowedChannel`. */
const camel = (text: string) => text.replaceAll(/(?:^|_)([a-z])/g, (_all, letter: string) => letter.toUpperCase())

type Result = { command: string; text: string; byFields: string }

const ofCommands = Object.entries(all)
  .filter(([name]) => name.endsWith(RESULT))
  .map(([name, of]): Result => {
    const schema = of.$ref === undefined ? of : (all[of.$ref.slice(REFERENCE.length)] ?? {})
    const fields = Object.keys(schema.properties ?? {}).filter((field) => field !== 'success')
    const command = name.slice(0, -RESULT.length)
    const byFields = fields.length > 1 ? command : (fields[0] ?? 'success')
    return { command, text: JSON.stringify(schema), byFields }
  })

/** The same results have one name, that of their field; where it is of several, of that which most commands have. */
const resultNames = new Map<string, string>()
for (const [byFields, alike] of Map.groupBy(ofCommands, (of) => of.byFields)) {
  const byText = [...Map.groupBy(alike, ({ text }) => text).values()].sort((one, other) => other.length - one.length)
  for (const [at, same] of byText.entries()) {
    const name = `${camel(at === 0 ? byFields : (same[0]?.command ?? ''))}Result`
    for (const { command } of same) resultNames.set(command, name)
  }
}
const results = Object.fromEntries(
  ofCommands.map(({ command, text }) => [resultNames.get(command) ?? '', JSON.parse(text) as Schema]),
)

/** What a command's result is called; those of several commands that are the same have one name. */
export function resultName(command: string): string {
  const name = resultNames.get(command)
  if (name === undefined) throw new Error(`there is no result of ${command}`)
  return name
}

/**
 * The schemas of all messages, of each command’s payload and of the results, for `components.schemas` of AsyncAPI: what several
 * have in them stands once.
 */
export function componentSchemas(): Record<string, object> {
  const others = Object.entries(all).filter(([name]) => !name.endsWith(RESULT))
  const used = new Set(JSON.stringify([others, results]).match(/(?<="\$ref":"#\/components\/schemas\/)[^"]+/g))
  const isOf = (name: string) => name in messages || name.includes('.') || used.has(name)
  return { ...Object.fromEntries(others.filter(([name]) => isOf(name))), ...results }
}

/** A schema that refers to none, as draft 7. */
export function inlineSchema(schema: z.ZodType): object {
  const { $schema: _draft, ...own } = z.toJSONSchema(schema, { target: 'draft-7', io: 'input', unrepresentable: 'any' })
  return own
}
