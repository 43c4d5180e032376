import { ingest } from './ingest/ingest.ts'
import { readOptions, type BenchOptions } from './lib/options.ts'
import { figure, type RawCase, type Table } from './lib/report.ts'
import { cpuUsPerEvent, spreadOf, type Sample } from './lib/rounds.ts'
import { link } from './link/link.ts'
import { sse } from './sse/sse.ts'

/*
 * Whether a part of the way costs twice what it did, beside something that does the same in the same run: the one question about
 * speed that a machine with other work can answer. How fast it is, `npm run bench` tells.
 */

type Bound = {
  case: string
  contender: string
  beside: string
  /** How many times less CPU an event took when this was written. Half of it is too little. */
  timesLess: number
}

const bounds: readonly { measure: (options: BenchOptions) => Promise<Table[]>; of: readonly Bound[] }[] = [
  {
    measure: ingest,
    of: [
      {
        case: 'one shard',
        contender: 'the service, log in a file',
        beside: '@discordjs/ws, keeping nothing',
        timesLess: 0.21,
      },
    ],
  },
  {
    measure: link,
    of: [
      { case: '10 backends', contender: 'the service, log in a file', beside: 'the example', timesLess: 2.8 },
      { case: '100 backends', contender: 'the service, log in memory', beside: 'the example', timesLess: 14.5 },
    ],
  },
  {
    measure: sse,
    of: [
      {
        case: '100 browsers, one event a tick',
        contender: 'web',
        beside: 'the example, a route of Start',
        timesLess: 1.5,
      },
      { case: '100 browsers, 16 a tick', contender: 'web', beside: 'the example, a route of Start', timesLess: 2.5 },
    ],
  },
]

const FALLEN = 0.5
/** A machine that did something else in between does not do it each time. */
const TRIES = 3

const options = readOptions(['--rounds', '3', '--round-ms', '150', '--backends', '10,100', '--browsers', '100'])
for (const { measure, of } of bounds) {
  let fallen = of
  for (let tried = 0; tried < TRIES && fallen.length > 0; tried++) {
    const tables = await measure(options)
    fallen = fallen.filter((bound) => !holds(bound, tables))
  }
  if (fallen.length > 0) process.exitCode = 1
}

function holds(bound: Bound, tables: readonly Table[]): boolean {
  const found = tables.flatMap(({ raw }) => raw as RawCase[]).find(({ name }) => name === bound.case)
  const [own, base] = [found?.samples[bound.contender], found?.samples[bound.beside]]
  if (!own || !base)
    throw new Error(`the benchmark has no “${bound.case}” of “${bound.contender}” and “${bound.beside}”`)
  const cpu = (samples: readonly Sample[]) => samples.map(cpuUsPerEvent)
  const besides = cpu(base)
  const { median } = spreadOf(cpu(own).map((us, turn) => (besides[turn] ?? NaN) / us))
  const isEnough = median >= bound.timesLess * FALLEN
  const says = `${bound.case}, ${bound.contender}: ${figure(median)} times less CPU than ${bound.beside}`
  process.stdout.write(`${isEnough ? '✓' : '✗'} ${says}, at least ${figure(bound.timesLess * FALLEN)}\n`)
  return isEnough
}
