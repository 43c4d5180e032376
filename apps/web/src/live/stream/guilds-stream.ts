import * as z from 'zod/mini'
import { backoffDelay } from './backoff.ts'
import { eventNames } from './event-table.ts'
import { parseJson } from './json.ts'
import { Place } from './place.ts'
import { SilenceWatch } from './silence-watch.ts'
import { IDLE, type EventSourceLike, type StreamEnvironment, type StreamStatus } from './stream-types.ts'
import { SyncNoticeSchema, type SyncNotice } from './sync-notice.ts'

/** Longest silence in which this browser's hop counts as whole: three words missed, and shown within two seconds. */
const SILENCE_MS = 1_700
/** Longest wait for the first word of a source that was just opened. */
const OPENING_MS = 8_000
/** A loss shorter than this is not shown: streams are closed and reopened every ten minutes by design. */
const SHOW_LOSS_AFTER_MS = 700
/** A source that spoke for so long works; one that falls silent sooner belongs to the same series of tries. */
const STEADY_MS = 5_000
/** A source that was live for so long shows a server that works: its loss is waited for as the third try at most, 2 s. */
const HELD_MS = 1_000
const HELD_ATTEMPT = 3
/** Guilds come and go together: a browser that restores its tabs, a page that shows another. One response for all of them. */
const CHANGE_MS = 30
/** The server's own bound (server/realtime/asked-guilds.ts). */
export const GUILDS_MAX = 100

const CLOSED = 2

/** A frame of the response as it came: an event, or `sync`. */
export type Frame = {
  guildId: string
  name: string
  data: string
  /** Its own id, or null. */
  id: string | null
  /** What it says, for a `sync`. */
  notice: SyncNotice | null
}

export type GuildsHandlers = {
  onFrame: (frame: Frame) => void
  onHops: (data: string) => void
  onTimes: (guildId: string, data: string) => void
  onStatus: (guildId: string, status: StreamStatus) => void
}

type Guild = {
  readonly id: string
  readonly place: Place
  phase: 'waiting' | 'catching-up' | 'live'
  /** It was live when the guilds of the response were changed: what brings it back there is no news. */
  quiet: boolean
  status: StreamStatus
  laterTimer: unknown
}

const GuildNoticeSchema = z.object({
  guild_id: z.string(),
  ended: z.optional(z.string()),
  retry_ms: z.optional(z.number()),
})

/**
 * The events of some guilds over one response, for as long as they are wanted: opens it, keeps each guild's place, and
 * reopens what breaks.
 *
 * It always reopens by itself, also where EventSource would: EventSource would say one id, and each guild has its own; it
 * gives up for good after a proxy's 502.
 */
export class GuildsStream {
  readonly #env: StreamEnvironment
  readonly #handlers: GuildsHandlers
  readonly #viewer: string | null
  readonly #guilds = new Map<string, Guild>()
  #started = false
  /** What the guilds are told of the connection; `connected` leaves them their own phase. */
  #shown: 'opening' | 'connected' | 'reconnecting' = 'opening'
  #source: EventSourceLike | null = null
  /** The guild of the frames that come. */
  #current: Guild | null = null
  /** EventSource bears the last id on to frames that have none. One that names a guild has one that is no place. */
  #sourceId = ''
  #openedAt = 0
  #heardAt = 0
  /** When this source was first told `live`. */
  #liveAt: number | null = null
  #attempt = 0
  #lostAt: number | null = null
  readonly #silence: SilenceWatch
  #retryTimer: unknown = null
  #lossTimer: unknown = null
  #changeTimer: unknown = null
  #probing: AbortController | null = null

  /** @param viewer for whom it is: to a session of anybody else it is answered as to nobody's. Null where that is not known. */
  constructor(env: StreamEnvironment, handlers: GuildsHandlers, viewer: string | null) {
    this.#env = env
    this.#handlers = handlers
    this.#viewer = viewer
    this.#silence = new SilenceWatch(env, () => this.#lose('silent'))
  }

  get size(): number {
    return this.#guilds.size
  }

  has(guildId: string): boolean {
    return this.#guilds.has(guildId)
  }

  placeOf(guildId: string): string | null {
    return this.#guilds.get(guildId)?.place.id ?? null
  }

  statusOf(guildId: string): StreamStatus {
    return this.#guilds.get(guildId)?.status ?? IDLE
  }

  /** @param place where it goes on from; null for a snapshot. */
  add(guildId: string, place: string | null): void {
    if (this.#guilds.has(guildId)) return
    const guild: Guild = {
      id: guildId,
      place: new Place(place),
      phase: 'waiting',
      quiet: false,
      status: IDLE,
      laterTimer: null,
    }
    this.#guilds.set(guildId, guild)
    if (!this.#started) return
    this.#tell(guild, { phase: 'opening', attempt: 0, nextAttemptAt: null })
    this.#change()
  }

  remove(guildId: string): void {
    const guild = this.#guilds.get(guildId)
    if (guild === undefined) return
    this.#clearTimer(guild.laterTimer)
    this.#guilds.delete(guildId)
    if (this.#current === guild) this.#current = null
    if (this.#guilds.size === 0) this.#rest()
    else this.#change()
  }

  start(): void {
    if (this.#started) return
    this.#started = true
    this.#shown = 'opening'
    for (const guild of this.#guilds.values()) this.#tell(guild, { phase: 'opening', attempt: 0, nextAttemptAt: null })
    if (this.#guilds.size > 0) this.#open()
  }

  stop(): void {
    this.#started = false
    this.#rest()
    for (const guild of this.#guilds.values()) {
      this.#clearTimer(guild.laterTimer)
      guild.quiet = false
      guild.phase = 'waiting'
      this.#tell(guild, { phase: 'idle', attempt: 0, nextAttemptAt: null })
    }
  }

  retryNow(): void {
    if (this.#retryTimer === null) return
    this.#clearTimer(this.#retryTimer)
    this.#retryTimer = null
    this.#open()
  }

  /** Another response for the guilds as they are now. While one is awaited anyway, that one. */
  #change(): void {
    if (!this.#started || this.#retryTimer !== null || this.#probing !== null || this.#changeTimer !== null) return
    if (this.#source === null) return this.#open()
    this.#changeTimer = this.#env.setTimer(() => {
      this.#changeTimer = null
      for (const guild of this.#guilds.values()) guild.quiet = guild.phase === 'live'
      this.#closeSource()
      this.#open()
      // Nothing is said of it, unless it takes as long as a loss that is shown.
      this.#lossTimer = this.#env.setTimer(() => this.#showLoss(null), SILENCE_MS)
    }, CHANGE_MS)
  }

  #url(): string {
    const guilds = Array.from(this.#guilds.values(), ({ id, place }) =>
      place.id === null ? `guild=${encodeURIComponent(id)}` : `guild=${encodeURIComponent(id)}@${place.id}`,
    )
    const viewer = this.#viewer === null ? '' : `&viewer=${encodeURIComponent(this.#viewer)}`
    return `/api/events?${guilds.join('&')}${viewer}&hops=1`
  }

  #open(): void {
    const url = this.#url()
    const source = this.#env.open(url)
    this.#source = source
    // Where there is one, nobody need say which.
    const [only] = this.#guilds.values()
    this.#current = this.#guilds.size === 1 ? (only ?? null) : null
    this.#sourceId = ''
    this.#liveAt = null
    this.#openedAt = this.#heardAt = this.#env.now()
    this.#silence.wait(OPENING_MS)
    const listen = (type: string, hear: (event: MessageEvent<string>) => void) =>
      source.addEventListener(type, (event) => this.#source === source && hear(event))
    for (const name of eventNames) listen(name, (event) => this.#hearEvent(name, event))
    listen('sync', (event) => this.#hearSync(event))
    listen('guild', (event) => this.#hearGuild(event))
    listen('times', (event) => {
      this.#heard()
      if (this.#current !== null) this.#handlers.onTimes(this.#current.id, event.data)
    })
    listen('hops', (event) => {
      this.#heard()
      this.#handlers.onHops(event.data)
    })
    listen('error', () => this.#lose(source.readyState === CLOSED ? 'refused' : 'broken', url))
  }

  #hearGuild(event: MessageEvent<string>): void {
    this.#heard()
    this.#sourceId = event.lastEventId
    const notice = GuildNoticeSchema.safeParse(parseJson(event.data))
    // Whose the frames are that follow is not known then, and to take them for another's would be worse than to lack them.
    this.#current = notice.success ? (this.#guilds.get(notice.data.guild_id) ?? null) : null
    const guild = this.#current
    if (!notice.success || guild === null || notice.data.ended === undefined) return
    const { ended, retry_ms: retryMs } = notice.data
    this.#current = null
    guild.quiet = false
    guild.place.cutOff()
    if (ended === 'LATER') {
      guild.phase = 'waiting'
      this.#tell(guild, { phase: 'waiting', attempt: 0, nextAttemptAt: null })
      this.#clearTimer(guild.laterTimer)
      guild.laterTimer = this.#env.setTimer(() => this.#change(), retryMs ?? backoffDelay(4, this.#env.random))
      return
    }
    this.#tell(guild, { phase: 'no-access', attempt: 0, nextAttemptAt: null })
    this.#guilds.delete(guild.id)
    if (this.#guilds.size === 0) this.#rest()
  }

  #hearEvent(name: string, event: MessageEvent<string>): void {
    this.#heard()
    const id = this.#ownId(event)
    const guild = this.#current
    if (guild === null) return
    guild.place.hearEvent(id)
    this.#handlers.onFrame({ guildId: guild.id, name, data: event.data, id, notice: null })
  }

  #hearSync(event: MessageEvent<string>): void {
    this.#heard()
    this.#ownId(event)
    const guild = this.#current
    const parsed = SyncNoticeSchema.safeParse(parseJson(event.data))
    if (guild === null || !parsed.success) return
    const notice = parsed.data
    const { state } = notice
    guild.place.hearSync(notice)
    if (state === 'live') this.#liveAt ??= this.#env.now()
    const isNoNews = guild.quiet && (state === 'resumed' || state === 'live')
    if (state === 'snapshot' || state === 'live') guild.quiet = false
    if (!isNoNews || state === 'live') {
      this.#handlers.onFrame({ guildId: guild.id, name: 'sync', data: event.data, id: notice.id ?? null, notice })
    }
    if (isNoNews || state === 'gap') return
    guild.phase = state === 'live' ? 'live' : 'catching-up'
    this.#tell(guild, { phase: guild.phase, attempt: 0, nextAttemptAt: null })
  }

  /** What one guild's event has for an id must not become the place of another, whose frame has none. */
  #ownId({ lastEventId }: MessageEvent<string>): string | null {
    if (lastEventId === '' || lastEventId === this.#sourceId) return null
    this.#sourceId = lastEventId
    return lastEventId
  }

  /** Anything heard proves the hop, for now. */
  #heard(): void {
    this.#heardAt = this.#env.now()
    if (this.#heardAt - this.#openedAt >= STEADY_MS) this.#attempt = 0
    this.#lostAt = null
    this.#clearLossTimer()
    this.#silence.wait(SILENCE_MS)
    for (const guild of this.#guilds.values()) {
      if (guild.status.phase === 'reconnecting' || guild.status.phase === 'opening') {
        this.#tell(guild, { phase: guild.quiet ? 'live' : 'waiting', attempt: 0, nextAttemptAt: null })
      }
    }
    this.#shown = 'connected'
  }

  /** The source is of no use any more: it fell silent, broke, or the answer was no stream. */
  #lose(how: 'silent' | 'broken' | 'refused', url = ''): void {
    this.#closeSource()
    this.#clearLossTimer()
    // What is opened next is for the guilds as they are then.
    this.#clearTimer(this.#changeTimer)
    this.#changeTimer = null
    const now = this.#env.now()
    const held = this.#liveAt !== null && now - this.#liveAt >= HELD_MS
    this.#attempt = held ? Math.min(this.#attempt + 1, HELD_ATTEMPT) : this.#attempt + 1
    this.#liveAt = null
    const wasConnected = this.#shown === 'connected'
    // Of a whole hop the last word is the last that is known; else nothing was there to lose.
    this.#lostAt ??= wasConnected ? this.#heardAt : now
    for (const guild of this.#guilds.values()) guild.quiet = false
    const delay = backoffDelay(this.#attempt, this.#env.random)
    const nextAttemptAt = now + delay
    // Silence has lasted long enough to be known.
    if (how !== 'silent' && this.#attempt === 1 && wasConnected) {
      this.#lossTimer = this.#env.setTimer(() => this.#showLoss(nextAttemptAt), SHOW_LOSS_AFTER_MS)
    } else {
      this.#showLoss(nextAttemptAt)
    }
    if (how === 'refused') void this.#askWhy(url, delay)
    else this.#retryAfter(delay)
  }

  async #askWhy(url: string, delay: number): Promise<void> {
    const probing = new AbortController()
    this.#probing = probing
    let status = 0
    try {
      status = await this.#env.probe(url, probing.signal)
    } catch {
      // Not reachable: the same as any other broken connection.
    }
    if (probing.signal.aborted) return
    this.#probing = null
    if (status === 401) this.#end()
    else this.#retryAfter(delay)
  }

  #retryAfter(delay: number): void {
    this.#retryTimer = this.#env.setTimer(() => {
      this.#retryTimer = null
      this.#open()
    }, delay)
  }

  #showLoss(nextAttemptAt: number | null): void {
    this.#clearLossTimer()
    this.#lostAt ??= this.#heardAt
    this.#shown = 'reconnecting'
    for (const guild of this.#guilds.values()) {
      this.#tell(guild, { phase: 'reconnecting', attempt: Math.max(this.#attempt, 1), nextAttemptAt })
    }
  }

  /** Nobody is signed in: nothing more of any guild. */
  #end(): void {
    const guilds = [...this.#guilds.values()]
    this.#guilds.clear()
    this.#rest()
    for (const guild of guilds) {
      this.#clearTimer(guild.laterTimer)
      this.#tell(guild, { phase: 'signed-out', attempt: 0, nextAttemptAt: null })
    }
  }

  /** Nothing is wanted, or nothing may be had. */
  #rest(): void {
    this.#closeSource()
    this.#clear()
    this.#attempt = 0
    this.#lostAt = null
    this.#shown = 'opening'
  }

  #closeSource(): void {
    this.#source?.close()
    this.#source = null
    this.#silence.stop()
    for (const guild of this.#guilds.values()) guild.place.cutOff()
  }

  #clear(): void {
    this.#probing?.abort()
    this.#probing = null
    for (const timer of [this.#retryTimer, this.#changeTimer]) this.#clearTimer(timer)
    this.#retryTimer = this.#changeTimer = null
    this.#clearLossTimer()
  }

  #clearLossTimer(): void {
    this.#clearTimer(this.#lossTimer)
    this.#lossTimer = null
  }

  #clearTimer(timer: unknown): void {
    if (timer !== null) this.#env.clearTimer(timer)
  }

  #tell(guild: Guild, next: Omit<StreamStatus, 'since'>): void {
    const same = next.phase === guild.status.phase
    const since = next.phase === 'reconnecting' && this.#lostAt !== null ? this.#lostAt : this.#env.now()
    guild.status = { ...next, since: same ? guild.status.since : since }
    this.#handlers.onStatus(guild.id, guild.status)
  }
}
