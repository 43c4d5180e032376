import { glob, readFile, writeFile } from 'node:fs/promises'
import { errorCodes, GatewayServiceV2MessageSchema, parseEventId } from '@repo/discord-integration/types'
import { ANNOUNCE_INTERVAL_MS } from '@repo/event-feed'
import { EXPIRING_MAX } from '@repo/event-feed/sqlite'
import { format, resolveConfig } from 'prettier'
import { beforeAll, describe, expect, it } from 'vitest'
import { COMMAND_DEADLINE_MS } from '../src/commands/deadline.ts'
import { linkLimits } from '../src/link/limits.ts'
import { withTables } from './protocol-tables.ts'

const PATH = new URL('../../../docs/PROTOCOL.md', import.meta.url)
const SOURCES = new URL('../src/', import.meta.url)

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

  it.each([
    `within ${COMMAND_DEADLINE_MS / 1_000} seconds`,
    `every ${ANNOUNCE_INTERVAL_MS / 1_000} s,`,
    `for at most ${linkLimits.lastCommandsMaxMs / 1_000} seconds`,
    `of more than ${EXPIRING_MAX.toLocaleString('en')} the oldest`,
  ])('says %s, as the code has it', (words) => {
    expect(document.replaceAll(/\s+/g, ' ')).toContain(words)
  })

  it('leaves the client’s own errors to the client: nothing of the gateway says them', async () => {
    const ofTheClient = Object.keys(errorCodes).slice(-3)
    expect(ofTheClient).toEqual(['NOT_CONNECTED', 'DEADLINE_EXCEEDED', 'CLOSED'])
    const said = new Set<string>()
    for await (const path of glob('**/*.ts', { cwd: SOURCES })) {
      const source = await readFile(new URL(path, SOURCES), 'utf8')
      for (const [, code = ''] of source.matchAll(/['"`]([A-Z_]+)['"`]/g)) said.add(code)
    }
    expect([...said]).toContain('SHUTTING_DOWN')
    expect(ofTheClient.filter((code) => said.has(code))).toEqual([])
  })
})
