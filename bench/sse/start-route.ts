import { EventEmitter } from 'node:events'
import { createServer } from 'node:http'
import { sendNodeResponse } from 'srvx/node'
import type { WebSocket } from 'ws'
import { example } from '../../test/seed-examples/backend-receiving.ts'
import { guildId } from '../lib/messages.ts'
import { answerTo } from '../lib/party.ts'
import { senderAnswers } from '../lib/sending.ts'
import { listen, socketsOf, watch } from '../lib/sockets.ts'
import { linkMessage } from './link-message.ts'

/*
 * The example that the protocol came with. What its `broadcastToGuild` does it does not say: here as a route of TanStack
 * Start does it, a Response whose body is a stream for each browser, served by what serves Start in Node. With some care: the
 * frame is made once, and its bytes too.
 */

type Stream = ReadableStreamDefaultController<Uint8Array>

const streams = new Set<Stream>()
const encoder = new TextEncoder()
const server = createServer((_request, response) => {
  const body = new ReadableStream<Uint8Array>({
    start(stream) {
      // A first chunk, or Node keeps the head back.
      stream.enqueue(encoder.encode(':\n\n'))
      streams.add(stream)
    },
  })
  const headers = { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' }
  void sendNodeResponse(response, new Response(body, { headers }))
})
const sockets = socketsOf(server)

const link = new EventEmitter()
example(
  link as WebSocket,
  {
    broadcastToGuild(_guildId, event, payload) {
      const frame = encoder.encode(`event: ${event}\ndata: ${JSON.stringify(payload)}\n\n`)
      for (const stream of streams) stream.enqueue(frame)
    },
  },
  guildId,
)

/** Chunks that no one has asked for yet: such a stream has no bound of its own. */
const BACKLOG_CHUNKS = 256

/** One that is empty wants one chunk. */
const held = (stream: Stream) => 1 - (stream.desiredSize ?? 1)
const { isBehind, writtenBytes } = watch(sockets)

let position = 0
answerTo(
  senderAnswers(() => listen(server), {
    writtenBytes,
    tick(events) {
      for (let n = 0; n < events; n++) link.emit('message', linkMessage(++position))
    },
    isBehind() {
      if (isBehind()) return true
      for (const stream of streams) if (held(stream) > BACKLOG_CHUNKS) return true
      return false
    },
    isWritten() {
      for (const stream of streams) if (held(stream) > 0) return false
      return true
    },
  }),
)
