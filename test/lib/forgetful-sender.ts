import { createServer, type ServerResponse } from 'node:http'
import { NEEDLE } from '../../bench/lib/messages.ts'
import { answerTo, setupOf } from '../../bench/lib/party.ts'
import { senderAnswers } from '../../bench/lib/sending.ts'
import { listen, socketsOf, watch } from '../../bench/lib/sockets.ts'

/* A sender as the benchmark measures them, that tells each event to the first of its receivers alone. */

export type ForgetfulSetup = { tells: number }

const { tells } = setupOf() as ForgetfulSetup
const responses: ServerResponse[] = []
const server = createServer((_request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' })
  response.flushHeaders()
  responses.push(response)
})

answerTo(
  senderAnswers(() => listen(server), {
    ...watch(socketsOf(server)),
    tick(events) {
      for (const response of responses.slice(0, tells)) response.write(`event: ${NEEDLE}\n\n`.repeat(events))
    },
  }),
)
