import { errorFields, type Logger } from '../logger.ts'
import { sleep, type Timers } from '../timers.ts'
import { IDENTIFY_DAY_MS, type IdentifyLedger } from './identify-ledger.ts'

/** What is left of the day's IDENTIFYs. https://docs.discord.com/developers/events/gateway#session-start-limit-object */
export type SessionStartLimit = {
  total: number
  remaining: number
  /** When `remaining` becomes `total` again, in ms since the epoch. */
  resetsAt: number
  /** IDENTIFYs per 5 s, each with another `shard_id % maxConcurrency`. */
  maxConcurrency: number
}

/** https://docs.discord.com/developers/events/gateway#rate-limiting */
const IDENTIFY_INTERVAL_MS = 5_000
/** Discord counts when they arrive, we when they leave. */
const NETWORK_JITTER_MS = 250
const SPACING_MS = IDENTIFY_INTERVAL_MS + NETWORK_JITTER_MS

/**
 * The share of the day's IDENTIFYs that is never spent: exceeding the limit ends every session of the bot and resets its
 * token, and other programs may use the same one.
 */
const RESERVE_SHARE = 0.1

/** Others may spend from the same budget, so what we know of it is asked anew when it is older than this. */
const LIMIT_MAX_AGE_MS = 60_000

/** The least wait once the reserve is reached, whatever the reset says. */
const MIN_RESET_WAIT_MS = 30_000

/** The turn to IDENTIFY. It is held until it is spent or released: one of the two must be called. */
export type IdentifySlot = {
  /** IDENTIFY is being sent now: the next of the same key goes 5 s later. */
  spend(): void
  /** It was not used; the next may go at once. Nothing happens after `spend`. */
  release(): void
}

/** How the day's IDENTIFYs stand. */
export type IdentifyBudget = {
  total: number
  /** By Discord's count or by ours, whichever is less. */
  remaining: number
  /** What is never spent. */
  reserve: number
  /** When there is more again, in ms since the epoch. */
  refilledAt: number
  /** Whether a shard waits for that. */
  exhausted: boolean
}

type Bucket = { tail: Promise<void>; freeAt: number }

/**
 * Who may IDENTIFY when: one at a time per `shard_id % max_concurrency`, 5 s apart, and never below the reserve of the
 * day's budget. The slot is held while its shard connects, so that the 5 s count from the IDENTIFY itself and no socket
 * waits for its turn.
 */
export class IdentifyQueue {
  readonly #refresh: () => Promise<SessionStartLimit>
  readonly #now: () => number
  readonly #timers: Timers
  readonly #logger: Logger
  readonly #ledger: IdentifyLedger
  readonly #buckets = new Map<number, Bucket>()
  #limit: SessionStartLimit
  #knownAt: number
  #held = 0
  #waiting = 0
  #refreshing: Promise<void> | null = null

  constructor(options: {
    limit: SessionStartLimit
    refresh: () => Promise<SessionStartLimit>
    now: () => number
    timers: Timers
    logger: Logger
    ledger: IdentifyLedger
  }) {
    this.#limit = options.limit
    this.#refresh = options.refresh
    this.#now = options.now
    this.#timers = options.timers
    this.#logger = options.logger
    this.#ledger = options.ledger
    this.#knownAt = options.now()
  }

  /** What is left, slots that are held counted as spent. */
  get remaining(): number {
    return Math.min(this.#limit.remaining, this.#limit.total - this.#sentToday().length) - this.#held
  }

  get budget(): IdentifyBudget {
    const { remaining, refilledAt } = this
    return { total: this.#limit.total, remaining, reserve: this.#reserve, refilledAt, exhausted: this.#waiting > 0 }
  }

  /** By whichever count there is less. */
  get refilledAt(): number {
    const { remaining, total, resetsAt } = this.#limit
    const sent = this.#sentToday()
    return sent[0] !== undefined && total - sent.length < remaining ? sent[0] + IDENTIFY_DAY_MS : resetsAt
  }

  /** Discord does not say when its day begins, so ours is the last 24 hours, whichever they are. */
  #sentToday(): readonly number[] {
    const since = this.#now() - IDENTIFY_DAY_MS
    return this.#sent().filter((at) => at > since)
  }

  /** None of them in the future: a machine may start with a clock that is ahead, and have it set back at any time. */
  #sent(): readonly number[] {
    try {
      const ahead = this.#ledger.correct(this.#now())
      if (ahead > 0) {
        this.#logger.warn(
          { identifies: ahead },
          'the clock was ahead when identifies were sent: they count as sent now',
        )
      }
    } catch (error) {
      this.#logger.error(
        errorFields(error),
        'identifies that were sent by a clock that was ahead could not be corrected',
      )
    }
    return this.#ledger.sentAt
  }

  get #reserve(): number {
    return Math.floor(this.#limit.total * RESERVE_SHARE)
  }

  /**
   * `null` when the signal aborted first.
   *
   * @param exhausted told, in words for a person, when the budget is down to the reserve and the turn will be long.
   */
  async acquire(
    shardId: number,
    signal: AbortSignal,
    exhausted: (why: string) => void = () => {},
  ): Promise<IdentifySlot | null> {
    const bucket = this.#bucket(shardId % this.#limit.maxConcurrency)
    const before = bucket.tail
    const turn = Promise.withResolvers<void>()
    bucket.tail = turn.promise
    await before
    await sleep(this.#timers, Math.min(Math.max(0, bucket.freeAt - this.#now()), SPACING_MS), signal)
    await this.#withinBudget(shardId, signal, exhausted)
    if (signal.aborted) {
      turn.resolve()
      return null
    }
    this.#held += 1
    let open = true
    const done = (): boolean => {
      if (!open) return false
      open = false
      this.#held -= 1
      turn.resolve()
      return true
    }
    return {
      spend: () => {
        if (!open) return
        this.#ledger.record(this.#now())
        done()
        this.#limit.remaining -= 1
        bucket.freeAt = this.#now() + SPACING_MS
      },
      release: () => void done(),
    }
  }

  #bucket(key: number): Bucket {
    const known = this.#buckets.get(key)
    if (known !== undefined) return known
    // Of an IDENTIFY before this process it is not known which bucket it took.
    const last = this.#sent().at(-1)
    const freeAt = last === undefined ? 0 : last + SPACING_MS
    const bucket = { tail: Promise.resolve(), freeAt }
    this.#buckets.set(key, bucket)
    return bucket
  }

  async #withinBudget(shardId: number, signal: AbortSignal, exhausted: (why: string) => void): Promise<void> {
    while (!signal.aborted) {
      const age = this.#now() - this.#knownAt
      if (age < 0 || age >= LIMIT_MAX_AGE_MS) await (this.#refreshing ??= this.#askAgain())
      if (this.remaining > this.#reserve) return
      const { total } = this.#limit
      const { remaining, refilledAt } = this
      const waitMs = Math.min(Math.max(MIN_RESET_WAIT_MS, refilledAt - this.#now()), IDENTIFY_DAY_MS)
      this.#logger.error(
        { shardId, remaining, total, waitMs },
        'the day’s identifies are down to the reserve: waiting for the reset',
      )
      exhausted(
        `${remaining} of the day’s ${total} identifies are left: waiting till ${new Date(refilledAt).toISOString()}`,
      )
      this.#waiting += 1
      await sleep(this.#timers, waitMs, signal)
      this.#waiting -= 1
      this.#knownAt = -Infinity
    }
  }

  async #askAgain(): Promise<void> {
    try {
      this.#limit = await this.#refresh()
    } catch (error) {
      this.#logger.warn(errorFields(error), 'the identify budget could not be read: counting on')
      if (this.#now() >= this.#limit.resetsAt) this.#limit = { ...this.#limit, remaining: this.#limit.total }
    } finally {
      this.#knownAt = this.#now()
      this.#refreshing = null
    }
  }
}
