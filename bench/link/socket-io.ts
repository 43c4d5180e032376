import { createServer } from 'node:http'
import { Server } from 'socket.io'
import { messages } from '../lib/messages.ts'
import { answerTo } from '../lib/party.ts'
import { senderAnswers } from '../lib/sending.ts'
import { listen, socketsOf, watch } from '../lib/sockets.ts'

/* socket.io, told each event to pass on to all: nothing is kept, and who was away has missed it. */

/** Longer than any run: these receivers answer no ping. */
const PING_INTERVAL_MS = 3_600_000

const http = createServer()
const sockets = socketsOf(http)
const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false, pingInterval: PING_INTERVAL_MS })

const parsed = messages.map((text) => JSON.parse(text) as unknown)
let sequence = 0

answerTo(
  senderAnswers(() => listen(http), {
    ...watch(sockets),
    tick(events) {
      for (let n = 0; n < events; n++) io.emit('event', 'MESSAGE_CREATE', parsed[sequence++ % parsed.length])
    },
  }),
)
