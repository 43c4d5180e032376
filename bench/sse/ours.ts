import { createServer } from 'node:http'
import { EventFeed, MemoryLog, type Subscription } from '@repo/event-feed'
import { PermissionFlagsBits } from 'discord-api-types/v10'
import { createLogger } from '../../apps/web/src/server/logger.server.ts'
import { GatewayMirror } from '../../apps/web/src/server/init/gateway-mirror.ts'
import { Viewers } from '../../apps/web/src/server/sight/viewers.ts'
import { everybodysMembership, streamsForAll } from '../lib/everybody.ts'
import { decodeMessage } from '../../packages/discord-integration/src/clients/link/message.ts'
import { channelIdAt, guildIdAt, messagesOf } from '../lib/messages.ts'
import { answerTo, setupOf } from '../lib/party.ts'
import { senderAnswers } from '../lib/sending.ts'
import { listen, socketsOf, watch } from '../lib/sockets.ts'
import { linkMessage } from './link-message.ts'

/* Web's own way from a message of the link to the sockets of its browsers. */

/** `guilds`: how many there are, each of which has every so manyth of the events. */
export type OursSetup = { guilds: number }

const { guilds } = setupOf() as OursSetup

const MAX_BYTES = 64 * 1024 * 1024

const log = new MemoryLog({ maxAgeMs: 3_600_000, maxBytes: MAX_BYTES })
const membership = everybodysMembership
const viewers = new Viewers({ state: () => feed.state, log, membership, retentionMs: 3_600_000 })
const feed: EventFeed = new EventFeed({ log, ready: false, witness: viewers })
const subscriptions: Subscription[] = []
const subscribe = feed.subscribe.bind(feed)
feed.subscribe = (options) => {
  const subscription = subscribe(options)
  subscriptions.push(subscription)
  return subscription
}
const mirror = new GatewayMirror(feed, createLogger('silent'), { backlogMaxBytes: MAX_BYTES })
const handle = streamsForAll(
  { feed, viewers },
  { status: { state: 'live', since: 0, attempt: 0, nextAttemptAt: null, rttMs: null }, onStatus: () => () => {} },
)
const server = createServer((request, response) => void handle(request, response))
const sockets = socketsOf(server)

let position = 0
const receive = (text: string) => {
  const decoded = decodeMessage(text)
  if (!decoded.ok || (decoded.message.type !== 'event' && decoded.message.type !== 'sync')) throw new Error('not heard')
  mirror.receive(decoded.message, decoded.payloadText)
}
const sync = (data: object) => receive(JSON.stringify({ type: 'sync', data, ts: Date.now() }))
sync({ state: 'snapshot', reason: 'fresh' })
for (let index = 0; index < guilds; index++) {
  const id = guildIdAt(index)
  const channels = [{ id: channelIdAt(index), type: 0, permission_overwrites: [] }]
  const roles = [{ id, permissions: String(PermissionFlagsBits.ViewChannel) }]
  const payload = { id, name: 'bench', roles, channels, members: [], voice_states: [] }
  receive(JSON.stringify({ type: 'event', data: { event: 'GUILD_CREATE', payload }, ts: Date.now() }))
}
sync({ state: 'live', id: 'bench-0' })

const payloads = messagesOf(guilds)
const isBehind = () => feed.log.to < position || subscriptions.some(({ lag }) => lag > 0)

answerTo(
  senderAnswers(() => listen(server), {
    ...watch(sockets),
    tick(events) {
      for (let n = 0; n < events; n++) {
        position++
        receive(linkMessage(position, payloads[position % payloads.length]).toString())
      }
    },
    isBehind,
    isWritten: () => !isBehind(),
  }),
)
