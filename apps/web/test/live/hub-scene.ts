import { HubClient, type HubNews } from '../../src/live/stream/hub/hub-client.ts'
import type { HubPort, Port, TabPort, ToHub, ToTab } from '../../src/live/stream/hub/messages.ts'
import { StreamHub } from '../../src/live/stream/hub/stream-hub.ts'
import type { Clock, GuildSource, StreamEnvironment, StreamPhase } from '../../src/live/stream/stream-types.ts'
import { NO_PLACE } from '../../src/server/realtime/stream-bytes.ts'
import { FakeBrowser, type FakeSource } from './fake-environment.ts'

/** Whose browser it is, to begin with. */
export const ADA = '70'

type Frame = [type: string, data: unknown, id?: string]

/** Web as far as its stream of several guilds goes: a log, and responses whose frames arrive when the test says. */
export class FakeWeb {
  readonly browser: FakeBrowser
  readonly #log: string[] = []
  readonly #open = new Map<FakeSource, { guilds: Set<string>; said: string | null; frames: Frame[] }>()
  /** Ids from before it are not gone on from. */
  from = 0
  /** Who is signed in, in the browser; null: nobody. */
  viewer: string | null = ADA
  readonly hidden = new Set<string>()

  constructor(browser: FakeBrowser) {
    this.browser = browser
    const { open } = browser
    browser.open = (url) => {
      const source = open(url)
      this.#answer(source)
      return source
    }
  }

  get tip(): number {
    return this.#log.length
  }

  get sources(): FakeSource[] {
    return [...this.#open.keys()].filter(({ readyState }) => readyState !== 2)
  }

  /** Something happens there; all who listen are written to. */
  happen(guildId: string): void {
    this.#log.push(guildId)
    for (const source of this.sources) {
      if (this.#open.get(source)?.guilds.has(guildId)) this.#write(source, guildId, this.#event(this.tip))
    }
  }

  /** A frame that is in no log. */
  say(guildId: string, ...frame: Frame): void {
    for (const source of this.sources) {
      if (this.#open.get(source)?.guilds.has(guildId)) this.#write(source, guildId, frame)
    }
  }

  /** What a quiet guild is told of how far it is. */
  announce(): void {
    for (const source of this.sources) {
      for (const guildId of this.#open.get(source)?.guilds ?? []) this.#write(source, guildId, this.#live())
    }
  }

  hide(guildId: string): void {
    this.hidden.add(guildId)
    for (const source of this.sources) {
      if (!this.#open.get(source)?.guilds.delete(guildId)) continue
      this.#write(source, null, ['guild', { guild_id: guildId, ended: 'NOT_FOUND' }, NO_PLACE])
    }
  }

  /** The session ends, and with it its streams; the next one is somebody else's, or nobody's. */
  signOut(next: string | null = null): void {
    this.viewer = next
    for (const source of this.sources) this.#refuse(source)
  }

  /** Lets so many frames arrive. */
  flow(source: FakeSource, count = Number.POSITIVE_INFINITY): void {
    const frames = this.#open.get(source)?.frames ?? []
    for (let left = count; left > 0 && frames.length > 0 && source.readyState !== 2; left -= 1) {
      const [type, data, id] = frames.shift() ?? ['comment', '']
      source.say(type, data, id)
    }
  }

  flowAll(): void {
    for (const source of this.sources) this.flow(source)
  }

  /** The reports that say that the hop is whole. */
  beat(): void {
    for (const source of this.sources) source.hops(this.browser.time)
  }

  #answer(source: FakeSource): void {
    const state = { guilds: new Set<string>(), said: null, frames: [] as Frame[] }
    this.#open.set(source, state)
    const asked = new URL(source.url, 'http://web').searchParams
    if (this.viewer === null || (asked.get('viewer') ?? this.viewer) !== this.viewer) {
      // A browser says so later than in the breath in which it was asked.
      this.browser.setTimer(() => this.#refuse(source), 1)
      return
    }
    for (const wanted of asked.getAll('guild')) {
      const [guildId = '', place] = wanted.split('@')
      if (this.hidden.has(guildId)) {
        state.frames.push(['guild', { guild_id: guildId, ended: 'NOT_FOUND' }, NO_PLACE])
        continue
      }
      state.guilds.add(guildId)
      const position = place === undefined ? null : Number(place.split('-')[1])
      if (position !== null && position >= this.from) {
        this.#write(source, guildId, ['sync', { state: 'resumed' }])
        for (let next = position + 1; next <= this.tip; next += 1) {
          if (this.#log[next - 1] === guildId) this.#write(source, guildId, this.#event(next))
        }
      } else {
        this.#write(source, guildId, ['sync', { state: 'snapshot', reason: position === null ? 'fresh' : 'expired' }])
        this.#write(source, guildId, ['GUILD_CREATE', { at: this.tip }, `k-${this.tip}`])
      }
      this.#write(source, guildId, this.#live())
    }
  }

  #refuse(source: FakeSource): void {
    const asked = this.browser.probes.length
    source.refuse()
    for (const { answer } of this.browser.probes.slice(asked)) answer(401)
  }

  #event(position: number): Frame {
    return ['MESSAGE_CREATE', { at: position }, `k-${position}`]
  }

  #live(): Frame {
    return ['sync', { state: 'live', id: `k-${this.tip}` }, `k-${this.tip}`]
  }

  #write(source: FakeSource, guildId: string | null, frame: Frame): void {
    const state = this.#open.get(source)
    if (state === undefined) return
    if (guildId !== null && state.said !== guildId) state.frames.push(['guild', { guild_id: guildId }, NO_PLACE])
    // After the end of a guild the next is named, as web does.
    state.said = (guildId as null) ?? null
    state.frames.push(frame)
  }
}

/** A line whose messages arrive when the test says. */
class FakeLine {
  toHub: ToHub[] = []
  toTab: ToTab[] = []
  #hubHears: (message: ToHub) => void = () => {}
  #tabHears: (message: ToTab) => void = () => {}
  isClosed = false
  #isCut = false

  readonly tabEnd: TabPort = {
    post: (message) => this.toTab.push(structuredClone(message)),
    listen: (hear) => (this.#hubHears = hear),
    close: () => {},
  }
  readonly hubEnd: HubPort = {
    post: (message) => this.toHub.push(structuredClone(message)),
    listen: (hear) => (this.#tabHears = hear),
    close: () => (this.isClosed = true),
  }

  /** The other end is gone. */
  cut(): void {
    this.#isCut = true
  }

  deliverToHub(): boolean {
    if (this.#isCut) return false
    const message = this.toHub.shift()
    if (message !== undefined) this.#hubHears(message)
    return message !== undefined
  }

  deliverToTab(): boolean {
    const message = this.toTab.shift()
    if (message !== undefined && !this.isClosed) this.#tabHears(message)
    return message !== undefined
  }
}

/** What a tab was shown of a guild: the position of each event, after that of the last snapshot. */
export type Seen = {
  snapshots: number
  /** Snapshots after one that was whole. */
  anew: number
  isWhole: boolean
  from: number
  events: number[]
  phases: StreamPhase[]
}

export class FakeTab {
  readonly lines: { line: FakeLine; worker: number }[] = []
  readonly seen: Record<string, Seen> = {}
  readonly hops: number[] = []
  readonly client: HubClient
  isFrozen = false
  readonly #sources: Record<string, GuildSource> = {}
  readonly #tasks: (() => void)[] = []
  news: HubNews = { onBroken: () => {}, onMoved: () => {} }

  constructor(scene: HubScene, viewer: string | null) {
    const { browser } = scene
    const clock: Clock = {
      now: browser.now,
      setTimer: (run, ms) => browser.setTimer(() => this.wake(run), ms),
      clearTimer: browser.clearTimer,
    }
    const port = (worker: number) => {
      const line = new FakeLine()
      this.lines.push({ line, worker })
      scene.hub(worker).connect(line.tabEnd)
      return line.hubEnd
    }
    this.client = new HubClient(clock, {
      viewer: () => viewer,
      shared: (after, news) => {
        this.news = news
        if (!scene.hasWorkers) return null
        return port(after === null ? scene.worker : scene.workerAfter(this.#workerOf(after), this))
      },
      own: () => port(scene.newWorker(viewer)),
    })
  }

  #workerOf(port: Port<ToHub, ToTab>): number {
    return this.lines.find(({ line }) => line.hubEnd === port)?.worker ?? 0
  }

  get line(): FakeLine {
    const last = this.lines.at(-1)
    if (last === undefined) throw new Error('the tab has no line')
    return last.line
  }

  look(guildId: string): void {
    const seen = (this.seen[guildId] ??= { snapshots: 0, anew: 0, isWhole: false, from: -1, events: [], phases: [] })
    this.#sources[guildId] ??= this.client.source(guildId, {
      onEvent: ({ name, payload }) => {
        const { at } = payload as { at: number }
        if (name === 'MESSAGE_CREATE') seen.events.push(at)
        else {
          const anew = seen.isWhole ? seen.anew + 1 : seen.anew
          Object.assign(seen, { from: at, events: [], snapshots: seen.snapshots + 1, anew })
        }
      },
      onSync: ({ state }) => (seen.isWhole ||= state === 'live'),
      onHops: ({ ts }) => this.hops.push(ts),
      onTimes: () => {},
      onStatus: ({ phase }) => phase !== seen.phases.at(-1) && seen.phases.push(phase),
    })
    this.#sources[guildId].start()
  }

  leave(guildId: string): void {
    this.#sources[guildId]?.stop()
  }

  phase(guildId: string): StreamPhase | undefined {
    return this.seen[guildId]?.phases.at(-1)
  }

  /** Runs it now, or once the tab does anything again. */
  wake(run: () => void): void {
    if (this.isFrozen) this.#tasks.push(run)
    else run()
  }

  freeze(): void {
    this.isFrozen = true
  }

  thaw(): void {
    this.isFrozen = false
    for (const run of this.#tasks.splice(0)) run()
  }

  /** Closed without a word, as by a crash, or in order. */
  close(how: 'in order' | 'without a word'): void {
    if (how === 'in order') this.client.suspend()
    this.isFrozen = true
  }
}

/** One browser: tabs, workers that hold hubs, and web. */
export class HubScene {
  readonly browser = new FakeBrowser()
  readonly web = new FakeWeb(this.browser)
  readonly hubs: (StreamHub | null)[] = []
  readonly tabs: FakeTab[] = []
  hasWorkers = true
  worker = 0

  constructor() {
    this.newWorker()
  }

  newWorker(viewer: string | null = ADA): number {
    return this.hubs.push(this.#startHub(viewer)) - 1
  }

  /** A hub of that worker, which is started where it is not there. */
  hub(worker: number): StreamHub {
    return (this.hubs[worker] ??= this.#startHub(ADA))
  }

  #startHub(viewer: string | null): StreamHub {
    const { browser } = this
    const env: StreamEnvironment = {
      open: (url) => browser.open(url),
      probe: browser.probe,
      now: browser.now,
      random: browser.random,
      // Of a worker that was killed no timer runs.
      setTimer: (run, ms) => browser.setTimer(() => this.hubs.includes(hub) && run(), ms),
      clearTimer: browser.clearTimer,
    }
    const hub: StreamHub = new StreamHub(env, viewer)
    return hub
  }

  /** The worker that tabs meet at who have lost that one. */
  workerAfter(lost: number, finder: FakeTab): number {
    if (this.worker > lost) return this.worker
    this.worker = this.newWorker()
    for (const tab of this.tabs) if (tab !== finder) tab.wake(() => tab.news.onMoved())
    return this.worker
  }

  /** It does nothing any more, and nobody is told. */
  killWorker(): void {
    const worker = this.worker
    this.hubs[worker] = null
    for (const source of this.web.sources) source.close()
    for (const { lines } of this.tabs) for (const each of lines) if (each.worker === worker) each.line.cut()
  }

  tab(...guilds: string[]): FakeTab {
    return this.tabFor(ADA, ...guilds)
  }

  tabFor(viewer: string | null, ...guilds: string[]): FakeTab {
    const tab = new FakeTab(this, viewer)
    this.tabs.push(tab)
    for (const guildId of guilds) tab.look(guildId)
    return tab
  }

  /** Everything that is on its way arrives. */
  settle(): void {
    for (let moved = true; moved;) {
      moved = false
      for (const tab of this.tabs) {
        for (const { line } of tab.lines) {
          while (line.deliverToHub()) moved = true
          while (!tab.isFrozen && line.deliverToTab()) moved = true
        }
      }
      this.web.flowAll()
      if (this.tabs.some((tab) => !tab.isFrozen && tab.lines.some(({ line }) => line.toTab.length > 0))) moved = true
    }
  }

  /** Time passes, and web and all tabs go on meanwhile. */
  pass(ms: number): void {
    for (let left = ms; left > 0; left -= 250) {
      this.browser.pass(Math.min(250, left))
      this.web.beat()
      this.settle()
    }
  }
}
