import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'
import { exampleHandler } from '../lib/example-handler.ts'
import { messages } from '../lib/messages.ts'
import { answerTo } from '../lib/party.ts'
import { senderAnswers } from '../lib/sending.ts'
import { listen, socketsOf, watch } from '../lib/sockets.ts'

/* The example that the protocol came with, over the `ws` server that it takes for granted. */

const http = createServer()
const wss = new WebSocketServer({ server: http, perMessageDeflate: false })
const sockets = socketsOf(http)

const handle = exampleHandler((text) => {
  for (const client of wss.clients) client.send(text)
})

const parsed = messages.map((text) => JSON.parse(text) as unknown)
let sequence = 0

const answers = senderAnswers(() => listen(http), {
  tick(events) {
    for (let n = 0; n < events; n++) handle('MESSAGE_CREATE', parsed[sequence++ % parsed.length])
  },
  ...watch(sockets),
})

answerTo(answers)
