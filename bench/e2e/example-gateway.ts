import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'
import { exampleHandler } from '../lib/example-handler.ts'
import { leastClient } from '../lib/least-client.ts'
import { answerTo, setupOf } from '../lib/party.ts'
import { listen } from '../lib/sockets.ts'
import type { Where } from './discord.ts'

/* The example's Gateway Service, over the least that speaks with Discord. */

const http = createServer()
const wss = new WebSocketServer({ server: http, perMessageDeflate: false })
const handle = exampleHandler((text) => {
  for (const client of wss.clients) client.send(text)
})

const { promise: isReady, resolve } = Promise.withResolvers<void>()
await leastClient(setupOf() as Where, ({ t, d }) => {
  if (t === 'READY') resolve()
  handle(t, d)
})

const answers = {
  async port(): Promise<number> {
    await isReady
    return listen(http)
  },
}

export type ExampleGateway = typeof answers

answerTo(answers)
