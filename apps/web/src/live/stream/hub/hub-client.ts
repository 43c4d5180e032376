import { HopReportSchema } from '../../../hop-report.ts'
import { ReceivedTimesSchema } from '../received-times.ts'
import { FrameReader } from '../frame-reader.ts'
import { parseJson } from '../json.ts'
import { SilenceWatch } from '../silence-watch.ts'
import {
  hasEnded,
  IDLE,
  type Clock,
  type GuildSource,
  type StreamHandlers,
  type StreamPhase,
  type StreamStatus,
} from '../stream-types.ts'
import { HUB_VERSION, type HubPort, type ToTab } from './messages.ts'

/** A hub that says nothing for so long is shown as lost: three beats missed. */
const SILENCE_MS = 1_700
/** And after so long it is given up for another. */
const GONE_MS = 4_000
/** So many hubs that never said a word, and this browser has none that works: the tab holds its own. */
const SILENT_HUBS_MAX = 2
/** Frames are said to be taken in lumps; what else is said, at once. */
const TAKEN_EVERY = 32

/** What a tab is told of its hub by others than the hub. */
export type HubNews = {
  /** It turns out that there is none. */
  onBroken: () => void
  /** The tabs of this browser share another by now. */
  onMoved: () => void
}

/** How a tab comes to a hub. */
export type HubConnector = {
  /** Whom this tab is for. */
  viewer: () => string | null
  /**
   * A line to the hub that all tabs share; null where there can be none.
   *
   * @param after the hub that is gone: another is wanted. Tabs that lost the same one meet at the same other.
   */
  shared: (after: HubPort | null, told: HubNews) => HubPort | null
  /** A line to a hub of this tab's own. */
  own: () => HubPort
}

type Wish = {
  readonly guildId: string
  readonly handlers: StreamHandlers
  readonly reader: FrameReader
  /** Null while it is stopped. */
  sub: number | null
  status: StreamStatus
  /** What the hub said last, for when it is heard again. */
  said: StreamStatus
}

/** A tab's end of the line to the hub: what it wants of it, how far it has come, and what it does when the hub is gone. */
export class HubClient {
  readonly #clock: Clock
  readonly #connector: HubConnector
  readonly #wishes = new Map<number, Wish>()
  #port: HubPort | null = null
  #isOwn = false
  #isHidden = false
  #isWelcome = false
  #silentHubs = 0
  #nextSub = 1
  #taken = { messages: 0, chars: 0 }
  #untold = 0
  #heardAt = 0
  readonly #silence: SilenceWatch

  constructor(clock: Clock, connector: HubConnector) {
    this.#clock = clock
    this.#connector = connector
    this.#silence = new SilenceWatch(clock, () => this.#miss())
  }

  source(guildId: string, handlers: StreamHandlers): GuildSource {
    const wish: Wish = { guildId, handlers, reader: new FrameReader(handlers), sub: null, status: IDLE, said: IDLE }
    return {
      start: () => this.#start(wish),
      stop: () => this.#stop(wish),
      retryNow: () => this.#port?.post({ type: 'retry' }),
    }
  }

  /** The page is going, or is put by: nothing is wanted until `resume`. */
  suspend(): void {
    this.#port?.post({ type: 'bye' })
    this.#closePort()
  }

  /** The page is shown again. */
  resume(): void {
    if (this.#port === null && this.#wishes.size > 0) this.#connect(null)
  }

  /** Nobody looks at the page. A stream of its own it gives up, back to which it comes: a browser has six connections for all tabs. */
  hide(): void {
    this.#isHidden = true
    if (this.#port === null || !this.#isOwn) return
    this.suspend()
    for (const wish of this.#wishes.values()) {
      if (wish.status.phase !== 'opening') this.#setStatus(wish, 'reconnecting')
      wish.said = wish.status
    }
  }

  show(): void {
    this.#isHidden = false
    this.resume()
  }

  #start(wish: Wish): void {
    if (wish.sub !== null) return
    this.#setStatus(wish, 'opening')
    this.#renew(wish)
    if (this.#port === null) this.#connect(null)
    else if (this.#isWelcome) this.#join(wish)
  }

  #stop(wish: Wish): void {
    if (wish.sub === null) return
    this.#port?.post({ type: 'leave', sub: wish.sub })
    this.#wishes.delete(wish.sub)
    wish.sub = null
    wish.reader.cutOff()
    this.#setStatus(wish, 'idle')
    if (this.#wishes.size === 0) this.suspend()
  }

  /** Under another number: what is still on its way is not for it. */
  #renew(wish: Wish): void {
    if (wish.sub !== null) this.#wishes.delete(wish.sub)
    wish.sub = this.#nextSub
    this.#nextSub += 1
    this.#wishes.set(wish.sub, wish)
    wish.reader.cutOff()
    wish.said = wish.status
  }

  #join({ sub, guildId, reader }: Wish): void {
    if (sub !== null) this.#port?.post({ type: 'join', sub, guildId, place: reader.place })
  }

  #connect(after: HubPort | null): void {
    const news: HubNews = {
      onBroken: () => this.#port === shared && !this.#isWelcome && this.#holdOwn(),
      onMoved: () => this.#port === shared && this.#leaveFor(null),
    }
    const shared = this.#silentHubs < SILENT_HUBS_MAX ? this.#connector.shared(after, news) : null
    if (shared === null) this.#holdOwn()
    else this.#use(shared, false)
  }

  #leaveFor(after: HubPort | null): void {
    this.suspend()
    this.#connect(after)
  }

  #holdOwn(): void {
    this.suspend()
    // For good: where there is no other, none is looked for again.
    this.#silentHubs = SILENT_HUBS_MAX
    if (!this.#isHidden) this.#use(this.#connector.own(), true)
  }

  #use(port: HubPort, isOwn: boolean): void {
    this.#port = port
    this.#isOwn = isOwn
    this.#isWelcome = false
    this.#taken = { messages: 0, chars: 0 }
    this.#untold = 0
    port.listen((message) => this.#port === port && this.#hear(message))
    this.#greet()
    this.#heardAt = this.#clock.now()
    this.#silence.wait(SILENCE_MS)
  }

  #greet(): void {
    this.#port?.post({ type: 'hello', version: HUB_VERSION, viewer: this.#connector.viewer() })
  }

  #joinAll(): void {
    const wishes = [...this.#wishes.values()]
    for (const wish of wishes) {
      this.#renew(wish)
      this.#join(wish)
    }
  }

  #closePort(): void {
    this.#port?.close()
    this.#port = null
    this.#silence.stop()
  }

  #hear(message: ToTab): void {
    this.#heard()
    this.#take(message)
    switch (message.type) {
      case 'welcome':
        this.#isWelcome = true
        this.#silentHubs = this.#isOwn ? SILENT_HUBS_MAX : 0
        this.#joinAll()
        break
      case 'stranger':
        // Its wishes would be in another language, or somebody else's. The tab does without until it is loaded anew.
        this.#holdOwn()
        break
      case 'hops': {
        const report = HopReportSchema.safeParse(parseJson(message.data))
        if (!report.success) break
        for (const wish of this.#wishes.values()) wish.handlers.onHops(report.data)
        break
      }
      case 'frame':
        this.#wishes.get(message.sub)?.reader.hear(message)
        break
      case 'times': {
        const times = ReceivedTimesSchema.safeParse(parseJson(message.data))
        if (times.success) this.#wishes.get(message.sub)?.handlers.onTimes(times.data)
        break
      }
      case 'status':
        this.#hearStatus(message.sub, message.status)
        break
      case 'dropped':
        this.#greet()
        break
      case 'beat':
        break
    }
  }

  #hearStatus(sub: number, status: StreamStatus): void {
    const wish = this.#wishes.get(sub)
    if (wish === undefined) return
    wish.said = status
    if (hasEnded(status)) {
      this.#wishes.delete(sub)
      wish.sub = null
      // Nothing of it is shown any more: whoever starts it again is told all of it.
      wish.reader.forget()
    }
    // That a response is being opened says less than what is shown already.
    else if (status.phase === 'opening' && wish.status.phase !== 'idle') return
    else if (status.phase === 'waiting' && (wish.status.phase === 'live' || wish.status.phase === 'catching-up')) {
      if (wish.reader.place !== null) return
    }
    wish.status = status
    wish.handlers.onStatus(status)
    if (this.#wishes.size === 0) this.suspend()
  }

  #take(message: ToTab): void {
    this.#taken.messages += 1
    this.#taken.chars += 'data' in message ? message.data.length : 0
    this.#untold += 1
    if (message.type === 'frame' && this.#untold < TAKEN_EVERY) return
    this.#untold = 0
    this.#port?.post({ type: 'taken', ...this.#taken })
  }

  #heard(): void {
    this.#heardAt = this.#clock.now()
    this.#silence.wait(SILENCE_MS)
    for (const wish of this.#wishes.values()) {
      if (!this.#isLostHere(wish)) continue
      wish.status = wish.said
      if (wish.said.phase !== 'idle') wish.handlers.onStatus(wish.said)
    }
  }

  /** Shown as lost by this end, whatever the hub says. */
  #isLostHere({ status, said }: Wish): boolean {
    return status.phase === 'reconnecting' && said.phase !== 'reconnecting'
  }

  #miss(): void {
    if (this.#isWelcome) for (const wish of this.#wishes.values()) this.#setStatus(wish, 'reconnecting')
    if (this.#clock.now() - this.#heardAt < GONE_MS) return this.#silence.wait(GONE_MS - SILENCE_MS)
    // Its own hub lives as long as the tab: it is the tab that was held up.
    if (this.#isOwn) return this.#silence.wait(SILENCE_MS)
    const gone = this.#port
    if (!this.#isWelcome) this.#silentHubs += 1
    this.#leaveFor(gone)
  }

  #setStatus(wish: Wish, phase: StreamPhase): void {
    if (wish.status.phase === phase) return
    const isLoss = phase === 'reconnecting'
    const since = isLoss ? this.#heardAt : this.#clock.now()
    wish.status = { phase, since, attempt: isLoss ? 1 : 0, nextAttemptAt: null }
    wish.handlers.onStatus(wish.status)
  }
}
