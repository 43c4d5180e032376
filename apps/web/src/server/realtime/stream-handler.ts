import type { IncomingMessage, ServerResponse } from 'node:http'
import { SnowflakeSchema } from '@repo/discord-integration/types'
import type { EventFeed, FeedBatch } from '@repo/event-feed'
import type { Access } from '../auth/access.server.ts'
import type { Viewer } from '../auth/viewer.server.ts'
import { refuse } from '../http/answer.ts'
import { EventStream, streamHeaders } from './event-stream.ts'
import type { HopReporter } from './hop-reporter.ts'
import { encodeComment, encodeRetry } from './sse-frame.ts'
import type { SseManager } from './sse-manager.ts'
import { streamBytes } from './stream-bytes.ts'

/** A stream is ended after this long, give or take a fifth: the reconnect checks the session anew. */
const STREAM_LIFE_MS = 10 * 60 * 1_000
const STREAM_LIFE_SPREAD = 0.2
/** When a browser whose stream broke comes back: a random moment in between, so that not all come at once. */
const RETRY_MS = { least: 1_000, most: 3_000 }
/** The same for one that found no room. */
const FULL_RETRY_MS = { least: 15_000, most: 45_000 }

export type StreamHandlerOptions = {
  feed: EventFeed
  /** False: there is surely no such guild. */
  mayHave: (guildId: string) => boolean
  streams: SseManager
  hops: HopReporter
  /** Who sent that request; null: nobody who is signed in. */
  viewerOf: (request: IncomingMessage) => Promise<Viewer | null>
  /** Whether they may see anything of that guild. */
  accessOf: (viewer: Viewer, guildId: string) => Access
  /** The most streams at once, of one person and in all. */
  streamsPerUser: number
  streamsTotal: number
  /** Something threw while a request was looked at. */
  onFailure: (response: ServerResponse, error: unknown) => void
  now?: () => number
  random?: () => number
}

const PATH = /^\/api\/guilds\/([^/]+)\/events$/

/**
 * Answers `GET /api/guilds/:guildId/events`; false for another path. It is plain Node, in front of the framework, whose
 * responses cost twice the CPU per frame and six times as much to open.
 *
 * A refusal ends an EventSource for good, so only what will not pass by itself is one: nobody signed in, no such guild
 * for whoever asks. While the link is not live, nobody knows who is in which guild: the stream opens and waits.
 */
export function createStreamHandler(options: StreamHandlerOptions) {
  const { feed, mayHave, streams, hops, accessOf, streamsPerUser, streamsTotal } = options
  const { now = Date.now, random = Math.random } = options
  const between = ({ least, most }: { least: number; most: number }) => least + random() * (most - least)

  return (request: IncomingMessage, response: ServerResponse): boolean => {
    // As it was written: what a client sends as a target need not be a URL.
    const [path = '', ...query] = (request.url ?? '').split('?')
    const guildId = PATH.exec(path)?.[1]
    if (guildId === undefined) return false
    if (request.method === 'GET') void answer(request, response, guildId, new URLSearchParams(query.join('?')))
    else refuse(response, 'METHOD_NOT_ALLOWED', { Allow: 'GET' })
    return true
  }

  async function answer(request: IncomingMessage, response: ServerResponse, guildId: string, query: URLSearchParams) {
    try {
      const viewer = await options.viewerOf(request)
      // Whoever is gone by now would be counted for ever.
      if (response.destroyed || response.closed) return
      if (!viewer) refuse(response, 'UNAUTHORIZED')
      else if (!SnowflakeSchema.safeParse(guildId).success || accessOf(viewer, guildId) === 'stranger') {
        refuse(response, 'NOT_FOUND')
      } else if (streams.openOf(viewer.user.id) >= streamsPerUser) {
        answerFull(response, `you have ${streamsPerUser} streams open, and may have no more`)
      } else if (streams.size >= streamsTotal) answerFull(response, 'as many streams are open as there may be')
      else open(request, response, { guildId, viewer, query })
    } catch (error) {
      options.onFailure(response, error)
    }
  }

  /** Not a refusal, since there will be room again: it ends at once, and says when to come back. */
  function answerFull(response: ServerResponse, why: string): void {
    response.writeHead(200, streamHeaders).end(encodeComment(why) + encodeRetry(between(FULL_RETRY_MS)))
  }

  function open(
    request: IncomingMessage,
    response: ServerResponse,
    { guildId, viewer, query }: { guildId: string; viewer: Viewer; query: URLSearchParams },
  ): void {
    const life = STREAM_LIFE_MS * (1 + STREAM_LIFE_SPREAD * (2 * random() - 1))
    let stopHops: (() => void) | null = null
    let hasEntered = false
    const cut = (batch: FeedBatch): FeedBatch | null => {
      hasEntered ||= accessOf(viewer, guildId) === 'member'
      // Of a guild that is gone, whoever was in it hears so.
      if (hasEntered) return accessOf(viewer, guildId) === 'member' || !feed.state.has(guildId) ? batch : null
      // Of one of which Discord has told nothing yet, nobody hears more than that nothing is known.
      const { items } = batch
      const waits = !feed.state.has(guildId) && items.every(({ kind }) => kind === 'sync' || kind === 'guild')
      return waits ? { items: items.filter(({ kind }) => kind === 'sync') } : null
    }
    const stream = new EventStream(response, {
      guildId,
      viewer: { userId: viewer.user.id, sessionId: viewer.sessionId },
      endsAt: Math.min(now() + life, viewer.expiresAt),
      now,
      cut,
      mayStay: () => mayHave(guildId),
      onClose: (closed) => {
        streams.remove(closed)
        stopHops?.()
      },
    })
    streams.add(stream)
    stream.send(streamBytes(encodeRetry(between(RETRY_MS))))
    if (query.get('hops') === '1') stopHops = hops.subscribe((bytes) => stream.offer(bytes))
    // A proxy may have removed the header, and a new EventSource cannot set it; of both, it is the newer one.
    const lastEventId = firstOf(request.headers['last-event-id']) || query.get('last_event_id') || null
    const filter = { guilds: new Set([guildId]), events: null, guildless: false }
    stream.follow((sink) => feed.subscribe({ lastEventId, filter, sink }))
  }
}

function firstOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header
}
