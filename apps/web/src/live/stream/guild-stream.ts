import { HopReportSchema, type HopReport } from '../../hop-report.ts'
import { backoffDelay } from './backoff.ts'
import { eventNames } from './event-table.ts'
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
/** A silence timer later than this woke with the machine, or after a long task: what was sent lies unread. Look again. */
const LATE_TIMER_MS = 500

export type StreamEvent = {
  name: string
  payload: unknown
  /** The event's id, the same from Discord to here; null where the server gave none. */
  id: string | null
  /** Length of the payload as it came, in UTF-16 units: bytes, for all but text beyond ASCII. */
  size: number
}

/**
 * `opening`: never had a word from the server. `waiting`: the hop is whole, but web has no state to send yet.
 * `catching-up`: a snapshot or a replay is on its way. `signed-out` and `no-access` are final.
 */
export type StreamPhase =
  'idle' | 'opening' | 'waiting' | 'catching-up' | 'live' | 'reconnecting' | 'signed-out' | 'no-access'

export type StreamStatus = {
  phase: StreamPhase
  /** When this phase began, in ms since the epoch; for `reconnecting`, when the stream was lost. */
  since: number
  /** Which try to reconnect is under way or awaited; 0 while connected. */
  attempt: number
  nextAttemptAt: number | null
}

/** Whether the stream is over for good, and nothing of it may be shown any more. */
export const hasEnded = ({ phase }: StreamStatus): boolean => phase === 'signed-out' || phase === 'no-access'

/** As much of EventSource as is used, so that a test can be one. */
export type EventSourceLike = {
  readonly readyState: number
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void
  close(): void
}

export type StreamEnvironment = {
  open: (url: string) => EventSourceLike
  /** The HTTP status that `url` answers with; EventSource does not tell it. */
  probe: (url: string, signal: AbortSignal) => Promise<number>
  now: () => number
  random: () => number
  setTimer: (run: () => void, ms: number) => unknown
  clearTimer: (timer: unknown) => void
}

export type StreamHandlers = {
  onEvent: (event: StreamEvent) => void
  onSync: (notice: SyncNotice) => void
  onHops: (report: HopReport) => void
  onStatus: (status: StreamStatus) => void
}

const CLOSED = 2
const connectedPhases: ReadonlySet<StreamPhase> = new Set(['waiting', 'catching-up', 'live'])

/**
 * One guild's events, for as long as the page wants them: opens the source, keeps the position, and reopens what breaks.
 *
 * It always reopens by itself, also where EventSource would: EventSource would say its own last id, which may be the one
 * of a snapshot that was cut off, and it gives up for good after a proxy's 502.
 */
export class GuildStream {
  readonly #url: string
  readonly #env: StreamEnvironment
  readonly #handlers: StreamHandlers
  #source: EventSourceLike | null = null
  #status: StreamStatus = { phase: 'idle', since: 0, attempt: 0, nextAttemptAt: null }
  /** The last id that may be resumed from. */
  #committed: string | null = null
  /** The last id of a snapshot that is not complete yet. */
  #uncommitted: string | null = null
  #inSnapshot = false
  #openedAt = 0
  #heardAt = 0
  /** When this source was first told `live`. */
  #liveAt: number | null = null
  #attempt = 0
  #lostAt: number | null = null
  #silenceTimer: unknown = null
  #retryTimer: unknown = null
  #lossTimer: unknown = null
  #probing: AbortController | null = null

  constructor(guildId: string, env: StreamEnvironment, handlers: StreamHandlers) {
    this.#url = `/api/guilds/${encodeURIComponent(guildId)}/events?hops=1`
    this.#env = env
    this.#handlers = handlers
  }

  get lastEventId(): string | null {
    return this.#committed
  }

  start(): void {
    if (this.#status.phase !== 'idle') return
    this.#setStatus({ phase: 'opening', attempt: 0, nextAttemptAt: null })
    this.#open()
  }

  stop(): void {
    this.#closeSource()
    this.#clear()
    this.#attempt = 0
    this.#lostAt = null
    this.#setStatus({ phase: 'idle', attempt: 0, nextAttemptAt: null })
  }

  /** Tries now instead of at the next appointed time: the machine is online again, or the tab is looked at. */
  retryNow(): void {
    if (this.#retryTimer === null) return
    this.#env.clearTimer(this.#retryTimer)
    this.#retryTimer = null
    this.#open()
  }

  #open(): void {
    const url =
      this.#committed === null ? this.#url : `${this.#url}&last_event_id=${encodeURIComponent(this.#committed)}`
    const source = this.#env.open(url)
    this.#source = source
    this.#inSnapshot = false
    this.#uncommitted = null
    this.#liveAt = null
    this.#openedAt = this.#heardAt = this.#env.now()
    this.#watchSilence(OPENING_MS)
    const current = () => this.#source === source
    for (const name of eventNames) {
      source.addEventListener(name, (event) => current() && this.#hearEvent(name, event))
    }
    source.addEventListener('sync', (event) => current() && this.#hearSync(event))
    source.addEventListener('hops', (event) => current() && this.#hearHops(event))
    source.addEventListener(
      'error',
      () => current() && this.#lose(source.readyState === CLOSED ? 'refused' : 'broken', url),
    )
  }

  #hearEvent(name: string, event: MessageEvent<string>): void {
    const id = event.lastEventId === '' ? null : event.lastEventId
    const payload = parseJson(event.data)
    if (payload !== undefined) this.#handlers.onEvent({ name, payload, id, size: event.data.length })
    if (id !== null) {
      if (this.#inSnapshot) this.#uncommitted = id
      else this.#committed = id
    }
    this.#heard()
  }

  #hearSync(event: MessageEvent<string>): void {
    const parsed = SyncNoticeSchema.safeParse(parseJson(event.data))
    this.#heard()
    if (!parsed.success) return
    const notice = parsed.data
    if (notice.state === 'snapshot') {
      this.#inSnapshot = true
      this.#uncommitted = null
    } else if (notice.state === 'live') {
      this.#liveAt ??= this.#env.now()
      this.#committed = notice.id ?? this.#uncommitted ?? this.#committed
      this.#inSnapshot = false
      this.#uncommitted = null
    }
    this.#handlers.onSync(notice)
    if (notice.state === 'live') this.#setStatus({ phase: 'live', attempt: 0, nextAttemptAt: null })
    else if (notice.state !== 'gap') this.#setStatus({ phase: 'catching-up', attempt: 0, nextAttemptAt: null })
  }

  #hearHops(event: MessageEvent<string>): void {
    const report = HopReportSchema.safeParse(parseJson(event.data))
    this.#heard()
    if (report.success) this.#handlers.onHops(report.data)
  }

  /** Anything heard proves the hop, for now. */
  #heard(): void {
    this.#heardAt = this.#env.now()
    if (this.#heardAt - this.#openedAt >= STEADY_MS) this.#attempt = 0
    this.#lostAt = null
    this.#clearLossTimer()
    this.#watchSilence(SILENCE_MS)
    if (this.#status.phase === 'reconnecting' || this.#status.phase === 'opening') {
      this.#setStatus({ phase: 'waiting', attempt: 0, nextAttemptAt: null })
    }
  }

  #watchSilence(ms: number): void {
    if (this.#silenceTimer !== null) this.#env.clearTimer(this.#silenceTimer)
    const dueAt = this.#env.now() + ms
    this.#silenceTimer = this.#env.setTimer(() => {
      this.#silenceTimer = null
      const late = this.#env.now() - dueAt > LATE_TIMER_MS
      if (late) this.#watchSilence(LATE_TIMER_MS)
      else this.#lose('silent')
    }, ms)
  }

  /** The source is of no use any more: it fell silent, broke, or the answer was no stream. */
  #lose(how: 'silent' | 'broken' | 'refused', url = ''): void {
    this.#closeSource()
    const now = this.#env.now()
    const held = this.#liveAt !== null && now - this.#liveAt >= HELD_MS
    this.#attempt = held ? Math.min(this.#attempt + 1, HELD_ATTEMPT) : this.#attempt + 1
    this.#liveAt = null
    // In the phases of a whole hop the last word is the last that is known; else nothing was there to lose.
    this.#lostAt ??= connectedPhases.has(this.#status.phase) ? this.#heardAt : now
    const delay = backoffDelay(this.#attempt, this.#env.random)
    const nextAttemptAt = now + delay
    // Silence has lasted long enough to be known.
    if (how !== 'silent' && this.#attempt === 1 && connectedPhases.has(this.#status.phase)) {
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
    if (status === 401) this.#end('signed-out')
    else if (status === 404) this.#end('no-access')
    else this.#retryAfter(delay)
  }

  #retryAfter(delay: number): void {
    this.#retryTimer = this.#env.setTimer(() => {
      this.#retryTimer = null
      this.#open()
    }, delay)
  }

  #showLoss(nextAttemptAt: number): void {
    this.#clearLossTimer()
    this.#setStatus({ phase: 'reconnecting', attempt: this.#attempt, nextAttemptAt })
  }

  #end(phase: 'signed-out' | 'no-access'): void {
    this.#clear()
    this.#committed = null
    this.#lostAt = null
    this.#setStatus({ phase, attempt: 0, nextAttemptAt: null })
  }

  #closeSource(): void {
    this.#source?.close()
    this.#source = null
    if (this.#silenceTimer !== null) this.#env.clearTimer(this.#silenceTimer)
    this.#silenceTimer = null
  }

  #clear(): void {
    this.#probing?.abort()
    this.#probing = null
    if (this.#retryTimer !== null) this.#env.clearTimer(this.#retryTimer)
    this.#retryTimer = null
    this.#clearLossTimer()
  }

  #clearLossTimer(): void {
    if (this.#lossTimer !== null) this.#env.clearTimer(this.#lossTimer)
    this.#lossTimer = null
  }

  #setStatus(next: Omit<StreamStatus, 'since'>): void {
    const same = next.phase === this.#status.phase
    const since = next.phase === 'reconnecting' && this.#lostAt !== null ? this.#lostAt : this.#env.now()
    this.#status = { ...next, since: same ? this.#status.since : since }
    this.#handlers.onStatus(this.#status)
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
