import { createServer } from 'node:http'
import { createChannel, createSession } from 'better-sse'
import { answerTo } from '../lib/party.ts'
import { senderAnswers } from '../lib/sending.ts'
import { listen, socketsOf, watch } from '../lib/sockets.ts'
import { linkMessage } from './link-message.ts'

/* A channel of better-sse, told each event as it comes over the link; it makes its own ids. */

const channel = createChannel()
const server = createServer((request, response) => {
  void createSession(request, response, { keepAlive: null }).then((session) => channel.register(session))
})
const sockets = socketsOf(server)

type LinkEvent = { data: { event: string; payload: unknown } }

let position = 0
answerTo(
  senderAnswers(() => listen(server), {
    ...watch(sockets),
    tick(events) {
      for (let n = 0; n < events; n++) {
        const { data } = JSON.parse(linkMessage(++position).toString()) as LinkEvent
        channel.broadcast(data.payload, data.event)
      }
    },
  }),
)
