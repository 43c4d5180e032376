import { GuildText, isPersonal, show } from '@repo/discord-permissions'
import type { AccessChange, Before, Concerned, Sight } from '@repo/discord-permissions'
import type { DispatchEntry } from '@repo/event-feed'
import { Cohort } from './cohort.ts'
import type { Frame } from '../realtime/stream-bytes.ts'
import { encodeGuild, encodeShown, restatement } from './frames.ts'
import type { GuildViewer } from './guild-viewer.ts'
import type { GuildNow } from './visit.ts'

/** A dispatch that has just been applied to the state. */
export type Happening = {
  readonly entry: DispatchEntry
  /** Its payload, parsed. */
  readonly data: unknown
  readonly before: Before
  readonly change: AccessChange | null
  readonly id: string
}

export type GuildViewersOptions = {
  at: GuildNow
  /** Whoever is named by it, as they are after it; null: they are no member. Undefined: they have not changed. */
  memberAfter: (viewer: GuildViewer, event: string) => GuildViewer['member'] | null | undefined
}

/** How long what was found out is kept for those who come next, in ms: thousands come at once. */
const FOUND_MS = 1_000

/**
 * All who look at one guild, in cohorts of those who see the same. What an event is for each of them is settled while the
 * state stands at it, once a cohort, and handed out when the feed delivers it.
 */
export class GuildViewers {
  readonly at: GuildNow
  readonly #memberAfter: GuildViewersOptions['memberAfter']
  readonly #viewers = new Map<string, GuildViewer>()
  readonly #cohorts = new Map<string, Cohort>()
  /** Those who have frames of their own. */
  readonly #touched = new Set<GuildViewer>()
  readonly #expelled = new Set<GuildViewer>()
  #asItCame: { entry: DispatchEntry; frame: string } | null = null
  /** Of the guild as it stands: keys by what decides them, and what those with one see. */
  readonly #keys = new Map<string, string>()
  readonly #texts = new Map<string, GuildText>()
  #isForgetting = false

  constructor({ at, memberAfter }: GuildViewersOptions) {
    this.at = at
    this.#memberAfter = memberAfter
  }

  get size(): number {
    return this.#viewers.size
  }

  viewers(): Iterable<GuildViewer> {
    return this.#viewers.values()
  }

  of(userId: string): GuildViewer | null {
    return this.#viewers.get(userId) ?? null
  }

  /** Somebody has come. */
  add(viewer: GuildViewer): void {
    this.#viewers.set(viewer.userId, viewer)
    this.#regroup(viewer)
  }

  remove(viewer: GuildViewer): void {
    if (this.#viewers.get(viewer.userId) === viewer) this.#viewers.delete(viewer.userId)
    this.#leaveCohort(viewer)
    this.#touched.delete(viewer)
    this.#expelled.delete(viewer)
  }

  /** Settles what an event is for each of them. */
  settle(happening: Happening): void {
    this.changed()
    const { change } = happening
    const concerned = change ? this.#concernedBy(change.concerned) : []
    const moves = concerned.map((viewer) => this.#moveAfter(viewer, happening))
    const isMoved = new Set(concerned)
    const shown = new Map<string, string>()
    for (const { viewer, was, key } of moves) {
      const { sight, cohort } = viewer
      // Of the bot's leaving, and of nothing else, those hear who may see nothing any more.
      if (!sight || !cohort) {
        this.#keep(viewer, happening, this.#lastWord(was, happening))
        continue
      }
      if (change?.effect !== 'regroup') this.#owe(viewer, happening)
      if (change?.effect === 'snapshot' || (change?.effect === 'compare' && key !== cohort.key))
        this.#keep(viewer, happening, restatement(sight.guildId, viewer.guildParts, { id: happening.id, isTold: true }))
      else if (isPersonal(happening.entry.event))
        this.#keep(viewer, happening, this.#ownFrame(viewer, sight, happening))
      else {
        const pair = `${key} ${cohort.key}`
        const frame = shown.get(pair) ?? this.#frame(sight, happening)
        shown.set(pair, frame)
        this.#keep(viewer, happening, frame)
      }
    }
    if (change?.concerned.kind === 'everybody') return
    for (const cohort of this.#cohorts.values()) this.#settleFor(cohort, happening, isMoved)
  }

  /** What was settled has been handed out. Answers who may see nothing any more. */
  delivered(): GuildViewer[] {
    for (const viewer of this.#touched) {
      viewer.own.clear()
      viewer.changedAt.clear()
    }
    this.#touched.clear()
    this.#asItCame = null
    for (const cohort of this.#cohorts.values()) cohort.delivered()
    const expelled = [...this.#expelled]
    this.#expelled.clear()
    return expelled
  }

  /** The guild is not as it was. */
  changed(): void {
    this.#keys.clear()
    this.#texts.clear()
  }

  /** Looks again at what somebody may see. True: it is something else. */
  regroup(viewer: GuildViewer): boolean {
    const { cohort } = viewer
    this.#regroup(viewer)
    return viewer.cohort !== cohort
  }

  /** Those of a cohort whom the event has not moved share a frame. */
  #settleFor(cohort: Cohort, happening: Happening, isMoved: ReadonlySet<unknown>): void {
    const { event } = happening.entry
    if (isPersonal(event)) {
      // Shown to a few; the others are shown nothing, which they share.
      cohort.frames.set(happening.entry.position, '')
      for (const viewer of cohort.members) {
        const frame = isMoved.has(viewer) || !viewer.sight ? '' : this.#frame(viewer.sight, happening)
        if (frame !== '') this.#keep(viewer, happening, frame)
      }
      return
    }
    const { sight } = cohort
    if (sight) cohort.frames.set(happening.entry.position, this.#frame(sight, happening))
  }

  /** The guild itself is told as it stands now, which is as the event says it: in pieces that are the same for many. */
  #ownFrame({ guildParts: parts }: GuildViewer, sight: Sight, happening: Happening): Frame {
    const { entry, data, id } = happening
    const { channels } = Object(data) as { channels?: unknown }
    const isWhole = entry.event === 'GUILD_CREATE' && Array.isArray(channels)
    return isWhole && parts ? encodeGuild(parts, id) : this.#frame(sight, happening)
  }

  #frame(sight: Sight, { entry, data, before, id }: Happening): string {
    const isOld = entry.backfilled === true
    const shown = show(entry.event, data, { guild: this.at.guild(), sight, before, isOld })
    if (shown?.payload !== data || shown?.event !== entry.event) return encodeShown(shown, { entry, data, id })
    // As it came: the same for all who are shown it so.
    if (this.#asItCame?.entry !== entry) this.#asItCame = { entry, frame: encodeShown(shown, { entry, data, id }) }
    return this.#asItCame.frame
  }

  /** Those of their streams that are behind are told the guild anew when they come there. */
  #owe(viewer: GuildViewer, { entry: { position } }: Happening): void {
    viewer.changedAt.add(position)
    for (const visit of viewer.visits) visit.owe({ after: position, isTold: true })
  }

  #lastWord(was: Sight | null, happening: Happening): string {
    const isGone = happening.entry.event === 'GUILD_DELETE' && this.at.guild() === null
    return isGone && was ? this.#frame(was, happening) : ''
  }

  #keep(viewer: GuildViewer, { entry }: Happening, frame: Frame): void {
    viewer.own.set(entry.position, frame)
    this.#touched.add(viewer)
  }

  /** Takes somebody to where they belong after the event; what came before it they have seen as those they were with. */
  #moveAfter(viewer: GuildViewer, { entry, change }: Happening) {
    const { sight: was, cohort } = viewer
    // It brings whoever it has among its members as they are now, whatever was missed of them.
    const isNamed = change?.concerned.kind === 'users' || entry.event === 'GUILD_CREATE'
    const member = isNamed ? this.#memberAfter(viewer, entry.event) : undefined
    if (member) viewer.member = member
    if (member === null) this.#expel(viewer)
    else this.#regroup(viewer)
    if (cohort && viewer.cohort !== cohort) {
      for (const [position, frame] of cohort.frames) {
        if (!viewer.own.has(position)) viewer.own.set(position, frame)
      }
      this.#touched.add(viewer)
    }
    return { viewer, was, key: cohort?.key ?? '' }
  }

  #concernedBy(concerned: Concerned): GuildViewer[] {
    switch (concerned.kind) {
      case 'everybody':
        return [...this.#viewers.values()]
      case 'users':
        return Array.from(concerned.userIds, (id) => this.#viewers.get(id)).filter((viewer) => viewer !== undefined)
      case 'role':
        return [...this.#viewers.values()].filter(({ member }) => member.roles.includes(concerned.roleId))
    }
  }

  #expel(viewer: GuildViewer): void {
    viewer.sight = null
    this.#viewers.delete(viewer.userId)
    this.#expelled.add(viewer)
    this.#leaveCohort(viewer)
  }

  /** Whoever has been expelled stays so: they come back as another. */
  #regroup(viewer: GuildViewer): void {
    if (this.#viewers.get(viewer.userId) !== viewer) return
    const guild = this.at.guild()
    const sight = viewer.lookAt(guild, this.at.now())
    if (!guild || !sight) return this.#expel(viewer)
    viewer.sight = sight
    const key = sight.key(guild, this.#keys)
    this.#forgetSoon()
    if (viewer.cohort?.key === key) return
    this.#leaveCohort(viewer)
    const cohort = this.#cohorts.get(key) ?? new Cohort(key, this.at.now, this.#textOf)
    this.#cohorts.set(key, cohort)
    cohort.members.add(viewer)
    viewer.cohort = cohort
  }

  readonly #textOf = (sight: Sight, key: string): GuildText | null => {
    const guild = this.at.guild()
    if (!guild) return null
    const text = this.#texts.get(key) ?? new GuildText(guild, sight)
    this.#texts.set(key, text)
    this.#forgetSoon()
    return text
  }

  #forgetSoon(): void {
    if (this.#isForgetting) return
    this.#isForgetting = true
    const forget = () => {
      this.#isForgetting = false
      this.changed()
    }
    setTimeout(forget, FOUND_MS).unref()
  }

  #leaveCohort(viewer: GuildViewer): void {
    const { cohort } = viewer
    if (!cohort) return
    viewer.cohort = null
    cohort.members.delete(viewer)
    if (cohort.members.size === 0) this.#cohorts.delete(cohort.key)
  }
}
