import { snowflakeTime } from '@repo/discord-integration/types'

/** What a browser is told, as far as the account goes. */
export type Told =
  /** `at`: where it was told, for whoever looks for what went wrong. */
  | { kind: 'event'; n: number; messageId: string | null; at: string }
  | { kind: 'sync'; state: string; reason: string; from: number; to: number; at: string }

export type Wrong = 'missing' | 'doubled' | 'out of order' | 'not to be' | 'refused'

/** Numbers that a browser was not told, and was told that it was not told. */
export type Jump = { after: number; to: number; why: string }

/** The reasons of a snapshot that stands for something missed. */
const LOSSES: ReadonlySet<string> = new Set(['expired', 'foreign', 'lagged', 'upstream'])

/**
 * What one browser was told of its guild, whose events are numbered 1, 2, 3 …: each is told once and in order, or a jump
 * forward has been announced. A message from a hole that comes after it is Discord's history, and counts apart.
 */
export class Account {
  /** The number that was told last; null before the first. */
  last: number | null = null
  seen = 0
  backfilled = 0
  readonly jumps: Jump[] = []
  readonly announced = new Map<string, number>()
  readonly wrongs: { wrong: Wrong; detail: string }[] = []
  /** Numbers that anybody of the guild was told as they happened. */
  readonly #toldAnybody: Set<number>
  readonly #gaps = new Set<number>()
  readonly #backfilledIds = new Set<string>()
  #mayJump: string | null = 'the beginning'
  /** When the last hole that it was told of ended, in ms since the epoch. */
  #holeEnd = 0
  #at = 'the beginning'

  constructor(toldAnybody: Set<number> = new Set()) {
    this.#toldAnybody = toldAnybody
  }

  /**
   * How many numbers it lacks for a hole at Discord though others were told them. Such a hole is the same for everybody,
   * so it may hide no loss of ours.
   */
  get hidden(): number {
    let hidden = 0
    for (const { after, to, why } of this.jumps) {
      if (!why.startsWith('gap')) continue
      for (let n = after + 1; n < to; n++) if (this.#toldAnybody.has(n)) hidden++
    }
    return hidden
  }

  /** How many holes at Discord it was told of; one that it was told again, having come back, counts once. */
  get gaps(): number {
    return this.#gaps.size
  }

  /** How many it was told that it was not told. */
  get skipped(): number {
    return this.jumps.reduce((sum, { after, to }) => sum + to - after - 1, 0)
  }

  take(told: Told): void {
    this.#at = told.at
    if (told.kind === 'sync' && told.state === 'gap') {
      this.#gaps.add(told.from)
      this.#holeEnd = Math.max(this.#holeEnd, told.to)
    }
    if (told.kind === 'sync') this.#sync(told.state, told.reason)
    else this.#event(told.n, told.messageId)
  }

  /** Something that is not told in the stream: an answer that ends an EventSource for good. */
  wrong(wrong: Wrong, detail: string): void {
    this.wrongs.push({ wrong, detail: `${detail} (${this.#at})` })
  }

  count(wrong: Wrong): number {
    return this.wrongs.filter((one) => one.wrong === wrong).length
  }

  #sync(state: string, reason: string): void {
    if (state !== 'snapshot' && state !== 'gap') return
    const name = `${state} ${reason}`
    this.announced.set(name, (this.announced.get(name) ?? 0) + 1)
    // Where both were announced, the snapshot's is the wider leave.
    if (state === 'gap') this.#mayJump ??= name
    else if (LOSSES.has(reason)) this.#mayJump = name
    // Of a new browser, which says no id. This one has been told numbers, and has said where it stands.
    else if (this.last !== null) this.wrong('not to be', `${name} after ${this.last}`)
  }

  #event(n: number, messageId: string | null): void {
    const { last } = this
    if (last !== null && n <= last) return this.#again(n, messageId)
    // Discord's history may come before anything new has happened: it is no step forward.
    if (this.#mayJump !== null && messageId !== null && snowflakeTime(messageId) <= this.#holeEnd) {
      return this.#backfill(n, messageId)
    }
    if (last !== null && n > last + 1) {
      if (this.#mayJump === null) this.wrong('missing', `${last + 1} to ${n - 1}`)
      else this.jumps.push({ after: last, to: n, why: this.#mayJump })
    }
    // What went before a browser's first snapshot is nothing that it missed.
    this.#mayJump = null
    this.last = n
    this.seen++
    this.#toldAnybody.add(n)
  }

  #again(n: number, messageId: string | null): void {
    const missed = this.jumps.some(({ after, to }) => n > after && n < to)
    if (missed && messageId !== null) this.#backfill(n, messageId)
    else this.wrong(missed ? 'out of order' : 'doubled', `${n} after ${this.last}`)
  }

  #backfill(n: number, messageId: string): void {
    if (this.#backfilledIds.has(messageId)) return this.wrong('doubled', `${n} after ${this.last}`)
    this.#backfilledIds.add(messageId)
    this.backfilled++
  }
}
