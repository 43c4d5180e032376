import { FiguresSchema, type Figures } from '@repo/discord-integration/types'
import { expect, it } from 'vitest'
import { until } from '../../../test/lib/child.ts'
import { linkUrl, useGateways } from './gateways.ts'
import { Backend } from './link.ts'

const gateways = useGateways('figures')
const { start, type, guildId } = gateways

let asked = 0

/** What the gateway counts, as a backend is told it. */
async function figuresOf(backend: Backend, payload: object = {}): Promise<Figures> {
  const requestId = `f-${(asked += 1)}`
  backend.command('get_figures', payload, requestId)
  const answers = await backend.until((message) => message.type === 'ack' && message.requestId === requestId)
  const ack = answers.at(-1)
  return FiguresSchema.parse(ack?.type === 'ack' ? ack.data : null)
}

/** A backend that is told nothing but what it asks for. */
const asker = async (port: number) => {
  const backend = await Backend.open(linkUrl(port), { query: '?events=STAGE_INSTANCE_CREATE&snapshot=0' })
  await backend.live()
  return backend
}

function speak(content: string): void {
  const guild = gateways.simulator.world.guilds()[0]
  const channel = guild?.channels.find(({ name }) => name === 'general')
  gateways.simulator.people.speak({ user_id: guild?.owner_id ?? '', channel_id: channel?.id ?? '', content })
}

it('a session that is lost costs an IDENTIFY and leaves a gap, which say so, and say so after a restart', async () => {
  const gateway = start()
  await using backend = await asker(await gateway.ready())
  const before = await figuresOf(backend)
  expect(before).toMatchObject({
    shards: [{ id: 0, state: 'ready', identifies: 1, resumes: 0, guilds: 2, session_since: expect.any(Number) }],
    gaps: [],
  })
  type(1)
  const connection = gateways.simulator.connections().at(-1)?.id ?? 0
  gateways.simulator.dropConnection(connection)
  const resumed = await until('the session to be resumed', async () => {
    const figures = await figuresOf(backend)
    return figures.shards[0]?.resumes === 1 && figures.shards[0].state === 'ready' ? figures : null
  })
  expect(resumed.shards).toMatchObject([{ identifies: 1, session_since: before.shards[0]?.session_since }])

  gateways.simulator.faults.inject({ kind: 'outage', for_ms: 1, sessions: 'die' })
  speak('in the gap')
  const lost = await until('the gap to be filled', async () => {
    const figures = await figuresOf(backend)
    return figures.gaps[0]?.restored?.done ? figures : null
  })
  expect(lost.gaps).toMatchObject([
    { reason: 'not_resumed', shard: 0, restored: { messages: 1, done: true, channels_left: 0 } },
  ])
  expect(lost.shards).toMatchObject([{ identifies: 2, resumes: 1 }])
  const spent = (before.identifies?.remaining ?? 0) - (lost.identifies?.remaining ?? 0)
  expect(spent).toBe(1)
  const [gap] = lost.gaps
  expect(await gateway.end()).toBe(0)

  await using again = await asker(await start().ready())
  const after = await figuresOf(again, { history: '15m' })
  expect(after.gaps).toEqual([gap])
  expect(after.shards).toMatchObject([{ identifies: 2, session_since: lost.shards[0]?.session_since }])
  // Of what was counted before it is told too.
  expect(after.history?.events.messages.some((rate) => rate !== null && rate > 0)).toBe(true)
})

it('a gap for want of the gateway says so', async () => {
  const first = start()
  await first.ready()
  await first.end('SIGKILL')
  gateways.simulator.faults.inject({ kind: 'outage', for_ms: 1, sessions: 'die' })
  await using backend = await asker(await start().ready())
  const { gaps } = await until('the gap', async () => {
    const figures = await figuresOf(backend)
    return figures.gaps.length > 0 ? figures : null
  })
  expect(gaps).toMatchObject([{ reason: 'away', shard: 0 }])
})

it('a backend that takes nothing is slow, and its lag grows with what waits', async () => {
  const port = await start().ready()
  await using watcher = await asker(port)
  await using slow = await Backend.open(linkUrl(port))
  await slow.live()
  const slowOne = async () => (await figuresOf(watcher)).consumers.find(({ id }) => id === 2)
  expect(await slowOne()).toMatchObject({ name: 'token 1', version: 2, state: 'live', behind: 0, lag_ms: 0 })
  slow.socket.pause()
  const text = 'x'.repeat(64 * 1024)
  let n = 0
  const found = await until('it to be slow', async () => {
    gateways.simulator.dispatch('TYPING_START', { guild_id: guildId(), timestamp: (n += 1), text })
    const one = await slowOne()
    return one?.state === 'slow' ? one : null
  })
  expect(found.behind).toBeGreaterThan(0)
  expect(found.lag_ms).toBeGreaterThanOrEqual(1_000)
  slow.socket.resume()
  const caughtUp = await until('it to have caught up', async () => {
    const one = await slowOne()
    return one?.state === 'live' && one.behind === 0 ? one : null
  })
  expect(caughtUp.bytes_per_second).toBeGreaterThan(0)
})

it('what was counted is on /metrics too, from the same counts', async () => {
  const port = await start().ready()
  await using backend = await asker(port)
  type(1)
  const { events_per_second: rates } = await until('it to be counted', async () => {
    const figures = await figuresOf(backend)
    return figures.events_per_second.messages > 0 ? figures : null
  })
  expect(rates.messages).toBeLessThanOrEqual(1)
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  expect(text).toContain('discord_gateway_events_total{event="TYPING_START"} 1\n')
})
