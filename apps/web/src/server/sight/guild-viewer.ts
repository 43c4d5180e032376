import { sightOf } from '@repo/discord-permissions'
import type { Sight, TextParts } from '@repo/discord-permissions'
import type { Guild } from '@repo/event-feed'
import type { Member } from '../membership/membership.ts'
import type { Frame } from '../realtime/stream-bytes.ts'
import type { Cohort, Frames } from './cohort.ts'
import type { Restating, Visit } from './visit.ts'

/** One person who looks at one guild, with however many streams. */
export class GuildViewer {
  readonly guildId: string
  readonly userId: string
  readonly visits = new Set<Visit>()
  /** Of what has just happened, what is for them and not for all of their cohort, by its position. */
  readonly own: Frames<Frame> = new Map()
  /** The positions at which they have come to be somebody else: one who hears of it there is owed nothing for it. */
  readonly changedAt = new Set<number>()
  /** The private threads that they are known to be in. */
  readonly threads: Set<string>
  member: Member
  /** Until when they are known to be that member, in ms since the epoch. */
  goodUntil = Number.POSITIVE_INFINITY
  /** Whether they are then to be asked about in `threads` too. */
  areThreadsDue = false
  /** When they are to be asked about again. */
  askAt = Number.POSITIVE_INFINITY
  /** Null: they may see nothing any more, and their streams end. */
  sight: Sight | null = null
  cohort: Cohort | null = null

  constructor(guildId: string, userId: string, { member, threads }: { member: Member; threads: ReadonlySet<string> }) {
    this.guildId = guildId
    this.userId = userId
    this.member = member
    this.threads = new Set(threads)
  }

  /** What they may see of the guild now. */
  lookAt(guild: Guild | null, now: number): Sight | null {
    return guild && sightOf({ userId: this.userId, member: this.member, threads: this.threads }, guild, now)
  }

  /** The guild as they may see it now; null where it is not there, or not for them. */
  get guildParts(): TextParts | null {
    return this.sight && (this.cohort?.partsFor(this.sight) ?? null)
  }

  /** The guild is to be told anew on each of their streams. */
  restate(restating: Restating): void {
    for (const visit of this.visits) visit.restate(restating)
  }

  /** Ends their streams. */
  end(): void {
    this.sight = null
    for (const visit of this.visits) visit.carrier?.shutOut()
  }
}
