import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { EventFeed, GuildState, MemoryLog } from '@repo/event-feed'
import { PermissionFlagsBits } from 'discord-api-types/v10'
import { afterEach } from 'vitest'
import { HopReporter } from '../../src/server/realtime/hop-reporter.ts'
import { SseManager } from '../../src/server/realtime/sse-manager.ts'
import { createStreamHandler } from '../../src/server/realtime/stream-handler.ts'
import type { StreamHandlerOptions } from '../../src/server/realtime/stream-handler.ts'
import { Admission } from '../../src/server/sight/admission.ts'
import type { AdmissionOptions } from '../../src/server/sight/admission.ts'
import { Viewers } from '../../src/server/sight/viewers.ts'
import { OpenStream } from './open-stream.ts'
import { StateMembership } from './state-membership.ts'

/* Web’s streams over real sockets, with a feed in a test’s hands. */

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp()
})

const viewer = (id: string, username: string) => ({
  user: { id, username, avatar: null },
  sessionId: `session of ${id}`,
  expiresAt: Infinity,
})
export const [ada, bob] = [viewer('5', 'ada'), viewer('6', 'bob')]
/** Is in no guild. */
export const eve = viewer('7', 'eve')

export const member = (id: string, ...roles: string[]) => ({ user: { id }, roles })

/** Whoever is in it may see all of it. */
export const guild = (id: string) => ({
  id,
  name: `guild ${id}`,
  owner_id: '9',
  roles: [{ id, permissions: EVERYTHING }],
  channels: [{ id: '10', type: 0, permission_overwrites: [] }],
  members: [member('5'), member('6')],
  voice_states: [],
})
export const forRole = (id: string) => [
  { id: '1', type: 0, allow: '0', deny: String(PermissionFlagsBits.ViewChannel) },
  { id, type: 0, allow: String(PermissionFlagsBits.ViewChannel), deny: '0' },
]
export const EVERYTHING = String(PermissionFlagsBits.ViewChannel | PermissionFlagsBits.ReadMessageHistory)

export function stateOf(...ids: string[]): GuildState {
  const state = new GuildState()
  for (const id of ids) state.apply('GUILD_CREATE', id, guild(id))
  return state
}

export type SetUp = Partial<StreamHandlerOptions> & {
  ready?: boolean
  /** Those that there are. */
  guilds?: readonly string[]
  isLive?: () => boolean
  threadsOf?: AdmissionOptions['threadsOf']
  takeAsking?: AdmissionOptions['takeAsking']
}

export async function setUp({
  ready = true,
  guilds = ['1', '2'],
  isLive = () => true,
  threadsOf = async () => new Set(),
  takeAsking = () => null,
  ...options
}: SetUp = {}) {
  const log = new MemoryLog({ maxAgeMs: 60_000, maxBytes: 50_000_000 })
  const membership = new StateMembership(() => feed.state)
  const viewers = new Viewers({ state: () => feed.state, log, membership, retentionMs: 60_000 })
  const feed: EventFeed = new EventFeed({ log, ready: false, witness: viewers })
  const admission = new Admission({
    membership,
    takeAsking,
    threadsOf,
    stateOf: (id) => ({ isKnown: feed.ready && feed.state.has(id), isCurrent: isLive() }),
    mayHave: (id) => !isLive() || !feed.ready || feed.state.lists(id),
    onChange: (_, listener) => viewers.onGuilds(listener),
  })
  if (ready) await feed.restart({ epoch: 'e', position: 0 }, stateOf(...guilds), 'fresh')
  const streams = new SseManager()
  const hops = new HopReporter(
    {
      status: { state: 'live', since: 0, attempt: 0, nextAttemptAt: null, rttMs: null },
      onStatus: () => () => {},
      ask: () => Promise.resolve({ shards: [{ id: 0, state: 'ready', since: 0, ping_ms: 12 }] }),
    },
    { by: 'web' },
  )
  const handle = createStreamHandler({
    headers: {},
    feed,
    admission,
    viewers,
    streams,
    hops,
    viewerOf: () => Promise.resolve(ada),
    streamsPerUser: 100,
    streamsTotal: 100,
    onFailure: (response) => void response.writeHead(500).end(),
    ...options,
  })
  const server = createServer((request, response) => {
    if (!handle(request, response)) response.writeHead(418).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  cleanUps.push(async () => {
    server.closeAllConnections()
    server.close()
    await feed.close()
  })
  let position = 0
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => sockets.add(socket))
  return {
    feed,
    membership,
    streams,
    port,
    /** The server's ends of the connections. */
    sockets,
    open: async (path: string, more?: Parameters<typeof OpenStream.open>[2]) => {
      const stream = await OpenStream.open(port, path, more)
      cleanUps.push(() => stream.socket.destroy())
      return stream
    },
    /** @param ts when the gateway had it. */
    publish: (event: string, guildId: string | null, payload: object = {}, ts = Date.now()) => {
      position += 1
      const where = guildId === null ? {} : { guild_id: guildId, channel_id: '10' }
      const text = JSON.stringify({ ...where, ...payload })
      return feed.publish({ kind: 'dispatch', event, guildId, payload: text, ts, position })
    },
  }
}

export const events = (guildId: string, query = '') => `/api/guilds/${guildId}/events${query}`
