import { byRoute, type Stream } from '../lib/example-backend.ts'
import { answerTo } from '../lib/party.ts'
import { senderAnswers } from '../lib/sending.ts'
import { listen, socketsOf, watch } from '../lib/sockets.ts'
import { exampleTick } from './example-tick.ts'

/* The example that the protocol came with, as a route of TanStack Start. */

const backend = byRoute()
const { server, streams } = backend

/** Chunks that no one has asked for yet: such a stream has no bound of its own. */
const BACKLOG_CHUNKS = 256

/** One that is empty wants one chunk. */
const held = (stream: Stream) => 1 - (stream.desiredSize ?? 1)
const { isBehind, writtenBytes } = watch(socketsOf(server))

answerTo(
  senderAnswers(() => listen(server), {
    writtenBytes,
    tick: exampleTick(backend),
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
