import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { commands, type CommandDefinition } from '@repo/discord-integration/types'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { describe, expect, it } from 'vitest'
import { asyncApiDocument } from './asyncapi-document.ts'

const PATH = new URL('../../../docs/asyncapi.json', import.meta.url)
const official = createRequire(import.meta.url)('@asyncapi/specs/schemas/3.0.0-without-$id.json') as object

type Example = { payload: unknown }
type Document = {
  components: { schemas: Record<string, object>; messages: Record<string, { payload: object; examples?: Example[] }> }
}

/** It takes what is no word of its own, as AsyncAPI has some, and each format that is one. */
function validator(): Ajv {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true })
  addFormats.default(ajv)
  return ajv
}

const text = JSON.stringify(asyncApiDocument())
const document = JSON.parse(text) as Document

/** Each operation, message and schema on a line of its own, so that what changes is seen and the file stays small. */
function onLines(value: object, levels: number, indent = ''): string {
  if (levels === 0) return JSON.stringify(value)
  const inner = `${indent}  `
  const lines = Object.entries(value).map(([key, of]: [string, unknown]) => {
    const told =
      of instanceof Object ? onLines(of, key === 'components' ? levels : levels - 1, inner) : JSON.stringify(of)
    return `${inner}${JSON.stringify(key)}: ${told}`
  })
  return `{\n${lines.join(',\n')}\n${indent}}`
}

describe('docs/asyncapi.json', () => {
  it('is what the schemas say; UPDATE_DOCS=1 writes it', async () => {
    const made = `${onLines(document, 2)}\n`
    if (process.env['UPDATE_DOCS'] === '1') await writeFile(PATH, made)
    else expect(await readFile(PATH, 'utf8')).toBe(made)
  })

  it('is a document of AsyncAPI 3.0.0, by its own schema', () => {
    const isValid = validator().compile(official)
    isValid(document)
    expect(isValid.errors ?? []).toEqual([])
    expect(isValid({ ...document, servers: { gateway: {} } })).toBe(false)
  })

  it('has of each command little that is not its own', () => {
    expect(text.length / Object.keys(commands).length).toBeLessThan(2_250)
  })

  it('refers to nothing that it has not', () => {
    const at = (path: string) =>
      path
        .split('/')
        .slice(1)
        .reduce((value: unknown, key) => (value as Record<string, unknown> | undefined)?.[key], document)
    const references = [...new Set(text.match(/(?<="\$ref":")[^"]+/g))]
    expect(references.length).toBeGreaterThan(50)
    expect(references.filter((reference) => at(reference) === undefined)).toEqual([])
  })

  it('takes what was read, and nothing unknown beside it', () => {
    const ajv = validator().addSchema({ ...document, $id: 'asyncapi.json' })
    const isTaken = ajv.getSchema('asyncapi.json#/components/schemas/edit_message.payload')
    const edited = (embed: object) =>
      isTaken?.({ channel_id: '1', message_id: '2', embeds: [{ title: 'x', ...embed }] })
    expect([edited({ type: 'rich' }), edited({ tipe: 'rich' })]).toEqual([true, false])
  })

  it('shows messages that its schemas take, of each kind and each command', () => {
    const ajv = validator().addSchema({ ...document, $id: 'asyncapi.json' })
    const shown = Object.entries(document.components.messages).flatMap(([name, { examples = [] }]) => {
      const isTaken = ajv.getSchema(`asyncapi.json#/components/messages/${name}/payload`)
      return examples.map(({ payload }) => ({
        name,
        errors: isTaken?.(payload) ? [] : (isTaken?.errors ?? 'no schema'),
      }))
    })
    expect(shown.filter(({ errors }) => errors.length > 0)).toEqual([])
    expect(shown.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(commands)))
  })

  it.each(Object.entries<CommandDefinition>(commands))('takes of %s no field that it has not', (name, { example }) => {
    const ajv = validator().addSchema({ ...document, $id: 'asyncapi.json' })
    const isTaken = ajv.getSchema(`asyncapi.json#/components/schemas/${name}.payload`)
    expect(isTaken?.(example)).toBe(true)
    expect(isTaken?.({ ...example, nothing: 1 })).toBe(false)
  })
})
