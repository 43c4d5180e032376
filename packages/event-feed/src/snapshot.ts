import type { EventId } from '@repo/discord-integration/types'
import type { EntryFilter, LogEntry } from './event-log.ts'
import type { FeedItem } from './feed-item.ts'
import { unavailableText } from './guild-state.ts'
import type { GuildState } from './guild-state.ts'

/**
 * A snapshot under way: which guilds a consumer is still to be given.
 *
 * Each guild is taken from the state at the moment it is sent, so that a slow consumer's snapshot is never stored. The
 * parts meet without a seam because, before the next guild is taken, the consumer is brought up to that moment with
 * the entries of the guilds it has; those of a guild still to come are left out, as its own GUILD_CREATE includes them.
 *
 * First of all come the guilds of which nothing is known, as Discord tells of them, or they would be taken for gone.
 */
export class Snapshot {
  readonly #state: GuildState
  readonly #order: readonly string[]
  readonly #remaining: Set<string>
  readonly #filter: EntryFilter
  readonly #payloadMaxBytes: number
  #index = 0
  #begun = false

  /** @param payloadMaxBytes the most that a guild may be told in. */
  constructor(state: GuildState, filter: EntryFilter, payloadMaxBytes: number) {
    const { guilds, events } = filter
    const wanted = !events || events.has('GUILD_CREATE')
    this.#state = state
    this.#filter = filter
    this.#payloadMaxBytes = payloadMaxBytes
    this.#order = wanted ? [...(guilds ?? state.guildIds())].filter((id) => state.has(id)) : []
    this.#remaining = new Set(this.#order)
  }

  /** Whether the entry is included in a GUILD_CREATE that is still to come. */
  covers(entry: LogEntry): boolean {
    return entry.kind === 'dispatch' && entry.guildId !== null && this.#remaining.has(entry.guildId)
  }

  /** The next guilds as they are now, until `maxBytes` are passed; the last of all carries the id of now. */
  take(id: EventId, maxBytes: number): { items: FeedItem[]; done: boolean } {
    const items: FeedItem[] = this.#begun ? [] : this.#unavailable()
    this.#begun = true
    let bytes = 0
    for (let guildId = this.#next(); guildId !== null; guildId = this.#next()) {
      if (bytes >= maxBytes) return { items, done: false }
      const text = this.#state.get(guildId)?.textWithin(this.#payloadMaxBytes) ?? null
      this.#remaining.delete(guildId)
      const last = this.#next() === null ? id : null
      // One that cannot be told at all is better not there than gone.
      items.push(
        text === null
          ? unavailableItem(guildId)
          : { kind: 'guild', event: 'GUILD_CREATE', guildId, payload: text, id: last },
      )
      bytes += text?.length ?? 0
    }
    return { items, done: true }
  }

  #unavailable(): FeedItem[] {
    const { guilds, events } = this.#filter
    if (events && !events.has('GUILD_DELETE')) return []
    const { unavailableGuilds } = this.#state
    const ids = [...(guilds ?? unavailableGuilds)].filter((id) => unavailableGuilds.has(id))
    return ids.map(unavailableItem)
  }

  /** The next that is still there. One that is gone owes nothing more: should it come again, its entries tell. */
  #next(): string | null {
    for (; ; this.#index++) {
      const guildId = this.#order[this.#index]
      if (guildId === undefined) return null
      if (this.#remaining.has(guildId) && this.#state.has(guildId)) return guildId
      this.#remaining.delete(guildId)
    }
  }
}

function unavailableItem(guildId: string): FeedItem {
  return { kind: 'guild', event: 'GUILD_DELETE', guildId, payload: unavailableText(guildId), id: null }
}
