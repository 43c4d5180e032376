/** `npm test`: everything that proves the project, in the order of what is cheapest to be wrong about. */
import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildWeb, webIsBuilt } from './lib/build-web.ts'
import { ensureChromium } from './lib/chromium.ts'

const root = join(import.meta.dirname, '..')
const bin = (name: string) => join(root, 'node_modules/.bin', name)

type Step = { title: string; run: () => Promise<boolean> | boolean }

function command(name: string, ...args: string[]): () => boolean {
  return () => spawnSync(bin(name), args, { cwd: root, stdio: 'inherit' }).status === 0
}

function script(path: string): () => boolean {
  return () => spawnSync(process.execPath, [join(root, path)], { cwd: root, stdio: 'inherit' }).status === 0
}

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { workspaces: string[] }
const projects = globSync(
  [...manifest.workspaces.map((workspace) => `${workspace}/**/tsconfig.json`), 'tsconfig.json'],
  {
    cwd: root,
    exclude: (name) => name === 'node_modules',
  },
)

const steps: Step[] = [
  { title: 'types', run: () => projects.every((path) => command('tsc', '--noEmit', '-p', path)()) },
  { title: 'lint', run: command('oxlint', '--type-aware', '--deny-warnings') },
  { title: 'formatting', run: command('prettier', '--check', '--log-level', 'warn', '.') },
  { title: 'unit tests', run: command('vitest', 'run', '--project', 'unit', '--project', 'mocked') },
  {
    title: 'the page, built',
    run: async () => {
      if (!webIsBuilt(root)) await buildWeb(root, (line) => process.stdout.write(`${line}\n`))
      return true
    },
  },
  { title: 'integration tests', run: command('vitest', 'run', '--project', 'integration') },
  { title: 'speed, coarsely', run: script('bench/guard.ts') },
  {
    title: 'browser tests',
    run: async () => {
      process.env['CHROMIUM_PATH'] = await ensureChromium()
      return command('vitest', 'run', '--project', 'e2e', '--project', 'traced')()
    },
  },
]

const started = performance.now()
for (const { title, run } of steps) {
  process.stdout.write(`\n── ${title}\n`)
  const before = performance.now()
  let passed: boolean
  try {
    passed = await run()
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    passed = false
  }
  if (!passed) {
    process.stderr.write(`\n✗ ${title} failed\n`)
    process.exit(1)
  }
  process.stdout.write(`✓ ${title}, ${((performance.now() - before) / 1000).toFixed(1)} s\n`)
}
process.stdout.write(`\nAll ${steps.length} steps passed in ${((performance.now() - started) / 1000).toFixed(0)} s.\n`)
