const SNOWFLAKE = /^\d{1,20}$/

/**
 * The shard that a guild's events arrive on, `(guild_id >> 22) % count`; null for what is no snowflake.
 * https://docs.discord.com/developers/events/gateway#sharding
 */
export function shardOf(guildId: string, count: number): number | null {
  return SNOWFLAKE.test(guildId) && Number.isInteger(count) && count > 0
    ? Number((BigInt(guildId) >> 22n) % BigInt(count))
    : null
}
