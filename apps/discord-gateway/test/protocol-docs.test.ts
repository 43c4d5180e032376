import { readFile, writeFile } from 'node:fs/promises'
import { GatewayServiceV2MessageSchema, parseEventId } from '@repo/discord-integration/types'
import { format, resolveConfig } from 'prettier'
import { beforeAll, describe, expect, it } from 'vitest'
import { COMMAND_DEADLINE_MS } from '../src/commands/discord-api.ts'
import { withTables } from './protocol-tables.ts'

const PATH = new URL('../../../docs/PROTOCOL.md', import.meta.url)

let document = ''
beforeAll(async () => {
  document = await readFile(PATH, 'utf8')
})

describe('docs/PROTOCOL.md', () => {
  it('has the tables that the code has; UPDATE_DOCS=1 writes them', async () => {
    const options = await resolveConfig(PATH)
    const made = await format(withTables(document), { ...options, parser: 'markdown' })
    if (process.env['UPDATE_DOCS'] === '1') await writeFile(PATH, made)
    else expect(document).toBe(made)
  })

  it('shows no message that the schema does not take as it is', () => {
    const examples = [...document.matchAll(/^```json\n([^]*?)^```/gm)].map(
      ([, text = '']) => JSON.parse(text) as unknown,
    )
    expect(examples.length).toBeGreaterThanOrEqual(6)
    for (const example of examples) expect(GatewayServiceV2MessageSchema.parse(example)).toEqual(example)
  })

  it('shows ids that are ids', () => {
    const ids = [...document.matchAll(/"id": "([^"]+)"/g)].map(([, id = '']) => id)
    expect(ids.length).toBeGreaterThan(0)
    expect(ids.filter((id) => !parseEventId(id))).toEqual([])
  })

  it('says how long a command may take', () => {
    expect(document).toContain(`within ${COMMAND_DEADLINE_MS / 1000} seconds`)
  })
})
