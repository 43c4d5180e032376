import { createServer } from 'node:http'
import type { GatewayEventHandler } from '@repo/discord-integration/clients'
import { WebSocketServer } from 'ws'
import { example } from '../../test/seed-examples/gateway-broadcasting.ts'
import { messages } from '../lib/messages.ts'
import { answerTo } from '../lib/party.ts'
import { senderAnswers } from '../lib/sending.ts'
import { listen, socketsOf, watch } from '../lib/sockets.ts'

/* The example that the protocol came with, over the `ws` server that it takes for granted. */

const http = createServer()
const wss = new WebSocketServer({ server: http, perMessageDeflate: false })
const sockets = socketsOf(http)

const handlers: GatewayEventHandler[] = []
example(
  {
    onAnyEvent(handler) {
      handlers.push(handler)
      return () => {}
    },
  },
  {
    broadcast(text) {
      for (const client of wss.clients) client.send(text)
    },
  },
)

const parsed = messages.map((text) => JSON.parse(text) as unknown)
let sequence = 0

const answers = senderAnswers(() => listen(http), {
  tick(events) {
    for (let n = 0; n < events; n++) {
      const event = {
        type: 'MESSAGE_CREATE' as const,
        data: parsed[sequence % parsed.length],
        raw: '',
        shardId: 0,
        sessionId: 'bench',
        sequence: ++sequence,
        receivedAt: Date.now(),
      }
      for (const handle of handlers) void handle(event)
    }
  },
  ...watch(sockets),
})

answerTo(answers)
