import { createServer } from 'node:http'
import type { DispatchEventName } from '@repo/discord-integration/types'
import type { GatewayEventHandler } from '@repo/discord-integration/clients'
import { WebSocket, WebSocketServer } from 'ws'
import { example } from '../../test/seed-examples/gateway-broadcasting.ts'
import { INTENTS } from '../ingest/tally.ts'
import { answerTo, setupOf } from '../lib/party.ts'
import { listen } from '../lib/sockets.ts'
import type { Where } from './discord.ts'

/* The example's Gateway Service, over the least that speaks with Discord: a socket of `ws`, and JSON.parse. */

type Frame = { op: number; s: number | null; t: DispatchEventName; d: { heartbeat_interval: number } }

const { apiUrl, token } = setupOf() as Where
const http = createServer()
const wss = new WebSocketServer({ server: http, perMessageDeflate: false })
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

const { url } = (await (
  await fetch(`${apiUrl}/v10/gateway/bot`, { headers: { authorization: `Bot ${token}` } })
).json()) as { url: string }
const { promise: isReady, resolve } = Promise.withResolvers<void>()
const socket = new WebSocket(`${url}/?v=10&encoding=json`, { perMessageDeflate: false })
let sequence: number | null = null
socket.on('message', (data: Buffer) => {
  const { op, s, t, d } = JSON.parse(data.toString()) as Frame
  if (op === 10) {
    setInterval(() => socket.send(JSON.stringify({ op: 1, d: sequence })), d.heartbeat_interval).unref()
    socket.send(JSON.stringify({ op: 2, d: { token, intents: INTENTS, properties: {} } }))
  } else if (op === 0) {
    sequence = s
    if (t === 'READY') resolve()
    const event = { type: t, data: d, raw: '', shardId: 0, sessionId: '', sequence: s ?? 0, receivedAt: Date.now() }
    for (const handle of handlers) void handle(event)
  }
})

const answers = {
  async port(): Promise<number> {
    await isReady
    return listen(http)
  },
}

export type ExampleGateway = typeof answers

answerTo(answers)
