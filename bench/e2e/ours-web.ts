import { createServer } from 'node:http'
import { boot, handle } from '../../apps/web/src/server/boot.server.ts'
import { readConfig } from '../../apps/web/src/server/config.ts'
import { memoryBytes, usedBytes } from '../lib/memory.ts'
import { answerTo, setupOf } from '../lib/party.ts'
import { listen } from '../lib/sockets.ts'
import { until } from '../lib/until.ts'
import type { WebAnswers, WebSetup } from './web.ts'

/* Web as it is, but for its pages: sessions, membership and permissions of those who look are those of the simulated people. */

const { gatewayUrl, linkToken, people, folder, port, retentionMib } = setupOf() as WebSetup
const asMany = String(Number.MAX_SAFE_INTEGER)
const config = readConfig(
  {
    GATEWAY_WS_URL: gatewayUrl,
    LINK_TOKEN: linkToken,
    WEB_DATA_DIR: folder,
    STREAMS_PER_USER: asMany,
    STREAMS_TOTAL: asMany,
    LOG_LEVEL: 'silent',
    ...(retentionMib !== undefined && { WEB_RETENTION_MIB: String(retentionMib) }),
  },
  ['--demo'],
)
const { gateway, sessions, sessionCookie } = boot(config)
let events = 0
gateway.client.onMessage(({ type }) => {
  if (type === 'event') events++
})
const server = createServer((request, response) => handle(request, response, () => void response.destroy()))

/** Where it is in the gateway's log, and how many events have come over the link. */
const taken = () => ({ position: gateway.feed.log.to, events })

const answers = {
  async port() {
    await until(() => gateway.feed.ready)
    return listen(server, port)
  },
  memory: memoryBytes,
  memoryUsed: usedBytes,
  signIn: () =>
    Promise.all(
      people.map(async ({ id, username }) => {
        const { token } = await sessions.begin({ id, username, avatar: null })
        return sessionCookie.write(token, 3_600).split(';')[0] ?? ''
      }),
    ),
  taken,
  /** Answers the same once it is so far. */
  async reach(position: number): Promise<ReturnType<typeof taken>> {
    await until(() => gateway.feed.log.to >= position)
    return taken()
  },
} satisfies WebAnswers & Record<string, unknown>

export type OursWeb = typeof answers

answerTo(answers, () => gateway.close())
