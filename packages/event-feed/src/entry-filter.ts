import type { EntryFilter, LogEntry, NewLogEntry } from './event-log.ts'
import { shardOf } from '@repo/discord-integration/types'

/** https://docs.discord.com/developers/events/gateway-events#guild-members-chunk */
export const MEMBERS_CHUNK = 'GUILD_MEMBERS_CHUNK'

/** Everything there is. */
export const ALL_ENTRIES: EntryFilter = { guilds: null, events: null, guildless: true }

/** Whether a reader with that filter gets the entry. A gap is no event: it passes wherever one of its guilds does. */
export function passes(entry: LogEntry | NewLogEntry, filter: EntryFilter): boolean {
  if (entry.kind === 'dispatch') return passesDispatch(entry, filter)
  const { shard, guildId, reason } = entry
  // That an event without a guild is missing concerns those who would have got it.
  if (guildId === undefined && reason === 'too_large') return filter.guildless
  return guildId === undefined ? concernsAny(shard, filter.guilds) : (filter.guilds?.has(guildId) ?? true)
}

/**
 * Whether an entry may be held back from consumers whose filter it passes: member chunks are for the one who asked for them.
 * Whoever is behind such an entry has not been told its id, and is told another.
 */
export function isHeldBack(entry: LogEntry): boolean {
  return entry.kind === 'dispatch' && entry.event === MEMBERS_CHUNK
}

/** The same for a dispatch of which only the name and the guild are known. */
export function passesDispatch(
  { event, guildId }: { event: string; guildId: string | null },
  filter: EntryFilter,
): boolean {
  if (filter.events && !filter.events.has(event)) return false
  if (guildId === null) return filter.guildless
  return !filter.guilds || filter.guilds.has(guildId)
}

function concernsAny(shard: { id: number; count: number } | null, guilds: ReadonlySet<string> | null): boolean {
  if (!shard || !guilds) return true
  for (const guildId of guilds) {
    const id = shardOf(guildId, shard.count)
    // Of what is no snowflake nobody knows: rather told once too often.
    if (id === null || id === shard.id) return true
  }
  return false
}

/** Equal for filters that let the same pass. */
export function filterKey({ guilds, events, guildless }: EntryFilter): string {
  const list = (set: ReadonlySet<string> | null) => (set ? [...set].sort() : null)
  return JSON.stringify([list(guilds), list(events), guildless])
}
