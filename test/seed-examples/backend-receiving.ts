import {
  GatewayServiceMessageSchema,
  isAckMessage,
  isErrorMessage,
  isEventMessage,
} from '@repo/discord-integration/types'
import type { WebSocket } from 'ws'

type SseManager = { broadcastToGuild(guildId: string, event: string, payload: unknown): void }

/** The seed's *Backend (Receiving Events)*. */
export function example(ws: WebSocket, sseManager: SseManager, guildId: string): void {
  ws.on('message', (data: Buffer) => {
    const parsed = JSON.parse(data.toString())
    const result = GatewayServiceMessageSchema.safeParse(parsed)
  
    if (!result.success) {
      console.error('Invalid message format:', result.error)
      return
    }
  
    const message = result.data

    if (isEventMessage(message)) {
      const { event, payload } = message.data
      // Forward to SSE clients
      sseManager.broadcastToGuild(guildId, event, payload)
    }
  
    if (isErrorMessage(message)) {
      console.error('Gateway error:', message.data.message)
    }
  
    if (isAckMessage(message)) {
      console.log('Command acknowledged:', message.requestId)
    }
  })
}
