import { EventEmitter } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { WebSocket } from 'ws'
import { example } from '../../test/seed-examples/backend-receiving.ts'
import { guildId } from '../lib/messages.ts'
import { answerTo } from '../lib/party.ts'
import { senderAnswers } from '../lib/sending.ts'
import { listen, socketsOf, watch } from '../lib/sockets.ts'
import { linkMessage } from './link-message.ts'

/*
 * The example that the protocol came with. What its `broadcastToGuild` does it does not say: here as one would write it
 * with care, the frame made once, and written to each response.
 */

const responses = new Set<ServerResponse>()
const server = createServer((_request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' })
  response.flushHeaders()
  responses.add(response)
})
const sockets = socketsOf(server)

const link = new EventEmitter()
example(
  link as WebSocket,
  {
    broadcastToGuild(_guildId, event, payload) {
      const frame = `event: ${event}\ndata: ${JSON.stringify(payload)}\n\n`
      for (const response of responses) response.write(frame)
    },
  },
  guildId,
)

let position = 0
answerTo(
  senderAnswers(() => listen(server), {
    ...watch(sockets),
    tick(events) {
      for (let n = 0; n < events; n++) link.emit('message', linkMessage(++position))
    },
  }),
)
