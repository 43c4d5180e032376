import type { BenchOptions } from '../lib/options.ts'
import { Party } from '../lib/party.ts'
import { figure, ratio, type Table } from '../lib/report.ts'
import { processCpuUs } from '../lib/process-cpu.ts'
import { scratchFolder } from '../lib/scratch-log.ts'
import { named, quantile, spreadOf } from '../lib/rounds.ts'
import type { Browsers, BrowsersSetup } from './browsers.ts'
import type { Discord } from './discord.ts'
import { LINK_TOKEN, openExampleGateway, openGateway, type OpenGateway } from './gateways.ts'
import type { WebAnswers, WebSetup } from './web.ts'

/** A turn of the other hops is too short to have a hundredth of. */
const TURN_TIMES = 5

const script = (name: string) => new URL(name, import.meta.url)

/** How long each message was under way, in ms, to each browser that looks; and what gateway and web used for each. */
type Turn = { tookMs: number[]; cpuUs: number }

/** One whole way, to its browsers. */
type Way = { name: string; turn: (forMs: number) => Promise<Turn>; turns: Turn[] }

/** Discord → browser: every process of it, with messages at a rate that both bear, and how long they are under way. */
export async function e2e(options: BenchOptions): Promise<Table[]> {
  await using stack = new AsyncDisposableStack()
  const ways = [
    await openWay(stack, options, 'the example, by response.write', 'example-web.ts', openExampleGateway),
    await openWay(stack, options, 'the service, log in a file', 'ours-web.ts', openGateway),
  ]
  const turnMs = options.roundMs * TURN_TIMES
  for (const { name, turn } of ways) await named(name, turn(turnMs))
  for (let round = 0; round < options.rounds; round++) {
    for (const { name, turn, turns } of ways) turns.push(await named(name, turn(turnMs)))
  }
  return [report(options, ways)]
}

async function openWay(
  stack: AsyncDisposableStack,
  { e2eBrowsers: count, e2eRate: perSecond }: BenchOptions,
  name: string,
  web: string,
  gateway: OpenGateway,
): Promise<Way> {
  const discord = stack.use(new Party<Discord>(script('discord.ts')))
  const where = await discord.ask('where')
  const { url: gatewayUrl, pid } = await gateway(stack, where)
  const { guildId, people } = where
  const folder = stack.use(await scratchFolder())
  const setup: WebSetup = { gatewayUrl, linkToken: LINK_TOKEN, guildId, people, folder: folder.path }
  const backend = stack.use(new Party<WebAnswers>(script(web), setup))
  const target: BrowsersSetup = {
    port: await backend.ask('port'),
    path: `/api/guilds/${guildId}/events`,
    count,
    cookies: await backend.ask('signIn'),
  }
  const browsers = stack.use(new Party<Browsers>(script('browsers.ts'), target))
  await browsers.ask('open')
  const cpuUs = () => processCpuUs(pid) + processCpuUs(backend.pid)
  return {
    name,
    turns: [],
    async turn(forMs) {
      const before = cpuUs()
      const messages = await discord.ask('pace', { perSecond, forMs })
      const tookMs = await browsers.ask('reach', messages)
      return { tookMs: tookMs.sort((a, b) => a - b), cpuUs: (cpuUs() - before) / messages }
    },
  }
}

/** Of each turn, and of these the middle: a turn in which the machine did something else is not the contender's. */
function report({ e2eBrowsers, e2eRate }: BenchOptions, ways: readonly Way[]): Table {
  const [first] = ways
  const measures: readonly ((turn: Turn) => number)[] = [
    ({ tookMs }) => quantile(tookMs, 0.5),
    ({ tookMs }) => quantile(tookMs, 0.99),
    ({ cpuUs }) => cpuUs,
  ]
  const rows = ways.map(({ name, turns }) => {
    const times = measures.map((measure) => {
      const ratios = turns.map((turn, index) => measure(first?.turns[index] ?? turn) / measure(turn))
      return turns === first?.turns ? '1' : ratio(spreadOf(ratios))
    })
    return [name, ...measures.map((measure) => figure(spreadOf(turns.map(measure)).median)), ...times]
  })
  const outline = ({ tookMs, cpuUs }: Turn) => ({
    messages: tookMs.length,
    tookMs: Object.fromEntries([0.5, 0.9, 0.99, 0.999, 1].map((share) => [share, quantile(tookMs, share)])),
    cpuUs,
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
    raw: Object.fromEntries(ways.map(({ name, turns }) => [name, turns.map(outline)])),
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
