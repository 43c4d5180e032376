import { PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import type { Clock } from '../clock.ts'
import { refuse } from './person.ts'
import type { Person } from './person.ts'

/** The longest that a channel can make somebody wait: what is older need not be known. */
const LONGEST_MS = 21_600_000

/** How many are looked after before those who have waited longest are forgotten. */
const REMEMBERED = 10_000

/**
 * Makes people wait between two messages, as a channel's `rate_limit_per_user` says: all but who has BYPASS_SLOWMODE, and
 * bots. https://docs.discord.com/developers/resources/channel#channel-object-channel-structure
 */
export class Slowmode {
  readonly #clock: Clock
  /** By `channel/user`, when they last wrote, oldest first. A message that is deleted was written all the same. */
  readonly #wroteAt = new Map<string, number>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Refuses with 20016 who is to wait. */
  check({ channel, member, bits }: Person): void {
    const seconds = 'rate_limit_per_user' in channel ? (channel.rate_limit_per_user ?? 0) : 0
    if (seconds === 0 || bits & Bit.BypassSlowmode) return
    const last = this.#wroteAt.get(`${channel.id}/${member.user.id}`)
    const leftMs = last === undefined ? 0 : last + seconds * 1_000 - this.#clock.now()
    if (leftMs > 0) throw refuse.tooSoon(member, channel.name ?? channel.id, leftMs)
  }

  /** Somebody has written. */
  note({ channel, member }: Person): void {
    const key = `${channel.id}/${member.user.id}`
    const now = this.#clock.now()
    this.#wroteAt.delete(key)
    this.#wroteAt.set(key, now)
    if (this.#wroteAt.size <= REMEMBERED) return
    for (const [old, at] of this.#wroteAt) if (now - at > LONGEST_MS) this.#wroteAt.delete(old)
  }
}
