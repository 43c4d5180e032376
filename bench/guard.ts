import { ingest } from './ingest/ingest.ts'
import { readOptions, type BenchOptions } from './lib/options.ts'
import { figure, type RawCase, type Table } from './lib/report.ts'
import { cpuUsPerEvent, quantile, spreadOf, type Sample } from './lib/rounds.ts'
import { link } from './link/link.ts'
import { appends } from './log/log.ts'
import { replay } from './replay/replay.ts'
import { sight } from './sight/sight.ts'
import { sse } from './sse/sse.ts'

/*
 * Whether a part of the way costs twice what it did, beside something that does the same in the same run: the one question about
 * speed that a machine with other work can answer. How fast it is, `npm run bench` tells.
 */

type Bound = {
  case: string
  contender: string
  beside: string
  /** How many times less an event took when this was written, in CPU; a replay, in time. */
  timesLess: number
}

/*
 * Each is the median of what this very script says, run three times on a machine that did nothing else; streams of 16 guilds go by
 * the least of these, since other work costs them most. On machines whose two cores were wanted by two to seven processes runs were
 * down to 0.64 of the median, once to 0.41. The log in a file tells those machines apart over the link (ten backends: 3.4, and down
 * to 1.6 beside other work), so it has its bound where events come in.
 */

/** How one of the benchmarks is measured, as the cases of a comparison. */
type Measure = (options: BenchOptions) => Promise<readonly RawCase[]>

const cases =
  (compare: (options: BenchOptions) => Promise<Table[]>): Measure =>
  async (options) =>
    (await compare(options)).flatMap(({ raw }) => raw as RawCase[])

type People = { name: string; turns: readonly Sample[] }

/** Those who look at one guild with different permissions, many beside few: what is made for each of them is made that many times. */
const people: Measure = async (options) => {
  const [, { raw } = { raw: null }] = await sight(options)
  const { apart } = raw as { apart: readonly People[] }
  return [{ name: 'apart', samples: Object.fromEntries(apart.map(({ name, turns }) => [name, turns])) }]
}

/** Consumers that come back: the middle of a turn's, as if all of its time were CPU. */
const replays: Measure = async (options) => {
  const [{ raw } = { raw: null }] = await replay(options)
  const samples = Object.entries(raw as Record<string, readonly (readonly number[])[]>).map(
    ([name, turns]): [string, Sample[]] => [
      name,
      turns.map((tookMs) => {
        const wallMs = quantile(tookMs, 0.5)
        return { events: 1, wallMs, cpuUs: wallMs * 1_000 }
      }),
    ],
  )
  return [{ name: 'replay', samples: Object.fromEntries(samples) }]
}

const bounds: readonly { measure: Measure; of: readonly Bound[] }[] = [
  {
    measure: cases(ingest),
    of: [
      {
        case: 'one shard',
        contender: 'the service, log in a file',
        beside: '@discordjs/ws, keeping nothing',
        timesLess: 0.16,
      },
    ],
  },
  {
    measure: cases(async (options) => [await appends(options)]),
    of: [{ case: '64 a batch', contender: 'SqliteLog', beside: 'node:sqlite, the rows alone', timesLess: 0.51 }],
  },
  {
    measure: replays,
    of: [{ case: 'replay', contender: 'SqliteLog', beside: 'node:sqlite, the rows alone', timesLess: 0.26 }],
  },
  {
    measure: cases(link),
    of: [
      { case: '10 backends', contender: 'the service, log in memory', beside: 'the example', timesLess: 5.9 },
      { case: '100 backends', contender: 'the service, log in memory', beside: 'the example', timesLess: 14 },
    ],
  },
  {
    measure: cases(sse),
    of: [
      {
        case: '100 browsers, one event a tick',
        contender: 'web',
        beside: 'the example, a route of Start',
        timesLess: 1.56,
      },
      { case: '100 browsers, 16 a tick', contender: 'web', beside: 'the example, a route of Start', timesLess: 2.42 },
      { case: '100 browsers, of one guild or 16', contender: '16 guilds', beside: 'one guild', timesLess: 0.64 },
    ],
  },
  {
    measure: people,
    of: [{ case: 'apart', contender: '1,000 people', beside: '10 people', timesLess: 0.28 }],
  },
]

/** More than a half: by that alone, a fall to half would be seen in every other run. */
const FALLEN = 0.6
/** A machine that did something else in between does not do it each time. */
const TRIES = 3

const counts = ['--backends', '10,100', '--browsers', '100', '--sight-most', '1000', '--replay-entries', '20000']
const options = readOptions(['--rounds', '3', '--round-ms', '150', ...counts])
for (const { measure, of } of bounds) {
  let fallen = of
  for (let tried = 0; tried < TRIES && fallen.length > 0; tried++) {
    const measured = await measure(options)
    fallen = fallen.filter((bound) => !holds(bound, measured))
  }
  if (fallen.length > 0) process.exitCode = 1
}

function holds(bound: Bound, measured: readonly RawCase[]): boolean {
  const found = measured.find(({ name }) => name === bound.case)
  const [own, base] = [found?.samples[bound.contender], found?.samples[bound.beside]]
  if (!own || !base)
    throw new Error(`the benchmark has no “${bound.case}” of “${bound.contender}” and “${bound.beside}”`)
  const cpu = (samples: readonly Sample[]) => samples.map(cpuUsPerEvent)
  const besides = cpu(base)
  const { median } = spreadOf(cpu(own).map((us, turn) => (besides[turn] ?? NaN) / us))
  const isEnough = median >= bound.timesLess * FALLEN
  const says = `${bound.case}, ${bound.contender}: ${figure(median)} times less than ${bound.beside}`
  process.stdout.write(`${isEnough ? '✓' : '✗'} ${says}, at least ${figure(bound.timesLess * FALLEN)}\n`)
  return isEnough
}
