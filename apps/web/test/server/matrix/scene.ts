import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { LinkError } from '@repo/discord-integration/types'
import { EventFeed, GuildState, guildIdOf, MemoryLog } from '@repo/event-feed'
import { AuditLogEvent, GatewayIntentBits } from 'discord-api-types/v10'
import { LinkMembership } from '../../../src/server/membership/link-membership.ts'
import { HopReporter } from '../../../src/server/realtime/hop-reporter.ts'
import { SseManager } from '../../../src/server/realtime/sse-manager.ts'
import { createStreamHandler } from '../../../src/server/realtime/stream-handler.ts'
import { Admission } from '../../../src/server/sight/admission.ts'
import { privateThreadsOf } from '../../../src/server/sight/private-threads.ts'
import { Viewers } from '../../../src/server/sight/viewers.ts'
import { OpenStream } from '../open-stream.ts'
import { CHANNELS, GUILD, GUEST, guildCreate, memberOf, MEMBERS, PERSONS, THREADS } from './guild.ts'
import type { Person } from './guild.ts'

const intentsOf = (hasMembersIntent: boolean) =>
  GatewayIntentBits.Guilds | (hasMembersIntent ? GatewayIntentBits.GuildMembers : 0)

/** The stream of one guild, or of several: that of this guild, of another one, and of one that is nowhere. */
export type StreamPath = 'of one' | 'of several'

/** A guild beside, in which everybody is who is anybody. */
const OTHER = {
  id: '2',
  owner_id: GUEST,
  members: Object.values(PERSONS).map((id) => memberOf(id)),
  roles: [],
  channels: [],
}
const NOWHERE = '3'

/**
 * Web's end of the link over one guild, and its streams over real sockets. What Discord's REST knows of members is the truth;
 * the state has what the intents bring.
 */
export async function openScene({
  hasMembersIntent,
  path = 'of one',
}: {
  hasMembersIntent: boolean
  path?: StreamPath
}) {
  const truth = new Set(MEMBERS)
  const log = new MemoryLog({ maxAgeMs: 60_000, maxBytes: 50_000_000 })
  const absent = () => Promise.reject(new LinkError('UNKNOWN_MEMBER', 'not there'))
  const membership = new LinkMembership({
    state: () => feed.state,
    isReady: () => feed.ready,
    ask: {
      intents: () => Promise.resolve(intentsOf(hasMembersIntent)),
      member: (_, userId) => (truth.has(userId) ? Promise.resolve(memberOf(userId)) : absent()),
      threadMember: (threadId, userId) =>
        threadId === THREADS.private && userId === PERSONS.member ? Promise.resolve({}) : absent(),
    },
  })
  const viewers = new Viewers({ state: () => feed.state, log, membership, retentionMs: 60_000 })
  const feed: EventFeed = new EventFeed({ log, ready: false, witness: viewers })
  const state = new GuildState()
  state.apply('GUILD_CREATE', GUILD, guildCreate({ hasMembersIntent }))
  if (path === 'of several') state.apply('GUILD_CREATE', OTHER.id, OTHER)
  membership.linked()
  await feed.restart({ epoch: 'e', position: 0 }, state, 'fresh')

  const handle = createStreamHandler({
    headers: {},
    feed,
    viewers,
    admission: new Admission({
      membership,
      takeAsking: () => null,
      threadsOf: async (guildId, member) => {
        const guild = feed.state.get(guildId)
        return guild ? privateThreadsOf(guild, member, { membership, now: Date.now() }) : new Set()
      },
      stateOf: (id) => ({ isKnown: feed.ready && feed.state.has(id), isCurrent: true }),
      mayHave: (id) => !feed.ready || feed.state.lists(id),
      onChange: (_, listener) => viewers.onGuilds(listener),
    }),
    streams: new SseManager(),
    hops: new HopReporter(
      {
        status: { state: 'live', since: 0, attempt: 0, nextAttemptAt: null, rttMs: null },
        onStatus: () => () => {},
        ask: () => Promise.resolve({ shards: [] }),
      },
      { by: 'web' },
    ),
    viewerOf: ({ headers }) => {
      const id = headers['cookie'] ?? ''
      return Promise.resolve({ user: { id, username: id, avatar: null }, sessionId: id, expiresAt: Infinity })
    },
    streamsPerUser: 100,
    streamsTotal: 100,
    onFailure: (response) => void response.writeHead(500).end(),
  })
  const server = createServer((request, response) => {
    if (!handle(request, response)) response.writeHead(418).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const opened: OpenStream[] = []
  let position = 0

  const scene = {
    async publish(event: string, payload: object): Promise<string> {
      position++
      // As `initGatewayClient` does it: whoever is named is forgotten before the state hears of it.
      membership.receive({ type: 'event', data: { event: event as never, payload }, ts: 1 })
      const entry = { kind: 'dispatch' as const, event, guildId: guildIdOf(event, payload), ts: Date.now(), position }
      const id = `e-${position}`
      await feed.publish({ ...entry, payload: JSON.stringify(payload) })
      return id
    },
    /** Until it is live, or over. */
    async open(person: Person, lastEventId?: string): Promise<OpenStream> {
      const headers = { Cookie: PERSONS[person] }
      const stream = await OpenStream.open(port, addressOf(path, lastEventId), { headers })
      opened.push(stream)
      if (stream.status === 200) await stream.until(() => isOver(stream) || framesOf(stream).some(isLive))
      return stream
    },
    /** Puts one out: Discord says so with the members intent, and without it that a moderator did it. */
    kick(person: Person): Promise<string> {
      const user = { id: PERSONS[person] }
      truth.delete(user.id)
      const entry = { id: '1', user_id: GUEST, target_id: user.id, action_type: AuditLogEvent.MemberKick }
      return hasMembersIntent
        ? scene.publish('GUILD_MEMBER_REMOVE', { guild_id: GUILD, user })
        : scene.publish('GUILD_AUDIT_LOG_ENTRY_CREATE', { guild_id: GUILD, ...entry })
    },
    /** Something that all hear who may hear anything. Answers its id. */
    lastWord: () =>
      scene.publish('TYPING_START', { guild_id: GUILD, channel_id: CHANNELS.lobby, user_id: GUEST, timestamp: 1 }),
    async [Symbol.asyncDispose]() {
      for (const { socket } of opened) socket.destroy()
      server.closeAllConnections()
      server.close()
      await feed.close()
      await log.close()
    },
  }
  return scene
}

export type Scene = Awaited<ReturnType<typeof openScene>>

function addressOf(path: StreamPath, lastEventId: string | undefined): string {
  if (path === 'of several') {
    const place = lastEventId === undefined ? '' : `@${lastEventId}`
    return `/api/events?guild=${OTHER.id}&guild=${GUILD}${place}&guild=${NOWHERE}`
  }
  return `/api/guilds/${GUILD}/events${lastEventId === undefined ? '' : `?last_event_id=${lastEventId}`}`
}

type Frame = OpenStream['messages'][number]

const isLive = ({ event, data }: Frame) => event === 'sync' && (JSON.parse(data) as { state: string }).state === 'live'

/** What was said of the guild, without whose it is. */
export function framesOf({ messages }: OpenStream): Frame[] {
  let guildId = GUILD
  return messages.filter(({ event, data }) => {
    if (event === 'guild') guildId = (JSON.parse(data) as { guild_id: string }).guild_id
    return event !== 'guild' && guildId === GUILD
  })
}

/** Whether nothing more of the guild comes. */
export const isOver = ({ ended, messages }: OpenStream): boolean =>
  ended || messages.some(({ event, data }) => event === 'guild' && data === ENDED)

const ENDED = JSON.stringify({ guild_id: GUILD, ended: 'NOT_FOUND' })
