import { processSingleton } from '../process-singleton.ts'
import type { EventStream } from './event-stream.ts'
import type { GuildSink } from './guild-sink.ts'
import { streamBytes } from './stream-bytes.ts'
import type { StreamBytes } from './stream-bytes.ts'

/** Proxies close what is silent for 30 to 60 s. */
export const KEEPALIVE_MS = 15_000
/** A drain ends a slice of the streams in each of these. */
const DRAIN_SLICE_MS = 10
/** How often streams are looked at: a keepalive or an end comes that much late at most. */
const LOOK_EVERY_MS = 1_000

/** Every stream that is open, by person, and what they carry, by guild. */
export class SseManager {
  readonly #byGuild = new Map<string, Set<GuildSink>>()
  readonly #byUser = new Map<string, Set<EventStream>>()
  readonly #now: () => number
  #timer: NodeJS.Timeout | null = null
  #size = 0

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  get size(): number {
    return this.#size
  }

  /** How many a person has open. */
  openOf(userId: string): number {
    return this.#byUser.get(userId)?.size ?? 0
  }

  add(stream: EventStream): void {
    put(this.#byUser, stream.viewer.userId, stream)
    this.#size += 1
    this.#timer ??= setInterval(() => this.#look(), LOOK_EVERY_MS).unref()
  }

  remove(stream: EventStream): void {
    if (!take(this.#byUser, stream.viewer.userId, stream)) return
    this.#size -= 1
    if (this.#size > 0 || !this.#timer) return
    clearInterval(this.#timer)
    this.#timer = null
  }

  addGuild(sink: GuildSink): void {
    put(this.#byGuild, sink.guildId, sink)
  }

  removeGuild(sink: GuildSink): void {
    take(this.#byGuild, sink.guildId, sink)
  }

  /**
   * Sends an event to the streams of a guild now, past the log: it has no id, and a browser that is away or slow misses
   * it. Who may not see it is not sent it. Events that came over the link reach streams through the feed.
   *
   * @throws {RangeError} for an event name with a line break.
   */
  broadcastToGuild(guildId: string, event: string, payload: unknown): void {
    const told = { event, payload: JSON.stringify(payload) }
    const encoded = new Map<string, StreamBytes>()
    for (const sink of this.#byGuild.get(guildId) ?? []) {
      const frame = sink.visit?.frameOf(told, payload) ?? ''
      if (frame === '') continue
      const bytes = encoded.get(frame) ?? streamBytes(frame)
      encoded.set(frame, bytes)
      sink.offer(bytes)
    }
  }

  /** The sessions that have one open. */
  sessionIds(): string[] {
    const ids = new Set<string>()
    for (const streams of this.#byUser.values()) for (const { viewer } of streams) ids.add(viewer.sessionId)
    return [...ids]
  }

  /** Ends the streams of a session that is over, now. */
  endOf(sessionId: string): void {
    for (const streams of this.#byUser.values()) {
      for (const stream of streams) if (stream.viewer.sessionId === sessionId) stream.end()
    }
  }

  /** Ends all within `overMs`, evenly, each told to come back after `retryMs` at the earliest. */
  async drain({ overMs, retryMs }: { overMs: number; retryMs: number }): Promise<void> {
    const streams = Array.from(this.#byUser.values(), (some) => Array.from(some)).flat()
    const slices = Math.min(streams.length, Math.ceil(overMs / DRAIN_SLICE_MS))
    for (let slice = 0; slice < slices; slice += 1) {
      for (let index = slice; index < streams.length; index += slices) {
        // Those that are told first come back first: the way back is spread like the way out.
        streams[index]?.endAndRetry(retryMs + (slice / slices) * overMs)
      }
      await new Promise((resolve) => setTimeout(resolve, DRAIN_SLICE_MS))
    }
  }

  #look(): void {
    const now = this.#now()
    for (const streams of this.#byUser.values()) {
      for (const stream of streams) {
        if (now >= stream.endsAt) stream.end()
        else if (now - stream.lastWriteAt >= KEEPALIVE_MS) stream.keepAlive()
      }
    }
  }
}

function put<Item>(index: Map<string, Set<Item>>, key: string, item: Item): void {
  index.set(key, (index.get(key) ?? new Set()).add(item))
}

/** False: it was not there. */
function take<Item>(index: Map<string, Set<Item>>, key: string, item: Item): boolean {
  const items = index.get(key)
  if (!items?.delete(item)) return false
  if (items.size === 0) index.delete(key)
  return true
}

export const sseManager = processSingleton('sseManager', () => new SseManager())
