import { isJudgedByBefore, isPersonal, show } from '@repo/discord-permissions'
import type { Before } from '@repo/discord-permissions'
import { parsed } from '@repo/event-feed'
import type { DispatchEntry, FeedBatch, Guild } from '@repo/event-feed'
import { encodeSyncs, encodeSync, encodeEvent, EventTimes, joined, streamBytes } from '../realtime/stream-bytes.ts'
import type { Frame, StreamBytes } from '../realtime/stream-bytes.ts'
import { encodeGuild, encodeShown, restatement } from './frames.ts'
import type { GuildViewer } from './guild-viewer.ts'
import type { GapAgain } from './known-gaps.ts'

/** What a guild keeps count of: the one thing in which it is not the same to hear an event twice. */
const COUNTED: ReadonlySet<string> = new Set(['GUILD_MEMBER_ADD', 'GUILD_MEMBER_REMOVE'])

const replays = new WeakMap<FeedBatch, Map<string, StreamBytes | null>>()

/** Thousands come back at once, and the feed gives them the same batch. */
function sharedReplay(batch: FeedBatch, key: string, encode: () => StreamBytes | null): StreamBytes | null {
  const known = replays.get(batch) ?? new Map<string, StreamBytes | null>()
  replays.set(batch, known)
  const bytes = known.get(key)
  if (bytes !== undefined) return bytes
  const made = encode()
  known.set(key, made)
  return made
}

/** A guild is to be told anew to whoever has passed that position. */
export type Restating = { readonly after: number; readonly isTold: boolean }

/** A guild at this moment, for all who look at it. */
export interface GuildNow {
  /** Null where it is not there. */
  guild(): Guild | null
  /** Where the log ends. */
  tip(): number
  /** Whether what is being written has just happened, and is settled for everybody. */
  isHappening(): boolean
  /** What was remembered from before an entry. */
  beforeOf(entry: DispatchEntry): Before | undefined
  /** What of Discord's record is missing, that came before. */
  gaps(): readonly GapAgain[]
  /** What is owed to somebody who comes back with that id, as the log is now. */
  restatingFor(viewer: GuildViewer, lastEventId: string): Restating | null
  /** The clock by which web tells when it had what happens. */
  readonly now: () => number
}

export type VisitOptions = {
  /** What they heard last; null: nothing. */
  lastEventId: string | null
  /** Whether they are told when the gateway and web had what happens. */
  isTimed: boolean
}

/** What carries the stream: told when there is something to be said to one who is caught up, and when they may stay no longer. */
export interface Carrier {
  restate(): void
  shutOut(): void
}

/** One stream's look at a guild: what of a batch its viewer is sent. */
export class Visit {
  readonly viewer: GuildViewer
  carrier: Carrier | null = null
  readonly #at: GuildNow
  readonly #lastEventId: string | null
  readonly #isTimed: boolean
  /** Up to there it happened before the stream was open: messages are history. */
  #openedAt = 0
  #restating: Restating | null = null
  /** Up to there the guild has been told anew to one who has not come so far. */
  #toldAhead = 0

  constructor(viewer: GuildViewer, at: GuildNow, { lastEventId, isTimed }: VisitOptions) {
    this.viewer = viewer
    this.#at = at
    this.#lastEventId = lastEventId
    this.#isTimed = isTimed
    this.enter()
  }

  /** Also when the log has begun anew: whoever still waited for their place may find it there, among what nobody saw happen. */
  enter(): void {
    this.#openedAt = this.#at.tip()
    this.#restating = this.#lastEventId === null ? null : this.#at.restatingFor(this.viewer, this.#lastEventId)
    this.#toldAhead = 0
  }

  /** Whether they may see nothing any more. */
  get isOver(): boolean {
    return this.viewer.sight === null
  }

  /** The guild is to be told anew to whoever has passed that position; to one who is caught up, now. */
  restate(restating: Restating): void {
    this.owe(restating)
    this.carrier?.restate()
  }

  /** Whoever was behind when it was owed, and has caught up without hearing of anything since, is told now. */
  remind(): void {
    if (this.#restating) this.carrier?.restate()
  }

  /** The same to one who is caught up with what happens there, as their frame of that position. */
  owe({ after, isTold }: Restating): void {
    const { after: later = 0, isTold: wasTold = false } = this.#restating ?? {}
    this.#restating = { after: Math.max(after, later), isTold: isTold || wasTold }
  }

  /** What is to be said now to one who is at the end of the log, with nothing in between. */
  takeRestatement(): StreamBytes | null {
    const frame = this.#restated()
    return frame === '' ? null : streamBytes(frame)
  }

  encode(batch: FeedBatch): StreamBytes | null {
    const { viewer } = this
    const { items } = batch
    const isSync = items.every(({ kind }) => kind === 'sync')
    if (isSync && !this.#restating) return encodeSyncs(batch)
    const [first] = items
    // Of one who is given a snapshot in the moment in which it happens.
    const isSnapshot = first?.kind === 'sync' && first.data.state === 'snapshot'
    const isShared = viewer.own.size === 0 && !this.#restating && viewer.cohort !== null && !isSnapshot
    if (isShared && this.#at.isHappening()) return viewer.cohort?.encode(batch, this.#isTimed) ?? null
    const shared = this.#replayKey(batch)
    return shared === null ? this.#encode(batch) : sharedReplay(batch, shared, () => this.#encode(batch))
  }

  #encode({ items }: FeedBatch): StreamBytes | null {
    const times = this.#isTimed && this.#at.isHappening() ? new EventTimes() : null
    const frame = joined(items.map((item) => this.#frame(item, times)))
    if (frame === '') return null
    return streamBytes(times ? times.before(frame, this.#at.now()) : frame)
  }

  /** The same for all to whom these entries are replayed alike; null where something in it is for this stream alone. */
  #replayKey({ items }: FeedBatch): string | null {
    const { cohort } = this.viewer
    if (!cohort || this.#restating || this.#at.isHappening()) return null
    const openedAt = this.#openedAt
    let [first, last] = [Number.POSITIVE_INFINITY, 0]
    for (const item of items) {
      if (item.kind === 'guild' || (item.kind === 'entry' && isPersonal(item.entry.event))) return null
      if (item.kind !== 'entry') continue
      first = Math.min(first, item.entry.position)
      last = item.entry.position
    }
    if (first <= this.#toldAhead) return null
    // What of it is history.
    return `${cohort.key} ${openedAt < first ? 0 : Math.min(openedAt, last)}`
  }

  /** What they are sent of an event that is in no log. */
  frameOf(entry: { event: string; payload: string }, data: unknown): string {
    const guild = this.#at.guild()
    const { sight } = this.viewer
    return guild && sight ? encodeShown(show(entry.event, data, { guild, sight }), { entry, data, id: null }) : ''
  }

  #frame(item: FeedBatch['items'][number], times: EventTimes | null): Frame {
    if (item.kind === 'guild') return this.#guildFrame(item)
    if (item.kind === 'entry') {
      const { position } = item.entry
      const before = this.#restatedIf((after) => after < position)
      const frame = this.#entryFrame(item)
      if (frame !== '') times?.add(item)
      return joined([before, frame, this.#restatedIf((after) => after === position)])
    }
    const isEnd = item.data.state === 'live'
    return joined([isEnd ? this.#restated() : '', encodeSync(item.data)])
  }

  #guildFrame({ event, payload, id }: Extract<FeedBatch['items'][number], { kind: 'guild' }>): Frame {
    if (event === 'GUILD_DELETE') return encodeEvent(event, payload, id)
    const { guildParts: parts } = this.viewer
    if (parts === null) return ''
    this.#restating = null
    return joined([encodeGuild(parts, id), ...this.#at.gaps().map(encodeSync)])
  }

  /** What has just happened is settled; what is replayed is judged by what they may see now. */
  #entryFrame({ entry, id }: Extract<FeedBatch['items'][number], { kind: 'entry' }>): Frame {
    const { viewer } = this
    if (this.#at.isHappening()) {
      if (viewer.changedAt.has(entry.position)) this.#restating = null
      return viewer.own.get(entry.position) ?? viewer.cohort?.frames.get(entry.position) ?? ''
    }
    const guild = this.#at.guild()
    const { sight } = viewer
    if (!sight) return ''
    if (entry.position <= this.#toldAhead && COUNTED.has(entry.event))
      this.owe({ after: entry.position, isTold: false })
    // By what they may see now, of what was another thing before: of the guild told anew it is a part.
    const { after = 0, isTold = false } = this.#restating ?? {}
    if (isTold && entry.position <= after && isJudgedByBefore(entry.event)) return ''
    const data = parsed(entry.payload)
    const isOld = entry.backfilled === true || entry.position <= this.#openedAt
    const before = this.#at.beforeOf(entry)
    return encodeShown(show(entry.event, data, { guild, sight, before, isOld }), { entry, data, id })
  }

  #restatedIf(isDue: (after: number) => boolean): Frame {
    return this.#restating && isDue(this.#restating.after) ? this.#restated() : ''
  }

  #restated(): Frame {
    if (!this.#restating) return ''
    const { isTold } = this.#restating
    const { guildId, guildParts: parts, sight } = this.viewer
    this.#restating = null
    this.#toldAhead = this.#at.tip()
    return sight ? restatement(guildId, parts, { id: null, isTold }) : ''
  }
}
