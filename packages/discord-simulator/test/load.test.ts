import { expect, test } from 'vitest'
import { createManualClock, startSimulator } from '../src/index.ts'
import { identified } from './raw-client.ts'

const START_MS = Date.parse('2026-11-20T14:08:00Z')

test('a thousand guilds spread evenly over sixteen shards, each with ids of its own', async () => {
  await using simulator = await startSimulator({ guilds: 1_000, shards: 16 })
  const guilds = simulator.world.guilds()
  const ids = guilds.flatMap(({ id, channels, roles }) => [id, ...channels.map((c) => c.id), ...roles.map((r) => r.id)])
  // @everyone has its guild's id.
  expect(new Set(ids).size).toBe(ids.length - guilds.length)
  const { client, ready } = await identified(simulator, { shard: [15, 16] })
  await using _ = client
  expect(ready.d.guilds.length).toBeGreaterThan(55)
  expect(ready.d.guilds.length).toBeLessThan(70)
  for (const _guild of ready.d.guilds) await client.event('GUILD_CREATE')
})

test('sends as many events a second as asked for, as large as asked for, and the world forgets them', async () => {
  const clock = createManualClock(START_MS)
  await using simulator = await startSimulator({ clock, guilds: 10 })
  const { client } = await identified(simulator)
  await using _ = client
  const before = structuredClone(simulator.world.guilds())
  simulator.load.start({ events_per_s: 500, bytes: 2_000 })
  clock.advance(2_000)
  simulator.load.stop()
  clock.advance(1_000)
  expect(simulator.load.sent).toBeGreaterThan(990)
  expect(simulator.load.sent).toBeLessThanOrEqual(1_000)
  const guildIds = new Set<string>()
  for (let n = 0; n < simulator.load.sent; n++) {
    const { d } = await client.event('MESSAGE_CREATE')
    guildIds.add(d.guild_id)
    expect(JSON.stringify(d).length).toBe(2_000)
  }
  expect(guildIds.size).toBe(10)
  expect(simulator.world.guilds()).toEqual(before)
})

test('sends less than one a second too', async () => {
  const clock = createManualClock(START_MS)
  await using simulator = await startSimulator({ clock })
  simulator.load.start({ events_per_s: 0.5 })
  clock.advance(10_000)
  simulator.load.stop()
  expect(simulator.load.sent).toBeGreaterThanOrEqual(4)
  expect(simulator.load.sent).toBeLessThanOrEqual(5)
})

test('goes on with the guild whose turn it is when it is started again', async () => {
  const clock = createManualClock(START_MS)
  await using simulator = await startSimulator({ clock, guilds: 10 })
  const { client } = await identified(simulator)
  await using _ = client
  const spokenIn: string[] = []
  while (spokenIn.length < 10) {
    const before = spokenIn.length
    simulator.load.start({ events_per_s: 100 })
    clock.advance(50)
    simulator.load.stop()
    for (let n = 0; n < simulator.load.sent; n++) {
      const { d } = await client.event('MESSAGE_CREATE')
      spokenIn.push(d.guild_id)
    }
    expect(spokenIn.length - before).toBeLessThan(10)
  }
  expect(new Set(spokenIn.slice(0, 10)).size).toBe(10)
})

test('waits for a client that is far behind, and goes on', async () => {
  const clock = createManualClock(START_MS)
  await using simulator = await startSimulator({ clock })
  const { client } = await identified(simulator)
  await using _ = client
  await client.event('GUILD_CREATE')
  simulator.load.start({ events_per_s: 'max' })
  // Nothing leaves within this turn of the event loop, so all of it waits.
  clock.advance(100)
  const { sent } = simulator.load
  expect(sent).toBeGreaterThanOrEqual(4_096)
  expect(sent).toBeLessThanOrEqual(4_096 + 1_024)
  clock.advance(100)
  expect(simulator.load.sent).toBe(sent)
  for (let n = 0; n < sent; n++) await client.event('MESSAGE_CREATE')
  clock.advance(5)
  expect(simulator.load.sent).toBeGreaterThan(sent)
})

test('is started and stopped over /_simulator/load', async () => {
  await using simulator = await startSimulator()
  const post = async (body: unknown) => {
    const response = await fetch(`${simulator.url}/_simulator/load`, { method: 'POST', body: JSON.stringify(body) })
    return [response.status, await response.json()]
  }
  const { client } = await identified(simulator)
  await using _ = client
  expect(await post({ events_per_s: 1_000 })).toEqual([200, { running: true, sent: 0 }])
  await client.event('MESSAGE_CREATE')
  expect(await post({ events_per_s: 0 })).toMatchObject([200, { running: false }])
  const told = await fetch(`${simulator.url}/_simulator/load`)
  expect(await told.json()).toEqual({ running: false, sent: simulator.load.sent })
  expect(await post({ events_per_s: -1 })).toMatchObject([400, { field: 'events_per_s' }])
})
