import { LinkError } from '@repo/discord-integration/types'
import { MemoryLog } from '@repo/event-feed'
import { expect, it } from 'vitest'
import { createMetrics } from '../src/metrics.ts'
import { Tally } from '../src/figures/tally.ts'
import { createPages } from '../src/pages.ts'
import { EVERY_SCOPE } from '../src/tokens/scopes.ts'

const origin = {
  backend: { id: 'the-hash', name: 'token 1', scopes: EVERY_SCOPE },
  version: 2,
  requestId: 'r',
} as const

function metricsOver(connections: { version: number; lag: number }[] = []) {
  const tally = new Tally()
  const metrics = createMetrics({
    tally,
    log: new MemoryLog({ maxAgeMs: 1, maxBytes: 1 }),
    identifies: () => null,
    shards: () => [{ id: 3, state: 'ready', since: 0, pingMs: 250, heardAt: null, sessionId: 's' }],
    link: () => ({ connections, traffic: { received: 5, sent: 7 } }),
  })
  return { ...metrics, tally }
}

it('counts what goes through, under names that a backend cannot make up', async () => {
  const { registry, observe, tally } = metricsOver([
    { version: 2, lag: 4 },
    { version: 2, lag: 9 },
  ])
  tally.countEvent('MESSAGE_CREATE')
  const run = observe(async (command) => {
    if (command !== 'send_message') throw new LinkError('UNKNOWN_COMMAND', 'no')
    return 'result'
  })
  expect(await run('send_message', { content: 'the-secret-text' }, origin)).toBe('result')
  await expect(run('made-up', {}, origin)).rejects.toMatchObject({ code: 'UNKNOWN_COMMAND' })
  for (let scrape = 0; scrape < 2; scrape++) {
    const text = await registry.metrics()
    for (const line of [
      'discord_gateway_events_total{event="MESSAGE_CREATE"} 1',
      'discord_gateway_command_seconds_count{command="send_message",outcome="ack"} 1',
      'discord_gateway_command_seconds_count{command="unknown",outcome="UNKNOWN_COMMAND"} 1',
      'discord_gateway_backends{version="1"} 0',
      'discord_gateway_backends{version="2"} 2',
      'discord_gateway_consumer_lag_entries 9',
      'discord_gateway_link_bytes_total{direction="sent"} 7',
      'discord_gateway_shard_state{shard="3",state="ready"} 1',
      'discord_gateway_shard_ping_seconds{shard="3"} 0.25',
    ]) {
      expect(text).toContain(`${line}\n`)
    }
    expect(text).not.toContain('made-up')
  }
})

it('the pages say what they are for', async () => {
  const { registry } = metricsOver()
  let reasons: string[] = ['shard 0 is connecting']
  const pages = createPages({ metrics: registry, reasons: () => reasons })
  expect(await pages['/healthz']?.()).toMatchObject({ status: 200 })
  expect(await pages['/readyz']?.()).toMatchObject({
    status: 503,
    body: JSON.stringify({ status: 'unready', reasons }),
  })
  reasons = []
  expect(await pages['/readyz']?.()).toMatchObject({ status: 200 })
  expect((await pages['/metrics']?.())?.contentType).toContain('text/plain')
})
