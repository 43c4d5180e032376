import { startSimulator } from '@repo/discord-simulator'
import {
  DiscordGatewayClient,
  type DiscordGatewayClientOptions,
  type GatewayEventData,
  type ShardStatus,
} from '../../../src/clients/index.ts'
import { Inbox } from './inbox.ts'

/** GUILDS and GUILD_VOICE_STATES. */
export const INTENTS = 1 | (1 << 7)

type Simulator = Awaited<ReturnType<typeof startSimulator>>

/** A client at a simulator, both by the machine's clock; waits are short as nothing random is left of them. */
export async function startAtSimulator(
  simulatorOptions: Parameters<typeof startSimulator>[0] = {},
  options: Partial<DiscordGatewayClientOptions> = {},
) {
  const simulator: Simulator = await startSimulator({ port: 0, seed: 'clients', life: false, ...simulatorOptions })
  const events = new Inbox<GatewayEventData>()
  const statuses = new Inbox<ShardStatus[]>()
  const client = new DiscordGatewayClient({
    token: simulator.botToken,
    apiUrl: simulator.apiUrl,
    intents: INTENTS,
    random: () => 0,
    ...options,
  })
  client.onAnyEvent((event) => events.push(event))
  client.onStatus((shards) => statuses.push(shards))
  await client.connect()
  return {
    simulator,
    events,
    client,
    state: (state: ShardStatus['state']) => statuses.until(([shard]) => shard?.state === state),
    async [Symbol.asyncDispose]() {
      await client.close()
      await simulator.close()
    },
  }
}

/** Everything up to the last of READY's guilds. */
export async function guilds(events: Inbox<GatewayEventData>): Promise<GatewayEventData[]> {
  const ready = await events.next()
  const count = (ready.data as { guilds: unknown[] }).guilds.length
  return [ready, ...(await events.take(count))]
}
