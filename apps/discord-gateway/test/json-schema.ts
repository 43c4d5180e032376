import { z } from 'zod'

/** What of JSON Schema, draft 2020-12, zod writes: https://json-schema.org/draft/2020-12 */
export type JsonSchema = {
  $ref?: string
  $defs?: Readonly<Record<string, JsonSchema>>
  anyOf?: readonly JsonSchema[]
  oneOf?: readonly JsonSchema[]
  allOf?: readonly JsonSchema[]
  title?: string
  description?: string
  type?: string | readonly string[]
  const?: unknown
  enum?: readonly unknown[]
  properties?: Readonly<Record<string, JsonSchema>>
  required?: readonly string[]
  additionalProperties?: boolean | JsonSchema
  items?: JsonSchema
  prefixItems?: readonly JsonSchema[]
  maxLength?: number
  minLength?: number
  maxItems?: number
  maxProperties?: number
  minItems?: number
  maximum?: number
  minimum?: number
  format?: string
  pattern?: string
  default?: unknown
  readOnly?: boolean
}

/** What somebody may write, as JSON Schema. */
export const inputSchema = (schema: z.ZodType): JsonSchema =>
  withoutReadOnly(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema)

/** Without the fields that may be sent back as they were read, and are then passed over. */
export const withoutReadOnly = <Schemas extends object>(schemas: Schemas): Schemas =>
  JSON.parse(JSON.stringify(schemas), (_key, value: JsonSchema | null) =>
    value?.readOnly ? undefined : value,
  ) as Schemas

/**
 * The ways to fit a schema, each of one type, without unions at its top and without references, but to those that are to be
 * left; null is none of them.
 */
export function waysOf(schema: JsonSchema, root: JsonSchema, isLeft = (_of: JsonSchema) => false): JsonSchema[] {
  if (schema.$ref !== undefined) {
    const of = referred(schema.$ref, root)
    return isLeft(of) ? [schema] : waysOf(of, root, isLeft)
  }
  const parts = schema.anyOf ?? schema.oneOf
  if (parts) return parts.flatMap((part) => waysOf(part, root, isLeft))
  if (schema.allOf) return [together(schema.allOf.flatMap((part) => waysOf(part, root)))]
  if (Array.isArray(schema.type)) return schema.type.flatMap((type) => waysOf({ ...schema, type }, root, isLeft))
  return schema.type === 'null' || schema.const === null ? [] : [schema]
}

export function referred(reference: string, root: JsonSchema): JsonSchema {
  if (reference === '#') return root
  const found = root.$defs?.[reference.replace('#/$defs/', '')]
  if (!found) throw new Error(`there is no ${reference}`)
  return found
}

const together = (parts: readonly JsonSchema[]): JsonSchema => ({
  type: 'object',
  properties: Object.fromEntries(parts.flatMap(({ properties = {} }) => Object.entries(properties))),
  required: parts.flatMap(({ required = [] }) => required),
})

/** The values that alone fit; null where there are others. */
export function valuesOf(way: JsonSchema): readonly unknown[] | null {
  return way.const === undefined ? (way.enum ?? null) : [way.const]
}
