import {
  FIGURE_CONSUMERS_MAX,
  LinkError,
  type FigureConsumer,
  type FiguresReport,
} from '@repo/discord-integration/types'
import type { EventLog, Standing } from '@repo/event-feed'
import type { LatencyIntake } from './latency-intake.ts'

/** A backend's connection, as much of it as figures are made of. */
export type Consumer = {
  readonly id: number
  readonly name: string
  readonly version: number
  readonly connectedAt: number
  readonly standing: Standing
  /** Null where it has not begun. */
  readonly position: number | null
  readonly lag: number
  readonly bytesSent: number
}

/** Behind by less than this, a backend whose socket is full for a moment is as good as live. */
const SLOW_MS = 1_000
/** What a backend said of itself holds so long: three of its reports. */
const REPORT_HOLDS_MS = 15_000
/** More often would count nothing that less often does not. */
const REPORT_EVERY_MS = 1_000
/** Bytes are measured over so many seconds. */
const RATE_SECONDS = 10

type Known = {
  /** By second, the oldest first. */
  sent: { at: number; bytes: number }[]
  report: { at: number; streams: number; process: string; latency: ReadonlyMap<number, number> } | null
}

/** The backends on the link: how fast and how late each is, and what it says of itself. */
export class Consumers {
  readonly #all: () => Iterable<Consumer>
  readonly #log: Pick<EventLog, 'receivedAfter'>
  readonly #latency: LatencyIntake
  readonly #known = new Map<number, Known>()

  constructor(all: () => Iterable<Consumer>, log: Pick<EventLog, 'receivedAfter'>, latency: LatencyIntake) {
    this.#all = all
    this.#log = log
    this.#latency = latency
  }

  /**
   * A backend tells of itself.
   *
   * @throws {LinkError} RATE_LIMITED where it did so less than a second ago.
   */
  report(id: number, { process, streams, latency }: FiguresReport, now: number): void {
    const known = this.#of(id)
    const before = known.report
    if (before && now - before.at >= 0 && now - before.at < REPORT_EVERY_MS) {
      const retryAfter = (before.at + REPORT_EVERY_MS - now) / 1_000
      throw new LinkError('RATE_LIMITED', 'A report a second is taken: nothing was counted', { retryAfter })
    }
    const counts = new Map(latency)
    this.#latency.take(before?.process === process ? before.latency : null, counts)
    known.report = { at: now, streams, process, latency: counts }
  }

  /** A second has passed. */
  second(now: number): void {
    const here = new Set<number>()
    for (const { id, bytesSent } of this.#all()) {
      here.add(id)
      const { sent } = this.#of(id)
      sent.push({ at: now, bytes: bytesSent })
      if (sent.length > RATE_SECONDS + 1) sent.shift()
    }
    for (const id of this.#known.keys()) if (!here.has(id)) this.#known.delete(id)
  }

  /** Those that are furthest behind first, where there are more than can be listed; else as they came. */
  list(now: number): { consumers: FigureConsumer[]; total: number } {
    const all = [...this.#all()]
    const behind = (one: Consumer, other: Consumer) => other.lag - one.lag
    const listed = all.length > FIGURE_CONSUMERS_MAX ? all.sort(behind).slice(0, FIGURE_CONSUMERS_MAX) : all
    return { consumers: listed.map((one) => this.#figuresOf(one, now)), total: all.length }
  }

  #figuresOf({ id, name, version, connectedAt, standing, position, lag, bytesSent }: Consumer, now: number) {
    const receivedAt = lag > 0 && position !== null ? this.#log.receivedAfter(position) : null
    const lagMs = receivedAt === null ? 0 : Math.max(0, now - receivedAt)
    const { sent, report } = this.#of(id)
    const first = sent[0] ?? { at: connectedAt, bytes: 0 }
    const seconds = (now - first.at) / 1_000
    const reported = report && now - report.at <= REPORT_HOLDS_MS ? report : null
    return {
      id,
      name,
      version,
      state: stateOf(standing, lagMs),
      since: connectedAt,
      behind: lag,
      lag_ms: lagMs,
      bytes_per_second: seconds > 0 ? Math.max(0, Math.round((bytesSent - first.bytes) / seconds)) : 0,
      streams: reported?.streams ?? null,
    }
  }

  #of(id: number): Known {
    const known = this.#known.get(id) ?? { sent: [], report: null }
    this.#known.set(id, known)
    return known
  }
}

function stateOf(standing: Standing, lagMs: number): FigureConsumer['state'] {
  if (standing === 'behind') return lagMs >= SLOW_MS ? 'slow' : 'live'
  return standing === 'closed' ? 'waiting' : standing
}
