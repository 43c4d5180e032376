import type { HopReport } from '../../hop-report.ts'
import { clockTime, milliseconds, seconds } from '../../live/format.ts'
import type { HopFigures } from '../../live/hops/hop-figures.ts'
import { hasEnded, type StreamPhase, type StreamStatus } from '../../live/stream/stream-types.ts'

/** A station's own condition: what its mark and its word say. */
export type StationState = 'connected' | 'catching' | 'waiting' | 'slow' | 'down' | 'stale'
/** The condition of the stretch from one station to the next. */
export type LineState = 'connected' | 'catching' | 'waiting' | 'down' | 'stale'

export type Station = {
  key: 'discord' | 'gateway' | 'web' | 'browser'
  name: string
  state: StationState
  word: string
  /** A figure, or when it was last known; '' where there is nothing to say. */
  figure: string
  /** The line that leaves this station; the last has none. */
  line: LineState | null
}

export type HopStrip = {
  stations: Station[]
  total: HopTotal | null
}

/** What holds from end to end, in two lines, and where there is no room for those in one; null while there is nothing to say. */
export type HopTotal = { head: string; sub: string; line: string }

export type HopStripInput = {
  report: HopReport | null
  /** When the last report came, by this browser's clock. */
  reportAt: number | null
  status: StreamStatus
  /** What the events of the last minutes took. */
  took: HopFigures
  /** How late events reach this browser, in ms, once that has lasted; null while it is fine or not known. */
  lateMs: number | null
  /** Events that came since the stream is catching up. */
  caughtUp: number
  now: number
}

/** What the strip shows. Nothing is shown as known that is not heard of now. */
export function hopStrip(input: HopStripInput): HopStrip {
  const { report, status } = input
  const whole = status.phase === 'waiting' || status.phase === 'catching-up' || status.phase === 'live'
  if (!whole || report === null) return withoutWeb(input)

  const gatewayUp = report.gateway.state === 'connected'
  const discord: Station = gatewayUp ? discordStation(report) : lastKnownDiscord(report)
  const gateway = gatewayStation(report, input.took.gateway)
  const browser = browserStation(input)
  const web: Station = {
    key: 'web',
    name: 'Web',
    state: 'connected',
    word: 'connected',
    figure: tookOf(input.took.web),
    line: browser.state === 'catching' ? 'catching' : browser.state === 'slow' ? 'waiting' : 'connected',
  }
  return { stations: [discord, gateway, web, browser], total: total(input, report) }
}

function discordStation(report: HopReport): Station {
  const { state, pingMs, detail, since } = report.discord
  const base = { key: 'discord', name: 'Discord' } as const
  switch (state) {
    case 'connected':
      return {
        ...base,
        state: 'connected',
        word: 'connected',
        figure: pingMs === null ? '–' : `ping ${milliseconds(pingMs)}`,
        line: 'connected',
      }
    case 'reconnecting':
      return { ...base, state: 'waiting', word: 'reconnecting', figure: detail ?? '', line: 'waiting' }
    case 'down':
      return { ...base, state: 'down', word: 'down', figure: detail ?? '', line: 'down' }
    case 'unknown':
      break
  }
  return { ...base, ...lastKnownOrNever(since) }
}

function lastKnownDiscord(report: HopReport): Station {
  // `unknown` says when it was last heard; a state says since when it was so, and held until the gateway went.
  const { state, since } = report.discord
  return { key: 'discord', name: 'Discord', ...lastKnownOrNever(state === 'unknown' ? since : report.gateway.since) }
}

function gatewayStation(report: HopReport, tookMs: number | null): Station {
  const { state, attempt } = report.gateway
  const base = { key: 'gateway', name: 'Gateway' } as const
  switch (state) {
    case 'connected':
      return { ...base, state: 'connected', word: 'connected', figure: tookOf(tookMs), line: 'connected' }
    case 'reconnecting':
      return { ...base, state: 'waiting', word: 'reconnecting', figure: tryOf(attempt), line: 'waiting' }
    case 'down':
      break
  }
  return { ...base, state: 'down', word: 'down', figure: '', line: 'down' }
}

function browserStation({ status, lateMs, caughtUp, took }: HopStripInput): Station {
  const base = { key: 'browser', name: 'This browser', line: null } as const
  if (status.phase === 'catching-up') {
    return { ...base, state: 'catching', word: 'catching up', figure: caughtUp > 0 ? `${caughtUp} so far` : '' }
  }
  if (lateMs !== null) return { ...base, state: 'slow', word: 'slow', figure: `+${milliseconds(lateMs)}` }
  return { ...base, state: 'connected', word: 'connected', figure: tookOf(took.browser) }
}

/** Nothing is heard from web: all beyond it is what was known when it was last heard. */
function withoutWeb({ status, report, reportAt, now }: HopStripInput): HopStrip {
  const known = report !== null
  const beyond = (key: Station['key'], name: string, since: number | null, line: LineState): Station =>
    known
      ? { key, name, ...lastKnown(since), line }
      : { key, name, state: 'stale', word: hasEnded(status) ? 'not known' : 'not known yet', figure: '', line }
  const toBrowser = lineTo[status.phase] ?? 'waiting'
  const stations = [
    beyond('discord', 'Discord', reportAt, 'stale'),
    beyond('gateway', 'Gateway', null, 'stale'),
    beyond('web', 'Web', null, toBrowser),
    lostBrowser(status),
  ]
  if (status.phase !== 'reconnecting') return { stations, total: null }
  return { stations, total: saying(sinceWhen(status.since), nextTry(status.nextAttemptAt, now)) }
}

/** The stretch from web to a browser that hears nothing, where it does not merely wait. */
const lineTo: Partial<Record<StreamPhase, LineState>> = { 'signed-out': 'down', 'no-access': 'stale' }

function lostBrowser(status: StreamStatus): Station {
  const base = { key: 'browser', name: 'This browser', line: null } as const
  switch (status.phase) {
    case 'reconnecting':
      return { ...base, state: 'waiting', word: 'reconnecting', figure: tryOf(status.attempt) }
    case 'signed-out':
      return { ...base, state: 'down', word: 'down', figure: 'signed out' }
    case 'no-access':
      // Nothing is broken: there is nothing to be sent.
      return { ...base, state: 'stale', word: 'no access', figure: '' }
    case 'idle':
    case 'opening':
    case 'waiting':
    case 'catching-up':
    case 'live':
      break
  }
  return { ...base, state: 'waiting', word: 'connecting', figure: '' }
}

function total({ status, lateMs, caughtUp, took, now }: HopStripInput, report: HopReport): HopTotal | null {
  if (report.gateway.state !== 'connected') {
    return saying(sinceWhen(report.gateway.since), nextTry(report.gateway.nextAttemptAt, now))
  }
  if (report.discord.state === 'down' || report.discord.state === 'reconnecting') {
    return saying(sinceWhen(report.discord.since), 'no events meanwhile')
  }
  if (status.phase === 'catching-up') return saying('catching up', `${caughtUp} events so far`)
  if (lateMs !== null) return saying(seconds(lateMs), 'late at this browser')
  return endToEnd(took.total)
}

const saying = (head: string, sub: string): HopTotal => ({ head, sub, line: `${head}, ${sub}` })

function endToEnd(took: HopFigures['total']): HopTotal {
  if (took === null) return { head: '–', sub: 'end to end', line: '– end to end' }
  const { p50, p99 } = took
  const p99Too = p99 === null ? '' : `, p99 ${duration(p99)}`
  return { head: duration(p50), sub: `end to end${p99Too}`, line: `${duration(p50)} end to end` }
}

/** Of the stretch before a station. */
const tookOf = (ms: number | null): string => (ms === null ? '–' : `+${duration(ms)}`)
const duration = (ms: number): string => (ms < 10_000 ? milliseconds(ms) : seconds(ms))

function lastKnown(since: number | null): { state: 'stale'; word: string; figure: string; line: LineState } {
  return {
    state: 'stale',
    word: 'last known',
    figure: since === null ? '' : clockTime(since, 'seconds'),
    line: 'stale',
  }
}

const lastKnownOrNever = (since: number | null): ReturnType<typeof lastKnown> =>
  since === null ? { ...lastKnown(null), word: 'not known yet' } : lastKnown(since)

/** The first try is under way before it has a number. */
const tryOf = (attempt: number | null): string => (attempt === null || attempt < 1 ? '' : `try ${attempt}`)

const sinceWhen = (since: number | null): string =>
  since === null ? 'since –' : `since ${clockTime(since, 'seconds')}`

export function nextTry(at: number | null, now: number): string {
  if (at === null) return 'trying'
  const left = Math.ceil((at - now) / 1000)
  return left <= 0 ? 'trying now' : `next try in ${left} s`
}
