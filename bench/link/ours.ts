import type { GatewayEventData } from '@repo/discord-integration/clients'
import { EventFeed, MemoryLog, type EventLog } from '@repo/event-feed'
import { createLogger } from '../../apps/discord-gateway/src/logger.ts'
import { publishDispatch } from '../../apps/discord-gateway/src/sessions/publish.ts'
import { unnamedTokens } from '../../apps/discord-gateway/src/tokens/link-token.ts'
import { LinkTokens } from '../../apps/discord-gateway/src/tokens/link-tokens.ts'
import { WsServer } from '../../apps/discord-gateway/src/ws-server.ts'
import { messageAt, messages } from '../lib/messages.ts'
import { answerTo, setupOf } from '../lib/party.ts'
import { senderAnswers } from '../lib/sending.ts'
import { openScratchLog } from '../lib/scratch-log.ts'

/* The Gateway Service's own way from an event of a shard's to the sockets of its backends. */

export type OursSetup = { token: string; log: 'memory' | 'file' }

/** Longer than any run: these receivers answer no ping. */
const PING_INTERVAL_MS = 3_600_000

const { token, log: kind } = setupOf() as OursSetup
const bounds = { maxAgeMs: 3_600_000, maxBytes: 64 * 1024 * 1024 }
const scratch = kind === 'file' ? await openScratchLog(bounds) : null
const log: EventLog = scratch?.log ?? new MemoryLog(bounds)
const feed = new EventFeed({ log })
const server = new WsServer({
  tokens: new LinkTokens(unnamedTokens([token])),
  feed,
  runCommand: () => Promise.reject(new Error('there are no commands here')),
  audit: () => () => {},
  limits: { pingIntervalMs: PING_INTERVAL_MS, connectionsPerTokenMax: Infinity },
  logger: createLogger('silent'),
})
const port = server.listen(0, '127.0.0.1')

const parsed = messages.map((text) => JSON.parse(text) as unknown)
let sequence = 0
const isBehind = () => feed.log.to < sequence || [...server.connections].some(({ lag }) => lag > 0)

const answers = senderAnswers(() => port, {
  tick(events) {
    for (let n = 0; n < events; n++) {
      const event: GatewayEventData = {
        type: 'MESSAGE_CREATE',
        data: parsed[sequence % parsed.length],
        raw: messageAt(sequence),
        shardId: 0,
        sessionId: 'bench',
        sequence: ++sequence,
        receivedAt: Date.now(),
      }
      void publishDispatch(feed, event)
    }
  },
  isBehind,
  isWritten: () => !isBehind(),
  writtenBytes: () => server.traffic.sent,
})

answerTo(answers, async () => {
  await feed.close()
  await scratch?.[Symbol.asyncDispose]()
})
