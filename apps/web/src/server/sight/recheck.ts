import type { Membership } from '../membership/membership.ts'
import type { GuildViewer } from './guild-viewer.ts'

/** How often those who look are looked at: a timeout's end is that much late at most. */
const LOOK_EVERY_MS = 1_000
/** What is known of a member is asked for again so long before it is too old, in ms. */
const ASK_AHEAD_MS = 15_000
/** Over how long the questions are spread where all is forgotten at once, and when one that was not answered is asked again. */
const SPREAD_MS = 5_000
/** How old it may be where nobody says. */
const GOOD_FOR_MS = 60_000

export type RecheckOptions = {
  membership: Membership
  now: () => number
  viewers: (guildId: string | null) => Iterable<GuildViewer>
  /** Ids of those threads of theirs in which it matters whether they are. */
  threadsOf: (viewer: GuildViewer) => readonly string[]
  /** They are to be looked at again. */
  changed: (viewer: GuildViewer) => void
}

/**
 * Whether those who look are still members, with the same roles, and still in the private threads that they were in, where no
 * event says so; and the ends of timeouts, which no event says at all. Of whom it cannot be told in time, the streams end.
 *
 * Into which other threads they have come is not asked: that would be each thread of the guild for each of them.
 */
export class Recheck {
  readonly #options: RecheckOptions
  readonly #asking = new WeakSet<GuildViewer>()
  #timer: NodeJS.Timeout | null = null
  #stopHearing: (() => void) | null = null

  constructor(options: RecheckOptions) {
    this.#options = options
  }

  /** From now on. */
  watch(viewer: GuildViewer): void {
    this.#date(viewer)
    this.#timer ??= setInterval(() => this.#look(), LOOK_EVERY_MS).unref()
    this.#stopHearing ??= this.#options.membership.onForget(({ guildId, userId }) => this.#forgotten(guildId, userId))
  }

  /** Nobody looks any more. */
  stop(): void {
    if (this.#timer) clearInterval(this.#timer)
    this.#timer = null
    this.#stopHearing?.()
    this.#stopHearing = null
  }

  #look(): void {
    const now = this.#options.now()
    for (const viewer of this.#options.viewers(null)) {
      const { sight, goodUntil, askAt } = viewer
      if (!sight || now >= goodUntil) viewer.end()
      else if (now >= askAt || (goodUntil === Number.POSITIVE_INFINITY && !this.#isCurrent(viewer))) {
        void this.#ask(viewer)
      } else if (sight.until !== null && now >= sight.until) this.#options.changed(viewer)
      for (const visit of viewer.visits) visit.remind()
    }
  }

  #isCurrent({ guildId, userId }: GuildViewer): boolean {
    return this.#options.membership.goodUntil(guildId, userId) === Number.POSITIVE_INFINITY
  }

  /** Where one person is named, at once. */
  #forgotten(guildId: string | null, userId: string | null): void {
    const { now, viewers } = this.#options
    for (const viewer of viewers(guildId)) {
      if (userId === viewer.userId) void this.#ask(viewer)
      else if (userId === null) {
        viewer.askAt = Math.min(viewer.askAt, now() + Math.random() * SPREAD_MS)
        viewer.areThreadsDue = true
      }
    }
  }

  /** Reads them anew. What is known holds until it is answered, or too old. */
  async #ask(viewer: GuildViewer): Promise<void> {
    const { membership, now, changed } = this.#options
    const { guildId, userId } = viewer
    if (this.#asking.has(viewer)) return
    this.#asking.add(viewer)
    // Events kept it current, and do so no more.
    if (viewer.goodUntil === Number.POSITIVE_INFINITY && !this.#isCurrent(viewer))
      viewer.goodUntil = now() + GOOD_FOR_MS
    try {
      if (now() >= viewer.askAt && !this.#isCurrent(viewer)) {
        membership.forget(guildId, userId)
        viewer.areThreadsDue = true
      }
      const member = await membership.memberOf(guildId, userId)
      if (viewer.visits.size === 0) return
      if (member === null) return viewer.end()
      viewer.member = member
      changed(viewer)
      await this.#askThreads(viewer)
      this.#date(viewer)
    } catch {
      viewer.askAt = now() + (0.5 + Math.random() / 2) * SPREAD_MS
    } finally {
      this.#asking.delete(viewer)
    }
  }

  async #askThreads(viewer: GuildViewer): Promise<void> {
    const { membership, threadsOf, changed } = this.#options
    const { guildId, userId, threads } = viewer
    // It may come to be so again while they are asked about.
    while (viewer.areThreadsDue) {
      viewer.areThreadsDue = false
      try {
        for (const threadId of threadsOf(viewer)) {
          if (await membership.isInThread(guildId, threadId, userId)) continue
          threads.delete(threadId)
          changed(viewer)
        }
      } catch (error) {
        viewer.areThreadsDue = true
        throw error
      }
    }
  }

  #date(viewer: GuildViewer): void {
    const { membership, now } = this.#options
    viewer.goodUntil = membership.goodUntil(viewer.guildId, viewer.userId) ?? now() + GOOD_FOR_MS
    viewer.askAt = viewer.goodUntil - ASK_AHEAD_MS
  }
}
