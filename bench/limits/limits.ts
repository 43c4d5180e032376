import { openGateway } from '../e2e/gateways.ts'
import { openWay, outlineOf, type Part, type Turn } from '../e2e/way.ts'
import type { BenchOptions } from '../lib/options.ts'
import { figure, whole, type Table } from '../lib/report.ts'
import { named, quantile } from '../lib/rounds.ts'

/** A message that is later than this is not live. Who cannot keep up is soon further behind. */
const LATE_MS = 250

/** Of a turn, where that is less: who is told a quarter more than they bear is this far behind at its end. */
const LATE_SHARE = 0.2

/** A turn of the other hops is too short to fall behind in. */
const TURN_TIMES = 8

/** Where the search begins, in messages a second and browser: what one core writes with ease. */
const FIRST_WRITES_PER_S = 20_000

/** How near the answer comes: what is found bears less than so many times itself. */
const NEARNESS = 1.2

/** A rate and what came of it. */
type Trial = { perSecond: number; turn: Turn }
type Found = { browsers: number; most: Trial; half: Trial }

const PARTS: readonly Part[] = ['gateway', 'web', 'discord', 'browsers']

/** How many messages a second each number of browsers can look at, when all that it takes is on this one machine. */
export async function limits(options: BenchOptions): Promise<Table[]> {
  const found: Found[] = []
  for (const browsers of options.browsers) {
    found.push(await named(`${browsers} browsers`, search(browsers, options.roundMs * TURN_TIMES)))
  }
  return [report(found)]
}

async function search(browsers: number, forMs: number): Promise<Found> {
  await using stack = new AsyncDisposableStack()
  // At such rates somebody falls behind.
  const way = await openWay(stack, { web: 'ours-web.ts', gateway: openGateway, browsers, allCount: true })
  const attempt = async (perSecond: number): Promise<Trial> => ({
    perSecond,
    turn: await way.turn({ perSecond, forMs }),
  })
  const isLate = ({ turn }: Trial) => quantile(turn.tookMs, 0.99) > Math.min(LATE_MS, forMs * LATE_SHARE)

  const first = FIRST_WRITES_PER_S / browsers
  // A compiler that is not done yet is not what is measured.
  await attempt(first)
  let most = await attempt(first)
  let tooMany = Infinity
  while (isLate(most)) {
    tooMany = most.perSecond
    if (tooMany * forMs < 2_000) throw new Error(`not even ${figure(tooMany)} messages a second are borne`)
    most = await attempt(tooMany / 2)
  }
  while (tooMany / most.perSecond > NEARNESS) {
    const perSecond = tooMany === Infinity ? most.perSecond * 2 : Math.sqrt(most.perSecond * tooMany)
    const trial = await attempt(perSecond)
    if (isLate(trial)) tooMany = perSecond
    else most = trial
  }
  return { browsers, most, half: await attempt(most.perSecond / 2) }
}

function report(found: readonly Found[]): Table {
  const cores = ({ turn: { cpuUs, wallMs } }: Trial, part: Part) => cpuUs[part] / 1_000 / wallMs
  const name = (browsers: number) => `${whole(browsers)} browsers`
  const outlined = ({ perSecond, turn }: Trial) => ({ perSecond, ...outlineOf(turn) })
  return {
    title: `limits: messages of 1 KB that browsers of one guild can look at with p99 within ${LATE_MS} ms, and half as many`,
    columns: ['browsers', 'messages/s', 'p50 ms', 'p99 ms', ...PARTS.map((part) => `${part}, cores`)],
    rows: found.flatMap(({ browsers, most, half }) =>
      [half, most].map((trial) => [
        name(browsers),
        ...[trial.perSecond, quantile(trial.turn.tookMs, 0.5), quantile(trial.turn.tookMs, 0.99)].map(figure),
        ...PARTS.map((part) => figure(cores(trial, part))),
      ]),
    ),
    raw: found.map(({ browsers, most, half }) => ({ browsers, most: outlined(most), half: outlined(half) })),
    chart: {
      title: 'limits: what each process takes when browsers look at as many messages as they can',
      unit: 'cores',
      groups: found.map(({ browsers, most }) => ({
        name: `${name(browsers)}, ${figure(most.perSecond)} messages a second`,
        bars: PARTS.map((part) => {
          const used = cores(most, part)
          return { name: part, median: used, least: used, most: used }
        }),
      })),
    },
  }
}
