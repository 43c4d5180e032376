import { createRandom } from '@repo/discord-simulator'
import { statusOf, until } from '../lib/child.ts'
import { Account } from './account.ts'
import { Browser } from './browser.ts'
import { startCast } from './cast.ts'
import type { Cast } from './cast.ts'
import { perform } from './deeds.ts'
import { Load } from './load.ts'
import { drawSchedule } from './schedule.ts'
import type { Step } from './schedule.ts'
import { Voice } from './voice.ts'

const BROWSERS = 20

/** How long, after everything is let go, the last event may take to the last browser. What waits longest is a backoff. */
const CATCH_UP_WITHIN_MS = 90_000

/** How often memory is looked at. */
const LOOK_EVERY_MS = 1_000

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

export type Consumer = {
  name: string
  account: Account
  /** Between Discord's sending an event and this browser's hearing of it, at most; in ms. */
  longestDelayMs: number
  opened: number
  /** Its guild's voice states are Discord's. */
  sameVoice: boolean
  /** It has been told the last event. */
  caughtUp: boolean
}

export type ChaosResult = {
  options: ChaosOptions
  steps: readonly Step[]
  sent: number
  consumers: readonly Consumer[]
  /** How long the last browser took to catch up, after everything was let go; in ms. */
  catchUpMs: number
  /** The most that each process had, in bytes. */
  residentBytes: ReadonlyMap<string, number>
  /** What each process said. */
  output: ReadonlyMap<string, readonly string[]>
  /** Everything that must not be. Empty: the run has passed. */
  problems: readonly string[]
}

/** Runs a schedule against real processes, and says what their browsers were told. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { seed, say = () => {} } = options
  const random = createRandom(seed)
  await using cast = await startCast({ seed })
  await cast.ready()
  const load = new Load(cast.simulator, random.fork('load'))
  await using cleanup = new AsyncDisposableStack()
  const consumers: Consumer[] = []
  const cookies = new Map<string, string>()
  for (const { id } of load.guilds) cookies.set(id, await cast.cookieFor(id))
  const browsers = Array.from({ length: BROWSERS }, (_, index) => {
    const guild = load.guilds[index % load.guilds.length]
    if (!guild) throw new Error('there are no guilds')
    const consumer: Consumer = {
      name: `browser ${index}`,
      account: new Account(guild.toldAnybody),
      longestDelayMs: 0,
      opened: 0,
      sameVoice: false,
      caughtUp: false,
    }
    consumers.push(consumer)
    const browser = new Browser({
      name: consumer.name,
      guildId: guild.id,
      webs: cast.doors,
      cookie: cookies.get(guild.id) ?? '',
      random: random.fork(consumer.name),
      account: consumer.account,
      voice: new Voice(),
      told(n) {
        const delayMs = performance.now() - (guild.sentAt[n] ?? 0)
        // What was told before is an error of another kind.
        if (n === consumer.account.last) consumer.longestDelayMs = Math.max(consumer.longestDelayMs, delayMs)
      },
    })
    cleanup.use(browser)
    browser.start()
    return { browser, consumer, guild }
  })
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
  const isDone = ({ consumer, guild }: (typeof browsers)[number]) => consumer.account.last === guild.sent
  await until('all browsers to catch up', () => browsers.every(isDone), CATCH_UP_WITHIN_MS).catch((error: unknown) =>
    problems.push(String(error)),
  )
  const catchUpMs = performance.now() - letGoAt
  for (const one of browsers) {
    const { browser, consumer, guild } = one
    consumer.opened = browser.opened
    consumer.caughtUp = isDone(one)
    const world = new Voice()
    world.take('GUILD_CREATE', { ...cast.simulator.world.guild(guild.id) })
    consumer.sameVoice = world.lines.join() === browser.options.voice.lines.join()
  }
  problems.push(...consumers.flatMap(problemsOf), ...unjustified(consumers, steps))
  problems.push(...cast.actors.flatMap(({ complaints }) => complaints))
  const output = new Map(cast.actors.map((actor) => [actor.name, actor.output] as const))
  return { options, steps, sent: load.sent, consumers, catchUpMs, residentBytes, output, problems }
}

async function isReady({ gatewayUrl, webs }: Cast): Promise<boolean> {
  const urls = [gatewayUrl, ...webs.map(({ url }) => url)]
  const all = await Promise.all(urls.map((url) => statusOf(`${url}/readyz`)))
  return all.every((status) => status === 200)
}

function problemsOf({ name, account, sameVoice, caughtUp }: Consumer): string[] {
  return [
    ...account.wrongs.map(({ wrong, detail }) => `${name}: ${wrong}: ${detail}`),
    ...(account.hidden > 0 ? [`${name}: a gap hides ${account.hidden} events that others were told`] : []),
    ...(caughtUp ? [] : [`${name}: stands at ${account.last}`]),
    ...(sameVoice ? [] : [`${name}: its voice states are not Discord's`]),
  ]
}

/** Nothing may be announced but holes at Discord, each for a session that Discord was told to forget. */
function unjustified(consumers: readonly Consumer[], steps: readonly Step[]): string[] {
  const deaths = steps.filter((step) => step.what === 'fault' && step.dies).length
  return consumers.flatMap(({ name, account }) =>
    Array.from(account.announced, ([what, times]) => ({ what, times }))
      .filter(({ what }) => what !== 'snapshot fresh' && !(what === 'gap upstream' && account.gaps <= deaths))
      .map(({ what, times }) => `${name}: was told ${what} ${times} times, where ${deaths} sessions died`),
  )
}

function look(cast: Cast, residentBytes: Map<string, number>): void {
  for (const { name, residentBytes: bytes } of cast.actors) {
    residentBytes.set(name, Math.max(residentBytes.get(name) ?? 0, bytes ?? 0))
  }
  residentBytes.set('this process', Math.max(residentBytes.get('this process') ?? 0, process.memoryUsage.rss()))
}
