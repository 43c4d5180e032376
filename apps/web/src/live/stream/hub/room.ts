import type { Frame, GuildsStream } from '../guilds-stream.ts'
import { distance } from '../place.ts'
import type { Subscriber } from './subscriber.ts'

/** How many frames are kept for those who are on their way in. They need what happens while a response opens: tenths of a second. */
const KEPT_FRAMES = 2_000

/**
 * A guild in the shared response. Whoever comes when it is under way already begins on a response of their own, and is let
 * in where the two meet: what was said here since then is kept for as long as somebody is on the way.
 */
export class Room {
  readonly guildId: string
  readonly members = new Set<Subscriber>()
  readonly comers = new Set<Subscriber>()
  /** Nothing was said here yet: who comes now has missed nothing. */
  isFresh = true
  readonly firstPlace: string | null
  readonly #shared: Pick<GuildsStream, 'placeOf' | 'statusOf'>
  /** What the shared response said after `#from`; null where that is not known yet. */
  #kept: Frame[] = []
  #from: string | null = null

  constructor(guildId: string, firstPlace: string | null, shared: Pick<GuildsStream, 'placeOf' | 'statusOf'>) {
    this.guildId = guildId
    this.firstPlace = firstPlace
    this.#shared = shared
  }

  get isEmpty(): boolean {
    return this.members.size === 0 && this.comers.size === 0
  }

  await(comer: Subscriber): void {
    if (this.comers.size === 0) {
      this.#kept = []
      // In the middle of a snapshot its place is still the one before.
      const { phase } = this.#shared.statusOf(this.guildId)
      this.#from = phase === 'catching-up' ? null : this.#shared.placeOf(this.guildId)
    }
    this.comers.add(comer)
  }

  leave(subscriber: Subscriber): void {
    this.members.delete(subscriber)
    this.comers.delete(subscriber)
    if (this.comers.size === 0) this.#kept = []
  }

  hear(frame: Frame): void {
    this.isFresh = false
    if (this.comers.size > 0) this.#keep(frame)
    for (const member of this.members) member.pass(frame)
  }

  /** Lets one in who is where frames are kept from, or beyond. False: they go on by themselves. */
  letIn(comer: Subscriber): boolean {
    const place = comer.place
    const fromThere = distance(place, this.#from)
    if (fromThere === null || fromThere < 0) return false
    const known = this.#kept.findLastIndex(({ id }) => (distance(id, place) ?? 1) <= 0)
    const rest = this.#kept.slice(known + 1)
    this.leave(comer)
    this.members.add(comer)
    comer.enter(rest, this.#shared.placeOf(this.guildId))
    return true
  }

  #keep(frame: Frame): void {
    // The guild is told anew: nothing from before it leads here.
    if (frame.notice?.state === 'snapshot') {
      this.#kept = []
      this.#from = null
      return
    }
    if (this.#from === null) {
      if (frame.notice?.state === 'live') this.#from = this.#shared.placeOf(this.guildId)
      return
    }
    this.#kept.push(frame)
    while (this.#kept.length > KEPT_FRAMES) this.#from = this.#kept.shift()?.id ?? this.#from
  }
}
