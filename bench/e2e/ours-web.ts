import { createServer } from 'node:http'
import { createLogger } from '../../apps/web/src/server/logger.server.ts'
import { initGatewayClient } from '../../apps/web/src/server/init/gateway-client-init.server.ts'
import { streamsForAll } from '../lib/everybody.ts'
import { memoryBytes } from '../lib/memory.ts'
import { answerTo, setupOf } from '../lib/party.ts'
import { listen } from '../lib/sockets.ts'
import { until } from '../lib/until.ts'
import type { WebAnswers, WebSetup } from './web.ts'

/* Web without its pages: the link, the mirror and the streams, as its `boot` puts them together. */

const { gatewayUrl, linkToken, port } = setupOf() as WebSetup
const gateway = initGatewayClient(
  { GATEWAY_WS_URL: gatewayUrl, LINK_TOKEN: linkToken, WEB_RETENTION_MIB: 64 },
  createLogger('silent'),
)
const { client, feed } = gateway
const handle = streamsForAll(gateway, client)
const server = createServer((request, response) => void handle(request, response))

answerTo(
  {
    async port() {
      await until(() => feed.ready)
      return listen(server, port)
    },
    memory: memoryBytes,
  } satisfies WebAnswers,
  () => gateway.close(),
)
