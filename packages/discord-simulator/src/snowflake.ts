import type { Clock } from './clock.ts'

/** The first second of 2015, from which snowflakes count: https://docs.discord.com/developers/reference#snowflakes */
export const DISCORD_EPOCH_MS = 1_420_070_400_000

/** The largest that Discord takes: they travel as signed 64-bit numbers. */
const LARGEST = 9_223_372_036_854_775_807n

/** The snowflake of a moment. Increments (0 to 4095) tell those of one millisecond apart. */
export function snowflakeAt(ms: number, increment = 0): string {
  return String((BigInt(Math.floor(ms) - DISCORD_EPOCH_MS) << 22n) | BigInt(increment & 0xfff))
}

/** When a snowflake was made, in milliseconds since the Unix epoch. */
export function timestampOf(id: string): number {
  return Number(BigInt(id) >> 22n) + DISCORD_EPOCH_MS
}

export function isSnowflake(text: string): boolean {
  return /^\d{1,19}$/.test(text) && BigInt(text) <= LARGEST
}

/** Negative, zero or positive, as Array.sort wants it. Snowflakes grow with time, their text does not. */
export function compareSnowflakes(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length
  return a < b ? -1 : Number(a > b)
}

/** Which of `count` shards a guild lives on: https://docs.discord.com/developers/events/gateway#sharding */
export function shardOf(guildId: string, count: number): number {
  return Number((BigInt(guildId) >> 22n) % BigInt(count))
}

/** Makes snowflakes that always grow, also when several fall into one millisecond or the clock steps back. */
export function createSnowflakes(clock: Clock): () => string {
  let lastMs = 0
  let increment = 0
  return () => {
    const now = Math.floor(clock.now())
    if (now > lastMs) {
      lastMs = now
      increment = 0
    } else if (++increment > 0xfff) {
      lastMs += 1
      increment = 0
    }
    return snowflakeAt(lastMs, increment)
  }
}
