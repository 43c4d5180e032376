import type { GatewayServiceEventMessage, GatewayServiceSyncMessage, SyncReason } from '@repo/discord-integration/types'
import { isEphemeral } from '@repo/discord-permissions'
import { parseEventId } from '@repo/discord-integration/types'
import type { EventPosition } from '@repo/discord-integration/types'
import { GuildState, guildIdOf, shardOf } from '@repo/event-feed'
import type { EventFeed, NewLogEntry } from '@repo/event-feed'
import { z } from 'zod'
import type { Logger } from '../logger.server.ts'

/** A gateway that has just started has nothing to say in its snapshot; Discord names the guilds within this time. */
const SETTLE_MS = 15_000

type Shard = [id: number, count: number]

/** https://docs.discord.com/developers/events/gateway-events#ready */
const ReadyShard = z.object({ shard: z.tuple([z.int(), z.int().positive()]).catch([0, 1]) })

export type LinkMessage = GatewayServiceEventMessage | GatewayServiceSyncMessage

/**
 * Web's copy of the gateway's log and state, made of the link's messages, each told in order.
 *
 * A snapshot is put together aside and takes effect when the gateway says `live`: one that breaks off leaves what was
 * there before, and browsers never see half of one. What a resumed link says again is dropped by its position.
 */
export class GatewayMirror {
  readonly #feed: EventFeed
  readonly #logger: Logger
  readonly #now: () => number
  #staging: { state: GuildState; reason: SyncReason } | null = null
  /** The place of the last entry that was handed to the feed; null before the first snapshot. */
  #place: EventPosition | null = null
  /** The shards whose guilds Discord has named since a snapshot that named none; null where the snapshot did. */
  #named: { shards: Shard[]; since: number } | null = null

  constructor(feed: EventFeed, logger: Logger, now: () => number = Date.now) {
    this.#feed = feed
    this.#logger = logger
    this.#now = now
  }

  /** False only for a guild that is surely not there. */
  mayHave(guildId: string): boolean {
    const { ready, state } = this.#feed
    if (!ready || state.has(guildId) || state.pendingGuilds.has(guildId)) return true
    return !this.#haveNamed(([id, count]) => shardOf(guildId, count) === id)
  }

  /** Whether all guilds that there are have been told. */
  get isComplete(): boolean {
    const { ready, state } = this.#feed
    return ready && state.pendingGuilds.size === 0 && this.#haveNamed(() => true)
  }

  /** @param payloadText an event's payload as the link wrote it, so that it stays byte for byte Discord's. */
  receive(message: LinkMessage, payloadText?: string): void {
    if (message.type === 'event') this.#receiveEvent(message, payloadText)
    else this.#receiveSync(message)
  }

  #haveNamed(isWanted: (shard: Shard) => boolean): boolean {
    return !this.#named || this.#named.shards.some(isWanted) || this.#now() - this.#named.since > SETTLE_MS
  }

  #receiveEvent({ data, ts, id }: GatewayServiceEventMessage, payloadText?: string): void {
    const { event, payload, backfilled } = data
    // The one it was meant for has seen it in Discord; web's log is for browsers, and the rest may not.
    if (isEphemeral(payload)) return this.#advance(id)
    const guildId = guildIdOf(event, payload)
    if (this.#staging) {
      this.#staging.state.apply(event, guildId, payload)
      return
    }
    const text = payloadText ?? JSON.stringify(payload)
    this.#publish(
      { kind: 'dispatch', event, guildId, payload: text, ts, ...(backfilled && { backfilled }) },
      id,
      payload,
    )
  }

  #receiveSync({ data, ts }: GatewayServiceSyncMessage): void {
    const { state, reason, id, from, to } = data
    switch (state) {
      case 'snapshot':
        this.#staging = { state: new GuildState(), reason: reason ?? 'fresh' }
        return
      case 'resumed':
        this.#staging = null
        return
      case 'live':
        if (this.#staging) this.#restart(this.#staging, id)
        else this.#advance(id)
        return
      case 'gap':
        // In a snapshot there is nothing before the gap that it could follow.
        if (this.#staging) return
        this.#publish(
          { kind: 'gap', reason: reason ?? 'upstream', shard: null, fromTs: from ?? ts, toTs: to ?? ts, ts },
          id,
        )
    }
  }

  #publish(entry: NewLogEntry, id: string | undefined, data?: unknown): void {
    const place = this.#placeOf(id)
    if (!place) {
      this.#logger.error({ id, entry: entry.kind }, 'the link sent what has no place in its log: dropped')
      return
    }
    if (!this.#moveTo(place)) return
    void this.#tell({ ...entry, position: place.position }, data)
  }

  async #tell(entry: NewLogEntry, data: unknown): Promise<void> {
    try {
      await this.#feed.publish(entry, data)
      if (entry.kind === 'dispatch' && entry.event === 'READY') this.#named?.shards.push(ReadyShard.parse(data).shard)
    } catch (error) {
      this.#failed(error)
    }
  }

  /** The gateway has passed what is not for web, and says where it is. */
  #advance(id: string | undefined): void {
    if (this.#staging) return
    const place = this.#placeOf(id)
    if (place && this.#moveTo(place)) this.#feed.advance(place.position).catch(this.#failed)
  }

  #restart({ state, reason }: { state: GuildState; reason: SyncReason }, id: string | undefined): void {
    const place = id === undefined ? null : parseEventId(id)
    if (!place) {
      this.#logger.error({ id }, 'the link ended a snapshot without a place: it is not used')
      return
    }
    this.#staging = null
    this.#place = place
    const guilds = [...state.guildIds()].length
    this.#named = guilds > 0 ? null : { shards: [], since: this.#now() }
    this.#feed.restart(place, state, reason).catch(this.#failed)
    this.#logger.info({ id, reason, guilds }, 'web has a snapshot')
  }

  /** The place that an id names in the log that is followed; null for any other. */
  #placeOf(id: string | undefined): EventPosition | null {
    const place = id === undefined ? null : parseEventId(id)
    return place && place.epoch === this.#place?.epoch ? place : null
  }

  /** False: that was said before. */
  #moveTo(place: EventPosition): boolean {
    if (this.#place && place.position <= this.#place.position) return false
    this.#place = place
    return true
  }

  readonly #failed = (error: unknown): void => {
    this.#logger.error({ err: error }, 'the feed did not take what the link said')
  }
}
