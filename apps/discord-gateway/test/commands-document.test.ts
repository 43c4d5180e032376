import { readFile, writeFile } from 'node:fs/promises'
import { commands, type CommandDefinition } from '@repo/discord-integration/types'
import { format, resolveConfig } from 'prettier'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { commandsDocument } from './commands-document.ts'
import { discordPage } from './discord-page.ts'
import { inputSchema } from './json-schema.ts'
import { fieldsOf } from './schema-words.ts'

const PATH = new URL('../../../docs/COMMANDS.md', import.meta.url)
const table = Object.entries<CommandDefinition>(commands)

describe('docs/COMMANDS.md', () => {
  it('is what the table says; UPDATE_DOCS=1 writes it', async () => {
    const options = await resolveConfig(PATH)
    const made = await format(commandsDocument(), { ...options, parser: 'markdown' })
    if (process.env['UPDATE_DOCS'] === '1') await writeFile(PATH, made)
    else expect(await readFile(PATH, 'utf8')).toBe(made)
  })

  it.each(table)('has an example of %s that its schema takes', (_name, { example, payload }) => {
    expect(payload.safeParse(example).error?.issues ?? []).toEqual([])
  })

  it('has a method for each command', () => {
    expect(new Set(table.map(([, { method }]) => method)).size).toBe(table.length)
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

  it('say what is within objects and lists, and of what is within itself once', () => {
    const Option: z.ZodType = z.lazy(() => z.object({ name: z.string(), options: z.array(Option).optional() }))
    expect(told(z.object({ embeds: z.array(z.object({ title: z.string() })).min(1), option: Option }))).toEqual([
      'embeds: list of objects, at least 1 of them',
      'embeds[].title: text',
      'option: object',
      'option.name: text',
      'option.options: list of objects',
    ])
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
