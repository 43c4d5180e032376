import type { GatewayGuildCreateDispatchData } from 'discord-api-types/v10'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from './lib/child.ts'
import { EventStream } from './lib/event-stream.ts'
import { startStack, type Stack } from './lib/stack.ts'

// The whole way, from Discord to a browser's stream, through real processes.

let stack: Stack
let tidewater: GatewayGuildCreateDispatchData
let ledger: GatewayGuildCreateDispatchData

beforeAll(async () => {
  stack = await startStack()
  const [first, second] = stack.simulator.world.guilds()
  if (!first || !second) throw new Error('the world has too few guilds')
  ;[tidewater, ledger] = [first, second]
})

afterAll(async () => {
  await stack[Symbol.asyncDispose]()
})

const urlOf = (guildId: string) => `${stack.webUrl}/api/guilds/${guildId}/events`

async function live(guildId: string, headers: Record<string, string> = {}): Promise<EventStream> {
  const stream = await EventStream.open(urlOf(guildId), { cookie: await stack.signIn(), ...headers })
  await stream.sync('live')
  return stream
}

/** Somebody types where everybody in that guild may look. */
function typing(guildId: string, timestamp: number) {
  const guild = guildId === ledger.id ? ledger : tidewater
  return { guild_id: guildId, channel_id: guild.channels[0]?.id, user_id: guild.members[0]?.user.id, timestamp }
}

test('a new browser gets the guild, then what happens next, each with its id and as Discord wrote it', async () => {
  await using stream = await live(tidewater.id)
  expect(stream.events.slice(0, 3).map(({ event }) => event)).toEqual(['sync', 'GUILD_CREATE', 'sync'])
  expect(stream.events.map(({ data }) => (JSON.parse(data) as { state?: string }).state)).toEqual([
    'snapshot',
    undefined,
    'live',
  ])
  expect((JSON.parse(stream.events[1]?.data ?? '') as { id: string }).id).toBe(tidewater.id)

  const payload = typing(tidewater.id, 1)
  stack.simulator.dispatch('TYPING_START', payload)
  const event = await stream.event('TYPING_START', ({ event: name }) => name === 'TYPING_START')
  expect(event.data).toBe(JSON.stringify(payload))
  expect(event.id).toMatch(/^[a-z0-9]+-\d+$/)
})

test('an event reaches only the streams of its own guild, and some reach none', async () => {
  await using here = await live(tidewater.id)
  await using there = await live(ledger.id)
  const never = ['INTERACTION_CREATE', 'VOICE_SERVER_UPDATE', 'GUILD_MEMBERS_CHUNK', 'SOMETHING_NEW']
  for (const event of never) stack.simulator.dispatch(event, { guild_id: tidewater.id, token: 'secret' })
  stack.simulator.dispatch('USER_UPDATE', { id: '1', username: 'gantry' })
  stack.simulator.dispatch('TYPING_START', typing(ledger.id, 2))
  stack.simulator.dispatch('TYPING_START', typing(tidewater.id, 3))

  const stamp = (stream: EventStream) => async (timestamp: number) => {
    const fits = ({ event, data }: { event?: string | undefined; data: string }) =>
      event === 'TYPING_START' && (JSON.parse(data) as { timestamp: number }).timestamp === timestamp
    await stream.event(`TYPING_START ${timestamp}`, fits)
  }
  await stamp(here)(3)
  await stamp(there)(2)
  const names = (stream: EventStream) => stream.events.map(({ event }) => event)
  expect(names(here)).toEqual(['sync', 'GUILD_CREATE', 'sync', 'TYPING_START'])
  expect(names(there)).toEqual(['sync', 'GUILD_CREATE', 'sync', 'TYPING_START'])
})

/** Until web has heard which intents the bot has, whoever comes back is told the guild anew besides: roles may have changed unsaid. */
async function membersAreTold(): Promise<boolean> {
  await using stream = await live(tidewater.id)
  const { id = '' } = await stream.sync('live')
  await using again = await live(tidewater.id, { 'last-event-id': id })
  return !again.events.some(({ event }) => event === 'GUILD_CREATE')
}

test('a returning browser gets exactly what it missed, by header or by query', async () => {
  await until('web to know the intents', membersAreTold)
  let lastEventId: string
  {
    await using stream = await live(tidewater.id)
    stack.simulator.dispatch('TYPING_START', typing(tidewater.id, 10))
    lastEventId = (await stream.event('TYPING_START', ({ event }) => event === 'TYPING_START')).id ?? ''
  }
  for (const timestamp of [11, 12]) stack.simulator.dispatch('TYPING_START', typing(tidewater.id, timestamp))
  {
    // Whatever is dispatched has come to web when it has come to another stream.
    await using witness = await live(tidewater.id)
    stack.simulator.dispatch('TYPING_START', typing(tidewater.id, 13))
    await witness.event('TYPING_START', ({ event }) => event === 'TYPING_START')
  }
  for (const [url, headers] of [
    [urlOf(tidewater.id), { 'last-event-id': lastEventId }],
    [`${urlOf(tidewater.id)}?last_event_id=${lastEventId}`, {}],
    [`${urlOf(tidewater.id)}?last_event_id=nonsense`, { 'last-event-id': lastEventId }],
  ] as const) {
    await using stream = await EventStream.open(url, { cookie: await stack.signIn(), ...headers })
    await stream.sync('live')
    const seen = stream.events.map(({ event, data }) => {
      const { state, timestamp } = JSON.parse(data) as { state?: string; timestamp?: number }
      return `${event} ${state ?? timestamp}`
    })
    expect(seen).toEqual(['sync resumed', 'TYPING_START 11', 'TYPING_START 12', 'TYPING_START 13', 'sync live'])
  }
})

test('an id of another log is told so, and gets the guild anew', async () => {
  await using stream = await live(tidewater.id, { 'last-event-id': 'another-7' })
  expect(JSON.parse(stream.events[0]?.data ?? '')).toEqual({ state: 'snapshot', reason: 'foreign' })
})

test('while the gateway is killed a stream stays open, and misses nothing', async () => {
  await using stream = await live(ledger.id)
  const { length } = stream.events
  stack.gateway.kill('SIGKILL')
  await stack.gateway.exited
  stack.simulator.dispatch('TYPING_START', typing(ledger.id, 10))
  await stack.restartGateway()
  stack.simulator.dispatch('TYPING_START', typing(ledger.id, 11))
  await stream.event('the later event', ({ data }) => data.includes('"timestamp":11'))
  expect(stream.ended).toBe(false)
  const since = stream.events.slice(length).filter(({ event }) => event !== 'sync')
  expect(since.map(({ data }) => (JSON.parse(data) as { timestamp: number }).timestamp)).toEqual([10, 11])
})

test('web that was started anew resumes its browsers, with exactly what happened while it was away, and the guild as it is', async () => {
  const stream = await live(tidewater.id)
  stack.simulator.dispatch('TYPING_START', typing(tidewater.id, 20))
  const { id } = await stream.event('TYPING_START', ({ event }) => event === 'TYPING_START')
  if (!id) throw new Error('no id to come back with')
  await stream[Symbol.asyncDispose]()
  stack.web.kill('SIGKILL')
  await stack.web.exited
  stack.simulator.dispatch('TYPING_START', typing(tidewater.id, 21))
  stack.simulator.dispatch('TYPING_START', typing(ledger.id, 22))
  await stack.restartWeb()
  await using again = await live(tidewater.id, { 'last-event-id': id })
  // Web has seen the guilds come, and knows not what they came upon.
  const told = again.events.map(({ event, data }) => {
    const { state, timestamp } = JSON.parse(data) as { state?: string; timestamp?: number }
    return state ?? timestamp ?? event
  })
  expect(told).toEqual(['resumed', 21, 'GUILD_CREATE', 'live'])
})

test('a browser goes from one web to another and back, and each tells it exactly what it missed', async () => {
  await using other = await stack.anotherWeb()
  const webs = [stack.webUrl, other.url, stack.webUrl, other.url]
  const seen: number[] = []
  const states: string[] = []
  let lastEventId: string | undefined
  let n = 30
  for (const web of webs) {
    const headers = { cookie: await stack.signIn(), ...(lastEventId !== undefined && { 'last-event-id': lastEventId }) }
    await using stream = await EventStream.open(`${web}/api/guilds/${tidewater.id}/events`, headers)
    await stream.sync('live')
    stack.simulator.dispatch('TYPING_START', typing(tidewater.id, ++n))
    const { id } = await stream.event(`TYPING_START ${n}`, ({ data }) => data.includes(`"timestamp":${n}`))
    lastEventId = id
    for (const { event, data } of stream.events) {
      const { state, timestamp } = JSON.parse(data) as { state?: string; timestamp?: number }
      if (event === 'sync' && state !== undefined) states.push(state)
      if (event === 'TYPING_START' && timestamp !== undefined) seen.push(timestamp)
    }
    // While it is on its way to the next.
    stack.simulator.dispatch('TYPING_START', typing(tidewater.id, ++n))
  }
  expect(seen).toEqual([31, 32, 33, 34, 35, 36, 37])
  expect(states).toEqual(['snapshot', 'live', ...Array.from({ length: 3 }, () => ['resumed', 'live']).flat()])
})
