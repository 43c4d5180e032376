import { afterAll, beforeAll, expect, test } from 'vitest'
import { demultiplexed } from '../apps/web/test/server/demultiplexed.ts'
import { HopReportSchema } from '../apps/web/src/hop-report.ts'
import { EventStream } from './lib/event-stream.ts'
import { startStack, type Stack } from './lib/stack.ts'

// Two servers on one response, from Discord to the browser, through real processes.

let stack: Stack
type Guild = ReturnType<Stack['simulator']['world']['guilds']>[number]
let [tidewater, ledger]: [Guild, Guild] = [] as never

beforeAll(async () => {
  stack = await startStack()
  ;[tidewater, ledger] = stack.simulator.world.guilds() as [Guild, Guild]
})

afterAll(async () => {
  await stack[Symbol.asyncDispose]()
})

async function open(...places: string[]): Promise<EventStream> {
  const query = places.map((place) => `guild=${place}`).join('&')
  return await EventStream.open(`${stack.webUrl}/api/events?${query}&hops=1`, { cookie: await stack.signIn() })
}

/** Somebody types where everybody may look. */
function type({ id, channels, members }: Guild, timestamp: number) {
  const [channel, member] = [channels[0], members[0]]
  stack.simulator.dispatch('TYPING_START', {
    guild_id: id,
    channel_id: channel?.id,
    user_id: member?.user.id,
    timestamp,
  })
}

const linesOf = (stream: EventStream, { id }: Guild) => {
  const timed = new Set(['times'])
  return demultiplexed(stream.events.filter(({ event }) => !timed.has(event ?? ''))).get(id) ?? []
}
const stampsOf = (stream: EventStream, { id }: Guild) =>
  stream.events.flatMap(({ event, data }) => {
    const { guild_id, timestamp } = JSON.parse(data) as { guild_id?: string; timestamp?: number }
    return event === 'TYPING_START' && guild_id === id ? [timestamp] : []
  })
const typed = (stream: EventStream, timestamp: number) =>
  stream.event(`typing ${timestamp}`, ({ data }) => data.includes(`"timestamp":${timestamp}`))
const live = (stream: EventStream, guild: Guild) =>
  stream.event(`sync live of ${guild.name}`, () => linesOf(stream, guild).some((line) => line.startsWith('sync live')))

test('each of two guilds is resumed at its own place, exactly once and in order, also by a web that was killed', async () => {
  let places: { far: string; near: string }
  {
    await using stream = await open(tidewater.id, ledger.id)
    for (const guild of [tidewater, ledger]) await live(stream, guild)
    type(tidewater, 1)
    const far = (await typed(stream, 1)).id ?? ''
    for (let n = 2; n <= 20; n++) type(n % 2 === 0 ? tidewater : ledger, n)
    await typed(stream, 20)
    const near = (await typed(stream, 19)).id ?? ''
    places = { far, near }
    stack.web.kill('SIGKILL')
    await stack.web.exited
  }
  for (let n = 21; n <= 30; n++) type(n % 2 === 0 ? tidewater : ledger, n)
  await stack.restartWeb()
  await using stream = await open(`${tidewater.id}@${places.far}`, `${ledger.id}@${places.near}`)
  type(tidewater, 32)
  type(ledger, 33)
  for (const last of [32, 33]) await typed(stream, last)
  expect(stampsOf(stream, tidewater)).toEqual([2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32])
  expect(stampsOf(stream, ledger)).toEqual([21, 23, 25, 27, 29, 33])
  for (const guild of [tidewater, ledger]) expect(linesOf(stream, guild)[0]).toBe('sync resumed')
})

test('a person who is put out of one guild keeps the other', async () => {
  await using stream = await open(tidewater.id, ledger.id, '1')
  for (const guild of [tidewater, ledger]) await live(stream, guild)
  const umberfox = ledger.members.find(({ user }) => user.username === 'umberfox')
  stack.simulator.dispatch('GUILD_MEMBER_REMOVE', { guild_id: ledger.id, user: umberfox?.user })
  await stream.event('the end of one', ({ event, data }) => event === 'guild' && data.includes('NOT_FOUND'))
  type(ledger, 41)
  type(tidewater, 42)
  await typed(stream, 42)
  expect(stampsOf(stream, ledger)).toEqual([])
  expect(stream.ended).toBe(false)
})

test('clocks and times are told by the same web process', async () => {
  const cookie = await stack.signIn()
  const clock = await fetch(`${stack.webUrl}/api/clock`, { headers: { cookie } })
  expect(clock.headers.get('cache-control')).toBe('no-store')
  const { ts, by } = (await clock.json()) as { ts: number; by: string }
  expect(Math.abs(ts - Date.now())).toBeLessThan(5_000)
  expect((await fetch(`${stack.webUrl}/api/clock`)).status).toBe(401)
  await using stream = await open(tidewater.id)
  await live(stream, tidewater)
  const hops = await stream.event('the gateway’s clock', ({ event, data }) => {
    return event === 'hops' && HopReportSchema.parse(JSON.parse(data)).gateway.clockMs !== null
  })
  const report = HopReportSchema.parse(JSON.parse(hops.data))
  expect(report.by).toBe(by)
  // Both are processes of this machine.
  expect(Math.abs(report.gateway.clockMs ?? Infinity)).toBeLessThan(1_000)
  expect(report.discord.shards).toMatchObject([{ id: 0, state: 'ready' }])
  type(tidewater, 50)
  const { id } = await typed(stream, 50)
  const times = stream.events.findLast(({ event }) => event === 'times')
  const { web, at } = JSON.parse(times?.data ?? '') as { web: number; at: [string, number][] }
  expect(at.map(([one]) => one)).toContain(id)
  expect(Math.abs(web - (at[0]?.[1] ?? 0))).toBeLessThan(5_000)
})
