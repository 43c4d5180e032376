import { byResponses } from '../lib/example-backend.ts'
import { answerTo } from '../lib/party.ts'
import { senderAnswers } from '../lib/sending.ts'
import { listen, socketsOf, watch } from '../lib/sockets.ts'
import { exampleTick } from './example-tick.ts'

/* The example that the protocol came with, as one would write it for Node. */

const backend = byResponses()
const { server } = backend
answerTo(senderAnswers(() => listen(server), { ...watch(socketsOf(server)), tick: exampleTick(backend) }))
