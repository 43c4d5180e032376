import type { FeedBatch, FeedSink, Subscription } from '@repo/event-feed'
import type { Carrier, Visit } from '../sight/visit.ts'
import type { EventStream } from './event-stream.ts'
import { guildBytes } from './stream-bytes.ts'
import type { StreamBytes } from './stream-bytes.ts'

/**
 * Why nothing more of a guild comes. `NOT_FOUND`: whoever asks may not see it, is there no more, or there is none. `LATER`:
 * who they are there cannot be told now, and in `retry_ms` may be asked again.
 */
export type GuildEnd = { ended: 'NOT_FOUND' } | { ended: 'LATER'; retry_ms: number }

/** When to ask again for a guild whose events could not be read, in ms. */
const BROKEN_RETRY_MS = 3_000

/** What a stream carries of one guild: a subscription of its own, with a place of its own in the log. */
export class GuildSink implements FeedSink, Carrier {
  readonly guildId: string
  /** As it is said where others are on the stream too. */
  readonly #name: StreamBytes
  readonly #stream: EventStream
  readonly #onClose: (sink: GuildSink) => void
  #visit: Visit | null = null
  #subscription: Subscription | null = null
  #isClosed = false

  /** @param onClose told once, when nothing more of it comes. */
  constructor(guildId: string, stream: EventStream, onClose: (sink: GuildSink) => void) {
    this.guildId = guildId
    this.#name = guildBytes(guildId)
    this.#stream = stream
    this.#onClose = onClose
  }

  /** Takes its events from there, of each what its visit says, until it ends. */
  follow(visit: Visit, subscribe: (sink: FeedSink) => Subscription): void {
    this.#visit = visit
    visit.carrier = this
    this.#subscription = subscribe(this)
    if (this.#isClosed) this.#subscription.close()
  }

  get visit(): Visit | null {
    return this.#visit
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** How many positions it is behind. */
  get lag(): number {
    return this.#subscription?.lag ?? 0
  }

  /** The stream may be full of another guild’s. */
  get isFull(): boolean {
    return this.#stream.isFull
  }

  write(batch: FeedBatch): boolean {
    const bytes = this.#visit?.encode(batch) ?? null
    return bytes === null ? !this.isFull : this.#send(bytes)
  }

  /** Writes what is of no use later; nothing where the stream is full. */
  offer(bytes: StreamBytes): void {
    if (!this.isFull) this.#send(bytes)
  }

  /** The stream has room again. */
  resume(): void {
    this.#subscription?.resume()
    this.restate()
  }

  /** The feed's word: it is closed, and so is the stream, or (`error`) this guild's events cannot be read on. */
  end(error?: unknown): void {
    if (error === undefined) this.#stream.end()
    else this.leave({ ended: 'LATER', retry_ms: BROKEN_RETRY_MS })
  }

  /** Whoever is not at the end of the log, or takes nothing now, is told when they are there. */
  restate(): void {
    const { position, lag } = this.#subscription ?? {}
    if (this.#isClosed || lag !== 0 || position === null || this.isFull) return
    const bytes = this.#visit?.takeRestatement()
    if (bytes) this.#send(bytes)
  }

  /** They may see nothing of it any more. */
  shutOut(): void {
    this.leave({ ended: 'NOT_FOUND' })
  }

  /** Nothing more of this guild comes, and the stream says so. */
  leave(end: GuildEnd): void {
    if (this.#isClosed) return
    this.close()
    this.#stream.left(this.guildId, end)
  }

  /** Nothing more comes, without a word. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#subscription?.close()
    this.#onClose(this)
  }

  #send(bytes: StreamBytes): boolean {
    return !this.#isClosed && this.#stream.send(bytes, this.#name)
  }
}
