import type { HopReport } from '../hop-report.ts'
import { byBrowserClock } from './stream/browser-clock.ts'
import { EventLog } from './log/event-log.ts'
import { isThread } from './view/discord-values.ts'
import { clockSpan, plural } from './format.ts'
import { HopMeter } from './hops/hop-figures.ts'
import { Timekeeper } from './hops/timekeeper.ts'
import { latencyTally } from './latency-tally.ts'
import {
  hasEnded,
  IDLE,
  type GuildSource,
  type OpenGuildSource,
  type StreamEvent,
  type StreamStatus,
} from './stream/stream-types.ts'
import { applyEvent, applyGap, markRead } from './view/guild-view.ts'
import { withMarks } from './view/read-marks.ts'
import { LagMeter } from './stream/lag-meter.ts'
import { isMessage, type HistoryPage } from './view/message-list.ts'
import type { Attachments } from './attachments.ts'
import type { Deeds } from './deeds.ts'
import type { Drafts } from './drafts.ts'
import type { Outbox, OutboxView, Outgoing } from './outbox.ts'
import type { OpenMarks, ReadMarksStore } from './read-marks-store.ts'
import { leavesHole, type Anew, type Replaced } from './view/replaced.ts'
import type { SyncNotice } from './stream/sync-notice.ts'
import type { Unsent } from './unsent.ts'
import type { Uploads } from './uploads.ts'
import { applyHistory, hasMessage } from './view/view-messages.ts'
import { emptyView, type CaughtUp, type GuildView } from './view/view-types.ts'

/** So many breaks are kept for the feed: more would be a page that nobody has looked at for days. */
const ANEW_KEPT = 50

/** All that the page renders from, at one moment. Its parts keep their identity while they do not change. */
export type GuildSnapshot = {
  view: GuildView
  status: StreamStatus
  /** By this browser's clock, not by the server's. */
  report: HopReport | null
  reportAt: number | null
  lateMs: number | null
  /** Events that came while catching up. */
  replayed: number
  caughtUp: CaughtUp | null
  replaced: Replaced | null
  /** Where the state was replaced without what led to it, oldest first. */
  anew: readonly Anew[]
  outgoing: readonly Outgoing[]
  /** The ids of the messages that were sent from this page. */
  sent: ReadonlySet<string>
  /** Moves with every row of the log. */
  logSeq: number
  /** Moves with every snapshot: what was read before it may be wrong by now. */
  generation: number
  /** The server's name, also after the viewer was removed from it. */
  guildName: string | null
}

export type StoreEnvironment = {
  /** Where its events come from. */
  open: OpenGuildSource
  now: () => number
  /** What the clock of that web process shows more than this browser's, in ms; null, or no such question, where nobody knows. */
  webAheadOf?: (by: string) => number | null
  /** Runs once, soon: before the next frame where there are frames. */
  soon: (run: () => void) => void
  /** Where it is kept what was read; without it, that is known for as long as the page lives. */
  marks?: Pick<ReadMarksStore, 'open' | 'forgetAll'>
}

/** An event as it came, before it is shown. */
export type HeardEvent = StreamEvent & {
  /** It is part of what is told to catch up: it happened before, or is the state as it is. */
  replayed: boolean
}

/** One guild, live: the stream's events in, what the page shows out. */
export class GuildStore {
  readonly guildId: string
  readonly log = new EventLog()
  /** What events took on their way here. */
  readonly hops = new HopMeter((hops) => latencyTally.add(hops))
  readonly #unsent: Unsent
  readonly #env: StoreEnvironment
  readonly #source: GuildSource
  readonly #lag = new LagMeter()
  readonly #timekeeper = new Timekeeper()
  readonly #listeners = new Set<() => void>()
  readonly #eventListeners = new Set<(event: HeardEvent) => void>()
  readonly #outboxView: OutboxView = {
    newestIn: (channelId) => this.#next.view.messages[channelId]?.items.at(-1)?.id ?? null,
    changed: () => {
      this.#set({ outgoing: this.outbox.items, sent: this.outbox.sent })
      // The stream may have been quicker than the answer.
      this.#settle()
    },
  }
  #snapshot: GuildSnapshot
  #next: GuildSnapshot
  #scheduled = false
  #openChannel: string | null = null
  #isLookedAt = true
  #marks: OpenMarks | null = null
  #awaySince: number | null = null
  /** The row that says that the stream goes on from where it was: how much came of that is known at its end. */
  #resumedRow: number | null = null
  /** This browser's clock less the server's, in ms, as last measured. */
  #offset = 0

  /**
   * @param unsent what was written in this guild before, and is kept when this store is gone.
   * @param viewerId who looks, where that is known already.
   */
  constructor(guildId: string, env: StoreEnvironment, unsent: Unsent, viewerId: string | null = null) {
    this.guildId = guildId
    this.#unsent = unsent
    this.#env = env
    this.#source = env.open(guildId, {
      onEvent: (event) => this.#hearEvent(event),
      onSync: (notice) => this.#hearSync(notice),
      onHops: (report) => this.#hearHops(report),
      onTimes: (times) => this.#timekeeper.hearTimes(times),
      onStatus: (status) => this.#hearStatus(status),
    })
    this.#snapshot = this.#next = {
      view: emptyView(guildId, viewerId),
      status: IDLE,
      report: null,
      reportAt: null,
      lateMs: null,
      replayed: 0,
      caughtUp: null,
      replaced: null,
      anew: [],
      outgoing: unsent.outbox.items,
      sent: unsent.outbox.sent,
      logSeq: 0,
      generation: 0,
      guildName: null,
    }
  }

  get outbox(): Outbox {
    return this.#unsent.outbox
  }

  get deeds(): Deeds {
    return this.#unsent.deeds
  }

  /** The time by the server's clock, in ms since the epoch, as near as that is known. */
  serverNow(): number {
    return this.byServerClock(this.#env.now())
  }

  /** A time of this browser's clock by the server's. */
  byServerClock(at: number): number {
    return at - this.#offset
  }

  get drafts(): Drafts {
    return this.#unsent.drafts
  }
  get answered(): Drafts {
    return this.#unsent.answered
  }
  get edits(): Drafts {
    return this.#unsent.edits
  }

  get attachments(): Attachments {
    return this.#unsent.attachments
  }
  get uploads(): Uploads {
    return this.#unsent.uploads
  }

  start = (): void => {
    this.outbox.attach(this.#outboxView)
    this.#source.start()
  }

  stop = (): void => {
    this.#marks?.close()
    this.#marks = null
    this.outbox.detach(this.#outboxView)
    this.#source.stop()
  }

  retryNow = (): void => this.#source.retryNow()

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  getSnapshot = (): GuildSnapshot => this.#snapshot

  /** Hears each event once, in order, as it comes. Returns what ends that. */
  onEvent = (listener: (event: HeardEvent) => void): (() => void) => {
    this.#eventListeners.add(listener)
    return () => this.#eventListeners.delete(listener)
  }

  setViewer(viewerId: string | null): void {
    this.#setView({ ...this.#next.view, viewerId })
  }

  /** The channel that is being read: what comes into it is not unread, as long as somebody looks. */
  setOpenChannel(channelId: string | null): void {
    this.#openChannel = channelId
    this.#setView(this.#next.view)
  }

  /** Whether the page is looked at. What comes into a tab behind others is read once that is shown. */
  setLookedAt(isLookedAt: boolean): void {
    this.#isLookedAt = isLookedAt
    this.#setView(this.#next.view)
  }

  /** The page may be gone soon: what was read is kept. */
  keepMarks(): void {
    this.#marks?.flush()
  }

  addHistory(channelId: string, page: HistoryPage): void {
    this.#setView(applyHistory(this.#next.view, channelId, page))
  }

  dismissReplaced(): void {
    this.#set({ replaced: null })
  }

  #hearEvent(event: StreamEvent): void {
    this.#openMarks()
    const at = this.#env.now()
    const { view, status, replayed, generation } = this.#next
    const next = this.#applied(event, at)
    if (losesChannel(view, next)) this.log.forgetEvents()
    const times = this.#timekeeper.timesOf(event, at)
    if (times !== null) this.hops.add(times)
    this.log.addEvent(event, at, { restored: isRestored(next, event), times })
    const isSnapshot = event.name === 'GUILD_CREATE' && next !== view
    this.#setView(next)
    if (next.removed && !view.removed) this.#forgetKept()
    this.#set({
      logSeq: this.log.seq,
      replayed: status.phase === 'catching-up' && !isSnapshot ? replayed + 1 : replayed,
      generation: isSnapshot ? generation + 1 : generation,
      guildName: next.guild?.name ?? this.#next.guildName,
    })
    for (const listener of this.#eventListeners) listener({ ...event, replayed: status.phase !== 'live' })
  }

  /** What cannot be shown stands in the log as it came; the page, and the position from which it resumes, go on. */
  #applied({ name, payload, id }: StreamEvent, at: number): GuildView {
    try {
      return applyEvent(this.#next.view, name, payload, id, at)
    } catch {
      this.log.addNote('sync', `${name} is not as Discord documents it, and is not shown`, null, at)
      return this.#next.view
    }
  }

  #hearSync(notice: SyncNotice): void {
    const at = this.#env.now()
    const { replayed, status } = this.#next
    switch (notice.state) {
      case 'resumed':
        this.#resumedRow = this.log.addNote('sync', 'sync: resumed', notice, at)
        break
      case 'snapshot':
        this.#resumedRow = null
        this.log.addNote('sync', `sync: snapshot, ${notice.reason ?? 'fresh'}`, notice, at)
        this.#noteReplaced(notice.reason, at)
        break
      case 'live': {
        // A quiet guild is told every fifteen seconds how far it is: nothing has happened.
        if (status.phase === 'live') return
        this.#noteLive(notice, at)
        const away = this.#awaySince
        if (away !== null && replayed > 0) {
          // Among messages, whose times are not this browser's.
          this.#set({ caughtUp: { at: away - this.#offset, count: replayed } })
        }
        this.#awaySince = null
        break
      }
      case 'gap':
        this.#noteGap(notice, at)
        break
    }
    // A hole in the midst of it ends nothing.
    this.#set({ logSeq: this.log.seq, replayed: notice.state === 'gap' ? replayed : 0 })
  }

  #noteLive(notice: SyncNotice, at: number): void {
    const { replayed } = this.#next
    const row = this.#resumedRow
    this.#resumedRow = null
    const what = replayed === 0 ? '' : `, ${plural(replayed, 'event')} replayed`
    const isSaid = row !== null && this.log.rename(row, `sync: resumed${what}`)
    this.log.addNote('sync', `sync: live${isSaid ? '' : what}`, notice, at)
  }

  #noteReplaced(reason: string | undefined, at: number): void {
    if (reason === 'permissions_changed') this.#set({ replaced: { reason, at } })
    if (!leavesHole(reason)) return
    // Among messages, whose times are not this browser's.
    const anew = [...this.#next.anew, { reason, at: at - this.#offset }].slice(-ANEW_KEPT)
    this.#set({ replaced: { reason, at }, anew })
  }

  #noteGap(notice: SyncNotice, at: number): void {
    const { reason = 'upstream', from, to } = notice
    // What came before may be of what is shown no more, in more ways than by its channel.
    if (reason === 'permissions_changed') this.log.forgetEvents()
    if (reason !== 'upstream' || from === undefined || to === undefined) {
      this.log.addNote('sync', `sync: ${reason.replaceAll('_', ' ')}`, notice, at)
      this.#noteReplaced(reason, at)
      return
    }
    const times = clockSpan(from, to)
    const unrestored = notice.guild_id === this.guildId
    const what = unrestored ? `not all of ${times} could be read back` : `Discord could not replay ${times}`
    const view = applyGap(this.#next.view, { id: notice.id ?? notice.gap_id ?? null, from, to, reason, unrestored })
    // Each snapshot says those that were.
    if (view === this.#next.view) return
    this.log.addNote('gap', `Gap: ${what}`, notice, at)
    this.#setView(view)
  }

  #hearHops(report: HopReport): void {
    const now = this.#env.now()
    const ahead = this.#env.webAheadOf?.(report.by) ?? null
    this.#lag.hear(report.ts, now, ahead)
    this.#timekeeper.hearReport(report, ahead)
    this.#offset = ahead === null ? this.#lag.offset : -ahead
    this.#set({ report: byBrowserClock(report, this.#offset), reportAt: now, lateMs: this.#lag.lateMs(now) })
  }

  #hearStatus(status: StreamStatus): void {
    const before = this.#next.status.phase
    if (status.phase === 'reconnecting' && before !== 'reconnecting') {
      this.#lag.reset()
      this.#awaySince = status.since
      if (before !== 'opening') this.log.addNote('sync', 'stream lost, reconnecting', null, this.#env.now())
    }
    const { viewerId } = this.#next.view
    if (hasEnded(status)) this.#forget()
    if (status.phase === 'signed-out' && viewerId !== null) this.#env.marks?.forgetAll(viewerId)
    this.#set({ status, logSeq: this.log.seq, lateMs: status.phase === 'live' ? this.#next.lateMs : null })
  }

  /** The page may not show it any more, so it is not kept either. */
  #forget(): void {
    this.log.clear()
    this.#forgetKept()
    this.#setView(emptyView(this.guildId))
    this.#set({ caughtUp: null, replaced: null, anew: [], report: null, reportAt: null })
  }

  /** What outlives the page. */
  #forgetKept(): void {
    this.#unsent.clear()
    this.#marks?.forget()
    this.#marks = null
  }

  /** As soon as it is known whose they are. */
  #openMarks(): void {
    const { viewerId, removed } = this.#next.view
    if (this.#marks !== null || viewerId === null || removed) return
    const local = () => this.#next.view.unread
    this.#marks =
      this.#env.marks?.open(viewerId, this.guildId, local, (marks) =>
        this.#setView(withMarks(this.#next.view, marks)),
      ) ?? null
  }

  #setView(view: GuildView): void {
    const next = this.#openChannel === null || !this.#isLookedAt ? view : markRead(view, this.#openChannel)
    const { unread } = this.#next.view
    if (next === this.#next.view) return
    this.#set({ view: next })
    if (next.unread !== unread) this.#marks?.changed()
    this.#settle()
  }

  #settle(): void {
    this.outbox.settle((channelId, messageId) => hasMessage(this.#next.view, channelId, messageId))
    this.outbox.askAbout((channelId) => this.#next.view.messages[channelId]?.items ?? [])
  }

  #set(changes: Partial<GuildSnapshot>): void {
    this.#next = { ...this.#next, ...changes }
    if (this.#scheduled) return
    this.#scheduled = true
    this.#env.soon(() => {
      this.#scheduled = false
      this.#snapshot = this.#next
      for (const listener of this.#listeners) listener()
    })
  }
}

/** By a snapshot, to which whoever came back was not told why. By its own event, it is known to have been deleted. */
const losesChannel = ({ guild, channels }: GuildView, next: GuildView): boolean =>
  next.guild !== guild &&
  Object.values(channels).some(({ id, type }) => !isThread(type) && next.channels[id] === undefined)

function isRestored(view: GuildView, { name, payload }: StreamEvent): boolean {
  if (name !== 'MESSAGE_CREATE' || !isMessage(payload)) return false
  const { id, channel_id } = payload
  return view.messages[channel_id]?.items.findLast((message) => message.id === id)?.restored === true
}
