import type { Hop } from '../../latency-report.ts'

/** When an event was at each station, in ms since the epoch, all by this browser's clock; null where nobody knows. */
export type EventTimes = {
  discord: number | null
  gateway: number | null
  web: number | null
  browser: number
}

/** How far the clocks are apart, in ms: what the first one shows more than the second. Null where nobody knows. */
export type Clocks = {
  discordFromGateway: number | null
  gatewayFromWeb: number | null
  webFromBrowser: number | null
}

/** The same as each station noted it, by its own clock. */
export type OwnTimes = { discord: number | null; gateway: number | null; web: number | null; browser: number }

/** A time whose clock cannot be compared with this browser's is not known here. */
export function byOneClock({ discord, gateway, web, browser }: OwnTimes, clocks: Clocks): EventTimes {
  const { discordFromGateway, gatewayFromWeb, webFromBrowser } = clocks
  return {
    discord: less(discord, discordFromGateway, gatewayFromWeb, webFromBrowser),
    gateway: less(gateway, gatewayFromWeb, webFromBrowser),
    web: less(web, webFromBrowser),
    browser,
  }
}

function less(at: number | null, ...differences: (number | null)[]): number | null {
  return differences.reduce((time, by) => (time === null || by === null ? null : time - by), at)
}

/**
 * How long an event took to each station from the one before, in ms; null where one of both is not known, or where it would
 * have been there before it was sent: then it is not known how far the clocks are apart.
 */
export type Hops = Record<Hop, number | null>

export function hopsOf({ discord, gateway, web, browser }: EventTimes): Hops {
  const hops = { gateway: between(discord, gateway), web: between(gateway, web), browser: between(web, browser) }
  // Where a part of it contradicts itself, the whole is wrong by as much.
  const isSure = Object.values(hops).every((took) => took === null || took >= -APART_MS)
  const known = (took: number | null) => (took === null || took < -APART_MS ? null : Math.max(0, took))
  return {
    gateway: known(hops.gateway),
    web: known(hops.web),
    browser: known(hops.browser),
    total: isSure ? known(between(discord, browser)) : null,
  }
}

/** Clocks are compared to within a way's own spread, in ms: what took next to nothing may seem to take less by that. */
const APART_MS = 5

function between(from: number | null, to: number | null): number | null {
  return from === null || to === null ? null : to - from
}
