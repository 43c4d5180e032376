import type { GatewayEventData } from '@repo/discord-integration/clients'
import { snowflakeTime } from '@repo/discord-integration/types'

/** For so long at least, and twice as long at most, a message counts, in ms: the quickest of some minutes had next to no delay. */
const TERM_MS = 5 * 60_000

export type DiscordClockOptions = {
  /** A heartbeat's round trip on that shard, in ms; null where none is known. */
  pingMsOf: (shardId: number) => number | null
  now?: () => number
  /** Time that passes, whatever the clock is set to, in ms. */
  passed?: () => number
}

/** How far Discord's clock was ahead of the time that passes, had it come at once, in ms. */
type Message = { readonly ahead: number; readonly shardId: number }

type Heard = Pick<GatewayEventData, 'type' | 'data' | 'shardId' | 'replayed'>

/**
 * Discord's clock less ours. A message's id has when it was made by theirs
 * (https://docs.discord.com/developers/reference#snowflakes), and we know when it came by ours: what lies between is its
 * way and the difference. The quickest message of some minutes is taken to have come as quickly as a heartbeat does, in half of
 * its round trip: others were slower, and say less. What Discord itself takes before it sends counts as the clock's.
 *
 * What is kept is how far theirs is ahead of the time that passes, so that ours may be set anew at any moment.
 */
export class DiscordClock {
  readonly #pingMsOf: (shardId: number) => number | null
  readonly #now: () => number
  readonly #passed: () => number
  /** The quickest of this term, and of the one before. */
  #quickest: Message | null = null
  #quickestBefore: Message | null = null
  #termEndsAt: number

  constructor({ pingMsOf, now = Date.now, passed = () => performance.now() }: DiscordClockOptions) {
    this.#pingMsOf = pingMsOf
    this.#now = now
    this.#passed = passed
    this.#termEndsAt = passed() + TERM_MS
  }

  /** A dispatch has come, now. */
  hear({ type, data, shardId, replayed }: Heard): void {
    // What is sent again happened earlier.
    if (type !== 'MESSAGE_CREATE' || replayed) return
    const madeAt = snowflakeTime(String((data as { id?: unknown } | null)?.id))
    if (Number.isNaN(madeAt)) return
    this.#turnTerms()
    this.#quickest = quickerOf(this.#quickest, { ahead: madeAt - this.#passed(), shardId })
  }

  /** In ms; null until there was a message and a heartbeat, and when the last message was too long ago. */
  get offsetMs(): number | null {
    this.#turnTerms()
    const quickest = quickerOf(this.#quickest, this.#quickestBefore)
    const pingMs = quickest && this.#pingMsOf(quickest.shardId)
    if (!quickest || pingMs === null) return null
    return Math.round(quickest.ahead + pingMs / 2 - (this.#now() - this.#passed()))
  }

  #turnTerms(): void {
    const passed = this.#passed()
    if (passed < this.#termEndsAt) return
    this.#quickestBefore = passed < this.#termEndsAt + TERM_MS ? this.#quickest : null
    this.#quickest = null
    this.#termEndsAt = passed + TERM_MS
  }
}

function quickerOf(one: Message | null, other: Message | null): Message | null {
  if (!one || !other) return one ?? other
  return one.ahead >= other.ahead ? one : other
}
