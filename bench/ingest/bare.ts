import { WebSocket } from 'ws'
import { setupOf } from '../lib/party.ts'
import type { Where } from './simulator.ts'
import { INTENTS, tally } from './tally.ts'

/* The least that a client in Node can do: a socket of `ws`, and JSON.parse. It keeps nothing. */

type Frame = { op: number; s: number | null; t: string; d: { heartbeat_interval: number } }

const { apiUrl, token } = setupOf() as Where
const taken = tally(() => socket.terminate())
const { url } = (await (
  await fetch(`${apiUrl}/v10/gateway/bot`, { headers: { authorization: `Bot ${token}` } })
).json()) as { url: string }

const socket = new WebSocket(`${url}/?v=10&encoding=json`, { perMessageDeflate: false })
let sequence: number | null = null
socket.on('message', (data: Buffer) => {
  const { op, s, t, d } = JSON.parse(data.toString()) as Frame
  if (op === 10) {
    setInterval(() => socket.send(JSON.stringify({ op: 1, d: sequence })), d.heartbeat_interval).unref()
    socket.send(JSON.stringify({ op: 2, d: { token, intents: INTENTS, properties: {} } }))
  } else if (op === 0) {
    sequence = s
    taken(t)
  }
})
