import { EventEmitter } from 'node:events'
import type { WebSocket } from 'ws'
import { example } from '../../test/seed-examples/backend-receiving.ts'
import { byResponses } from '../lib/example-backend.ts'
import { guildId } from '../lib/messages.ts'
import { answerTo } from '../lib/party.ts'
import { senderAnswers } from '../lib/sending.ts'
import { listen, socketsOf, watch } from '../lib/sockets.ts'
import { linkMessage } from './link-message.ts'

/* The example that the protocol came with, as one would write it for Node. */

const { server, broadcastToGuild } = byResponses()
const sockets = socketsOf(server)

const link = new EventEmitter()
example(link as WebSocket, { broadcastToGuild }, guildId)

let position = 0
answerTo(
  senderAnswers(() => listen(server), {
    ...watch(sockets),
    tick(events) {
      for (let n = 0; n < events; n++) link.emit('message', linkMessage(++position))
    },
  }),
)
