/** `npm run chaos`: the service under everything that can happen to it, by a seed, and what its browsers were told. */
import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildWeb, webIsBuilt } from '../../scripts/lib/build-web.ts'
import { ROOT } from '../lib/child.ts'
import { commandOf, reportOf } from './report.ts'
import { runChaos } from './run.ts'

/** How far apart deeds are, on average, in ms: near enough that one meets what another has left. */
const EVERY_MS = 1_500

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    minutes: { type: 'string', default: '10' },
    rate: { type: 'string', default: '500' },
    every: { type: 'string', default: String(EVERY_MS) },
    // Discord forgets no session: nothing may be announced as missing.
    'sessions-live': { type: 'boolean', default: false },
    // A folder for what each process said.
    output: { type: 'string' },
    quiet: { type: 'boolean', default: false },
  },
})
const options = {
  seed: values.seed ?? randomBytes(4).toString('hex'),
  durationMs: positive('minutes') * 60_000,
  eventsPerSecond: positive('rate'),
  everyMs: positive('every'),
  dying: !values['sessions-live'],
  say: values.quiet ? () => {} : (line: string) => void process.stdout.write(`${line}\n`),
}
process.stdout.write(`${commandOf(options)}\n\n`)
if (!webIsBuilt(ROOT)) await buildWeb(ROOT, (line) => process.stdout.write(`${line}\n`))
const result = await runChaos(options)
process.stdout.write(`\n${reportOf(result)}\n`)
if (values.output !== undefined) {
  mkdirSync(values.output, { recursive: true })
  for (const [name, lines] of result.output) writeFileSync(join(values.output, `${name}.log`), lines.join('\n'))
}
process.exit(result.problems.length === 0 ? 0 : 1)

function positive(name: 'minutes' | 'rate' | 'every'): number {
  const value = Number(values[name])
  if (value > 0) return value
  process.stderr.write(`--${name}: expected a number above 0\n`)
  process.exit(1)
}
