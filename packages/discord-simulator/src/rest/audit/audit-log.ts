import type { AuditLogEvent } from 'discord-api-types/v10'
import { compareSnowflakes } from '../../snowflake.ts'

/** How many entries of a guild are kept. Discord keeps 45 days; a simulator left running must not grow without end. */
export const ENTRIES_PER_GUILD = 10_000

/** https://docs.discord.com/developers/resources/audit-log#audit-log-change-object */
export interface Change {
  key: string
  new_value?: unknown
  old_value?: unknown
}

/** What somebody did, before it has a number and a doer. */
export interface Deed {
  action_type: AuditLogEvent
  target_id: string | null
  changes?: readonly Change[]
  options?: Readonly<Record<string, string>>
}

/** https://docs.discord.com/developers/resources/audit-log#audit-log-entry-object */
export interface Entry extends Deed {
  id: string
  user_id: string
  reason?: string
}

export interface EntryQuery {
  limit: number
  user_id?: string | undefined
  target_id?: string | undefined
  action_type?: AuditLogEvent | undefined
  before?: string | undefined
  after?: string | undefined
}

/** Who did what in which guild. */
export class AuditLog {
  readonly #guilds = new Map<string, Entry[]>()

  add(guildId: string, entry: Entry): void {
    const entries = this.#guilds.get(guildId) ?? []
    this.#guilds.set(guildId, entries)
    entries.push(entry)
    if (entries.length > ENTRIES_PER_GUILD) entries.shift()
  }

  /** Newest first or, after an entry, oldest first: https://docs.discord.com/developers/resources/audit-log#get-guild-audit-log */
  list(guildId: string, { limit, user_id, target_id, action_type, before, after }: EntryQuery): Entry[] {
    const found = (this.#guilds.get(guildId) ?? []).filter(
      (entry) =>
        (user_id === undefined || entry.user_id === user_id) &&
        (target_id === undefined || entry.target_id === target_id) &&
        (action_type === undefined || entry.action_type === action_type) &&
        (before === undefined || compareSnowflakes(entry.id, before) < 0) &&
        (after === undefined || compareSnowflakes(entry.id, after) > 0),
    )
    return after === undefined ? found.toReversed().slice(0, limit) : found.slice(0, limit)
  }
}
