import type { GatewayServiceMessage } from '@repo/discord-integration/types'
import type { WebSocket } from 'ws'

/** The seed's *Backend (Sending Commands)*. */
export function example(ws: WebSocket): void {
  function sendGatewayCommand(
    command: string,
    payload: unknown,
    requestId?: string,
  ): void {
    const message: GatewayServiceMessage = {
      type: 'command',
      data: { command, payload },
      requestId,
      ts: Date.now(),
    }
  
    ws.send(JSON.stringify(message))
  }

  // Usage
  sendGatewayCommand('send_message', {
    channel_id: '123456789',
    content: 'Hello!'
  }, 'req-001')
}
