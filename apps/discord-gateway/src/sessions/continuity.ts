import type { GatewayEventData, ShardStatus } from '@repo/discord-integration/clients'
import type { EventFeed, NewGap, NewLogEntry, Notes } from '@repo/event-feed'
import { z } from 'zod'
import { readNote } from '../notes.ts'

const ReadySchema = z.object({ shard: z.tuple([z.number(), z.number()]).default([0, 1]) })

const ConnectedSchema = z.object({
  /** How many there are; 0 while nobody knows. */
  shards: z.number(),
  /** By shard, until when it was connected, in ms since the epoch. */
  heardAt: z.record(z.string(), z.number()),
  /** Until when all guilds were heard of while there were others, and the sessions of these. */
  before: z
    .object({ since: z.number(), sessions: z.array(z.string()) })
    .nullable()
    .default(null),
})
type Connected = z.infer<typeof ConnectedSchema>

const CONNECTED = 'connected'

const connectedOf = (notes: Notes): Connected =>
  readNote(notes, CONNECTED, ConnectedSchema) ?? { shards: 0, heardAt: {}, before: null }

/** Whether each shard has told of its guilds at some time: else there may be some that nobody has heard of. */
export function isEachShardHeard({ lastHeard }: Pick<EventFeed['log'], 'lastHeard'>, notes: Notes): boolean {
  const { shards, before } = connectedOf(notes)
  const ids = [...Array(shards).keys()]
  return lastHeard.size > 0 && (before !== null || ids.every((id) => lastHeard.has(id)))
}

/**
 * Where Discord's events do not go on where they ended: what a new session means for those who were told of an older one (a
 * hole from when Discord was heard last, and the guilds that the bot has left meanwhile), and holes within a session.
 */
export class Continuity {
  readonly #feed: Pick<EventFeed, 'log' | 'state'>
  readonly #notes: Notes
  /** As it is written down. */
  #connected: Connected

  constructor(feed: Pick<EventFeed, 'log' | 'state'>, notes: Notes) {
    this.#feed = feed
    this.#notes = notes
    this.#connected = connectedOf(notes)
  }

  /**
   * Remembers until when each shard was connected: a guild in which nothing happens has no events to tell it. To be called
   * now and then, and when a connection is lost.
   */
  seen(shards: readonly ShardStatus[]): void {
    const heard = shards.flatMap(({ id, heardAt }) => (heardAt === null ? [] : [[String(id), heardAt]]))
    if (heard.length === 0) return
    this.#count(shards.length)
    const heardAt = { ...this.#connected.heardAt, ...(Object.fromEntries(heard) as Record<string, number>) }
    if (JSON.stringify(heardAt) !== JSON.stringify(this.#connected.heardAt)) this.#keep({ ...this.#connected, heardAt })
  }

  /** What is to be stored before that READY: the hole that it ends, if it ends one. */
  before(ready: GatewayEventData): NewGap | null {
    const { shardId, sessionId, data, receivedAt } = ready
    const [id, count] = ReadySchema.safeParse(data).data?.shard ?? [shardId, 1]
    this.#count(count)
    // A READY that is stored is of a session that goes on.
    const fromTs = this.#feed.log.sequence(shardId, sessionId) === null ? this.#heardUntil(shardId) : null
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

  /**
   * There are so many shards. Where they were others, the guilds were on others too: until each of these has a session, what is
   * known of its guilds is the earliest that is known of any. Written down before a READY tells of the first.
   */
  #count(shards: number): void {
    if (shards === this.#connected.shards) return
    const { lastHeard } = this.#feed.log
    const ids = this.#connected.shards === 0 ? lastHeard.keys() : Array(this.#connected.shards).keys()
    const ends = [...ids].flatMap((id) => this.#heardUntil(id) ?? [])
    const sessions = [...lastHeard.values()].map(({ sessionId }) => sessionId)
    this.#keep({ shards, heardAt: {}, before: ends.length === 0 ? null : { since: Math.min(...ends), sessions } })
  }

  #keep(connected: Connected): void {
    this.#notes.set(CONNECTED, JSON.stringify(connected))
    this.#connected = connected
  }

  /** Until when the guilds of that shard were heard of; null if they never were. */
  #heardUntil(shardId: number): number | null {
    const { heardAt, before } = this.#connected
    const last = this.#feed.log.lastHeard.get(shardId)
    if (!last || before?.sessions.includes(last.sessionId)) return before?.since ?? null
    return Math.max(last.ts, heardAt[shardId] ?? 0)
  }
}

function gapOf(shard: NewGap['shard'], since: number, now: number): NewGap {
  // The clock that said since when may have been ahead.
  return { kind: 'gap', reason: 'upstream', shard, fromTs: Math.min(since, now), toTs: now, ts: now }
}
