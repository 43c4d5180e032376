import type { Browsers, BrowsersSetup } from '../e2e/browsers.ts'
import type { GuildSize } from '../e2e/discord.ts'
import { openUpToWeb } from '../e2e/gateways.ts'
import { BY_RESPONSES, OURS, type Contender } from '../e2e/way.ts'
import type { WebAnswers } from '../e2e/web.ts'
import type { BenchOptions } from '../lib/options.ts'
import { Party } from '../lib/party.ts'
import { forgetPeak, processPeakBytes } from '../lib/process-peak.ts'
import { figure, ratio, whole, type Table } from '../lib/report.ts'
import { named, spreadOf, type Spread } from '../lib/rounds.ts'
import type { Crowd, CrowdSetup } from './crowd.ts'

/** Who stay, and are looked at. */
const OTHERS = 100
/** What everybody is told meanwhile: each is so many writes that more would leave no time for anything else. */
const MESSAGES_PER_SECOND = 2
/** While web is being restarted, for less time than that takes. */
const WHILE_DOWN = { perSecond: 10, forMs: 200 }
/** Several times what the slowest contender takes for 10,000. */
const BACK_WITHIN_MS = 180_000
/** Fewer streams hold less than what else a process takes and gives back. */
const TELLING = 2_000
/** A turn of the other hops is too short to see what comes so seldom. */
const TURN_TIMES = 10

/**
 * `isBack`: by what a browser knows that it is. `loses`: it has no ids, so nobody hears what was said without them. `size`: the
 * guild's, if it is not to be the world's own.
 */
type Returning = Contender & { isBack: string; loses?: boolean; size?: GuildSize }

const CONTENDERS: readonly Returning[] = [
  { ...BY_RESPONSES, isBack: '\r\n\r\n', loses: true },
  { ...OURS, name: 'web, from where each was', isBack: '"state":"resumed"' },
]

const SIZE: GuildSize = { channels: 100, members: 200 }
/** They are told all there is of the guild. */
const TOLD_ALL: Returning = { ...OURS, name: 'web, with nothing heard', isBack: '"state":"live"' }
const NEW: readonly Returning[] = [
  TOLD_ALL,
  {
    ...TOLD_ALL,
    name: `${TOLD_ALL.name} of a guild of ${SIZE.channels} channels and ${SIZE.members} members`,
    size: SIZE,
  },
]

/** Until the last one was back, in ms. */
type Back = { backMs: number }

/** Of the time until they were back web itself took so many ms to be there again. */
type AfterRestart = Back & { webMs: number }

type Turn = Back & {
  /** How long messages were under way to the others, in ms: the slowest of them before, and meanwhile (too few for a p99). */
  quietMs: number
  meanwhileMs: number
  /** What each was told until it was back, and what web held in memory at most. */
  bytesEach: number
  peakBytes: number
}

type Result = { name: string; cut: Turn[]; restarted: AfterRestart[]; streamBytes: number }

const script = (folder: string, name: string) => new URL(`../${folder}/${name}`, import.meta.url)

/** Browsers → web: many that come back at once, when what is between was restarted and when web was; and what one costs. */
export async function connect(options: BenchOptions): Promise<Table[]> {
  const results: Result[] = []
  for (const contender of CONTENDERS) {
    results.push({ name: contender.name, ...(await named(contender.name, measure(options, contender))) })
  }
  const [example] = results
  const told: Pick<Result, 'name' | 'cut'>[] = results.slice(1)
  for (const contender of NEW) {
    told.push({ name: contender.name, cut: await named(contender.name, measureNew(options, contender)) })
  }
  const column = <One>(turns: readonly One[], of: (turn: One) => number): Spread => spreadOf(turns.map(of))
  const { connectBrowsers: count } = options
  const isTelling = count - firstHalf(count) >= TELLING
  return [
    {
      title: `connect: ${whole(count)} browsers come back at once, beside ${OTHERS} others`,
      columns: [
        'contender',
        'all back, s',
        'slowest to the others before, ms',
        'meanwhile, ms',
        'after web’s restart, s',
      ],
      rows: results.map(({ name, cut, restarted }) => [
        name,
        ratio(column(cut, ({ backMs }) => backMs / 1_000)),
        ratio(column(cut, ({ quietMs }) => quietMs)),
        ratio(column(cut, ({ meanwhileMs }) => meanwhileMs)),
        ratio(column(restarted, ({ backMs }) => backMs / 1_000)),
      ]),
      raw: results,
      chart: {
        title: `connect: until ${whole(count)} browsers are back`,
        unit: 's',
        groups: [
          { name: 'what is between was restarted', of: 'cut' as const },
          { name: 'web was restarted', of: 'restarted' as const },
        ].map(({ name, of }) => ({
          name,
          bars: results.map((one) => ({ name: one.name, ...column<Back>(one[of], ({ backMs }) => backMs / 1_000) })),
        })),
      },
    },
    {
      title: `connect: ${whole(count)} browsers come at once with nothing heard, and are told the guild, beside ${OTHERS} others`,
      columns: [
        'contender',
        'KB told to each',
        'all there, s',
        'slowest to the others before, ms',
        'meanwhile, ms',
        'web holds at most, MB',
      ],
      rows: told.map(({ name, cut }) => [
        name,
        figure(column(cut, ({ bytesEach }) => bytesEach / 1_000).median),
        ratio(column(cut, ({ backMs }) => backMs / 1_000)),
        ratio(column(cut, ({ quietMs }) => quietMs)),
        ratio(column(cut, ({ meanwhileMs }) => meanwhileMs)),
        ratio(column(cut, ({ peakBytes }) => peakBytes / 1e6)),
      ]),
      raw: told,
    },
    {
      title: `connect: what one stream more holds in memory, of ${whole(count)} that are told nothing`,
      columns: ['contender', 'KB a stream', 'times less'],
      rows: results.map(({ name, streamBytes }) => [
        name,
        isTelling ? figure(streamBytes / 1_000) : '–',
        name === example?.name ? '1' : isTelling ? figure((example?.streamBytes ?? Number.NaN) / streamBytes) : '–',
      ]),
      raw: results.map(({ name, streamBytes }) => ({ name, streamBytes })),
    },
  ]
}

/** With it comes what a process that has begun to work holds anyway. */
const firstHalf = (count: number) => Math.floor(count / 2)

async function measure(options: BenchOptions, contender: Returning): Promise<Omit<Result, 'name'>> {
  await using stack = new AsyncDisposableStack()
  const place = await openPlace(stack, options, contender, { areNew: false })
  const { port, crowd } = place
  const { connectBrowsers: count } = options
  const half = firstHalf(count)
  await crowd.ask('open', { port, upTo: half })
  const before = await place.backend.ask('memory')
  await crowd.ask('open', { port, upTo: count })
  const streamBytes = ((await place.backend.ask('memory')) - before) / (count - half)

  const cut = await cutTurns(options, place)
  const restarted: AfterRestart[] = []
  for (let turn = 0; turn < options.rounds; turn++) {
    await crowd.ask('cut')
    const [webMs, sent] = await Promise.all([place.restart(), place.discord.ask('pace', WHILE_DOWN)])
    const { tookMs } = await crowd.ask('comeBack', port)
    await place.heard(sent)
    restarted.push({ backMs: webMs + tookMs, webMs })
  }
  return { cut, restarted, streamBytes }
}

async function measureNew(options: BenchOptions, contender: Returning): Promise<Turn[]> {
  await using stack = new AsyncDisposableStack()
  const place = await openPlace(stack, options, contender, { areNew: true })
  await place.crowd.ask('comeBack', place.port)
  return await cutTurns(options, place)
}

/** A gateway and web with their crowd, of whom nobody is there yet. */
async function openPlace(
  stack: AsyncDisposableStack,
  { connectBrowsers: count }: BenchOptions,
  { web, gateway, isBack, loses = false, size }: Returning,
  { areNew }: Pick<CrowdSetup, 'areNew'>,
) {
  const { discord, setup, path } = await openUpToWeb(stack, gateway, size)
  let backend = new Party<WebAnswers>(script('e2e', web), setup)
  stack.defer(() => backend[Symbol.asyncDispose]())
  const port = await backend.ask('port')
  const cookies = await backend.ask('signIn')
  const many: CrowdSetup = { path, count, cookies, isBack, areNew, withinMs: BACK_WITHIN_MS }
  const crowd = stack.use(new Party<Crowd>(script('connect', 'crowd.ts'), many))
  return {
    discord,
    port,
    path,
    cookies,
    crowd,
    get backend() {
      return backend
    },
    /** Answers how long there was none, in ms. */
    async restart(): Promise<number> {
      const from = performance.now()
      await backend.kill()
      backend = new Party<WebAnswers>(script('e2e', web), { ...setup, port })
      await backend.ask('port')
      return performance.now() - from
    },
    /** @throws {Error} where somebody has not heard what was sent. @param areComing whether they came back meanwhile. */
    async heard(messages: number, { areComing = false } = {}): Promise<void> {
      if (!loses) await crowd.ask('heardAll', { messages, orFewer: areNew && areComing })
    },
  }
}

type Place = Awaited<ReturnType<typeof openPlace>>

/** They lose their streams and come back, beside others that stay. */
async function cutTurns({ rounds, roundMs }: BenchOptions, place: Place): Promise<Turn[]> {
  const { discord, port, path, cookies, crowd } = place
  const target: BrowsersSetup = { port, path, count: OTHERS, cookies }
  await using others = new Party<Browsers>(script('e2e', 'browsers.ts'), target)
  await others.ask('open')
  const pace = (forMs: number) => discord.ask('pace', { perSecond: MESSAGES_PER_SECOND, forMs })
  const slowest = async (messages: number) => Math.max(...(await others.ask('reach', messages)))
  const turnMs = roundMs * TURN_TIMES
  const quietly = async () => {
    const sent = await pace(turnMs)
    await place.heard(sent)
    return sent
  }
  const { pid } = place.backend
  const turns: Turn[] = []
  await slowest(await quietly())
  for (let turn = 0; turn < rounds; turn++) {
    const quietMs = await slowest(await quietly())
    forgetPeak(pid)
    await crowd.ask('cut')
    const [{ tookMs, bytesEach }, sent] = await Promise.all([crowd.ask('comeBack', port), pace(turnMs)])
    const meanwhileMs = await slowest(sent)
    const peakBytes = processPeakBytes(pid)
    await place.heard(sent, { areComing: true })
    turns.push({ backMs: tookMs, quietMs, meanwhileMs, bytesEach, peakBytes })
  }
  return turns
}
