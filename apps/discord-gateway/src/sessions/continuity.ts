import type { GatewayEventData, ShardStatus } from '@repo/discord-integration/clients'
import type { EventFeed, LastHeard, NewGap, NewLogEntry, Notes } from '@repo/event-feed'
import { z } from 'zod'
import { readNote } from '../notes.ts'

const ReadySchema = z.object({ shard: z.tuple([z.number(), z.number()]).default([0, 1]) })

const ConnectedSchema = z.object({ shards: z.number(), heardAt: z.record(z.string(), z.number()) })
type Connected = z.infer<typeof ConnectedSchema>

const CONNECTED = 'connected'

/**
 * Where Discord's events do not go on where they ended: what a new session means for those who were told of an older one (a
 * hole from when Discord was heard last, and the guilds that the bot has left meanwhile), and holes within a session.
 */
export class Continuity {
  readonly #feed: Pick<EventFeed, 'log' | 'state'>
  readonly #notes: Notes
  /** As the process before this one left it. */
  readonly #before: { connected: Connected | null; heard: ReadonlyMap<number, LastHeard> }
  #connected: Connected

  constructor(feed: Pick<EventFeed, 'log' | 'state'>, notes: Notes) {
    this.#feed = feed
    this.#notes = notes
    const connected = readNote(notes, CONNECTED, ConnectedSchema)
    this.#before = { connected, heard: new Map(feed.log.lastHeard) }
    this.#connected = connected ?? { shards: 0, heardAt: {} }
  }

  /**
   * Remembers until when each shard was connected: a guild in which nothing happens has no events to tell it. To be called
   * now and then, and when a connection is lost.
   */
  seen(shards: readonly ShardStatus[]): void {
    const heard = shards.flatMap(({ id, heardAt }) => (heardAt === null ? [] : [[String(id), heardAt]]))
    if (heard.length === 0) return
    const others = shards.length === this.#connected.shards ? this.#connected.heardAt : {}
    const heardAt = { ...others, ...(Object.fromEntries(heard) as Record<string, number>) }
    if (JSON.stringify(heardAt) === JSON.stringify(this.#connected.heardAt)) return
    this.#connected = { shards: shards.length, heardAt }
    this.#notes.set(CONNECTED, JSON.stringify(this.#connected))
  }

  /** What is to be stored before that READY: the hole that it ends, if it ends one. */
  before(ready: GatewayEventData): NewGap | null {
    const { shardId, sessionId, data, receivedAt } = ready
    const [id, count] = ReadySchema.safeParse(data).data?.shard ?? [shardId, 1]
    // A READY that is stored is of a session that goes on.
    const fromTs = this.#feed.log.sequence(shardId, sessionId) === null ? this.#heardUntil(shardId, count) : null
    return fromTs === null ? null : gapOf({ id, count }, fromTs, receivedAt)
  }

  /** What is to be stored before an event that says that others are missing; null for any other. */
  within({ missing, shardId, receivedAt }: GatewayEventData, shardCount: number): NewGap | null {
    if (!missing) return null
    const since = missing.since ?? this.#feed.log.lastHeard.get(shardId)?.ts ?? receivedAt
    return gapOf({ id: shardId, count: shardCount }, since, receivedAt)
  }

  /** What is to be stored after a READY: the guilds that it no longer lists. */
  after({ data, receivedAt }: GatewayEventData): NewLogEntry[] {
    return this.#feed.state.missingGuilds(data).map((guildId) => ({
      kind: 'dispatch',
      event: 'GUILD_DELETE',
      guildId,
      payload: JSON.stringify({ id: guildId }),
      ts: receivedAt,
    }))
  }

  /** Until when the guilds of that shard were heard of; null if they never were. */
  #heardUntil(shardId: number, count: number): number | null {
    const { connected, heard } = this.#before
    const last = this.#feed.log.lastHeard.get(shardId)
    // With another count the guilds were on other shards: of all, the earliest is what is known of each.
    const resharded = connected !== null && connected.shards !== count && last?.ts === heard.get(shardId)?.ts
    const { heardAt } = resharded ? connected : this.#connected
    const ends = resharded ? [...heard] : last ? ([[shardId, last]] as const) : []
    return ends.length === 0 ? null : Math.min(...ends.map(([id, { ts }]) => Math.max(ts, heardAt[id] ?? 0)))
  }
}

function gapOf(shard: NewGap['shard'], since: number, now: number): NewGap {
  // The clock that said since when may have been ahead.
  return { kind: 'gap', reason: 'upstream', shard, fromTs: Math.min(since, now), toTs: now, ts: now }
}
