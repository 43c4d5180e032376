import { createRandom } from '@repo/discord-simulator'
import type { Random } from '@repo/discord-simulator'
import { statusOf, until } from '../lib/child.ts'
import { Backend } from './backend.ts'
import { Browser } from './browser.ts'
import { startCast } from './cast.ts'
import type { Cast } from './cast.ts'
import { Consumer } from './consumer.ts'
import { perform } from './deeds.ts'
import { Load } from './load.ts'
import { drawSchedule } from './schedule.ts'
import type { Step } from './schedule.ts'

const BROWSERS = 20

/** How long, after everything is let go, the last event may take to the last browser. What waits longest is a backoff. */
const CATCH_UP_WITHIN_MS = 90_000

/** How often memory is looked at, and what is still missing. */
const LOOK_EVERY_MS = 1_000

/** How long nothing of a hole may be said before nothing more is: longer than a page that Discord refuses is asked for. */
const SETTLED_WITHIN_MS = 30_000

/** How long the load goes on after the last deed, in ms: whoever has come back is given something to be wrong about. */
const QUIET_LOAD_MS = 2_000

export type ChaosOptions = {
  seed: string
  durationMs: number
  eventsPerSecond: number
  /** How far apart deeds are, on average. */
  everyMs: number
  dying: boolean
  /** Hears of each deed, and of how it goes. */
  say?: (line: string) => void
}

export type ChaosResult = {
  options: ChaosOptions
  steps: readonly Step[]
  sent: number
  consumers: readonly Consumer[]
  /** How long the last consumer took to catch up, after everything was let go; in ms. */
  catchUpMs: number
  /** The most that each process had, in bytes. */
  residentBytes: ReadonlyMap<string, number>
  /** What each process said. */
  output: ReadonlyMap<string, readonly string[]>
  /** Everything that must not be. Empty: the run has passed. */
  problems: readonly string[]
}

/** Runs a schedule against real processes, and says what browsers, and backends beside the webs, were told. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { seed, say = () => {} } = options
  const random = createRandom(seed)
  await using cast = await startCast({ seed })
  await cast.ready()
  const load = new Load(cast.simulator, random.fork('load'))
  await using cleanup = new AsyncDisposableStack()
  const browsers = await openBrowsers(cast, load, random)
  const backends = openBackends(cast, load, random)
  const all = [...browsers, ...backends]
  for (const { stream } of all) cleanup.use(stream)
  const consumers = all.flatMap((one) => one.consumers)
  const residentBytes = new Map<string, number>()
  const looking = setInterval(() => look(cast, residentBytes), LOOK_EVERY_MS)
  cleanup.defer(() => clearInterval(looking))
  cleanup.defer(() => load.stop())

  load.start(options.eventsPerSecond)
  const { durationMs: duration_ms, everyMs: every_ms, dying } = options
  const steps = drawSchedule({ seed, duration_ms, every_ms, dying })
  await perform(cast, steps, say)
  cast.simulator.faults.lift()
  const letGoAt = performance.now()
  say('everything is let go')
  const problems: string[] = []
  // What is sent before Discord has given a new session is in the hole that the old one left, and ends nothing.
  await until('gateway and webs to be ready', () => isReady(cast), CATCH_UP_WITHIN_MS).catch((error: unknown) =>
    problems.push(String(error)),
  )
  await new Promise((resolve) => setTimeout(resolve, QUIET_LOAD_MS))
  load.stop()
  // One more for each: whoever missed the very last would not know.
  for (const _ of load.guilds) load.one()
  await until('all consumers to catch up', () => consumers.every(({ caughtUp }) => caughtUp), CATCH_UP_WITHIN_MS).catch(
    (error: unknown) => problems.push(String(error)),
  )
  const catchUpMs = performance.now() - letGoAt
  await settled(consumers)
  for (const { stream, consumers: its } of all) for (const one of its) one.opened = stream.opened
  const deaths = steps.filter((step) => step.what === 'fault' && step.dies).length
  problems.push(...consumers.flatMap((one) => [...one.problems(cast.simulator), ...one.unjustified(deaths)]))
  problems.push(...cast.actors.flatMap(({ complaints }) => complaints))
  const output = new Map(cast.actors.map((actor) => [actor.name, actor.output] as const))
  return { options, steps, sent: load.sent, consumers, catchUpMs, residentBytes, output, problems }
}

async function isReady({ gatewayUrl, webs }: Cast): Promise<boolean> {
  const urls = [gatewayUrl, ...webs.map(({ url }) => url)]
  const all = await Promise.all(urls.map((url) => statusOf(`${url}/readyz`)))
  return all.every((status) => status === 200)
}

/** Until it has been said of each message of a hole what became of it, or nobody has said anything for long. */
async function settled(consumers: readonly Consumer[]): Promise<void> {
  let most = Infinity
  for (let since = performance.now(); performance.now() - since < SETTLED_WITHIN_MS;) {
    const left = consumers.reduce((sum, { account }) => sum + account.unsettled.length, 0)
    if (left === 0) return
    if (left < most) since = performance.now()
    most = Math.min(most, left)
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}

type Opened = { stream: AsyncDisposable & { opened: number }; consumers: readonly Consumer[] }

async function openBrowsers(cast: Cast, load: Load, random: Random): Promise<Opened[]> {
  const cookies = new Map<string, string>()
  for (const { id } of load.guilds) cookies.set(id, await cast.cookieFor(id))
  return Array.from({ length: BROWSERS }, (_, index) => {
    const guild = load.guilds[index % load.guilds.length]
    if (!guild) throw new Error('there are no guilds')
    const consumer = new Consumer(`browser ${index}`, guild, { isPage: true })
    const { name, witness } = consumer
    const cookie = cookies.get(guild.id) ?? ''
    const its = { name, witness, guildId: guild.id, webs: cast.doors, cookie, random: random.fork(name) }
    const browser = new Browser(its)
    browser.start()
    return { stream: browser, consumers: [consumer] }
  })
}

/** One on each web's way to the gateway, and told of all guilds as a web is. */
function openBackends(cast: Cast, load: Load, random: Random): Opened[] {
  return cast.webs.map(({ toGateway }, index) => {
    const name = `backend ${index}`
    const consumers = load.guilds.map((guild, at) => new Consumer(`${name}, guild ${at}`, guild, { isPage: false }))
    const witnesses = new Map(consumers.map(({ guild, witness }) => [guild.id, witness]))
    const url = `ws://127.0.0.1:${toGateway.port}`
    const stream = new Backend({ name, url, token: cast.linkToken, random: random.fork(name), witnesses })
    return { stream, consumers }
  })
}

function look(cast: Cast, residentBytes: Map<string, number>): void {
  for (const { name, residentBytes: bytes } of cast.actors) {
    residentBytes.set(name, Math.max(residentBytes.get(name) ?? 0, bytes ?? 0))
  }
  residentBytes.set('this process', Math.max(residentBytes.get('this process') ?? 0, process.memoryUsage.rss()))
}
