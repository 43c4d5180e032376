import type { IdentifyBudget, ShardStatus } from '@repo/discord-integration/clients'
import { isCommandName, LinkError } from '@repo/discord-integration/types'
import type { EventLog } from '@repo/event-feed'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { RunCommand } from './command-origin.ts'
import type { Tally } from './figures/tally.ts'

const PREFIX = 'discord_gateway_'

export type MetricsSources = {
  tally: Tally
  log: Pick<EventLog, 'size'>
  shards: () => readonly ShardStatus[]
  identifies: () => IdentifyBudget | null
  link: () => { connections: Iterable<{ version: number; lag: number }>; traffic: { received: number; sent: number } }
}

export type Metrics = {
  registry: Registry
  /** The same runner, counted and timed. */
  observe: (runCommand: RunCommand) => RunCommand
}

export function createMetrics({ tally, log, shards, identifies, link }: MetricsSources): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: PREFIX })
  const registers = [registry]
  const gauge = (name: string, help: string, collect: (gauge: Gauge) => void, labelNames: string[] = []) =>
    new Gauge({
      name: `${PREFIX}${name}`,
      help,
      labelNames,
      registers,
      collect() {
        this.reset()
        collect(this)
      },
    })

  const events = new Counter({
    name: `${PREFIX}events_total`,
    help: 'Dispatches received from Discord.',
    labelNames: ['event'],
    registers: [],
    collect() {
      this.reset()
      for (const [event, { count }] of tally.events) this.inc({ event }, count)
    },
  })
  registry.registerMetric(events)
  const commands = new Histogram({
    name: `${PREFIX}command_seconds`,
    help: 'Commands of backends by how they ended, and how long that took.',
    labelNames: ['command', 'outcome'],
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  })
  gauge('log_entries', 'Entries in the log.', (self) => self.set(log.size.entries))
  gauge('log_bytes', 'Bytes in the log.', (self) => self.set(log.size.bytes))
  gauge(
    'backends',
    'Backends connected.',
    (self) => {
      for (const version of [1, 2]) self.set({ version }, 0)
      for (const { version } of link().connections) self.inc({ version })
    },
    ['version'],
  )
  gauge('consumer_lag_entries', 'How many entries the slowest backend is behind.', (self) =>
    self.set(Math.max(0, ...[...link().connections].map(({ lag }) => lag))),
  )
  const linkBytes = new Counter({
    name: `${PREFIX}link_bytes_total`,
    help: 'Bytes of the link.',
    labelNames: ['direction'],
    registers: [],
    collect() {
      const { received, sent } = link().traffic
      this.reset()
      this.inc({ direction: 'received' }, received)
      this.inc({ direction: 'sent' }, sent)
    },
  })
  registry.registerMetric(linkBytes)
  gauge(
    'shard_state',
    'The state a shard is in: 1.',
    (self) => {
      for (const { id, state } of shards()) self.set({ shard: id, state }, 1)
    },
    ['shard', 'state'],
  )
  gauge(
    'shard_ping_seconds',
    'The last heartbeat’s round trip.',
    (self) => {
      for (const { id, pingMs } of shards()) if (pingMs !== null) self.set({ shard: id }, pingMs / 1000)
    },
    ['shard'],
  )
  gauge('identifies_remaining', 'IDENTIFYs left of the day’s.', (self) => {
    const budget = identifies()
    if (budget) self.set(budget.remaining)
  })
  gauge(
    'identifies_exhausted',
    'Whether a shard waits because only the reserve of the day’s IDENTIFYs is left: 1.',
    (self) => self.set(identifies()?.exhausted ? 1 : 0),
  )

  return {
    registry,
    observe: (runCommand) => async (name, payload, origin) => {
      // Whatever else a backend calls a command must not become a label for ever.
      const stop = commands.startTimer({ command: isCommandName(name) ? name : 'unknown' })
      const end = (outcome: string) => {
        stop({ outcome })
        tally.countCommand(name, outcome)
      }
      try {
        const result = await runCommand(name, payload, origin)
        end('ack')
        return result
      } catch (error) {
        end(error instanceof LinkError ? error.code : 'INTERNAL_ERROR')
        throw error
      }
    },
  }
}
