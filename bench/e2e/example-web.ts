import { once } from 'node:events'
import { example as connect } from '../../test/seed-examples/authentication.ts'
import { example as receive } from '../../test/seed-examples/backend-receiving.ts'
import type { ExampleBackend } from '../lib/example-backend.ts'
import { memoryBytes } from '../lib/memory.ts'
import { answerTo, setupOf } from '../lib/party.ts'
import { listen } from '../lib/sockets.ts'
import type { WebAnswers, WebSetup } from './web.ts'

/** The example's backend, over the example's link. */
export function runExample({ server, broadcastToGuild }: ExampleBackend): void {
  const { gatewayUrl, linkToken, guildId, port } = setupOf() as WebSetup
  const socket = connect(gatewayUrl, linkToken)
  receive(socket, { broadcastToGuild }, guildId)
  answerTo({
    async port() {
      if (socket.readyState !== socket.OPEN) await once(socket, 'open')
      return listen(server, port)
    },
    memory: memoryBytes,
    signIn: () => [],
  } satisfies WebAnswers)
}
