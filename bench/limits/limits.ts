import { BY_ROUTE, openWay, OURS, outlineOf, type Contender, type Part, type Turn } from '../e2e/way.ts'
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
type Found = { most: Trial; half: Trial }
/** Of so many browsers. */
type Case = { browsers: number; found: readonly (Found & { name: string })[] }

const CONTENDERS = [BY_ROUTE, OURS]
const PARTS: readonly Part[] = ['gateway', 'web', 'discord', 'browsers']

/** How many messages a second each number of browsers can look at, when all that it takes is on this one machine. */
export async function limits(options: BenchOptions): Promise<Table[]> {
  const cases: Case[] = []
  for (const browsers of options.browsers) {
    const found: Case['found'][number][] = []
    for (const contender of CONTENDERS) {
      const { name } = contender
      found.push({ name, ...(await named(name, search(contender, browsers, options.roundMs * TURN_TIMES))) })
    }
    cases.push({ browsers, found })
  }
  return [report(cases)]
}

async function search(contender: Contender, browsers: number, forMs: number): Promise<Found> {
  await using stack = new AsyncDisposableStack()
  // At such rates somebody falls behind.
  const way = await openWay(stack, { ...contender, browsers, allCount: true })
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
  return { most, half: await attempt(most.perSecond / 2) }
}

function report(cases: readonly Case[]): Table {
  const cores = ({ turn: { cpuUs, wallMs } }: Trial, part: Part) => cpuUs[part] / 1_000 / wallMs
  const name = (browsers: number) => `${whole(browsers)} browsers`
  const outlined = ({ perSecond, turn }: Trial) => ({ perSecond, ...outlineOf(turn) })
  return {
    title: `limits: messages of 1 KB that browsers of one guild can look at with p99 within ${LATE_MS} ms, and half as many`,
    columns: [
      'browsers',
      'contender',
      'messages/s',
      'times',
      'p50 ms',
      'p99 ms',
      ...PARTS.map((part) => `${part}, cores`),
    ],
    rows: cases.flatMap(({ browsers, found }) => {
      const [base] = found
      return found.flatMap(({ name: contender, most, half }) =>
        [half, most].map((trial) => [
          name(browsers),
          contender,
          figure(trial.perSecond),
          trial === half ? '–' : figure(trial.perSecond / (base?.most ?? trial).perSecond),
          ...[0.5, 0.99].map((share) => figure(quantile(trial.turn.tookMs, share))),
          ...PARTS.map((part) => figure(cores(trial, part))),
        ]),
      )
    }),
    raw: cases.map(({ browsers, found }) => ({
      browsers,
      found: found.map(({ most, half, ...one }) => ({ ...one, most: outlined(most), half: outlined(half) })),
    })),
    chart: {
      title: 'limits: messages that each of so many browsers can look at, all on one machine',
      unit: 'messages/s',
      groups: cases.map(({ browsers, found }) => ({
        name: name(browsers),
        bars: found.map(({ name: contender, most: { perSecond } }) => ({
          name: contender,
          median: perSecond,
          least: perSecond,
          most: perSecond,
        })),
      })),
    },
  }
}
