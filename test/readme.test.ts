import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { format, resolveConfig } from 'prettier'
import { expect, test } from 'vitest'
import { configTable as gatewayTable } from '../apps/discord-gateway/src/config.ts'
import { configTable as webTable } from '../apps/web/src/server/config.ts'
import { DEFAULT_PORT } from '../packages/discord-simulator/src/config.ts'

const README = new URL('../README.md', import.meta.url)
const MARKED = /(<!-- configuration -->\n)[^]*(<!-- \/configuration -->)/

type Row = { name: string; default: string | null; meaning: string; readBy: string }

function rows(): Row[] {
  const simulator = [
    {
      name: 'SIMULATOR_PORT',
      default: String(DEFAULT_PORT),
      meaning: 'The port the simulated Discord listens on.',
    },
    {
      name: 'SIMULATOR_BOT_TOKEN',
      default: null,
      meaning: 'The token that the simulated Discord takes instead of its own; in the demo the gateway uses it too.',
    },
  ]
  const all = [
    ...gatewayTable.map((row) => ({ ...row, readBy: 'gateway' })),
    ...webTable.map((row) => ({ ...row, readBy: 'web' })),
    ...simulator.map((row) => ({ ...row, readBy: 'simulator' })),
  ]
  const byName = new Map<string, Row>()
  for (const row of all) {
    const known = byName.get(row.name)
    byName.set(row.name, known ? { ...known, readBy: `${known.readBy}, ${row.readBy}` } : row)
  }
  return [...byName.values()]
}

function table(): string {
  const lines = rows().map(
    (row) =>
      `| \`${row.name}\` | ${row.default === null ? '' : `\`${row.default}\``} | ${row.readBy} | ${row.meaning} |`,
  )
  return `\n| variable | default | read by | meaning |\n| --- | --- | --- | --- |\n${lines.join('\n')}\n\n`
}

test('README has the configuration that the code has; UPDATE_DOCS=1 writes it', async () => {
  const readme = await readFile(README, 'utf8')
  const options = await resolveConfig(README)
  const made = await format(
    readme.replace(MARKED, (_, open: string, close: string) => open + table() + close),
    { ...options, parser: 'markdown' },
  )
  if (process.env['UPDATE_DOCS'] === '1') await writeFile(README, made)
  else expect(readme).toBe(made)
})

test('README has every variable that npm start reads', async () => {
  const topology = await readFile(new URL('../scripts/lib/topology.ts', import.meta.url), 'utf8')
  const read = new Set(topology.match(/(?<=')(?!NODE_ENV)[A-Z]+(?:_[A-Z]+)+(?=')/g))
  expect(rows().map(({ name }) => name)).toEqual(expect.arrayContaining([...read]))
})

test.each(['backend.ts', 'commands.ts'])('README shows examples/%s as it is', async (name) => {
  const example = await readFile(new URL(`../examples/${name}`, import.meta.url), 'utf8')
  expect(await readFile(README, 'utf8')).toContain(`\`\`\`ts\n${example}\`\`\``)
})

test.each(['README.md', 'CONTRIBUTING.md', 'docs/ARCHITECTURE.md', 'docs/COMMANDS.md', 'docs/PROTOCOL.md'])(
  'every file that %s links to is there',
  async (name) => {
    const document = new URL(`../${name}`, import.meta.url)
    const links = [...(await readFile(document, 'utf8')).matchAll(/\]\((?!https?:)([^)#]+)/g)]
    const missing = links.flatMap(([, link = '']) => (existsSync(new URL(link, document)) ? [] : [link]))
    expect(missing).toEqual([])
  },
)
