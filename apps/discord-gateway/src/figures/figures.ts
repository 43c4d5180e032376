import type { IdentifyBudget, ShardStatus } from '@repo/discord-integration/clients'
import {
  FIGURE_FAMILIES,
  type FigureFamily,
  type FigureRange,
  type Figures as FiguresAnswer,
  type FiguresReport,
} from '@repo/discord-integration/types'
import type { EventLog, LogEntry, NewGap, Notes } from '@repo/event-feed'
import type { Logger } from '../logger.ts'
import { Consumers, type Consumer } from './consumers.ts'
import { GapBook, type FilledHole } from './gap-book.ts'
import { History } from './history.ts'
import { LatencyIntake } from './latency-intake.ts'
import { COUNTED, type Counted } from './ring.ts'
import { ShardBook } from './shard-book.ts'
import type { Tally } from './tally.ts'

const SECOND_MS = 1_000
/** `events_per_second` is of so many seconds. */
const RATE_SECONDS = 10
/** A process that is killed loses at most as much of the history. */
const SAVE_EVERY_MS = 2 * 60_000

export type FiguresOptions = {
  tally: Tally
  log: Pick<EventLog, 'epoch' | 'from' | 'size' | 'receivedAfter'>
  notes: Notes
  limits: { bytes: number; ageMs: number }
  consumers: () => Iterable<Consumer>
  shards: () => readonly ShardStatus[]
  shardCount: () => number
  guildIds: () => Iterable<string>
  identifies: () => IdentifyBudget | null
  logger: Logger
  now?: () => number
}

type Counts = Record<Counted, number>

/**
 * What the Gateway Service counts of itself, and what it was in the last day. It keeps nothing that grows: of time fixed
 * steps, of consumers those that are there, of gaps the newest.
 */
export class Figures {
  readonly #options: FiguresOptions
  readonly #now: () => number
  readonly #startedAt: number
  readonly #latency = new LatencyIntake()
  readonly #history: History
  readonly #consumers: Consumers
  readonly #shards: ShardBook
  readonly #gaps: GapBook
  readonly #timer: NodeJS.Timeout
  #counted: Counts
  #countedAt: number
  #savedAt: number
  /** By second, the oldest first. */
  #recent: { ms: number; counts: Counts }[] = []

  constructor(options: FiguresOptions) {
    const { log, notes, consumers, shardCount, logger, now = Date.now } = options
    this.#options = options
    this.#now = now
    this.#startedAt = this.#countedAt = this.#savedAt = now()
    this.#counted = this.#count()
    const onUnkept = (error: unknown) => logger.warn({ err: error }, 'figures could not be written down')
    const kept = { log, notes, shardCount, onUnkept, now }
    this.#history = new History(notes, this.#startedAt)
    this.#consumers = new Consumers(consumers, log, this.#latency)
    this.#shards = new ShardBook({ ...kept, shards: options.shards, guildIds: options.guildIds })
    this.#gaps = new GapBook(kept)
    this.#timer = setInterval(() => this.second(), SECOND_MS).unref()
  }

  /** Counts what has happened since the last time; by itself every second. */
  second(): void {
    const now = this.#now()
    const ms = now - this.#countedAt
    const counts = this.#count()
    const passed = differences(counts, this.#counted)
    const latency = this.#latency.second()
    this.#counted = counts
    this.#countedAt = now
    this.#consumers.second(now)
    // A clock that was set back or stood still says nothing of how long it was.
    if (ms <= 0) return
    this.#recent.push({ ms, counts: passed })
    if (this.#recent.length > RATE_SECONDS) this.#recent.shift()
    this.#history.add({ ms, counts: passed, logBytes: this.#options.log.size.bytes, latency }, now)
    if (now - this.#savedAt >= SAVE_EVERY_MS) this.#save(now)
  }

  /** An entry has been stored. */
  stored(entry: LogEntry): void {
    this.#shards.stored(entry)
    if (entry.kind === 'gap') this.#gaps.stored(entry)
  }

  /** Something about a shard has changed. */
  shardsChanged(shards: readonly ShardStatus[]): void {
    this.#shards.changed(shards)
  }

  /** A gap is about to be stored: between sessions, or within one. */
  gapFound(gap: NewGap, { within, isFilled }: { within: boolean; isFilled: boolean }): void {
    const detail = gap.shard ? this.#shards.endOf(gap.shard.id, Math.max(gap.fromTs, this.#startedAt)) : null
    const reason = within ? 'missing' : gap.fromTs < this.#startedAt ? 'away' : 'not_resumed'
    this.#gaps.found(gap, { reason, detail, isFilled })
  }

  restored(hole: FilledHole, messageIds: readonly string[]): void {
    this.#gaps.restored(hole, messageIds)
  }

  filled(hole: FilledHole, channelsLeft: number): void {
    this.#gaps.filled(hole, channelsLeft)
  }

  /** A backend tells of itself. @throws {LinkError} RATE_LIMITED */
  report(consumerId: number, report: FiguresReport): void {
    this.#consumers.report(consumerId, report, this.#now())
  }

  read(range?: FigureRange): FiguresAnswer {
    const { log, limits, identifies } = this.#options
    const ts = this.#now()
    const budget = identifies()
    const { consumers, total: consumersTotal } = this.#consumers.list(ts)
    const { shards, total: shardsTotal } = this.#shards.list()
    return {
      success: true,
      ts,
      started_at: this.#startedAt,
      events_per_second: this.#rates(),
      latency: this.#latency.now(),
      log: {
        bytes: log.size.bytes,
        bytes_max: limits.bytes,
        since: log.receivedAfter(log.from),
        age_max_ms: limits.ageMs,
      },
      consumers,
      consumers_total: consumersTotal,
      shards,
      shards_total: shardsTotal,
      identifies: budget && {
        total: budget.total,
        remaining: Math.max(0, budget.remaining),
        reserve: budget.reserve,
        resets_at: budget.refilledAt,
        exhausted: budget.exhausted,
      },
      gaps: this.#gaps.list(),
      ...(range !== undefined && { history: this.#history.of(range, ts) }),
    }
  }

  close(): void {
    clearInterval(this.#timer)
    this.second()
    this.#save(this.#now())
  }

  #count(): Counts {
    const { tally } = this.#options
    return { ...tally.byFamily(), ...tally.commands }
  }

  #rates(): Record<FigureFamily, number> {
    const ms = this.#recent.reduce((sum, second) => sum + second.ms, 0)
    const rates = { messages: 0, presence: 0, voice: 0, reactions: 0, other: 0 }
    if (ms === 0) return rates
    for (const family of FIGURE_FAMILIES) {
      const count = this.#recent.reduce((sum, { counts }) => sum + counts[family], 0)
      rates[family] = Number(((count / ms) * 1_000).toPrecision(6))
    }
    return rates
  }

  #save(now: number): void {
    this.#savedAt = now
    try {
      this.#history.save()
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'the history of the figures could not be written down')
    }
  }
}

function differences(now: Counts, before: Counts): Counts {
  const passed = { ...now }
  for (const name of COUNTED) passed[name] = now[name] - before[name]
  return passed
}
