import { setMaxListeners } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { SnowflakeSchema } from '@repo/discord-integration/types'
import type { EventFeed } from '@repo/event-feed'
import { isForAnother, type Viewer } from '../auth/viewer.server.ts'
import { refuse as refuseWith, type HeaderValues, type Refusal } from '../http/answer.ts'
import { Turns } from '../http/turns.ts'
import { isMembershipUnknown } from '../membership/membership.ts'
import type { Admission } from '../sight/admission.ts'
import type { Viewers } from '../sight/viewers.ts'
import { askedGuilds } from './asked-guilds.ts'
import type { Place } from './asked-guilds.ts'
import { EventStream, streamHeaders } from './event-stream.ts'
import type { GuildSink } from './guild-sink.ts'
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

/** What is opened in a turn of the event loop: some milliseconds' worth. */
const OPENED_PER_TURN = 32

export type StreamHandlerOptions = {
  /** What every answer has. */
  headers: HeaderValues
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

const PATH_OF_ONE = /^\/api\/guilds\/([^/]+)\/events$/
const PATH = '/api/events'

/**
 * Answers `GET /api/guilds/:guildId/events`, and `GET /api/events` for several guilds; false for another path. It is plain
 * Node, in front of the framework, whose responses cost twice the CPU per frame and six times as much to open.
 *
 * A refusal ends an EventSource for good, so only what will not pass by itself is one: nobody signed in, a query that is
 * wrong, no such guild for whoever asks for one. While the link is not live, nobody knows who is in which guild: the stream
 * opens and waits.
 */
export function createStreamHandler(options: StreamHandlerOptions) {
  const { feed, admission, viewers, streams, hops, streamsPerUser, streamsTotal } = options
  const { now = Date.now, random = Math.random } = options
  const headers = { ...options.headers, ...streamHeaders }
  const refuse = (response: ServerResponse, code: Refusal, more: HeaderValues = {}, why?: string) =>
    refuseWith(response, code, { ...options.headers, ...more }, why)
  const turns = new Turns(OPENED_PER_TURN)
  const between = ({ least, most }: { least: number; most: number }) => least + random() * (most - least)

  return (request: IncomingMessage, response: ServerResponse): boolean => {
    // As it was written: what a client sends as a target need not be a URL.
    const [path = '', ...query] = (request.url ?? '').split('?')
    const guildId = PATH_OF_ONE.exec(path)?.[1]
    if (guildId === undefined && path !== PATH) return false
    if (request.method !== 'GET') refuse(response, 'METHOD_NOT_ALLOWED', { Allow: 'GET' })
    else void answer(request, response, guildId ?? null, new URLSearchParams(query.join('?')))
    return true
  }

  /** @param guildId of the path of one; null: those of the query. */
  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    guildId: string | null,
    query: URLSearchParams,
  ): Promise<void> {
    try {
      await turns.wait()
      const viewer = await options.viewerOf(request)
      // Whoever is gone by now would be counted for ever.
      if (response.destroyed || response.closed) return
      // In a browser where another has signed in since.
      if (!viewer || isForAnother(query, viewer.user.id)) refuse(response, 'UNAUTHORIZED')
      else if (guildId === null) await admitToSeveral(request, response, viewer, query)
      else if (!SnowflakeSchema.safeParse(guildId).success) refuse(response, 'NOT_FOUND')
      else await admitToOne(request, response, viewer, guildId, query)
    } catch (error) {
      options.onFailure(response, error)
    }
  }

  /** Strangers hear that they are, before anything else that they could learn by. */
  async function admitToOne(
    request: IncomingMessage,
    response: ServerResponse,
    viewer: Viewer,
    guildId: string,
    query: URLSearchParams,
  ): Promise<void> {
    const standing = await admission.ask(guildId, viewer.user.id).catch(untold)
    if (response.destroyed || response.closed) return
    if (standing.is === 'stranger') return refuse(response, 'NOT_FOUND')
    if (hasNoRoom(response, viewer)) return
    if (standing.is === 'untold')
      return answerLater(response, 'who you are there cannot be told at this moment', standing.retryMs)
    // A proxy may have removed the header, and a new EventSource cannot set it; of both, it is the newer one.
    const lastEventId = request.headers['last-event-id'] || query.get('last_event_id') || null
    const guilds = [{ guildId, lastEventId: firstOf(lastEventId) }]
    await open(request, response, { viewer, guilds, saysGuild: false, hasHops: query.get('hops') === '1' })
  }

  /** Of each guild, what they are there is said on the stream. */
  async function admitToSeveral(
    request: IncomingMessage,
    response: ServerResponse,
    viewer: Viewer,
    query: URLSearchParams,
  ): Promise<void> {
    const asked = askedGuilds(query)
    if (typeof asked === 'string') return refuse(response, 'BAD_REQUEST', {}, asked)
    if (hasNoRoom(response, viewer)) return
    // Only an EventSource that comes back by itself sends it. Of which guild it is nobody knows, and the places are from before it.
    const isAgain = request.headers['last-event-id'] !== undefined
    const guilds = isAgain ? asked.map(({ guildId }) => ({ guildId, lastEventId: null })) : asked
    await open(request, response, { viewer, guilds, saysGuild: true, hasHops: query.get('hops') === '1' })
  }

  /** True: it has been answered. */
  function hasNoRoom(response: ServerResponse, { user }: Viewer): boolean {
    if (streams.openOf(user.id) >= streamsPerUser)
      answerLater(response, `you have ${streamsPerUser} streams open, and may have no more`, FULL_RETRY_MS)
    else if (streams.size >= streamsTotal)
      answerLater(response, 'as many streams are open as there may be', FULL_RETRY_MS)
    else return false
    return true
  }

  /** Not a refusal, since it will pass: it ends at once, and says when to come back. */
  function answerLater(response: ServerResponse, why: string, retryMs: typeof RETRY_MS): void {
    response.writeHead(200, headers).end(encodeComment(why) + encodeRetry(between(retryMs)))
  }

  async function open(request: IncomingMessage, response: ServerResponse, asked: Asked): Promise<void> {
    const { viewer, guilds, saysGuild, hasHops } = asked
    const userId = viewer.user.id
    const life = STREAM_LIFE_MS * (1 + STREAM_LIFE_SPREAD * (2 * random() - 1))
    /** Until all guilds are followed: it is a kilobyte that nobody needs afterwards. */
    let opening: AbortController | null = new AbortController()
    const { signal } = opening
    // Each guild may wait for it.
    setMaxListeners(0, signal)
    let stopHops: (() => void) | null = null
    const stream = new EventStream(response, {
      headers,
      viewer: { userId, sessionId: viewer.sessionId },
      saysGuild,
      endsAt: Math.min(now() + life, viewer.expiresAt),
      now,
      onClose: () => {
        opening?.abort(GONE)
        streams.remove(stream)
        stopHops?.()
      },
    })
    streams.add(stream)
    stream.send(streamBytes(encodeRetry(between(RETRY_MS))))
    if (hasHops) stopHops = hops.subscribe((bytes) => stream.offer(bytes))
    // Whoever has signed out while it was asked who they are there ended the streams that were known then.
    const isSignedIn = (await options.viewerOf(request)) !== null
    if (signal.aborted) return
    if (!isSignedIn) return stream.end()
    forget(request)
    const follows: Promise<void>[] = []
    // No closure: it would hold the signal for as long as there is an `onClose`.
    for (const place of guilds) follows.push(follow(stream, place, { userId, isTimed: hasHops, signal }))
    await Promise.all(follows)
    opening = null
  }

  /** Carries a guild on the stream, as soon as it can be told that they may see it. */
  async function follow(
    stream: EventStream,
    { guildId, lastEventId }: Place,
    { userId, isTimed, signal }: { userId: string; isTimed: boolean; signal: AbortSignal },
  ): Promise<void> {
    const sink = stream.open(guildId, leave)
    if (sink.isClosed) return
    streams.addGuild(sink)
    const entrant = await admission.wait(guildId, userId, signal).catch(untold)
    if (signal.aborted || sink.isClosed) return
    // A stream of one ends with it, and is told why at its next try.
    if (entrant === null) return sink.leave({ ended: 'NOT_FOUND' })
    if ('retryMs' in entrant) return sink.leave({ ended: 'LATER', retry_ms: Math.round(between(entrant.retryMs)) })
    const visit = viewers.enter({ guildId, userId, ...entrant, lastEventId, isTimed })
    const filter = { guilds: new Set([guildId]), events: null, guildless: false }
    sink.follow(visit, (into) => feed.subscribe({ lastEventId, filter, sink: into }))
    if (visit.isOver) sink.leave({ ended: 'NOT_FOUND' })
  }

  function leave(sink: GuildSink): void {
    streams.removeGuild(sink)
    if (sink.visit) viewers.leave(sink.visit)
  }
}

/** Without one, an error with its stack is made for each of thousands that go at once. */
const GONE = 'gone'

/** What was asked is answered, and Node keeps it for as long as the stream is open: a browser's headers are a kilobyte. */
function forget(request: IncomingMessage): void {
  request.rawHeaders = []
  request.headers = {}
}

/** When to come back where it cannot be told who they are there. */
function untold(error: unknown): { is: 'untold'; retryMs: typeof RETRY_MS } {
  const seconds = isMembershipUnknown(error) ? error.retryAfter : undefined
  const retryMs = seconds === undefined ? UNKNOWN_RETRY_MS : { least: seconds * 1_000, most: seconds * 2_000 }
  return { is: 'untold', retryMs }
}

type Asked = {
  viewer: Viewer
  guilds: readonly Place[]
  /** Whether the stream says of which guild what follows is. */
  saysGuild: boolean
  hasHops: boolean
}

function firstOf(header: string | string[] | null): string | null {
  return Array.isArray(header) ? (header[0] ?? null) : header
}
