const MIB = 1024 * 1024

/**
 * How large one thing may be on its way from Discord to a backend, in bytes of UTF-8: each hop has room for what the one
 * before it lets pass. Discord's largest, a GUILD_CREATE of its largest guilds, is some MB.
 */
export const bounds = {
  /** One frame of Discord's. Larger than a payload may be, so that one that is too large is read, said and passed over. */
  discordFrame: 64 * MIB,
  /** One event's payload in the log, and one guild's in a snapshot, as JSON text. */
  payload: 32 * MIB,
  /** An event's name, in characters. Discord's longest has 38. */
  eventNameChars: 256,
  /** One message of the link: a payload and what it is wrapped in. */
  linkMessage: 32 * MIB + 64 * 1024,
} as const
