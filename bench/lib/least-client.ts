import type { DispatchEventName } from '@repo/discord-integration/types'
import { WebSocket } from 'ws'
import type { Where } from '../ingest/simulator.ts'
import { INTENTS } from '../ingest/tally.ts'

export type Dispatch = { s: number | null; t: DispatchEventName; d: unknown }

type Frame = Dispatch & { op: number }

/**
 * The least that a client in Node can do: a socket of `ws`, and JSON.parse. It keeps nothing.
 *
 * @returns what cuts it off.
 */
export async function leastClient({ apiUrl, token }: Where, heard: (dispatch: Dispatch) => void): Promise<() => void> {
  const headers = { authorization: `Bot ${token}` }
  const { url } = (await (await fetch(`${apiUrl}/v10/gateway/bot`, { headers })).json()) as { url: string }
  const socket = new WebSocket(`${url}/?v=10&encoding=json`, { perMessageDeflate: false })
  let sequence: number | null = null
  socket.on('message', (data: Buffer) => {
    const frame = JSON.parse(data.toString()) as Frame
    if (frame.op === 10) {
      const { heartbeat_interval: intervalMs } = frame.d as { heartbeat_interval: number }
      setInterval(() => socket.send(JSON.stringify({ op: 1, d: sequence })), intervalMs).unref()
      socket.send(JSON.stringify({ op: 2, d: { token, intents: INTENTS, properties: {} } }))
    } else if (frame.op === 0) {
      sequence = frame.s
      heard(frame)
    }
  })
  return () => socket.terminate()
}
