import { BY_ROUTE, openWay, OURS, outlineOf, PARTS, type Contender, type Part, type Turn } from '../e2e/way.ts'
import type { BenchOptions } from '../lib/options.ts'
import { figure, whole, type Table } from '../lib/report.ts'
import { named, quantile } from '../lib/rounds.ts'

/** A message that is later than this is not live. Who cannot keep up is soon further behind. */
const LATE_MS = 500

/** How long after the last was sent all of them may still be under way: what is behind by more is ever further behind. */
const LAST_MS = 250

/** Of a turn, where that is less. */
const LATE_SHARE = 0.2

/** A machine that did something else in between does not do it each time. */
const TRIES = 2

/** A turn of the other hops is too short to fall behind in. */
const TURN_TIMES = 10

/** Fewer in a turn say nothing. */
const MESSAGES_MIN = 2

/** All that is sent in a turn: of those who are told twice what they bear some are behind by more than web keeps by default. */
const RETENTION_MIB = 1_024

/** Where the search begins, in messages a second times browsers: what one core writes with ease. */
const FIRST_WRITES_PER_S = 20_000

/** How near the answer comes: what is found bears less than so many times itself. */
const NEARNESS = 1.2

/** No more digits than are known. */
const told = (perSecond: number) => Number(perSecond.toPrecision(2))

/** A rate and what came of it. */
type Trial = { perSecond: number; turn: Turn }
/** Null where not even the fewest are borne. `tooMany`: the fewest that were not. */
type Found = { name: string; most: Trial | null; half: Trial | null; tooMany: number }

/** Of so many browsers. */
type Case = { browsers: number; found: readonly Found[] }

const CONTENDERS = [BY_ROUTE, OURS]

/** How many messages a second each number of browsers can look at, when all that it takes is on this one machine. */
export async function limits(options: BenchOptions): Promise<Table[]> {
  const cases: Case[] = []
  for (const browsers of options.browsers) {
    const found: Found[] = []
    for (const contender of CONTENDERS) {
      found.push(await named(contender.name, search(contender, browsers, options.roundMs * TURN_TIMES)))
    }
    cases.push({ browsers, found })
  }
  return [report(cases)]
}

async function search(contender: Contender, browsers: number, forMs: number): Promise<Found> {
  await using stack = new AsyncDisposableStack()
  const { name } = contender
  // At such rates somebody falls behind.
  const [ofBrowsers, ofWeb] = [{ allCount: true }, { retentionMib: RETENTION_MIB }]
  const way = await openWay(stack, contender, { browsers, ofBrowsers, ofWeb })
  const attempt = async (perSecond: number): Promise<Trial> => ({
    perSecond,
    turn: await way.turn({ perSecond, forMs }),
  })
  const bound = (ms: number) => Math.min(ms, forMs * LATE_SHARE)
  const isLate = ({ turn: { tookMs, wallMs } }: Trial) =>
    quantile(tookMs, 0.99) > bound(LATE_MS) || wallMs - forMs > bound(LAST_MS)
  const borne = async (perSecond: number): Promise<Trial | null> => {
    for (let tried = 0; tried < TRIES; tried++) {
      const trial = await attempt(perSecond)
      if (!isLate(trial)) return trial
    }
    return null
  }

  let perSecond = FIRST_WRITES_PER_S / browsers
  // A compiler that is not done yet is not what is measured.
  await attempt(perSecond)
  let most: Trial | null = null
  let tooMany = Infinity
  while (most === null || tooMany / most.perSecond > NEARNESS) {
    const trial = await borne(perSecond)
    if (trial) most = trial
    else tooMany = perSecond
    if (most) perSecond = tooMany === Infinity ? most.perSecond * 2 : told(Math.sqrt(most.perSecond * tooMany))
    else if ((perSecond /= 2) * forMs < MESSAGES_MIN * 1_000) return { name, most: null, half: null, tooMany }
  }
  return { name, most, half: await borne(most.perSecond / 2), tooMany }
}

function report(cases: readonly Case[]): Table {
  const cores = ({ turn: { cpuUs, wallMs } }: Trial, part: Part) => cpuUs[part] / 1_000 / wallMs
  const name = (browsers: number) => `${whole(browsers)} browsers`
  const outlined = (trial: Trial | null) => trial && { perSecond: trial.perSecond, ...outlineOf(trial.turn) }
  const columns = [
    'browsers',
    'contender',
    'messages/s',
    'times',
    'p50 ms',
    'p99 ms',
    ...PARTS.map((part) => `${part}, cores`),
  ]
  return {
    title:
      'limits: the most messages of 1 KB that browsers of one guild are told in time, to a fifth, and half as many',
    columns,
    rows: cases.flatMap(({ browsers, found }) => {
      const most = found[0]?.most
      return found.flatMap((one) =>
        [one.half, one.most].map((trial) => {
          const place = [name(browsers), one.name]
          if (!trial) return [...place, ...columns.slice(place.length).map(() => '–')]
          return [
            ...place,
            figure(trial.perSecond),
            trial === one.most && most ? figure(trial.perSecond / most.perSecond) : '–',
            ...[0.5, 0.99].map((share) => figure(quantile(trial.turn.tookMs, share))),
            ...PARTS.map((part) => figure(cores(trial, part))),
          ]
        }),
      )
    }),
    raw: cases.map(({ browsers, found }) => ({
      browsers,
      found: found.map((one) => ({ ...one, most: outlined(one.most), half: outlined(one.half) })),
    })),
    chart: {
      title: 'limits: messages that all browsers can look at, on one machine',
      unit: 'messages/s',
      groups: cases.map(({ browsers, found }) => ({
        name: name(browsers),
        bars: found.map((one) => {
          const perSecond = one.most?.perSecond ?? 0
          return { name: one.name, median: perSecond, least: perSecond, most: one.most ? one.tooMany : 0 }
        }),
      })),
    },
  }
}
