import type { ServerResponse } from 'node:http'
import type { Writable } from 'node:stream'
import type { FeedBatch, FeedSink, Subscription } from '@repo/event-feed'
import type { Visit } from '../sight/visit.ts'
import { encodeRetry, KEEPALIVE } from './sse-frame.ts'
import { streamBytes } from './stream-bytes.ts'
import type { StreamBytes } from './stream-bytes.ts'

/** How long a stream that is being ended may take to hand over its last bytes before it is cut. */
const END_GRACE_MS = 5_000

const keepalive = streamBytes(KEEPALIVE)

export const streamHeaders = {
  'Content-Type': 'text/event-stream',
  // no-transform: a proxy that compresses would hold events back.
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
} as const

export type EventStreamOptions = {
  guildId: string
  /** Whom it is for: their streams are counted, and end with their session. */
  viewer: { userId: string; sessionId: string }
  /** When it is to be ended, by `now`. */
  endsAt: number
  now: () => number
  onClose: (stream: EventStream) => void
}

/**
 * One browser's stream. It buffers nothing: what the socket does not take at once waits in the feed's log, and what is
 * not in the log (a keepalive, a hop report) is left out.
 *
 * The bytes go to the response's socket, chunks and all: half the cost of passing each through the response.
 */
export class EventStream implements FeedSink {
  readonly guildId: string
  readonly viewer: EventStreamOptions['viewer']
  readonly endsAt: number
  lastWriteAt: number
  readonly #response: ServerResponse
  readonly #out: Writable
  readonly #chunked: boolean
  readonly #now: () => number
  #visit: Visit | null = null
  #subscription: Subscription | null = null
  #ended = false

  constructor(response: ServerResponse, options: EventStreamOptions) {
    const { guildId, viewer, endsAt, now, onClose } = options
    this.guildId = guildId
    this.viewer = viewer
    this.endsAt = endsAt
    this.#now = now
    this.lastWriteAt = now()
    this.#response = response
    response.writeHead(200, streamHeaders)
    response.flushHeaders()
    // A pipelined request's response has no socket until its turn comes.
    this.#out = response.socket ?? response
    this.#chunked = response.socket !== null && response.chunkedEncoding
    this.#out.on('drain', this.#onDrain)
    response.once('close', () => {
      this.#ended = true
      this.#out.off('drain', this.#onDrain)
      this.#subscription?.close()
      onClose(this)
    })
  }

  /** Takes its events from there, of each what its visit says, until it ends. */
  follow(visit: Visit, subscribe: (sink: FeedSink) => Subscription): void {
    this.#visit = visit
    visit.onRestate = () => this.#restate()
    visit.onEnd = () => this.end()
    this.#subscription = subscribe(this)
    if (this.#ended) this.#subscription.close()
  }

  get visit(): Visit | null {
    return this.#visit
  }

  get subscription(): Subscription | null {
    return this.#subscription
  }

  write(batch: FeedBatch): boolean {
    const bytes = this.#visit?.encode(batch) ?? null
    return bytes === null ? !this.#out.writableNeedDrain : this.send(bytes)
  }

  /** Writes, however full the socket is. False: it is full now. */
  send({ plain, chunk }: StreamBytes): boolean {
    if (this.#ended || this.#out.destroyed) return false
    this.lastWriteAt = this.#now()
    return this.#out.write(this.#chunked ? chunk : plain)
  }

  /** Writes what is of no use later; nothing where the socket is full. */
  offer(bytes: StreamBytes): void {
    if (!this.#out.writableNeedDrain) this.send(bytes)
  }

  keepAlive(): void {
    this.offer(keepalive)
  }

  /** The feed's word that nothing more comes, and everyone else's. */
  end(): void {
    this.endAndRetry()
  }

  /** Ends it in order, and says when to come back; without a time, the one it was told when it was opened holds. */
  endAndRetry(retryMs?: number): void {
    if (this.#ended) return
    if (retryMs !== undefined) this.offer(streamBytes(encodeRetry(retryMs)))
    this.#ended = true
    this.#subscription?.close()
    this.#response.end()
    const cut = setTimeout(() => this.#response.destroy(), END_GRACE_MS).unref()
    this.#response.once('close', () => clearTimeout(cut))
  }

  readonly #onDrain = (): void => {
    this.#subscription?.resume()
    this.#restate()
  }

  /** Whoever is not at the end of the log, or takes nothing now, is told when they are there. */
  #restate(): void {
    const { position, lag } = this.#subscription ?? {}
    if (this.#ended || lag !== 0 || position === null || this.#out.writableNeedDrain) return
    const bytes = this.#visit?.takeRestatement()
    if (bytes) this.send(bytes)
  }
}
