import type { DiscordGatewayClient, GatewayEventData } from '@repo/discord-integration/clients'
import type { GatewayServiceMessage } from '@repo/discord-integration/types'

/** The seed's *Gateway Service (Broadcasting Events)*. */
export function example(
  gatewayClient: Pick<DiscordGatewayClient, 'onAnyEvent'>,
  wsServer: { broadcast(text: string): void },
): void {
  gatewayClient.onAnyEvent((event: GatewayEventData) => {
    const message: GatewayServiceMessage = {
      type: 'event',
      data: {
        event: event.type,
        payload: event.data,
      },
      ts: Date.now(),
    }
  
    wsServer.broadcast(JSON.stringify(message))
  })
}
