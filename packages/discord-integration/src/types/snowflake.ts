import { z } from 'zod'

/** A Discord id: https://docs.discord.com/developers/reference#snowflakes */
export const SnowflakeSchema = z.string().regex(/^\d{1,20}$/, 'expected a snowflake: 1 to 20 digits')

/** The first moment of snowflakes, in ms since the epoch. https://docs.discord.com/developers/reference#snowflakes */
const DISCORD_EPOCH_MS = 1_420_070_400_000

/** By age. Snowflakes are decimal without leading zeros, so the longer one is the later one. */
export function compareSnowflakes(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** When the thing with this id was made, in ms since the epoch; `NaN` for what is not a snowflake. */
export function snowflakeTime(id: string): number {
  if (!/^\d{1,20}$/.test(id)) return Number.NaN
  return Number(BigInt(id) >> 22n) + DISCORD_EPOCH_MS
}

/** The lowest snowflake of a moment, given in ms since the epoch. */
export function snowflakeAt(ms: number): string {
  return String(BigInt(Math.max(0, Math.floor(ms) - DISCORD_EPOCH_MS)) << 22n)
}
