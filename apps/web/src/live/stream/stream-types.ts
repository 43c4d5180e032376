import type { ReceivedTimes } from './received-times.ts'
import type { HopReport } from '../../hop-report.ts'
import type { SyncNotice } from './sync-notice.ts'

export type StreamEvent = {
  name: string
  payload: unknown
  /** The event's id, the same from Discord to here; null where the server gave none. */
  id: string | null
  /** Length of the payload as it came, in UTF-16 units: bytes, for all but text beyond ASCII. */
  size: number
}

/**
 * `opening`: never had a word from the server. `waiting`: the hop is whole, but web has no state to send yet.
 * `catching-up`: a snapshot or a replay is on its way. `signed-out` and `no-access` are final.
 */
export type StreamPhase =
  'idle' | 'opening' | 'waiting' | 'catching-up' | 'live' | 'reconnecting' | 'signed-out' | 'no-access'

export type StreamStatus = {
  phase: StreamPhase
  /** When this phase began, in ms since the epoch; for `reconnecting`, when the stream was lost. */
  since: number
  /** Which try to reconnect is under way or awaited; 0 while connected. */
  attempt: number
  nextAttemptAt: number | null
}

export const IDLE: StreamStatus = { phase: 'idle', since: 0, attempt: 0, nextAttemptAt: null }

/** Whether the stream is over for good, and nothing of it may be shown any more. */
export const hasEnded = ({ phase }: StreamStatus): boolean => phase === 'signed-out' || phase === 'no-access'

/** What one hears of a guild. */
export type StreamHandlers = {
  onEvent: (event: StreamEvent) => void
  onSync: (notice: SyncNotice) => void
  onHops: (report: HopReport) => void
  /** When the gateway had received events that follow, and when web wrote them: before those events. */
  onTimes: (times: ReceivedTimes) => void
  onStatus: (status: StreamStatus) => void
}

/** One guild's events, for as long as somebody wants them. Started again after a stop, it goes on from where it was. */
export type GuildSource = {
  start: () => void
  stop: () => void
  /** Tries now instead of at the next appointed time: the machine is online again, or the tab is looked at. */
  retryNow: () => void
}

export type OpenGuildSource = (guildId: string, handlers: StreamHandlers) => GuildSource

/** Time and chance, so that a test owns them. */
export type Clock = {
  now: () => number
  setTimer: (run: () => void, ms: number) => unknown
  clearTimer: (timer: unknown) => void
}

/** As much of EventSource as is used, so that a test can be one. */
export type EventSourceLike = {
  readonly readyState: number
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void
  close(): void
}

export type StreamEnvironment = Clock & {
  open: (url: string) => EventSourceLike
  /** The HTTP status that `url` answers with; EventSource does not tell it. */
  probe: (url: string, signal: AbortSignal) => Promise<number>
  random: () => number
}
