import { freePort } from '../../test/lib/free-port.ts'
import type { Child } from '../../test/lib/child.ts'
import { LINK_TOKEN, startGateway, whenReady, type GatewayPlace } from '../e2e/gateways.ts'
import type { OursWeb } from '../e2e/ours-web.ts'
import type { WebSetup } from '../e2e/web.ts'
import type { Simulator, SimulatorSetup, Where } from '../ingest/simulator.ts'
import { countsUpTo } from '../lib/counts.ts'
import type { BenchOptions } from '../lib/options.ts'
import { Party } from '../lib/party.ts'
import { processCpuUs } from '../lib/process-cpu.ts'
import { figure, ratio, whole, type Table } from '../lib/report.ts'
import { named, spreadOf } from '../lib/rounds.ts'
import { scratchFolder } from '../lib/scratch-log.ts'

/** What each number of guilds brings in all. */
const EVENTS_PER_SECOND = 5_000
const BYTES = 1_024
/** A turn of the other hops is too short to have hundredths of seconds of, and each of 10,000 guilds has its turn in one of these. */
const TURN_TIMES = 10
/** Before the turns that count: until the state is saved as it goes on being saved, some 20,000 events after it has changed. */
const WARM_UP_TURNS = 3
/** What fewer guilds more than this hold is lost in what a process holds once more and once less. */
const TELLING = 500

/** CPU of each process, in microseconds an event. */
type Turn = { gatewayUs: number; webUs: number }
/** Until each was ready, in ms. */
type Start = { gatewayMs: number; webMs: number }
/** What each process holds in memory, and what it uses of that, in bytes. */
type Memory = { gatewayBytes: number; gatewayUsed: number; webBytes: number; webUsed: number }

type Running = { gateway: Child; web: Party<OursWeb>; place: GatewayPlace; stack: AsyncDisposableStack }

const script = (folder: string, name: string) => new URL(`../${folder}/${name}`, import.meta.url)
const PRELOAD = script('lib', 'memory-on-signal.ts')

/** What gateway and web cost by how many guilds the bot is in: the same events at the same rate, over all guilds in turn. */
export async function guilds(options: BenchOptions): Promise<Table[]> {
  await using stack = new AsyncDisposableStack()
  const services: Service[] = []
  for (const count of countsUpTo(options.guildsMost)) services.push(stack.use(await Service.open(count)))
  const each = async (act: (service: Service) => Promise<unknown>) => {
    for (const service of services) await named(service.name, act(service))
  }
  const { rounds, roundMs } = options
  const turnMs = roundMs * TURN_TIMES
  await each((service) => service.start())
  for (let turn = 0; turn < WARM_UP_TURNS; turn++) await each((service) => service.turn(turnMs))
  for (let round = 0; round < rounds; round++) {
    await each(async (service) => service.turns.push(await service.turn(turnMs)))
  }
  for (let round = 0; round < rounds; round++) {
    await each(async (service) => {
      service.restartsMs.push(await service.restart())
      // Nothing was lost over it.
      await service.turn(roundMs)
    })
  }
  for (let round = 0; round < rounds; round++) {
    await each(async (service) => service.starts.push({ ...(await service.start()), ...(await service.memory()) }))
  }
  return report(services)
}

/** The simulator with so many guilds, and a gateway and a web behind it. */
class Service implements AsyncDisposable {
  readonly guilds: number
  readonly guildBytes: number
  readonly turns: Turn[] = []
  readonly restartsMs: number[] = []
  readonly starts: (Start & Memory)[] = []
  readonly #discord: Party<Simulator>
  readonly #where: Where
  #running: Running | null = null

  private constructor(count: number, guildBytes: number, discord: Party<Simulator>, where: Where) {
    this.guilds = count
    this.guildBytes = guildBytes
    this.#discord = discord
    this.#where = where
  }

  static async open(count: number): Promise<Service> {
    const setup: SimulatorSetup = { guilds: count, bytes: BYTES }
    const discord = new Party<Simulator>(script('ingest', 'simulator.ts'), setup)
    return new Service(count, await discord.ask('guildBytes'), discord, await discord.ask('where'))
  }

  get name(): string {
    return `${whole(this.guilds)} guilds`
  }

  /** Both, with nothing kept, in place of those that were running. */
  async start(): Promise<Start> {
    await this.#running?.stack.disposeAsync()
    const stack = new AsyncDisposableStack()
    const place = { port: await freePort(), folder: stack.use(await scratchFolder()).path }
    const { path: folder } = stack.use(await scratchFolder())
    const from = performance.now()
    const gateway = stack.use(startGateway(this.#where, place, PRELOAD))
    await whenReady(gateway, place)
    const began = performance.now()
    const gatewayUrl = `ws://127.0.0.1:${place.port}`
    const setup: WebSetup = { gatewayUrl, linkToken: LINK_TOKEN, guildId: '', people: [], folder }
    const web = stack.use(new Party<OursWeb>(script('e2e', 'ours-web.ts'), setup))
    this.#running = { gateway, web, place, stack }
    await web.ask('port')
    return { gatewayMs: began - from, webMs: performance.now() - began }
  }

  /** To be asked once after a start. It collects garbage, by which an event costs something else afterwards. */
  async memory(): Promise<Memory> {
    const { gateway, web } = this.#now
    gateway.kill('SIGUSR2')
    const [, gatewayBytes, gatewayUsed] = (await gateway.line(/^memory: \d+ \d+$/)).split(' ').map(Number)
    if (gatewayBytes === undefined || gatewayUsed === undefined)
      throw new Error('the gateway does not say what it holds')
    return { gatewayBytes, gatewayUsed, webBytes: await web.ask('memory'), webUsed: await web.ask('memoryUsed') }
  }

  /** @throws {Error} when not every event that was sent is in web's feed. */
  async turn(forMs: number): Promise<Turn> {
    const { gateway, web } = this.#now
    const cpuUs = () => [processCpuUs(gateway.pid), processCpuUs(web.pid)] as const
    const [before, [gatewayFrom, webFrom]] = [await web.ask('taken'), cpuUs()]
    const events = await this.#discord.ask('load', { forMs, perSecond: EVENTS_PER_SECOND })
    const after = await web.ask('reach', before.position + events)
    const [gatewayTo, webTo] = cpuUs()
    const arrived = after.events - before.events
    if (arrived !== events || after.position !== before.position + events) {
      throw new Error(`of ${events} events ${arrived} arrived, and the log grew by ${after.position - before.position}`)
    }
    return { gatewayUs: (gatewayTo - gatewayFrom) / events, webUs: (webTo - webFrom) / events }
  }

  /** Ends the gateway as an operator does and starts it again. Answers how long there was none, in ms. */
  async restart(): Promise<number> {
    const { gateway, web, place, stack } = this.#now
    const { position } = await web.ask('taken')
    const from = performance.now()
    gateway.kill('SIGTERM')
    await gateway.exited
    this.#now.gateway = stack.use(startGateway(this.#where, place))
    await whenReady(this.#now.gateway, place)
    const tookMs = performance.now() - from
    const by = await this.#discord.ask('openedBy')
    if (by !== 'resume') throw new Error(`the session was not resumed: ${by}`)
    // RESUMED is an event too, and web is back when it has it.
    await web.ask('reach', position + 1)
    return tookMs
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running?.stack.disposeAsync()
    await this.#discord[Symbol.asyncDispose]()
  }

  get #now(): Running {
    if (!this.#running) throw new Error('nothing was started')
    return this.#running
  }
}

function report(services: readonly Service[]): Table[] {
  const [fewest] = services
  const cpu = (of: keyof Turn, { turns }: Service) => {
    const times = turns.map((turn, at) => turn[of] / (fewest?.turns[at] ?? turn)[of])
    return [ratio(spreadOf(turns.map((turn) => turn[of]))), turns === fewest?.turns ? '1' : ratio(spreadOf(times))]
  }
  const seconds = (allMs: readonly number[]) => ratio(spreadOf(allMs.map((ms) => ms / 1_000)))
  const median = (of: keyof Memory, { starts }: Service) => spreadOf(starts.map((start) => start[of])).median
  const more = (of: keyof Memory, service: Service) => {
    const [base = service] = services
    const count = service.guilds - base.guilds
    const each = service.starts.map((start, at) => (start[of] - (base.starts[at]?.[of] ?? NaN)) / count / 1_000)
    return count < TELLING ? '–' : ratio(spreadOf(each))
  }
  return [
    {
      title: `guilds: what an event of 1 KB costs, ${figure(EVENTS_PER_SECOND)} a second over all guilds in turn`,
      columns: ['guilds', 'gateway, CPU µs/event', 'times the fewest', 'web, CPU µs/event', 'times the fewest'],
      rows: services.map((service) => [service.name, ...cpu('gatewayUs', service), ...cpu('webUs', service)]),
      raw: services.map(({ guilds: count, turns }) => ({ guilds: count, turns })),
      chart: {
        title: 'guilds: what an event costs, by how many guilds there are',
        unit: 'µs of CPU',
        groups: [
          { name: 'gateway', of: 'gatewayUs' as const },
          { name: 'web', of: 'webUs' as const },
        ].map(({ name, of }) => ({
          name,
          bars: services.map((service) => ({ name: service.name, ...spreadOf(service.turns.map((turn) => turn[of])) })),
        })),
      },
    },
    {
      title: 'guilds: until they are ready, in s',
      columns: ['guilds', 'gateway', 'web', 'gateway, ended in order and started again'],
      rows: services.map(({ name, starts, restartsMs }) => [
        name,
        seconds(starts.map(({ gatewayMs }) => gatewayMs)),
        seconds(starts.map(({ webMs }) => webMs)),
        seconds(restartsMs),
      ]),
      raw: services.map(({ guilds: count, starts, restartsMs }) => ({ guilds: count, starts, restartsMs })),
    },
    {
      title: 'guilds: what each process holds in memory once web is ready, without garbage',
      columns: [
        'guilds',
        'GUILD_CREATE, KB',
        ...['gateway', 'web'].flatMap((name) => [`${name}, MB`, 'KB a guild more', 'KB of it in use']),
      ],
      rows: services.map((service) => [
        service.name,
        figure(service.guildBytes / 1_000),
        figure(median('gatewayBytes', service) / 1e6),
        more('gatewayBytes', service),
        more('gatewayUsed', service),
        figure(median('webBytes', service) / 1e6),
        more('webBytes', service),
        more('webUsed', service),
      ]),
      raw: services.map(({ guilds: count, guildBytes, starts }) => ({ guilds: count, guildBytes, starts })),
    },
  ]
}
