import type {
  GatewayServiceEventMessage,
  GatewayServiceSyncMessage,
  SyncData,
  SyncReason,
} from '@repo/discord-integration/types'
import { parseEventId } from '@repo/discord-integration/types'
import type { EventPosition } from '@repo/discord-integration/types'
import { GuildState, guildIdOf } from '@repo/event-feed'
import type { EventFeed, NewLogEntry } from '@repo/event-feed'
import type { Logger } from '../logger.server.ts'
import { Backlog } from './backlog.ts'

export type LinkMessage = GatewayServiceEventMessage | GatewayServiceSyncMessage

/** A snapshot that is being put together. */
type Staging = { state: GuildState; reason: SyncReason; backlog: Backlog }

/**
 * Web's copy of the gateway's log and state, made of the link's messages, each told in order.
 *
 * A snapshot is put together aside and takes effect when the gateway says `live`: one that breaks off leaves what was
 * there before, and browsers never see half of one. What a resumed link says again is dropped by its position.
 *
 * The events that come with a snapshot, each in its place, are the new log's beginning: browsers that were there before
 * this process are resumed from them.
 */
export class GatewayMirror {
  readonly #feed: EventFeed
  readonly #logger: Logger
  readonly #backlogMaxBytes: number
  #staging: Staging | null = null
  /** The place of the last entry that was handed to the feed; null before the first snapshot. */
  #place: EventPosition | null = null

  /** @param backlogMaxBytes the most payload bytes that a snapshot's events are kept of. */
  constructor(feed: EventFeed, logger: Logger, { backlogMaxBytes }: { backlogMaxBytes: number }) {
    this.#feed = feed
    this.#logger = logger
    this.#backlogMaxBytes = backlogMaxBytes
  }

  /** @param payloadText an event's payload as the link wrote it, so that it stays byte for byte Discord's. */
  receive(message: LinkMessage, payloadText?: string): void {
    if (message.type === 'event') this.#receiveEvent(message, payloadText)
    else this.#receiveSync(message)
  }

  #receiveEvent({ data, ts, id }: GatewayServiceEventMessage, payloadText?: string): void {
    const { event, payload, backfilled } = data
    const guildId = guildIdOf(event, payload)
    const text = payloadText ?? JSON.stringify(payload)
    const entry = { kind: 'dispatch' as const, event, guildId, payload: text, ts, ...(backfilled && { backfilled }) }
    if (!this.#staging) return this.#publish(entry, id, payload)
    // What precedes its guild's GUILD_CREATE is undone by it.
    this.#staging.state.apply(event, guildId, payload)
    this.#staging.backlog.add(entry, id)
  }

  #receiveSync({ data, ts }: GatewayServiceSyncMessage): void {
    const { state, id } = data
    switch (state) {
      case 'snapshot':
        this.#staging = {
          state: new GuildState(),
          reason: data.reason ?? 'fresh',
          backlog: new Backlog(this.#backlogMaxBytes),
        }
        return
      case 'resumed':
        this.#staging = null
        return
      case 'live':
        if (this.#staging) this.#restart(this.#staging, id)
        else this.#advance(id)
        return
      case 'gap': {
        const entry = gapOf(data, ts)
        if (this.#staging) this.#staging.backlog.add(entry, id)
        else this.#publish(entry, id)
      }
    }
  }

  #publish(entry: NewLogEntry, id: string | undefined, data?: unknown): void {
    const place = this.#placeOf(id)
    if (!place) {
      this.#logger.error({ id, entry: entry.kind }, 'the link sent what has no place in its log: dropped')
      return
    }
    if (!this.#moveTo(place)) return
    this.#feed.publish({ ...entry, position: place.position }, data).catch(this.#failed)
  }

  /** The gateway has passed what is not for web, and says where it is. */
  #advance(id: string | undefined): void {
    const place = this.#placeOf(id)
    if (place && this.#moveTo(place)) this.#feed.advance(place.position).catch(this.#failed)
  }

  #restart({ state, reason, backlog }: Staging, id: string | undefined): void {
    const place = id === undefined ? null : parseEventId(id)
    if (!place) {
      this.#logger.error({ id }, 'the link ended a snapshot without a place: it is not used')
      return
    }
    this.#staging = null
    this.#place = place
    const guilds = [...state.guildIds()].length
    const entries = backlog.upTo(place)
    this.#feed.restart(place, state, reason, entries).catch(this.#failed)
    this.#logger.info({ id, reason, guilds, backlog: entries.length }, 'web has a snapshot')
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

function gapOf({ reason, from, to, shard, guild_id: guildId }: SyncData, ts: number): NewLogEntry {
  return {
    kind: 'gap',
    reason: reason ?? 'upstream',
    shard: shard ? { id: shard[0], count: shard[1] } : null,
    // Not which channels: not everyone may know that they are there.
    ...(guildId !== undefined && { guildId }),
    fromTs: from ?? ts,
    toTs: to ?? ts,
    ts,
  }
}
