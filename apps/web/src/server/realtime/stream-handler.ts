import type { IncomingMessage, ServerResponse } from 'node:http'
import { SnowflakeSchema } from '@repo/discord-integration/types'
import type { EventFeed } from '@repo/event-feed'
import type { Viewer } from '../auth/viewer.server.ts'
import { refuse } from '../http/answer.ts'
import { isMembershipUnknown } from '../membership/membership.ts'
import type { Admission } from '../sight/admission.ts'
import type { Viewers } from '../sight/viewers.ts'
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
/** And for one of whom it cannot be told who they are there. */
const UNKNOWN_RETRY_MS = { least: 3_000, most: 9_000 }

export type StreamHandlerOptions = {
  feed: EventFeed
  admission: Pick<Admission, 'ask' | 'wait'>
  viewers: Viewers
  streams: SseManager
  hops: HopReporter
  /** Who sent that request; null: nobody who is signed in. */
  viewerOf: (request: IncomingMessage) => Promise<Viewer | null>
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
  const { feed, admission, viewers, streams, hops, streamsPerUser, streamsTotal } = options
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
      else if (!SnowflakeSchema.safeParse(guildId).success) refuse(response, 'NOT_FOUND')
      else await admit(request, response, { guildId, viewer, query })
    } catch (error) {
      options.onFailure(response, error)
    }
  }

  /** Strangers hear that they are, before anything else that they could learn by. */
  async function admit(request: IncomingMessage, response: ServerResponse, asked: Asked) {
    const { viewer, guildId } = asked
    const standing = await admission.ask(guildId, viewer.user.id).catch(untold)
    if (response.destroyed || response.closed) return
    if (standing.is === 'stranger') refuse(response, 'NOT_FOUND')
    else if (streams.openOf(viewer.user.id) >= streamsPerUser) {
      answerLater(response, `you have ${streamsPerUser} streams open, and may have no more`, FULL_RETRY_MS)
    } else if (streams.size >= streamsTotal) {
      answerLater(response, 'as many streams are open as there may be', FULL_RETRY_MS)
    } else if (standing.is === 'untold') {
      answerLater(response, 'who you are there cannot be told at this moment', standing.retryMs)
    } else await open(request, response, asked)
  }

  /** Not a refusal, since it will pass: it ends at once, and says when to come back. */
  function answerLater(response: ServerResponse, why: string, retryMs: typeof RETRY_MS): void {
    response.writeHead(200, streamHeaders).end(encodeComment(why) + encodeRetry(between(retryMs)))
  }

  async function open(request: IncomingMessage, response: ServerResponse, { guildId, viewer, query }: Asked) {
    const life = STREAM_LIFE_MS * (1 + STREAM_LIFE_SPREAD * (2 * random() - 1))
    const gone = new AbortController()
    let stopHops: (() => void) | null = null
    const stream = new EventStream(response, {
      guildId,
      viewer: { userId: viewer.user.id, sessionId: viewer.sessionId },
      endsAt: Math.min(now() + life, viewer.expiresAt),
      now,
      onClose: (closed) => {
        gone.abort()
        streams.remove(closed)
        if (closed.visit) viewers.leave(closed.visit)
        stopHops?.()
      },
    })
    streams.add(stream)
    stream.send(streamBytes(encodeRetry(between(RETRY_MS))))
    if (query.get('hops') === '1') stopHops = hops.subscribe((bytes) => stream.offer(bytes))
    // A proxy may have removed the header, and a new EventSource cannot set it; of both, it is the newer one.
    const lastEventId = firstOf(request.headers['last-event-id']) || query.get('last_event_id') || null
    // Whoever has signed out while it was asked who they are there ended the streams that were known then.
    const isSignedIn = (await options.viewerOf(request)) !== null
    if (gone.signal.aborted) return
    if (!isSignedIn) return stream.end()
    const userId = viewer.user.id
    const entrant = await admission.wait(guildId, userId, gone.signal).catch(() => null)
    if (gone.signal.aborted) return
    // At its next try it is told why.
    if (!entrant) return stream.end()
    const visit = viewers.enter({ guildId, userId, ...entrant, lastEventId })
    const filter = { guilds: new Set([guildId]), events: null, guildless: false }
    stream.follow(visit, (sink) => feed.subscribe({ lastEventId, filter, sink }))
    if (visit.isOver) stream.end()
  }
}

/** When to come back where it cannot be told who they are there. */
function untold(error: unknown): { is: 'untold'; retryMs: typeof RETRY_MS } {
  const seconds = isMembershipUnknown(error) ? error.retryAfter : undefined
  const retryMs = seconds === undefined ? UNKNOWN_RETRY_MS : { least: seconds * 1_000, most: seconds * 2_000 }
  return { is: 'untold', retryMs }
}

type Asked = { guildId: string; viewer: Viewer; query: URLSearchParams }

function firstOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header
}
