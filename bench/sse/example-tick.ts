import { EventEmitter } from 'node:events'
import type { WebSocket } from 'ws'
import { example } from '../../test/seed-examples/backend-receiving.ts'
import type { ExampleBackend } from '../lib/example-backend.ts'
import { guildId } from '../lib/messages.ts'
import { linkMessage } from './link-message.ts'

/** So many events over the link of the example that the protocol came with, which broadcasts them. */
export function exampleTick({ broadcastToGuild }: ExampleBackend): (events: number) => void {
  const link = new EventEmitter()
  example(link as WebSocket, { broadcastToGuild }, guildId)
  let position = 0
  return (events) => {
    for (let n = 0; n < events; n++) link.emit('message', linkMessage(++position))
  }
}
