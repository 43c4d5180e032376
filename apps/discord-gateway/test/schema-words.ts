import { referred, valuesOf, waysOf, type JsonSchema } from './json-schema.ts'

/** A field of a schema in words; those within it follow it, dots between the keys and `[]` for what is in a list. */
export type FieldWords = { name: string; required: boolean; words: string }

/** What is told elsewhere, so that it is linked to: objects of Discord’s, and those that have a name here. */
const isElsewhere = ({ title, properties }: JsonSchema) => title !== undefined || properties !== undefined

/** `PermissionOverwrite` is a `permission overwrite`. */
export const spoken = (name: string) => name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase()

function link(reference: string, root: JsonSchema): string {
  const { title, description } = referred(reference, root)
  if (title !== undefined) return `[${title}](${description})`
  const name = spoken(reference.slice(reference.lastIndexOf('/') + 1))
  return `[${name}](#${name.replaceAll(' ', '-')})`
}

const code = (value: unknown) => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``
/** `a, b or c` */
export const listed = (parts: readonly string[], last: string) =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} ${last} ${parts.at(-1)}`
/** The words for one thing, for many: `id` begins `ids`. */
const many = (text: string) => text.replace(/^(?:whole number|\w+|\[[^\]]+)/, '$&s').replace('has it', 'has them')
const amount = (count: number) => count.toLocaleString('en')

/** Numbers of 32 and 53 bits end there, whoever writes them. */
const bound = (limit: number | undefined) => (limit === undefined || Math.abs(limit) >= 2 ** 31 - 1 ? undefined : limit)

/** `1 to 100 characters`. */
function range(least: number | undefined, most: number | undefined, what = ''): string {
  const [low, high] = [bound(least), bound(most)]
  const of = what && ` ${what}`
  if (low !== undefined && high !== undefined) return `${low === high ? '' : `${amount(low)} to `}${amount(high)}${of}`
  if (high !== undefined) return `at most ${amount(high)}${of}`
  return low === undefined || (low === 0 && what !== '') ? '' : `at least ${amount(low)}${of}`
}

const withRange = (word: string, text: string) => (text === '' ? word : `${word}, ${text}`)

/** What strings of a pattern of ours are called. */
const PATTERNS: readonly (readonly [begins: string, words: string])[] = [
  ['^\\d{1,20}$', 'id'],
  ['^data:image', 'picture as `data:image/png;base64,…`'],
  ['^upload_', 'handle of an [upload](PROTOCOL.md#uploads)'],
]

function ofString({ format, pattern, minLength, maxLength }: JsonSchema): string {
  if (format === 'date-time') return 'moment, as `2027-01-01T12:00:00Z`'
  const known = PATTERNS.find(([begins]) => pattern?.startsWith(begins))
  return known?.[1] ?? withRange('text', range(minLength, maxLength, 'characters'))
}

function ofArray(way: JsonSchema, root: JsonSchema): string {
  if (way.prefixItems)
    return `list of ${listed(
      way.prefixItems.map((item) => words(item, root)),
      'and',
    )}`
  const items = way.items ? words(way.items, root, many) : 'anything'
  return withRange(`list of ${items}`, range(way.minItems, way.maxItems, 'of them'))
}

const KINDS: Readonly<Record<string, (way: JsonSchema, root: JsonSchema) => string>> = {
  string: ofString,
  integer: ({ minimum, maximum }) => withRange('whole number', range(minimum, maximum)),
  number: ({ minimum, maximum }) => withRange('number', range(minimum, maximum)),
  boolean: () => '`true` or `false`',
  array: ofArray,
  object: ({ properties, additionalProperties: values, maxProperties }, root) => {
    const isOf = typeof values === 'object' && Object.keys(values).length > 0
    if (isOf) {
      const of = words(values, root, many)
      return withRange(
        isNullable(values) ? `object (of ${of})` : `object of ${of}`,
        range(undefined, maxProperties, 'of them'),
      )
    }
    return properties ? 'object' : 'object as Discord has it'
  },
}

const ofWay = (way: JsonSchema, root: JsonSchema) =>
  way.$ref === undefined ? (KINDS[String(way.type)]?.(way, root) ?? 'anything') : link(way.$ref, root)

const isNullable = (schema: JsonSchema): boolean =>
  schema.type === 'null' ||
  (Array.isArray(schema.type) && schema.type.includes('null')) ||
  (schema.anyOf ?? schema.oneOf ?? []).some(isNullable)

/** What fits a schema, on one line. */
function words(schema: JsonSchema, root: JsonSchema, said = (text: string) => text): string {
  const found = waysOf(schema, root, isElsewhere)
  const ways = new Set(found.flatMap((way) => valuesOf(way)?.map(code) ?? said(ofWay(way, root))))
  return listed([...ways, ...(isNullable(schema) ? ['`null`'] : [])], 'or')
}

/** The fields of an object, each followed by those within it, unless it is linked to. */
export function fieldsOf(root: JsonSchema): FieldWords[] {
  function ofObjects(ways: readonly JsonSchema[], prefix: string): FieldWords[] {
    const objects = ways.filter((way) => way.properties)
    const names = new Set(objects.flatMap(({ properties = {} }) => Object.keys(properties)))
    const found = [...names].flatMap((key) => {
      const all = objects.flatMap(({ properties = {} }) => properties[key] ?? [])
      const required = objects.every((object) => object.required?.includes(key))
      const name = `${prefix}${key}`
      return [{ name, required, words: words({ anyOf: all }, root) }, ...all.flatMap((one) => ofSchema(one, name))]
    })
    return found.filter(({ name }, at) => found.findIndex((one) => one.name === name) === at)
  }

  function ofSchema(schema: JsonSchema, name: string): FieldWords[] {
    const ways = waysOf(schema, root, isElsewhere)
    const items = ways.flatMap((way) => (way.items ? ofSchema(way.items, `${name}[]`) : []))
    return [...ofObjects(ways, `${name}.`), ...items]
  }

  return ofObjects(waysOf(root, root), '')
}
