import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { example as connect } from '../../test/seed-examples/authentication.ts'
import { example as receive } from '../../test/seed-examples/backend-receiving.ts'
import { memoryBytes } from '../lib/memory.ts'
import { answerTo, setupOf } from '../lib/party.ts'
import { listen } from '../lib/sockets.ts'
import type { WebAnswers, WebSetup } from './web.ts'

/* The example's backend, with a `broadcastToGuild` as one would write it with care: see bench/sse/example.ts. */

const { gatewayUrl, linkToken, guildId, port } = setupOf() as WebSetup
const responses = new Set<ServerResponse>()
const server = createServer((_request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' })
  response.flushHeaders()
  responses.add(response)
})
const socket = connect(gatewayUrl, linkToken)
receive(
  socket,
  {
    broadcastToGuild(_guildId, event, payload) {
      const frame = `event: ${event}\ndata: ${JSON.stringify(payload)}\n\n`
      for (const response of responses) response.write(frame)
    },
  },
  guildId,
)

answerTo({
  async port() {
    if (socket.readyState !== socket.OPEN) await once(socket, 'open')
    return listen(server, port)
  },
  memory: memoryBytes,
  signIn: () => [],
} satisfies WebAnswers)
