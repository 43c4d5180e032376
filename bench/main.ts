import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { ingest } from './ingest/ingest.ts'
import { HOPS, readOptions, USAGE, type BenchOptions, type Hop } from './lib/options.ts'
import { print, type Table } from './lib/report.ts'
import { link } from './link/link.ts'
import { log } from './log/log.ts'
import { page } from './page/page.ts'
import { sse } from './sse/sse.ts'
import { way } from './way/way.ts'

/* `npm run bench`: how fast each part of the way is, beside the example code and what else does the same. */

const measures: Readonly<Record<Hop, (options: BenchOptions) => Promise<Table[]>>> = {
  ingest,
  log,
  link,
  sse,
  way,
  page,
}

/** Several times what the whole takes: something hangs, and nobody may be there to see it. */
const LONGEST_RUN_MS = 15 * 60_000

const say = (text: string) => process.stdout.write(`${text}\n`)

let options: BenchOptions
try {
  options = readOptions(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n\n${USAGE}\n`)
  process.exit(1)
}

setTimeout(() => {
  process.stderr.write('bench: it does not end\n')
  process.exit(1)
}, LONGEST_RUN_MS).unref()

const from = performance.now()
const [cpu] = cpus()
say(`Node ${process.version}, ${cpus().length} × ${cpu?.model ?? 'unknown'}`)
const tables: Record<string, Table[]> = {}
for (const hop of HOPS.filter((known) => options.hops.includes(known))) {
  tables[hop] = await measures[hop](options)
  for (const table of tables[hop]) say(print(table))
}

const at = new Date()
mkdirSync(options.out, { recursive: true })
const path = join(options.out, `${at.toISOString().replaceAll(':', '-')}.json`)
const machine = { node: process.version, cpus: cpus().length, cpu: cpu?.model }
writeFileSync(path, `${JSON.stringify({ at, machine, options, tables }, null, 2)}\n`)
say(`${((performance.now() - from) / 1_000).toFixed(0)} s; the figures are in ${path}`)
