import { createGatewayManager } from '@discordeno/gateway'
import { setupOf } from '../lib/party.ts'
import type { Where } from './simulator.ts'
import { INTENTS, tally } from './tally.ts'

/* @discordeno/gateway as it comes, told where Discord is. It keeps nothing. */

const { apiUrl, token } = setupOf() as Where
const headers = { authorization: `Bot ${token}` }
const { url } = (await (await fetch(`${apiUrl}/v10/gateway/bot`, { headers })).json()) as { url: string }
const silent = () => {}
const manager = createGatewayManager({
  token,
  intents: INTENTS,
  url,
  connection: {
    url,
    shards: 1,
    sessionStartLimit: { total: 1_000, remaining: 1_000, resetAfter: 0, maxConcurrency: 1 },
  },
  resharding: { enabled: false, shardsFullPercentage: 80, checkInterval: -1 },
  logger: { debug: silent, info: silent, warn: silent, error: console.error, fatal: console.error },
  events: { message: (_shard, { t }) => taken(t ?? '') },
})
const taken = tally(() => manager.shutdown(1_000, 'done'))
await manager.spawnShards()
