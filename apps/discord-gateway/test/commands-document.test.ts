import { readFile, writeFile } from 'node:fs/promises'
import { commands, type CommandDefinition } from '@repo/discord-integration/types'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { commandsDocument } from './commands-document.ts'
import { discordPage } from './discord-page.ts'
import { inputSchema, type JsonSchema } from './json-schema.ts'
import { fieldsOf } from './schema-words.ts'
import { namedSchemas } from './shared-schemas.ts'

const PATH = new URL('../../../docs/COMMANDS.md', import.meta.url)
const table = Object.entries<CommandDefinition>(commands)

/** What has fields of its own within a schema. */
function objectsWithin(schema: JsonSchema): JsonSchema[] {
  const { properties = {}, additionalProperties, items, anyOf = [], oneOf = [], allOf = [] } = schema
  const values = typeof additionalProperties === 'object' ? [additionalProperties] : []
  const parts = [...Object.values(properties), ...values, ...(items ? [items] : []), ...anyOf, ...oneOf, ...allOf]
  return parts.flatMap((part) => [...(part.properties ? [part] : []), ...objectsWithin(part)])
}

describe('docs/COMMANDS.md', () => {
  it('is what the table says; UPDATE_DOCS=1 writes it', async () => {
    const made = commandsDocument()
    if (process.env['UPDATE_DOCS'] === '1') await writeFile(PATH, made)
    else expect(await readFile(PATH, 'utf8')).toBe(made)
  })

  it.each(table)('has an example of %s that its schema takes', (_name, { example, payload }) => {
    expect(payload.safeParse(example).error?.issues ?? []).toEqual([])
  })

  it('shows the examples as they are', () => {
    const [, ...shown] = [...commandsDocument().matchAll(/^```json\n([^]*?)^```/gm)].map(
      ([, text = '']) => JSON.parse(text) as unknown,
    )
    expect(shown).toEqual(table.map(([, { example }]) => example))
  })

  it('says in words where it depends on the payload whether it may be asked again', () => {
    const named = (key: keyof CommandDefinition) => table.flatMap(([name, of]) => (key in of ? [name] : []))
    expect(named('repeatableOf')).toEqual(['discord_api'])
    expect(named('repeatableWhen')).toEqual(named('repeatableOf'))
    expect(commandsDocument()).toContain('- Again: `read` for a GET,')
  })

  it('has a method for each command', () => {
    expect(new Set(table.map(([, { method }]) => method)).size).toBe(table.length)
  })

  it('describes no object of two commands in each of them', () => {
    const texts = Object.entries(namedSchemas<JsonSchema>([], {})).flatMap(([name, schema]) => {
      const isShared = !name.includes('.') && schema.properties !== undefined
      const objects = [...(isShared ? [schema] : []), ...objectsWithin(schema)]
      return [...new Set(objects.map((object) => JSON.stringify(object)))]
    })
    expect(texts.length).toBeGreaterThan(20)
    expect(texts.filter((text, at) => texts.indexOf(text) !== at)).toEqual([])
  })

  it('links to nothing that it has not', () => {
    const text = commandsDocument()
    const heads = [...text.matchAll(/^#+ (.+)$/gm)].map(([, head = '']) => head.toLowerCase().replaceAll(' ', '-'))
    expect(heads.filter((head, at) => heads.indexOf(head) !== at)).toEqual([])
    const links = [...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, to = '']) => to)
    expect(links.length).toBeGreaterThan(table.length)
    expect(links.filter((to) => !heads.includes(to))).toEqual([])
  })

  it('is of a length that somebody reads', () => {
    expect(Buffer.byteLength(commandsDocument()) / table.length).toBeLessThan(850)
  })

  it('links to a page of Discord’s for each route', () => {
    const routes = table.flatMap(([, { rest }]) => rest?.route ?? [])
    expect(routes.filter((route) => discordPage(route) === undefined)).toEqual([])
  })
})

describe('the words for a schema', () => {
  const told = (schema: z.ZodType) => fieldsOf(inputSchema(schema)).map(({ name, words }) => `${name}: ${words}`)

  it('say kinds, bounds and values', () => {
    const schema = z.object({
      name: z.string().min(1).max(2_000),
      any: z.string(),
      count: z.int().min(0).max(100),
      size: z.int(),
      sign: z.literal(4),
      sort: z.enum(['a', 'b', 'c']).nullable(),
      ids: z.array(z.string().regex(/^\d{1,20}$/)).max(25),
      until: z.iso.datetime({ offset: true }),
      raw: z.record(z.string(), z.unknown()),
    })
    expect(told(schema)).toEqual([
      'name: text, 1 to 2,000 characters',
      'any: text',
      'count: whole number, 0 to 100',
      'size: whole number',
      'sign: `4`',
      'sort: `a`, `b`, `c` or `null`',
      'ids: list of ids, at most 25 of them',
      'until: moment, as `2027-01-01T12:00:00Z`',
      'raw: object as Discord has it',
    ])
  })

  it('say what is within objects and lists', () => {
    const names = z.record(z.string(), z.string().min(1).max(32))
    expect(told(z.object({ embeds: z.array(z.object({ title: z.string() })).min(1), names }))).toEqual([
      'embeds: list of objects, at least 1 of them',
      'embeds[].title: text',
      'names: object of texts, 1 to 32 characters',
    ])
  })

  it('link to what has a name, and to Discord’s page of what is Discord’s', () => {
    const Tag = z.object({ name: z.string() }).meta({ id: 'TestTag' })
    const Ban = z.record(z.string(), z.unknown()).meta({ title: 'ban object', description: 'https://example.com/ban' })
    const Id = z.string().meta({ id: 'TestId' })
    const withId = Ban.meta({ ...Ban.meta(), id: 'TestBan' })
    expect(told(z.object({ tag: Tag, tags: z.array(Tag).max(2), ban: withId, bans: z.array(withId), id: Id }))).toEqual(
      [
        'tag: [test tag](#test-tag)',
        'tags: list of [test tags](#test-tag), at most 2 of them',
        'ban: [ban object](https://example.com/ban)',
        'bans: list of [ban objects](https://example.com/ban)',
        'id: text',
      ],
    )
  })

  it('say which fields may be left out, also where there are several kinds', () => {
    const kinds = z.union([z.object({ type: z.literal(1), a: z.string() }), z.object({ type: z.literal(2) })])
    expect(fieldsOf(inputSchema(z.object({ of: kinds.optional() })))).toEqual([
      { name: 'of', required: false, words: 'object' },
      { name: 'of.type', required: true, words: '`1` or `2`' },
      { name: 'of.a', required: false, words: 'text' },
    ])
  })
})
