import { EventEmitter } from 'node:events'
import type { WebSocket } from 'ws'
import { example } from '../../test/seed-examples/backend-receiving.ts'
import { byRoute, type Stream } from '../lib/example-backend.ts'
import { guildId } from '../lib/messages.ts'
import { answerTo } from '../lib/party.ts'
import { senderAnswers } from '../lib/sending.ts'
import { listen, socketsOf, watch } from '../lib/sockets.ts'
import { linkMessage } from './link-message.ts'

/* The example that the protocol came with, as a route of TanStack Start. */

const { server, broadcastToGuild, streams } = byRoute()
const sockets = socketsOf(server)

const link = new EventEmitter()
example(link as WebSocket, { broadcastToGuild }, guildId)

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
