import {
  accessChange,
  bringsMember,
  isJudgedByBefore,
  mayChangeAccess,
  remember,
  threadMembersChange,
} from '@repo/discord-permissions'
import type { Before } from '@repo/discord-permissions'
import { formatEventId } from '@repo/discord-integration/types'
import type { EventPosition } from '@repo/discord-integration/types'
import type { DispatchEntry, EventLog, FeedWitness, Guild, GuildState, NewLogEntry } from '@repo/event-feed'
import { ChannelType } from 'discord-api-types/v10'
import type { Member, Membership } from '../membership/membership.ts'
import { AccessTrail } from './access-trail.ts'
import { GuildViewer } from './guild-viewer.ts'
import { GuildViewers } from './guild-viewers.ts'
import type { KnownGaps } from './known-gaps.ts'
import { Recheck } from './recheck.ts'
import { Visit } from './visit.ts'
import type { Restating } from './visit.ts'

export type ViewersOptions = {
  state: () => GuildState
  log: EventLog
  membership: Membership
  gaps?: Pick<KnownGaps, 'of'>
  /** For how long what happened may be replayed, in ms. */
  retentionMs: number
  now?: () => number
}

type Newcomer = {
  guildId: string
  userId: string
  member: Member
  /** The private threads that they are known to be in. */
  threads: ReadonlySet<string>
  /** What they heard last; null: nothing. */
  lastEventId: string | null
  /** Whether they are told of what happens when the gateway had it, and when web had. Default: no. */
  isTimed?: boolean
}

const NO_EVENT = { event: '', guildId: null }

/** After these somebody is no member, whatever the state still says. */
const LEAVING: ReadonlySet<string> = new Set(['GUILD_MEMBER_REMOVE', 'GUILD_BAN_ADD'])

/**
 * Everybody who looks at a guild, and what each of them may see of what happens there.
 *
 * It stands beside the feed: of each dispatch it settles what it is for whom while the state stands at it. A stream's sink
 * then asks its `Visit` what of a batch is for its viewer. Nothing else decides what is sent.
 */
export class Viewers implements FeedWitness {
  readonly #options: ViewersOptions
  readonly #now: () => number
  readonly #guilds = new Map<string, GuildViewers>()
  readonly #trails = new Map<string, AccessTrail>()
  readonly #befores = new WeakMap<DispatchEntry, Before>()
  readonly #recheck: Recheck
  readonly #listeners = new Set<(guildId: string | null) => void>()
  /** What was remembered from before the dispatch that is being applied. */
  #before: Before | null = null
  #isHappening = false
  /** Where something has been settled that is not delivered yet. */
  readonly #settled = new Set<GuildViewers>()
  /** Where the state was taken over. What an event before it came upon, nobody knows, */
  #since = 0
  /** and in these guilds there was one by which somebody may have come to see other things. */
  readonly #unsure = new Set<string>()

  constructor(options: ViewersOptions) {
    this.#options = options
    this.#now = options.now ?? Date.now
    this.#recheck = new Recheck({
      membership: options.membership,
      now: this.#now,
      viewers: (guildId) => this.#viewersOf(guildId),
      threadsOf: ({ guildId, threads }) => privateOf(threads, options.state().get(guildId)),
      changed: (viewer) => this.#lookAgain(viewer),
    })
  }

  /** Told when another guild may be known, or is gone: null for all of them. Returns what ends that. */
  onGuilds(listener: (guildId: string | null) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** A member has opened a stream of a guild that is there. */
  enter({ guildId, userId, member, threads, lastEventId, isTimed = false }: Newcomer): Visit {
    const guild = this.#guilds.get(guildId) ?? this.#open(guildId)
    const viewer = this.#viewerOf(guild, { guildId, userId, member, threads })
    const visit = new Visit(viewer, guild.at, { lastEventId, isTimed })
    viewer.visits.add(visit)
    return visit
  }

  leave(visit: Visit): void {
    const { viewer } = visit
    if (!viewer.visits.delete(visit) || viewer.visits.size > 0) return
    const guild = this.#guilds.get(viewer.guildId)
    guild?.remove(viewer)
    if (guild?.size === 0) this.#guilds.delete(viewer.guildId)
    if (this.#guilds.size === 0) this.#recheck.stop()
  }

  before({ event, guildId }: DispatchEntry, data: unknown): void {
    this.#before = guildId === null ? null : remember(event, data, this.#options.state().get(guildId))
  }

  after(entry: DispatchEntry, data: unknown): void {
    this.#isHappening = true
    const { event, guildId, position } = entry
    const before = this.#before
    if (guildId === null || !before) return
    if (isJudgedByBefore(event)) this.#befores.set(entry, before)
    const change = accessChange(event, data, before, this.#options.state().get(guildId))
    // Whoever is told of it by the event itself is told of it by its replay.
    if (change && change.effect !== 'regroup') this.#trailOf(guildId).note(change.concerned, position)
    const guild = this.#guilds.get(guildId)
    if (guild) {
      if (event === 'THREAD_MEMBERS_UPDATE') followThread(guild, data)
      const id = formatEventId({ epoch: this.#options.log.epoch, position })
      guild.settle({ entry, data, before, change, id })
      this.#settled.add(guild)
    }
    if (event === 'GUILD_CREATE' || event === 'GUILD_DELETE') this.#announce(guildId)
  }

  delivered(): void {
    this.#isHappening = false
    for (const guild of this.#settled) for (const viewer of guild.delivered()) viewer.end()
    this.#settled.clear()
  }

  restarted({ position }: EventPosition, backlog: readonly NewLogEntry[]): void {
    this.#since = position
    this.#trails.clear()
    this.#unsure.clear()
    for (const entry of backlog) {
      const { event, guildId } = entry.kind === 'dispatch' ? entry : NO_EVENT
      if (guildId !== null && (isJudgedByBefore(event) || mayChangeAccess(event))) this.#unsure.add(guildId)
    }
    for (const guild of this.#guilds.values()) guild.changed()
    for (const viewer of this.#viewersOf(null)) {
      const member = this.#memberIn(viewer)
      if (member) viewer.member = member
      this.#guilds.get(viewer.guildId)?.regroup(viewer)
      if (!member || !viewer.sight) viewer.end()
      for (const visit of viewer.visits) visit.enter()
    }
    this.#announce(null)
  }

  #open(guildId: string): GuildViewers {
    const { log, state, gaps } = this.#options
    const guild = new GuildViewers({
      at: {
        guild: () => state().get(guildId),
        tip: () => log.to,
        isHappening: () => this.#isHappening,
        beforeOf: (entry) => this.#befores.get(entry),
        gaps: () => gaps?.of(guildId) ?? [],
        restatingFor: (viewer, lastEventId) => this.#restatingFor(viewer, lastEventId),
        now: this.#now,
      },
      memberAfter: (viewer, event) => this.#memberAfter(viewer, event),
    })
    this.#guilds.set(guildId, guild)
    return guild
  }

  /** The same for all their streams. Whoever has been shut out and is let in again is another. */
  #viewerOf(
    guild: GuildViewers,
    { guildId, userId, member, threads }: Omit<Newcomer, 'lastEventId' | 'isTimed'>,
  ): GuildViewer {
    const known = guild.of(userId)
    if (!known?.sight) {
      const viewer = new GuildViewer(guildId, userId, { member, threads })
      this.#recheck.watch(viewer)
      guild.add(viewer)
      return viewer
    }
    known.member = member
    for (const threadId of threads) known.threads.add(threadId)
    this.#lookAgain(known)
    return known
  }

  #trailOf(guildId: string): AccessTrail {
    const trail = this.#trails.get(guildId) ?? new AccessTrail()
    this.#trails.set(guildId, trail)
    return trail
  }

  #viewersOf(guildId: string | null): GuildViewer[] {
    const guilds = guildId === null ? [...this.#guilds.values()] : [this.#guilds.get(guildId)]
    return guilds.flatMap((guild) => (guild ? [...guild.viewers()] : []))
  }

  #memberAfter({ guildId, userId }: GuildViewer, event: string): Member | null | undefined {
    const { membership, state } = this.#options
    if (LEAVING.has(event)) return null
    const known = membership.known(guildId, userId)
    if (known !== undefined) return known
    const guild = state().get(guildId)
    const told = guild?.collections.members.get(userId) as Member | undefined
    if (bringsMember(event)) return told ?? null
    // During an outage it tells nobody.
    if (event !== 'GUILD_CREATE' || !guild || guild.fields['unavailable'] === true) return undefined
    // Nor all members of a large guild: about the others it is asked.
    return told ?? (hasAllMembers(guild) ? null : undefined)
  }

  /** As the state has them that has just been taken over; what was read of them holds until they are asked about again. */
  #memberIn({ guildId, userId, member, goodUntil }: GuildViewer): Member | null {
    const { membership, state } = this.#options
    const known = membership.known(guildId, userId)
    if (known !== undefined) return known
    const told = state().get(guildId)?.collections.members.get(userId) as Member | undefined
    return goodUntil === Number.POSITIVE_INFINITY ? (told ?? member) : member
  }

  /** They may be another member than they were, or a timeout has ended. */
  #lookAgain(viewer: GuildViewer): void {
    const isOther = this.#guilds.get(viewer.guildId)?.regroup(viewer) ?? false
    if (!viewer.sight) viewer.end()
    else if (isOther) viewer.restate({ after: this.#options.log.to, isTold: true })
  }

  /** What somebody who was away saw of the guild may not be what they may see. */
  #restatingFor(viewer: GuildViewer, lastEventId: string): Restating | null {
    const { log, retentionMs } = this.#options
    const place = log.locate(lastEventId)
    // They are given a snapshot.
    if (place.at === 'foreign' || place.at === 'expired') return null
    const { member, userId, guildId } = viewer
    const changedAt = this.#trails.get(guildId)?.lastFor(userId, member.roles) ?? 0
    const isTold = changedAt > place.position
    const timeout = Date.parse(String(member['communication_disabled_until']))
    const now = this.#now()
    // Nobody said when their roles changed, or when a timeout ended.
    const isUnsaid = viewer.goodUntil !== Number.POSITIVE_INFINITY || (timeout <= now && timeout > now - retentionMs)
    if (isUnsaid) return { after: log.to, isTold }
    const isUnsure = place.position < this.#since && this.#unsure.has(guildId)
    const after = Math.max(changedAt, isUnsure ? this.#since : 0)
    return after > place.position ? { after, isTold } : null
  }

  #announce(guildId: string | null): void {
    for (const listener of this.#listeners) listener(guildId)
  }
}

/** Without those that are known not to be private. */
function privateOf(threadIds: Iterable<string>, guild: Guild | null): string[] {
  return [...threadIds].filter((id) => {
    const thread = guild?.collections.threads.get(id)
    return !thread || thread['type'] === ChannelType.PrivateThread
  })
}

function hasAllMembers({ fields, collections }: Guild): boolean {
  const { member_count: count } = fields
  return typeof count === 'number' && collections.members.size >= count
}

function followThread(guild: GuildViewers, payload: unknown): void {
  const change = threadMembersChange(payload)
  for (const userId of change?.added ?? []) guild.of(userId)?.threads.add(change?.threadId ?? '')
  for (const userId of change?.removed ?? []) guild.of(userId)?.threads.delete(change?.threadId ?? '')
}
