/** `npm run soak`: comings and goings under load, for long, and whether memory and handles stay where they are. */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createRandom } from '@repo/discord-simulator'
import { startCast } from '../chaos/cast.ts'
import { Load } from '../chaos/load.ts'
import { Churn } from './churn.ts'
import { Restarts, WHOM } from './restarts.ts'
import { Series } from './series.ts'

/** Each sample collects the garbage of both processes, which holds them up for some tens of ms. */
const SAMPLE_EVERY_MS = 10_000
/** The trend goes through the least of each of these. */
const STRETCH_MS = 60_000
/** What is left out at the beginning, of the whole: code gets warm, and the logs fill up to their bounds. */
const WARM_UP = 0.3
/** As small as they go, so that the logs are full long before the warm-up ends: what grows then should not. */
const RETENTION = { RETENTION_MINUTES: '1', RETENTION_MIB: '16', WEB_RETENTION_MIB: '8' }

const MIB = 1_024 * 1_024
/**
 * How much a figure may rise over the time after the warm-up and still be flat. What is held after a collection hardly
 * moves; resident memory also has what the allocator keeps in pieces, and settles late; of files, as many connections as
 * happen to be open.
 */
const FLAT = {
  held: (level: number) => Math.max(0.1 * level, 4 * MIB),
  resident: (level: number) => Math.max(0.15 * level, 16 * MIB),
  disk: (level: number) => 0.1 * level,
  files: () => 12,
  entries: (level: number) => 0.1 * level,
} as const

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    rate: { type: 'string', default: '500' },
    seed: { type: 'string', default: 'soak' },
    // Which processes are ended and started again meanwhile, comma separated; of these memory is shown and not judged.
    restart: { type: 'string', default: '' },
    'restart-every': { type: 'string', default: '60' },
  },
})
const [minutes, rate, restartEvery] = [values.minutes, values.rate, values['restart-every']].map(Number) as [
  number,
  number,
  number,
]
const whom = WHOM.filter((one) => values.restart.split(',').includes(one))
if (!(minutes > 0 && rate > 0 && restartEvery > 0))
  refuse('--minutes, --rate and --restart-every: expected numbers above 0')
if (whom.join() !== values.restart && whom.toReversed().join() !== values.restart)
  refuse(`--restart: expected some of ${WHOM.join()}`)
const restarting = whom.length > 0 ? ` --restart ${values.restart} --restart-every ${restartEvery}` : ''
process.stdout.write(`npm run soak -- --seed ${values.seed} --minutes ${minutes} --rate ${rate}${restarting}\n`)

const random = createRandom(values.seed)
await using cast = await startCast({
  seed: values.seed,
  webs: 1,
  environment: RETENTION,
  nodeArguments: ['--expose-gc', '--import', join(import.meta.dirname, 'memory-probe.ts')],
})
await cast.ready()
const load = new Load(cast.simulator, random.fork('load'))
const churn = new Churn(cast, load, random.fork('churn'))
load.start(rate)
const restarts = new Restarts(cast, random.fork('restarts'), { whom, everyMs: restartEvery * 1_000 })

const figures: { series: Series; unit: keyof typeof FLAT; judged: boolean }[] = []
const record = (name: string, unit: keyof typeof FLAT, value: number | null, judged = true) => {
  if (value === null) return
  let figure = figures.find(({ series }) => series.name === name)
  if (!figure) figures.push((figure = { series: new Series(name), unit, judged }))
  figure.series.add(performance.now() - startedAt, value)
}
const startedAt = performance.now()
const endsAt = startedAt + minutes * 60_000
while (performance.now() < endsAt) {
  await new Promise((resolve) => setTimeout(resolve, Math.min(SAMPLE_EVERY_MS, endsAt - performance.now())))
  for (const actor of cast.actors) {
    const { rss, heapUsed, external } = await actor.heldBytes()
    const lives = !restarts.actors.includes(actor)
    record(`${actor.name}: heap`, 'held', heapUsed, lives)
    record(`${actor.name}: outside the heap`, 'held', external, lives)
    record(`${actor.name}: resident`, 'resident', rss, lives)
    record(`${actor.name}: open files`, 'files', actor.openFiles, lives)
  }
  const metrics = await fetch(`${cast.gatewayUrl}/metrics`).then((response) => response.text())
  const metric = (name: string) => Number(new RegExp(`^discord_gateway_${name} (\\S+)$`, 'm').exec(metrics)?.[1] ?? 0)
  record('gateway: log', 'disk', metric('log_bytes'))
  record('gateway: log entries', 'entries', metric('log_entries'))
  await restarts.whenDue()
}
load.stop()
await churn[Symbol.asyncDispose]()

const show = (value: number, unit: string) =>
  unit === 'held' || unit === 'resident' || unit === 'disk' ? `${(value / MIB).toFixed(1)} MiB` : value.toFixed(0)
const warmMs = WARM_UP * minutes * 60_000
const problems = [...churn.problems, ...cast.actors.flatMap(({ complaints }) => complaints)]
process.stdout.write(
  `\n${load.sent} events sent, ${churn.seen} told to ${churn.browsers} browsers in ${churn.streams} streams; ${churn.backends} backends\n`,
)
for (const [how, times] of Array.from(churn.commands).sort(([a], [b]) => a.localeCompare(b)))
  process.stdout.write(`  ${times} × ${how}\n`)
for (const [how, times] of restarts.counts) process.stdout.write(`  ${times} × ${how}\n`)
if (restarts.tookMs.length > 0) {
  const [least, most] = [Math.min(...restarts.tookMs), Math.max(...restarts.tookMs)].map((ms) =>
    (ms / 1_000).toFixed(1),
  )
  process.stdout.write(`  each ready again after ${least} to ${most} s\n`)
}
process.stdout.write(`\nafter ${(warmMs / 60_000).toFixed(1)} minutes of warm-up, by the least of each minute:\n`)
for (const { series, unit, judged } of figures) {
  const { rise, level } = series.trend(warmMs, STRETCH_MS)
  const bound = FLAT[unit](level)
  const flat = rise <= bound
  if (judged && !flat) problems.push(`${series.name} rises by ${show(rise, unit)}, more than ${show(bound, unit)}`)
  const range = `${show(series.least, unit)} to ${show(series.most, unit)}`
  process.stdout.write(
    `  ${series.name.padEnd(28)} ${show(level, unit).padStart(10)}, rises ${show(rise, unit).padStart(9)} ${judged ? (flat ? 'flat' : 'NOT FLAT') : 'restarted'} (in all ${range})\n`,
  )
}
process.stdout.write(problems.length === 0 ? '\nPASSED\n' : `\nFAILED\n${problems.slice(0, 40).join('\n')}\n`)
process.exitCode = problems.length === 0 ? 0 : 1

function refuse(problem: string): never {
  process.stderr.write(`${problem}\n`)
  process.exit(1)
}
