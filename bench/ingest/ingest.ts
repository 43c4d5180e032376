import type { BenchOptions } from '../lib/options.ts'
import { Party } from '../lib/party.ts'
import { comparison, type Table } from '../lib/report.ts'
import { interleave, type Contender } from '../lib/rounds.ts'
import type { Simulator, SimulatorSetup } from './simulator.ts'
import type { ClientAnswers } from './tally.ts'

const DISCORD: SimulatorSetup = { guilds: 20, bytes: 1_024 }

/** The first is what the others are compared with. */
const CLIENTS = [
  { name: '@discordjs/ws, keeping nothing', script: 'discordjs.ts', setup: {} },
  { name: 'bare ws and JSON.parse, keeping nothing', script: 'bare.ts', setup: {} },
  { name: '@discordeno/gateway, keeping nothing', script: 'discordeno.ts', setup: {} },
  { name: 'discord.js, keeping what it keeps', script: 'discord-js.ts', setup: {} },
  { name: 'the example, keeping nothing', script: 'example.ts', setup: {} },
  { name: 'the service, log in memory', script: 'ours.ts', setup: { log: 'memory' } },
  {
    name: 'the same, compressed (zstd-stream)',
    script: 'ours.ts',
    setup: { log: 'memory', compression: 'zstd-stream' },
  },
  { name: 'the service, log in a file', script: 'ours.ts', setup: { log: 'file' } },
]

const script = (name: string) => new URL(name, import.meta.url)

/** Discord → log: dispatches of 1 KB over one shard, each client with a simulator of its own, as fast as it takes them. */
export async function ingest(options: BenchOptions): Promise<Table[]> {
  await using stack = new AsyncDisposableStack()
  const contenders = await Promise.all(
    CLIENTS.map(async ({ name, script: file, setup }): Promise<Contender> => {
      const simulator = stack.use(new Party<Simulator>(script('simulator.ts'), DISCORD))
      const where = await simulator.ask('where')
      const client = stack.use(new Party<ClientAnswers>(script(file), { ...where, ...setup }))
      await client.ask('ready', DISCORD.guilds)
      return { name, round: (forMs) => round(simulator, client, forMs) }
    }),
  )
  return [
    comparison('ingest: dispatches of 1 KB', [{ name: 'one shard', samples: await interleave(contenders, options) }]),
  ]
}

async function round(simulator: Party<Simulator>, client: Party<ClientAnswers>, forMs: number) {
  await client.ask('begin')
  const from = performance.now()
  const events = await simulator.ask('load', { forMs, perSecond: 'max' })
  const cpuUs = await client.ask('reach', events)
  return { events, wallMs: performance.now() - from, cpuUs }
}
