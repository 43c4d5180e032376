import type { LinkStatus } from '@repo/discord-integration/clients'
import type { CommandResult } from '@repo/discord-integration/types'
import { ClockOffset } from '../../clock-offset.ts'
import { DOWN_AFTER_MS, shardsAsOne } from '../../hop-report.ts'
import type { HopReport } from '../../hop-report.ts'
import { encodeFrame } from './sse-frame.ts'
import { streamBytes } from './stream-bytes.ts'
import type { StreamBytes } from './stream-bytes.ts'

/**
 * The page is to be right within two seconds. A gateway that freezes right after an answer is asked again 500 ms later
 * and given 700 ms: 1.2 s, which leaves 0.8 s for the way to the page. The page takes two silent seconds for a broken
 * hop: three reports that did not come.
 */
const REPORT_EVERY_MS = 500
/** A healthy gateway answers from memory, in milliseconds. One question at a time: the next is due after this one. */
const STATUS_DEADLINE_MS = 700
/** How long the gateway's word about Discord holds: two questions unanswered, and nothing is known. */
const STATUS_VALID_MS = 2_000

type GatewayStatus = Pick<CommandResult<'get_status'>, 'shards' | 'now' | 'discord_clock_ms'>

/** What of the link the reports are made of. */
export type HopSource = {
  readonly status: LinkStatus
  onStatus(handler: (status: LinkStatus) => void): () => void
  /** Asks the gateway how it stands with Discord. */
  ask(options: { deadlineMs: number }): Promise<GatewayStatus>
}

export type HopReporterOptions = {
  /** The id of this process, by whose clock it is reported. */
  by: string
  now?: () => number
}

/** Tells whoever asked how the hops before this one are; asks the gateway only while somebody listens. */
export class HopReporter {
  readonly #source: HopSource
  readonly #by: string
  readonly #now: () => number
  readonly #gatewayClock = new ClockOffset()
  readonly #listeners = new Set<(bytes: StreamBytes) => void>()
  #stopBeat: (() => void) | null = null
  #heard: Heard = null
  #asking = false
  /**
   * The first moment of an outage: the link went away, or a question was asked that stayed unanswered over a link that
   * looks open. Of all that the outage then consists of, each with a `since` of its own, it is the one that holds.
   */
  #awaySince: number | null
  #wasUp: boolean
  #lastStates = ''

  constructor(source: HopSource, { by, now = Date.now }: HopReporterOptions) {
    this.#source = source
    this.#by = by
    this.#now = now
    this.#wasUp = isUp(source.status)
    this.#awaySince = this.#wasUp ? null : source.status.since
    // For good, not only while somebody listens: whoever comes in the midst of an outage is told when it began.
    source.onStatus((status) => this.#linkChanged(status))
  }

  /** Hears a report now, whenever one of the hops changes, and twice a second. Returns what ends that. */
  subscribe(listener: (bytes: StreamBytes) => void): () => void {
    this.#listeners.add(listener)
    if (this.#listeners.size === 1) this.#start()
    listener(hopBytes(this.report()))
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.#stop()
    }
  }

  report(): HopReport {
    const ts = this.#now()
    const { status } = this.#source
    const clockMs = this.#gatewayClock.at(ts)
    const gateway = { ...gatewayHop(status, this.#awaySince, ts), clockMs }
    const heard = gateway.state === 'connected' ? this.#heard : null
    return { ts, by: this.#by, discord: discordHop({ heard, last: this.#heard, now: ts, clockMs }), gateway }
  }

  #start(): void {
    const timer = setInterval(() => this.#beat(), REPORT_EVERY_MS).unref()
    this.#stopBeat = () => clearInterval(timer)
    void this.#ask()
  }

  #stop(): void {
    this.#stopBeat?.()
    this.#stopBeat = null
    // Nobody asks any more, so nobody knows whether it is silent still.
    if (this.#wasUp) this.#awaySince = null
  }

  #linkChanged(status: LinkStatus): void {
    const up = isUp(status)
    if (!up) this.#gatewayClock.forget()
    if (!up) this.#awaySince ??= status.since
    else if (!this.#wasUp) this.#awaySince = null
    this.#wasUp = up
    this.#tellChange()
  }

  #beat(): void {
    this.#tell(this.report())
    void this.#ask()
  }

  async #ask(): Promise<void> {
    if (this.#asking || !isUp(this.#source.status)) return
    this.#asking = true
    const asked = this.#now()
    try {
      const status = await this.#source.ask({ deadlineMs: STATUS_DEADLINE_MS })
      const heardAt = this.#now()
      this.#heard = { status, shards: shardsOf(status, this.#heard), at: heardAt }
      if (status.now !== undefined) this.#gatewayClock.hear({ askedAt: asked, theirs: status.now, heardAt })
      this.#awaySince = null
    } catch {
      if (this.#listeners.size > 0) this.#awaySince ??= asked
    }
    this.#asking = false
    this.#tellChange()
  }

  #tellChange(): void {
    if (this.#listeners.size === 0) return
    const report = this.report()
    if (states(report) !== this.#lastStates) this.#tell(report)
  }

  #tell(report: HopReport): void {
    this.#lastStates = states(report)
    const bytes = hopBytes(report)
    for (const listener of this.#listeners) listener(bytes)
  }
}

function hopBytes(report: HopReport): StreamBytes {
  return streamBytes(encodeFrame({ event: 'hops', data: JSON.stringify(report) }))
}

/** What a change of is told at once. */
function states({ discord, gateway }: HopReport): string {
  return [discord.state, discord.detail, gateway.state, gateway.attempt, gateway.nextAttemptAt].join('|')
}

/** A link that is open and over which no answer comes is no connection: the gateway is frozen, or the network is. */
function gatewayHop(status: LinkStatus, awaySince: number | null, now: number): Omit<HopReport['gateway'], 'clockMs'> {
  const up = isUp(status)
  if (awaySince === null) {
    return { state: 'connected', since: status.since, rttMs: status.rttMs, attempt: null, nextAttemptAt: null }
  }
  const gone = status.state === 'closed' || now - awaySince >= DOWN_AFTER_MS
  const { attempt, nextAttemptAt } = up ? { attempt: null, nextAttemptAt: null } : status
  return { state: gone ? 'down' : 'reconnecting', since: awaySince, rttMs: null, attempt, nextAttemptAt }
}

function isUp({ state }: LinkStatus): boolean {
  return state === 'connected' || state === 'live'
}

type Heard = { status: GatewayStatus; shards: HopReport['discord']['shards']; at: number } | null

/**
 * The shards as they were heard of; since when one is not ready is what was heard first of that: on its way back it goes from
 * state to state, each with a time of its own.
 */
function shardsOf({ shards }: GatewayStatus, before: Heard): HopReport['discord']['shards'] {
  return shards.map(({ id, state, since, ping_ms: pingMs }) => {
    const last = before?.shards.find((shard) => shard.id === id)
    const isStillAway = last !== undefined && last.state !== 'ready' && state !== 'ready'
    return { id, state, since: isStillAway ? Math.min(last.since, since) : since, pingMs }
  })
}

/** `last` is what was heard at any time: where nothing is known, it says at least when that was. */
function discordHop({ heard, last, now, clockMs }: Known): HopReport['discord'] {
  if (heard === null || now - heard.at > STATUS_VALID_MS || heard.shards.length === 0) {
    return { state: 'unknown', since: last?.at ?? null, pingMs: null, detail: null, clockMs: null, shards: [] }
  }
  const shards = heard.shards.map((shard) => ({ ...shard, since: Math.round(shard.since - (clockMs ?? 0)) }))
  return {
    ...shardsAsOne(shards, { all: shards.length, now }),
    clockMs: heard.status.discord_clock_ms ?? null,
    shards,
  }
}

type Known = { heard: Heard; last: Heard; now: number; clockMs: number | null }
