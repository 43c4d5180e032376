import type { EventId, SyncData } from '@repo/discord-integration/types'
import type { SharedPart, TextParts } from '@repo/discord-permissions'
import type { DispatchEntry, FeedBatch } from '@repo/event-feed'
import type { GapAgain } from '../sight/known-gaps.ts'
import type { GuildEnd } from './guild-sink.ts'
import { encodeFrame } from './sse-frame.ts'

/** A frame, or several: in pieces where some of them are the same for others too. */
export type Frame = string | TextParts

export function joined(frames: readonly Frame[]): Frame {
  if (frames.every((frame) => typeof frame === 'string')) return frames.join('')
  return frames.flatMap((frame) => frame)
}

/** The same bytes twice: as they are, and as one chunk of HTTP/1.1's chunked coding, to go straight to a socket. */
export type StreamBytes = {
  readonly plain: Buffer
  readonly chunk: Buffer
  /** What follows them. */
  readonly rest?: readonly StreamBytes[]
}

const ofParts = new WeakMap<SharedPart, StreamBytes>()

export function streamBytes(frame: Frame): StreamBytes {
  if (typeof frame === 'string') return bytesOf(frame)
  const pieces: (string | SharedPart)[] = []
  for (const part of frame) {
    const last = pieces.at(-1)
    if (typeof part === 'string' && typeof last === 'string') pieces[pieces.length - 1] = last + part
    // A chunk without bytes would be the one that ends a response.
    else if ((typeof part === 'string' ? part : part.text) !== '') pieces.push(part)
  }
  const [first = '', ...others] = pieces
  return { ...bytesOfPart(first), rest: others.map(bytesOfPart) }
}

function bytesOfPart(part: string | SharedPart): StreamBytes {
  if (typeof part === 'string') return bytesOf(part)
  const known = ofParts.get(part) ?? bytesOf(part.text)
  ofParts.set(part, known)
  return known
}

function bytesOf(text: string): StreamBytes {
  const length = Buffer.byteLength(text)
  const head = `${length.toString(16)}\r\n`
  const chunk = Buffer.allocUnsafe(head.length + length + 2)
  chunk.write(head, 'latin1')
  chunk.write(text, head.length)
  chunk.write('\r\n', head.length + length, 'latin1')
  return { chunk, plain: chunk.subarray(head.length, head.length + length) }
}

/** What was asked for last in this turn of the event loop. */
let last: { pieces: readonly Buffer[]; joined: Buffer | null } | null = null

/**
 * In one piece, where the same were asked for just before; else null. To those who look at the same guilds the same is written one
 * after the other, and many small pieces cost a write more than their bytes do.
 */
export function inOnePiece(pieces: readonly Buffer[]): Buffer | null {
  if (last === null) setImmediate(() => (last = null))
  if (pieces.length !== last?.pieces.length || pieces.some((piece, index) => piece !== last?.pieces[index])) {
    last = { pieces, joined: null }
    return null
  }
  last.joined ??= Buffer.concat(pieces)
  return last.joined
}

const remembered = new WeakMap<FeedBatch, StreamBytes>()

/** A batch of nothing but where its reader stands, encoded once for all to whom the feed gave the same. */
export function encodeSyncs(batch: FeedBatch): StreamBytes {
  const known = remembered.get(batch)
  if (known) return known
  const bytes = streamBytes(batch.items.map((item) => (item.kind === 'sync' ? encodeSync(item.data) : '')).join(''))
  remembered.set(batch, bytes)
  return bytes
}

/**
 * A batch, of which somebody else says what its events are. Null when that is nothing.
 *
 * @param now by which clock its times are told before it; null where they are not.
 */
export function encodeItems(
  batch: FeedBatch,
  frameOf: (entry: DispatchEntry) => string,
  now: (() => number) | null = null,
): StreamBytes | null {
  let text = ''
  const times = new EventTimes()
  for (const item of batch.items) {
    if (item.kind === 'sync') text += encodeSync(item.data)
    else if (item.kind === 'entry') {
      const frame = frameOf(item.entry)
      if (frame !== '') times.add(item)
      text += frame
    }
  }
  if (text === '') return null
  return streamBytes(now === null ? text : times.before(text, now()))
}

/** When the gateway had received what has just happened, for who measures how long it takes. */
export class EventTimes {
  readonly #at: [EventId, number][] = []

  /** What was read back after a gap happened earlier. */
  add({ entry, id }: { entry: DispatchEntry; id: EventId | null }): void {
    if (id !== null && entry.backfilled !== true) this.#at.push([id, entry.ts])
  }

  /** @param web when web encoded that, in ms since the epoch. */
  before(frame: Frame, web: number): Frame {
    if (this.#at.length === 0) return frame
    return joined([encodeFrame({ event: 'times', data: JSON.stringify({ web, at: this.#at }) }), frame])
  }
}

/**
 * The id of a frame that names a guild: none, as such. EventSource bears the last id on to frames that have none, and what a
 * frame of one guild has must not pass for the place of another. Not empty, since who comes back by itself is known by it.
 */
export const NO_PLACE = '-'

const GUILDS_REMEMBERED = 1_000
const guilds = new Map<string, StreamBytes>()

/** That what follows is of that guild: the same bytes for all. */
export function guildBytes(guildId: string): StreamBytes {
  const known = guilds.get(guildId)
  if (known) return known
  if (guilds.size >= GUILDS_REMEMBERED) guilds.clear()
  const bytes = streamBytes(encodeFrame({ id: NO_PLACE, event: 'guild', data: JSON.stringify({ guild_id: guildId }) }))
  guilds.set(guildId, bytes)
  return bytes
}

/** That nothing more comes of that guild. */
export function guildEndBytes(guildId: string, end: GuildEnd): StreamBytes {
  return streamBytes(encodeFrame({ id: NO_PLACE, event: 'guild', data: JSON.stringify({ guild_id: guildId, ...end }) }))
}

export function encodeSync(data: SyncData | GapAgain): string {
  return encodeFrame({ id: 'id' in data ? data.id : undefined, event: 'sync', data: JSON.stringify(data) })
}

/** @param payload its JSON text. @param id null: a browser cannot resume from there. */
export function encodeEvent(event: string, payload: string, id: string | null): string {
  return encodeFrame({ id: id ?? undefined, event, data: payload })
}
