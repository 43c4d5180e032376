import type { GatewayEventHandler } from '@repo/discord-integration/clients'
import type { DispatchEventName } from '@repo/discord-integration/types'
import { example } from '../../test/seed-examples/gateway-broadcasting.ts'

/** The example that the protocol came with, as what it does at each event. */
export function exampleHandler(broadcast: (text: string) => void): (type: DispatchEventName, data: unknown) => void {
  const handlers: GatewayEventHandler[] = []
  example(
    {
      onAnyEvent(handler) {
        handlers.push(handler)
        return () => {}
      },
    },
    { broadcast },
  )
  let sequence = 0
  return (type, data) => {
    const event = { type, data, raw: '', shardId: 0, sessionId: '', sequence: ++sequence, receivedAt: Date.now() }
    for (const handle of handlers) void handle(event)
  }
}
