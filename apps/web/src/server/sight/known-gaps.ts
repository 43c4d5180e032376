import { shardOf } from '@repo/discord-integration/types'
import type { EventId, Figures, SyncData } from '@repo/discord-integration/types'
import type { GapEntry } from '@repo/event-feed'

/** A time of which Discord's events are missing, by the gateway's clock. `shard`: whose guilds lack them; null for all. */
type KnownGap = {
  id: EventId
  from: number
  to: number
  shard: { id: number; count: number } | null
  guildId?: string
}

/** A gap that is told once more. `gap_id` names its record: it is no place to go on from, which `id` would be. */
export type GapAgain = Omit<SyncData, 'id'> & { gap_id: EventId }

/** More than the gateway tells of (`FIGURE_GAPS_MAX`), and a bound for what comes beside them. */
const GAPS_MAX = 200

/**
 * What of Discord's record is missing, for whoever comes later: a snapshot is the state of now and says nothing of it, and the
 * messages of that time look as if nothing had been lost.
 *
 * The gateway remembers gaps for a week (`get_figures`), longer than its log and this process last; what comes over the link
 * is added.
 */
export class KnownGaps {
  /** By their times: the same gap is heard of from both. */
  readonly #gaps = new Map<string, KnownGap>()

  learn({ gaps, shards_total: count }: Pick<Figures, 'gaps' | 'shards_total'>): void {
    // The newest come first.
    for (const { id, reason, from, to, shard } of gaps.toReversed()) {
      // What was too large is missing itself, and no time is.
      if (reason !== 'too_large') this.#keep({ id, from, to, shard: shard === null ? null : { id: shard, count } })
    }
  }

  hear({ reason, fromTs: from, toTs: to, shard, guildId }: GapEntry, id: EventId): void {
    if (reason === 'upstream') this.#keep({ id, from, to, shard, ...(guildId !== undefined && { guildId }) })
  }

  /** As a stream of the guild says them: the oldest first, and before what could not be read back of one, that there is one. */
  of(guildId: string): GapAgain[] {
    return [...this.#gaps.values()]
      .filter((gap) => isOf(gap, guildId))
      .sort((a, b) => a.from - b.from || Number(a.guildId !== undefined) - Number(b.guildId !== undefined))
      .map(({ id, from, to, guildId: own }) => ({
        state: 'gap',
        gap_id: id,
        reason: 'upstream',
        from,
        to,
        ...(own !== undefined && { guild_id: own }),
      }))
  }

  #keep(gap: KnownGap): void {
    const key = `${gap.from} ${gap.to} ${gap.shard?.id ?? ''} ${gap.guildId ?? ''}`
    this.#gaps.delete(key)
    this.#gaps.set(key, gap)
    for (const oldest of this.#gaps.keys()) {
      if (this.#gaps.size <= GAPS_MAX) return
      this.#gaps.delete(oldest)
    }
  }
}

function isOf({ shard, guildId: own }: KnownGap, guildId: string): boolean {
  if (own !== undefined) return own === guildId
  return shard === null || shardOf(guildId, shard.count) === shard.id
}
