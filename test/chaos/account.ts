import { snowflakeTime } from '@repo/discord-integration/types'
import { faultsOf, numbersBetween, unsettledOf } from './hole.ts'
import type { Happened, Jump, LateWord, Span } from './hole.ts'

/** What a consumer is told, as far as the account goes. */
export type Told =
  /** `at`: where it was told, for whoever looks for what went wrong. */
  | { kind: 'event'; n: number; messageId: string | null; at: string }
  | ({ kind: 'sync'; state: string; reason: string; at: string } & Span)
  | ({ kind: 'late word' } & LateWord)
  /** The guild as it is. */
  | { kind: 'guild' }

export type Wrong = 'missing' | 'doubled' | 'out of order' | 'not to be' | 'refused'

/** The reasons of a snapshot that stands for something missed. */
const LOSSES: ReadonlySet<string> = new Set(['expired', 'foreign', 'lagged', 'upstream'])

export type AccountOptions = {
  /** Numbers that anybody of the guild was told as they happened. */
  toldAnybody?: Set<number>
  /** Without it nothing is said of whether a gap's times are true, and what is missing for good. */
  happened?: Happened | null
  /**
   * What a page is told by the guild as it is, where it is not told it as an event: a web that was away does not know
   * whether somebody who leaves voice was to be seen there.
   */
  toldByGuild?: ReadonlySet<number>
}

/**
 * What one consumer was told of a guild, whose events are numbered 1, 2, 3 …: each is told once and in order, or a jump
 * forward has been announced, at the times at which that happened which it lacks. A message from a hole that comes after it is
 * Discord's history, and counts apart.
 */
export class Account {
  /** The number that was told last; null before the first. */
  last: number | null = null
  seen = 0
  readonly jumps: Jump[] = []
  readonly announced = new Map<string, number>()
  readonly wrongs: { wrong: Wrong; detail: string }[] = []
  readonly #toldAnybody: Set<number>
  readonly #happened: Happened | null
  readonly #toldByGuild: ReadonlySet<number>
  /** Such as it was not told, for which it has not been told the guild yet. */
  owed: number[] = []
  /** The guild was told after the last number: what is missing up to the next one is a part of it. */
  #isGuildTold = false
  /** It has come back, and is not live yet. */
  #catchesUp = false
  readonly #gaps = new Set<number>()
  readonly #backfilled = new Set<number>()
  readonly #lateWords: LateWord[] = []
  #first: number | null = null
  #mayJump: string | null = 'the beginning'
  /** The gaps that it was told of since the last number. */
  #spans: Span[] = []
  /** When the last hole that it was told of ended, in ms since the epoch. */
  #holeEnd = 0
  #at = 'the beginning'

  constructor({ toldAnybody = new Set(), happened = null, toldByGuild = new Set() }: AccountOptions = {}) {
    this.#toldByGuild = toldByGuild
    this.#toldAnybody = toldAnybody
    this.#happened = happened
  }

  /**
   * How many numbers it lacks for a hole at Discord though others were told them. Such a hole is the same for everybody,
   * so it may hide no loss of ours.
   */
  get hidden(): number {
    const lacks = this.jumps.filter(({ why }) => why.startsWith('gap'))
    return lacks.flatMap(({ after, to }) => numbersBetween(after, to)).filter((n) => this.#toldAnybody.has(n)).length
  }

  /** Messages of holes of which it has not been told what became of them. */
  get unsettled(): number[] {
    const happened = this.#happened
    if (!happened) return []
    const later = { told: this.#backfilled, words: this.#lateWords }
    return this.jumps.flatMap((jump) => unsettledOf(jump, happened, later))
  }

  /** How many messages of holes it was told later. */
  get backfilled(): number {
    return this.#backfilled.size
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
    if (told.kind === 'late word') return void this.#lateWords.push(told)
    if (told.kind === 'guild') {
      this.owed = []
      this.#isGuildTold = true
      return
    }
    this.#at = told.at
    if (told.kind === 'event') return this.#event(told.n, told.messageId)
    if (told.state === 'gap') {
      this.#gaps.add(told.from)
      this.#spans.push(told)
      this.#holeEnd = Math.max(this.#holeEnd, told.to)
    }
    this.#sync(told.state, told.reason)
  }

  /** Something that is not told in the stream: an answer that ends an EventSource for good. */
  wrong(wrong: Wrong, detail: string): void {
    this.wrongs.push({ wrong, detail: `${detail} (${this.#at})` })
  }

  count(wrong: Wrong): number {
    return this.wrongs.filter((one) => one.wrong === wrong).length
  }

  #sync(state: string, reason: string): void {
    if (state === 'live' && this.owed.length > 0) {
      this.wrong('missing', `${this.owed.join()}, and the guild that tells them`)
      this.owed = []
    }
    if (state !== 'gap') this.#catchesUp = state !== 'live'
    if (state !== 'snapshot' && state !== 'gap') return
    const name = `${state} ${reason}`
    this.announced.set(name, (this.announced.get(name) ?? 0) + 1)
    // Where both were announced, the snapshot's is the wider leave.
    if (state === 'gap') this.#mayJump ??= name
    else if (LOSSES.has(reason)) this.#mayJump = name
    // Of a new consumer, which says no id. This one has been told numbers, and has said where it stands.
    else if (this.last !== null) this.wrong('not to be', `${name} after ${this.last}`)
  }

  #event(n: number, messageId: string | null): void {
    const { last } = this
    if (last !== null && n <= last) return this.#again(n, messageId)
    // Discord's history may come before anything new has happened: it is no step forward.
    if (this.#mayJump !== null && messageId !== null && snowflakeTime(messageId) <= this.#holeEnd) {
      return this.#backfill(n)
    }
    this.#first ??= n
    if (last !== null && n > last + 1) this.#jump({ after: last, to: n })
    // What went before a consumer's first snapshot is nothing that it missed.
    this.#mayJump = null
    this.#isGuildTold = false
    this.#spans = []
    this.last = n
    this.seen++
    this.#toldAnybody.add(n)
  }

  #jump({ after, to }: { after: number; to: number }): void {
    if (this.#mayJump === null) {
      const missed = numbersBetween(after, to)
      const isByGuild = this.#catchesUp && missed.every((n) => this.#toldByGuild.has(n))
      if (isByGuild && !this.#isGuildTold) this.owed.push(...missed)
      else if (!isByGuild) this.wrong('missing', `${after + 1} to ${to - 1}`)
      return
    }
    const jump = { after, to, why: this.#mayJump, spans: this.#spans }
    this.jumps.push(jump)
    // A snapshot says nothing of when.
    if (!this.#happened || !jump.why.startsWith('gap')) return
    for (const fault of faultsOf(jump, this.#happened)) this.wrong('missing', fault)
  }

  /** What was said before it came is Discord's history too. */
  #again(n: number, messageId: string | null): void {
    const missed = n < (this.#first ?? n) || this.jumps.some(({ after, to }) => n > after && n < to)
    if (missed && messageId !== null) this.#backfill(n)
    else this.wrong(missed ? 'out of order' : 'doubled', `${n} after ${this.last}`)
  }

  #backfill(n: number): void {
    if (this.#backfilled.has(n)) this.wrong('doubled', `${n} after ${this.last}`)
    this.#backfilled.add(n)
  }
}
