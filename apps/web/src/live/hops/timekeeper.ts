import type { HopReport } from '../../hop-report.ts'
import type { ReceivedTimes } from '../stream/received-times.ts'
import type { StreamEvent } from '../stream/stream-types.ts'
import { byOneClock, type Clocks, type EventTimes } from './event-times.ts'
import { sentAt } from './sent-at.ts'

const UNKNOWN: Clocks = { discordFromGateway: null, gatewayFromWeb: null, webFromBrowser: null }

/** Puts together when an event was where: each of those it passed says its own part, by its own clock. */
export class Timekeeper {
  #clocks = UNKNOWN
  #received: ReadonlyMap<string, number> = new Map()
  #encodedAt: number | null = null

  /** @param webFromBrowser what the clock that the report is by shows more than this browser's. */
  hearReport({ discord, gateway }: HopReport, webFromBrowser: number | null): void {
    this.#clocks = { discordFromGateway: discord.clockMs, gatewayFromWeb: gateway.clockMs, webFromBrowser }
  }

  /** Of the events that follow. Of those before them nothing more comes. */
  hearTimes({ web, at }: ReceivedTimes): void {
    this.#encodedAt = web
    this.#received = new Map(at)
  }

  /** Null of what did not happen as it came: how long it took says nothing. */
  timesOf({ name, payload, id }: StreamEvent, browser: number): EventTimes | null {
    const gateway = id === null ? undefined : this.#received.get(id)
    if (gateway === undefined) return null
    return byOneClock({ discord: sentAt(name, payload), gateway, web: this.#encodedAt, browser }, this.#clocks)
  }
}
