import type { BenchOptions } from '../lib/options.ts'
import { figure, ratio, type Table } from '../lib/report.ts'
import { named, quantile, spreadOf } from '../lib/rounds.ts'
import { BY_RESPONSES, BY_ROUTE, openWay, OURS, outlineOf, type Turn, type Way } from './way.ts'

/** A turn of the other hops is too short to have a hundredth of. */
const TURN_TIMES = 5

const CONTENDERS = [BY_ROUTE, BY_RESPONSES, OURS]

type Measured = Way & { name: string; turns: Turn[] }

/** Discord → browser: every process of it, with messages at a rate that both bear, and how long they are under way. */
export async function e2e(options: BenchOptions): Promise<Table[]> {
  await using stack = new AsyncDisposableStack()
  const ways: Measured[] = []
  for (const contender of CONTENDERS) {
    const way = await openWay(stack, contender, { browsers: options.e2eBrowsers })
    ways.push({ ...way, name: contender.name, turns: [] })
  }
  const pace = { perSecond: options.e2eRate, forMs: options.roundMs * TURN_TIMES }
  for (const { name, turn } of ways) await named(name, turn(pace))
  for (let round = 0; round < options.rounds; round++) {
    for (const { name, turn, turns } of ways) turns.push(await named(name, turn(pace)))
  }
  return [report(options, ways)]
}

const cpuUsPerMessage = ({ cpuUs, messages }: Turn) => (cpuUs.gateway + cpuUs.web) / messages

/** Of each turn, and of these the middle: a turn in which the machine did something else is not the contender's. */
function report({ e2eBrowsers, e2eRate }: BenchOptions, ways: readonly Measured[]): Table {
  const [first] = ways
  const measures: readonly ((turn: Turn) => number)[] = [
    ({ tookMs }) => quantile(tookMs, 0.5),
    ({ tookMs }) => quantile(tookMs, 0.99),
    cpuUsPerMessage,
  ]
  const rows = ways.map(({ name, turns }) => {
    const times = measures.map((measure) => {
      const ratios = turns.map((turn, index) => measure(first?.turns[index] ?? turn) / measure(turn))
      return turns === first?.turns ? '1' : ratio(spreadOf(ratios))
    })
    return [name, ...measures.map((measure) => figure(spreadOf(turns.map(measure)).median)), ...times]
  })
  return {
    title: `e2e: Discord → browser, messages of 1 KB, ${e2eRate} a second to each of ${e2eBrowsers} browsers`,
    columns: [
      'contender',
      'p50 ms',
      'p99 ms',
      'CPU µs/message',
      'p50, times less',
      'p99, times less',
      'CPU, times less',
    ],
    rows,
    raw: Object.fromEntries(ways.map(({ name, turns }) => [name, turns.map(outlineOf)])),
    chart: {
      title: 'e2e: how long a message is under way',
      unit: 'ms',
      groups: ['p50', 'p99'].map((share, index) => ({
        name: share,
        bars: ways.map(({ name, turns }) => ({ name, ...spreadOf(turns.map(measures[index] ?? (() => Number.NaN))) })),
      })),
    },
  }
}
