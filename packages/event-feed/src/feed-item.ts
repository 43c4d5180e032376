import type { EventId, EventPosition, SyncData } from '@repo/discord-integration/types'
import type { DispatchEntry, EntryFilter, GapEntry, LogEntry } from './event-log.ts'

/** What a consumer is told, one thing. `id` null: there is no place yet from which to resume. */
export type FeedItem =
  | { kind: 'sync'; data: SyncData }
  /** One guild of a snapshot; `payload` is the event's JSON text. A GUILD_DELETE is of one that is unavailable. */
  | { kind: 'guild'; event: 'GUILD_CREATE' | 'GUILD_DELETE'; guildId: string; payload: string; id: EventId | null }
  /** An entry of the log; those that are gaps come as `sync` gap instead. */
  | { kind: 'entry'; entry: DispatchEntry; id: EventId | null }

/** Shared by all consumers that see the same, so that an encoder may remember its bytes by identity (WeakMap). */
export type FeedBatch = { readonly items: readonly FeedItem[] }

/** Where a consumer's batches go: a socket, mostly. */
export interface FeedSink {
  /**
   * False: full, as a socket's write says it. The batch was taken, and nothing more comes until `resume()`. A sink that
   * throws has ended its own subscription and no other.
   */
  write(batch: FeedBatch): boolean
  /**
   * True while it is full of what others wrote: a place that several subscriptions write to. Nothing is handed to it then,
   * and what it would have been is read from the log after `resume()`, which comes as after a `write` that said false.
   */
  readonly isFull?: boolean
  /** The feed ended the subscription: it was closed, the sink threw, or (`error`) the log cannot be read. */
  end?(error?: unknown): void
}

export interface Subscription {
  /** The sink has room again. */
  resume(): void
  close(): void
  /** How far it has come; null before it has begun and after it has ended. */
  readonly position: number | null
  /** How many positions it is behind. */
  readonly lag: number
  readonly standing: Standing
}

/**
 * How a consumer stands to the log: it waits for its beginning, is being told what was before it was live, is live, or was and
 * is behind since its sink was full.
 */
export type Standing = 'waiting' | 'catching_up' | 'live' | 'behind' | 'closed'

export type SubscribeOptions = {
  /** What the consumer got last; null for a new one. */
  lastEventId: EventId | null
  filter: EntryFilter
  /**
   * Where the consumer's filter became what it is, if it was another. An id from up to there was told under that one, and
   * is answered with a snapshot for `permissions_changed`.
   */
  filterSince?: EventPosition
  /** False: one who cannot be resumed gets no GUILD_CREATEs and goes live at once. Default true. */
  snapshot?: boolean
  /** With a snapshot come the entries of so many ms before it, for the consumer's own log. */
  backlogMs?: number
  sink: FeedSink
}

export function itemOf(entry: LogEntry, id: EventId | null): FeedItem {
  if (entry.kind === 'dispatch') return { kind: 'entry', entry, id }
  const { reason, fromTs, toTs } = entry
  const gap = { state: 'gap' as const, reason, from: fromTs, to: toTs, ...whose(entry) }
  return { kind: 'sync', data: { ...gap, ...(id !== null && { id }) } }
}

function whose({ shard, guildId, channels }: GapEntry): Pick<SyncData, 'shard' | 'guild_id' | 'channels'> {
  return {
    ...(shard && { shard: [shard.id, shard.count] }),
    ...(guildId !== undefined && { guild_id: guildId }),
    ...(channels && { channels: [...channels] }),
  }
}

export function liveItem(id: EventId): FeedItem {
  return { kind: 'sync', data: { state: 'live', id } }
}
