import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { connect } from './connect/connect.ts'
import { e2e } from './e2e/e2e.ts'
import { guilds } from './guilds/guilds.ts'
import { ingest } from './ingest/ingest.ts'
import { drawCharts } from './lib/chart.ts'
import { checkOpenFiles } from './lib/open-files.ts'
import { HOPS, readOptions, USAGE, type BenchOptions, type Hop } from './lib/options.ts'
import { print, type Table } from './lib/report.ts'
import { limits } from './limits/limits.ts'
import { link } from './link/link.ts'
import { log } from './log/log.ts'
import { page } from './page/page.ts'
import { replay } from './replay/replay.ts'
import { sight } from './sight/sight.ts'
import { sse } from './sse/sse.ts'

/* `npm run bench`: how fast each part of the way is, beside the example code and what else does the same. */

const measures: Readonly<Record<Hop, (options: BenchOptions) => Promise<Table[]>>> = {
  ingest,
  log,
  replay,
  link,
  sight,
  guilds,
  sse,
  connect,
  e2e,
  limits,
  page,
}

/** Twice what the whole takes, an hour for 5 rounds: something hangs, and nobody may be there to see it. */
const longestRunMs = (rounds: number) => (20 + 8 * rounds) * 60_000

const say = (text: string) => process.stdout.write(`${text}\n`)

const args = process.argv.slice(2)
if (args.includes('--help') || args.includes('-h')) {
  say(USAGE)
  process.exit(0)
}

let options: BenchOptions
try {
  options = readOptions(args)
  checkOpenFiles(options)
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n\n${USAGE}\n`)
  process.exit(1)
}

setTimeout(() => {
  process.stderr.write('bench: it does not end\n')
  process.exit(1)
}, longestRunMs(options.rounds)).unref()

const from = performance.now()
const [cpu] = cpus()
const machine = { node: process.version, cpus: cpus().length, cpu: cpu?.model ?? 'unknown' }
say(`Node ${machine.node}, ${machine.cpus} × ${machine.cpu}`)
const { out, ...asked } = options
mkdirSync(out, { recursive: true })
for (const hop of HOPS.filter((known) => options.hops.includes(known))) {
  const tables = await measures[hop](options)
  for (const table of tables) say(print(table))
  const at = new Date()
  const charts = tables.flatMap(({ chart }) => chart ?? [])
  writeFileSync(join(out, `${hop}.json`), `${JSON.stringify({ at, machine, options: asked, tables }, null, 2)}\n`)
  if (charts.length > 0) writeFileSync(join(out, `${hop}.svg`), drawCharts(charts))
}
say(`${((performance.now() - from) / 1_000).toFixed(0)} s; the figures are in ${out}, a file and a plot a hop`)
