import { join } from 'node:path'
import type { BenchOptions } from '../lib/options.ts'
import { Party } from '../lib/party.ts'
import { comparison, figure, type Table } from '../lib/report.ts'
import { interleave, quantile, spreadOf, type Contender } from '../lib/rounds.ts'
import { scratchFolder } from '../lib/scratch-log.ts'
import type { Appender, AppenderSetup, Paced } from './appender.ts'
import type { Restarting, RestartingSetup } from './restarting.ts'

const BATCHES = [1, 16, 64]

const MIB = 1024 * 1024

/** A busy bot's; with what a row is, several checkpoints in half a minute. */
const PACED_ROWS_PER_S = 4_000

/** Little, so that the log is soon full and each append has rows to delete. */
const PACED_LOG_BYTES = 32 * MIB

/** What a process has appended since its last checkpoint when it is killed, about. */
const APPENDED_BEFORE_KILL_BYTES = 24 * MIB

/** Each takes seconds, and they differ little. */
const RESTARTS_MAX = 3

const script = (name: string) => new URL(name, import.meta.url)

/** The log by itself: how fast it takes rows, whom it keeps waiting, and how soon it is back. */
export async function log(options: BenchOptions): Promise<Table[]> {
  return [await appends(options), await paced(options), await restarts(options)]
}

/** One after the other, as fast as they go, beside what node:sqlite does for the same rows. */
export async function appends(options: BenchOptions): Promise<Table> {
  await using stack = new AsyncDisposableStack()
  const open = (kind: AppenderSetup['log']) =>
    stack.use(new Party<Appender>(script('appender.ts'), { log: kind, maxBytes: 64 * MIB } satisfies AppenderSetup))
  const [bare, ours, example] = [open('bare'), open('file'), open('example')]
  const cases = []
  for (const batch of BATCHES) {
    const contender = (name: string, party: Party<Appender>): Contender => ({
      name,
      round: (forMs) => party.ask('append', { forMs, batch }),
    })
    const contenders = [
      contender('node:sqlite, the rows alone', bare),
      contender('SqliteLog', ours),
      contender('the example, keeping nothing', example),
    ]
    cases.push({ name: `${batch} a batch`, samples: await interleave(contenders, options) })
  }
  return comparison('log: appends of rows of 1 KB, one after the other (an event is a row)', cases)
}

/** The log in memory does the same beside it: what it is kept waiting for is the machine's doing. */
async function paced({ pacedSeconds }: BenchOptions): Promise<Table> {
  await using file = new Party<Appender>(script('appender.ts'), { log: 'file', maxBytes: PACED_LOG_BYTES })
  await using memory = new Party<Appender>(script('appender.ts'), { log: 'memory', maxBytes: PACED_LOG_BYTES })
  const load = { rowsPerS: PACED_ROWS_PER_S, forMs: pacedSeconds * 1_000 }
  const [ours, floor] = await Promise.all([file.ask('pace', load), memory.ask('pace', load)])
  const row = (name: string, { appendMs, stallMs, rows }: Paced) => [
    name,
    figure(rows / pacedSeconds),
    ...[0.5, 0.99, 0.999, 1].map((share) => figure(quantile(appendMs, share))),
    figure(stallMs.p999),
    figure(stallMs.most),
  ]
  return {
    title: `log: ${PACED_ROWS_PER_S} rows of 1 KB a second for ${pacedSeconds} s, the log being full; in ms`,
    columns: ['log', 'rows/s', 'append p50', 'p99', 'p99.9', 'most', 'loop late p99.9', 'most'],
    rows: [row('SqliteLog', ours), row('in memory, at the same time', floor)],
    raw: { ours: outline(ours), floor: outline(floor) },
  }
}

/** Thousands of figures, as those that say what they are like. */
function outline({ appendMs, ...rest }: Paced) {
  const shares = [0.5, 0.9, 0.99, 0.999, 0.9999, 1]
  return {
    ...rest,
    appends: appendMs.length,
    appendMs: Object.fromEntries(shares.map((share) => [share, quantile(appendMs, share)])),
  }
}

async function restarts({ logMib, rounds }: BenchOptions): Promise<Table> {
  await using folder = await scratchFolder()
  const setup: RestartingSetup = { path: join(folder.path, 'log.sqlite'), maxBytes: logMib * MIB }
  const open = () => new Party<Restarting>(script('restarting.ts'), setup)
  {
    await using first = open()
    await first.ask('fill', setup.maxBytes)
  }
  const opened: Record<'closed' | 'killed', { ms: number; entries: number }[]> = { closed: [], killed: [] }
  for (let turn = 0; turn < Math.min(rounds, RESTARTS_MAX); turn++) {
    {
      const party = open()
      opened.closed.push(await party.ask('opened'))
      await party.ask('fill', Math.min(APPENDED_BEFORE_KILL_BYTES, setup.maxBytes))
      await party.kill()
    }
    await using after = open()
    opened.killed.push(await after.ask('opened'))
  }
  const row = (name: string, of: readonly { ms: number; entries: number }[]) => {
    const { median, least, most } = spreadOf(of.map(({ ms }) => ms))
    return [name, figure(of.at(-1)?.entries ?? 0), `${figure(median)} (${figure(least)}–${figure(most)})`]
  }
  return {
    title: `log: opened with ${logMib} MiB and the state, in ms`,
    columns: ['the process before', 'entries', 'until ready'],
    rows: [row('ended in order', opened.closed), row('was killed', opened.killed)],
    raw: opened,
  }
}
