import type { ServerResponse } from 'node:http'
import type { Writable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { HeaderValues } from '../http/answer.ts'
import { GuildSink } from './guild-sink.ts'
import type { GuildEnd } from './guild-sink.ts'
import { encodeRetry, KEEPALIVE } from './sse-frame.ts'
import { guildEndBytes, inOnePiece, streamBytes } from './stream-bytes.ts'
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
  /** Default: `streamHeaders`. */
  headers?: HeaderValues
  /** Whom it is for: their streams are counted, and end with their session. */
  viewer: { userId: string; sessionId: string }
  /** Whether it says of which guild what follows is. Else it has one, and ends with that. */
  saysGuild: boolean
  /** When it is to be ended, by `now`. */
  endsAt: number
  now: () => number
  onClose: (stream: EventStream) => void
}

/**
 * One response to a browser, with the guilds that it carries. It buffers nothing: what the socket does not take at once waits
 * in the feed's log, and what is not in the log (a keepalive, a hop report) is left out.
 *
 * The feed writes once for all that a guild has in a turn of the event loop. What it writes for several is one write too: it is
 * gathered until the feed is done, and never more than the socket has room for.
 *
 * The bytes go to the response's socket, chunks and all: half the cost of passing each through the response.
 */
export class EventStream {
  readonly viewer: EventStreamOptions['viewer']
  readonly endsAt: number
  lastWriteAt: number
  readonly #response: ServerResponse
  readonly #out: Writable
  readonly #chunked: boolean
  readonly #saysGuild: boolean
  readonly #now: () => number
  #guilds: GuildSink[] = []
  /** The guild that it has said last, as it said it. */
  #said: StreamBytes | null = null
  /** Whose turn to write came last. */
  #last: GuildSink | null = null
  /** What goes into the next write, and how many bytes that is; null: nothing. */
  #gathered: Buffer[] | null = null
  #gatheredBytes = 0
  #drains = 0
  #ended = false

  constructor(
    response: ServerResponse,
    { headers = streamHeaders, viewer, saysGuild, endsAt, now, onClose }: EventStreamOptions,
  ) {
    this.viewer = viewer
    this.endsAt = endsAt
    this.#saysGuild = saysGuild
    this.#now = now
    this.lastWriteAt = now()
    this.#response = response
    response.writeHead(200, headers)
    response.flushHeaders()
    // A pipelined request's response has no socket until its turn comes.
    this.#out = response.socket ?? response
    this.#chunked = response.socket !== null && response.chunkedEncoding
    this.#out.on('drain', this.#onDrain)
    response.once('close', () => {
      this.#ended = true
      this.#out.off('drain', this.#onDrain)
      this.#closeGuilds()
      onClose(this)
    })
  }

  /** Room for a guild, which follows nothing yet; closed where the stream is over. `onClose` is told when nothing more of it comes. */
  open(guildId: string, onClose: (sink: GuildSink) => void): GuildSink {
    const sink = new GuildSink(guildId, this, (closed) => {
      this.#guilds = this.#guilds.filter((one) => one !== closed)
      onClose(closed)
    })
    this.#guilds.push(sink)
    if (this.#ended) sink.close()
    return sink
  }

  /**
   * Whether nothing is to be written until what was is taken. What was corked counts as full until the next turn, though it may
   * have been taken at once: then there is room.
   */
  get isFull(): boolean {
    return this.#out.writableNeedDrain && this.#out.writableLength > 0
  }

  /**
   * Writes, however full the socket is: of several guilds, when whatever runs now is done. False: it is full now.
   *
   * @param guild which guild it is of, as it is said; null where it is of none.
   */
  send(bytes: StreamBytes, guild: StreamBytes | null = null): boolean {
    if (this.#ended || this.#out.destroyed) return false
    this.lastWriteAt = this.#now()
    if (!this.#saysGuild && !bytes.rest) return this.#out.write(this.#form(bytes))
    if (this.#saysGuild && guild !== null && guild !== this.#said) {
      this.#said = guild
      this.#gather(guild)
    }
    this.#gather(bytes)
    const isMuch = this.#out.writableLength + this.#gatheredBytes >= this.#out.writableHighWaterMark
    if (isMuch || !this.#saysGuild) this.#flush()
    return !this.isFull
  }

  /** Writes what is of no use later; nothing where the socket is full. */
  offer(bytes: StreamBytes): void {
    if (!this.isFull) this.send(bytes)
  }

  keepAlive(): void {
    this.offer(keepalive)
  }

  /** Nothing more comes of a guild: the others go on, where it can be said. */
  left(guildId: string, end: GuildEnd): void {
    if (!this.#saysGuild) return this.end()
    this.send(guildEndBytes(guildId, end))
    this.#said = null
  }

  end(): void {
    this.endAndRetry()
  }

  /** Ends it in order, and says when to come back; without a time, the one it was told when it was opened holds. */
  endAndRetry(retryMs?: number): void {
    if (this.#ended) return
    if (retryMs !== undefined) this.offer(streamBytes(encodeRetry(retryMs)))
    this.#flush()
    this.#ended = true
    this.#closeGuilds()
    this.#response.end()
    const cut = setTimeout(() => this.#response.destroy(), END_GRACE_MS).unref()
    this.#response.once('close', () => clearTimeout(cut))
  }

  #form({ plain, chunk }: StreamBytes): Buffer {
    return this.#chunked ? chunk : plain
  }

  #gather(bytes: StreamBytes): void {
    // A microtask: as soon as the feed has handed out what there is, and before anything else gets its turn.
    if (this.#gathered === null) queueMicrotask(() => this.#flush())
    this.#gathered ??= []
    for (const piece of [bytes, ...(bytes.rest ?? [])]) {
      const form = this.#form(piece)
      this.#gathered.push(form)
      this.#gatheredBytes += form.length
    }
  }

  /** One call of the system for all of it. */
  #flush(): void {
    const gathered = this.#gathered
    if (gathered === null) return
    this.#gathered = null
    this.#gatheredBytes = 0
    if (this.#out.destroyed) return
    const [first] = gathered
    const whole = gathered.length === 1 ? first : inOnePiece(gathered)
    if (whole) return void this.#out.write(whole)
    this.#out.cork()
    for (const bytes of gathered) this.#out.write(bytes)
    this.#out.uncork()
  }

  #closeGuilds(): void {
    for (const sink of this.#guilds) sink.close()
  }

  readonly #onDrain = (): void => void this.#takeTurns(++this.#drains)

  /**
   * Those that are behind write one after the other, beginning with the one after the last, until the socket is full: were
   * all to read the log at once, what most have read would find no room. The next drain goes on from there.
   */
  async #takeTurns(drain: number): Promise<void> {
    const sinks = this.#guilds
    const first = this.#last === null ? 0 : sinks.indexOf(this.#last) + 1
    for (const sink of [...sinks.slice(first), ...sinks.slice(0, first)]) {
      if (this.isFull || drain !== this.#drains) return
      this.#last = sink
      const isBehind = sink.lag > 0
      sink.resume()
      if (isBehind) await nextTurn()
    }
  }
}
