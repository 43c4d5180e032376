import { describe, expect, test } from 'vitest'
import { PEOPLE, createManualClock, startSimulator } from '../src/index.ts'
import type { Simulator, SimulatorOptions } from '../src/index.ts'
import { restClient } from './rest-client.ts'

const START_MS = Date.parse('2026-11-20T14:08:00Z')

async function limited(rateLimits: SimulatorOptions['rateLimits'] = {}) {
  const clock = createManualClock(START_MS)
  const simulator = await startSimulator({ clock, rateLimits })
  const call = restClient(simulator)
  const channel = (name: string) => channelNamed(simulator, name)
  const post = (name: string) => call('POST', `/channels/${channel(name)}/messages`, { content: 'x' })
  return { clock, simulator, call, post, channel, [Symbol.asyncDispose]: () => simulator.close() }
}

const channelNamed = (simulator: Simulator, name: string) =>
  simulator.world.guilds()[0]!.channels.find((channel) => channel.name === name)!.id

describe('a bucket', () => {
  test('tells in headers what is left, and refuses what is too much until its window is over', async () => {
    await using at = await limited()
    const seen = []
    for (let n = 0; n < 5; n++) seen.push((await at.post('general')).headers.get('x-ratelimit-remaining'))
    expect(seen).toEqual(['4', '3', '2', '1', '0'])
    at.clock.advance(1_500)
    const { status, body, headers } = await at.post('general')
    expect([status, body]).toEqual([
      429,
      { message: 'You are being rate limited.', retry_after: 3.5, global: false, code: 0 },
    ])
    expect(Object.fromEntries(headers)).toMatchObject({
      'retry-after': '4',
      'x-ratelimit-limit': '5',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(START_MS / 1_000 + 5) + '.000',
      'x-ratelimit-reset-after': '3.500',
      'x-ratelimit-bucket': expect.stringMatching(/^[0-9a-f]{32}$/),
      'x-ratelimit-scope': 'user',
    })
    at.clock.advance(3_500)
    expect((await at.post('general')).status).toBe(200)
  })

  test('is one per channel, under one name', async () => {
    await using at = await limited()
    for (let n = 0; n < 5; n++) await at.post('general')
    const here = await at.post('general')
    const there = await at.post('build-log')
    expect([here.status, there.status]).toEqual([429, 200])
    expect(here.headers.get('x-ratelimit-bucket')).toBe(there.headers.get('x-ratelimit-bucket'))
  })

  test('is not asked when nobody counts', async () => {
    await using at = await limited(false)
    for (let n = 0; n < 8; n++) expect((await at.post('general')).status).toBe(200)
    expect((await at.post('general')).headers.has('x-ratelimit-limit')).toBe(false)
  })
})

test('the global limit is over all routes', async () => {
  await using at = await limited({ globalPerSecond: 3 })
  for (const path of ['/users/@me', '/gateway/bot', '/users/@me/guilds']) await at.call('GET', path)
  const { status, body, headers } = await at.call('GET', '/applications/@me')
  expect([status, body.global, body.retry_after]).toEqual([429, true, 1])
  expect([headers.get('x-ratelimit-global'), headers.get('x-ratelimit-scope')]).toEqual(['true', 'global'])
  at.clock.advance(1_000)
  expect((await at.call('GET', '/applications/@me')).status).toBe(200)
})

test('answers to interactions are not counted by the global limit', async () => {
  await using at = await limited({ globalPerSecond: 3 })
  const { bot } = at.simulator.world
  await at.call('POST', `/applications/${bot.id}/commands`, { name: 'fire', description: 'x' })
  const place = { user_id: PEOPLE.pikelet.id, channel_id: at.channel('general'), command: 'fire' }
  const ran = Array.from({ length: 5 }, () => at.simulator.interact(place))
  for (let n = 0; n < 2; n++) await at.call('GET', '/users/@me')
  for (const { id, token } of ran) {
    const data = { content: 'lit' }
    expect((await at.call('POST', `/interactions/${id}/${token}/callback`, { type: 4, data })).status).toBe(204)
    const hook = `/webhooks/${bot.id}/${token}`
    expect((await at.call('POST', hook, data)).status).toBe(200)
    expect((await at.call('GET', `${hook}/messages/@original`)).status).toBe(200)
    expect((await at.call('PATCH', `${hook}/messages/@original`, { content: 'out' })).status).toBe(200)
    expect((await at.call('DELETE', `${hook}/messages/@original`)).status).toBe(204)
  }
  const { status, body } = await at.call('GET', '/users/@me')
  expect([status, body.global]).toEqual([429, true])
})

test('emojis are limited by guild, whoever asks, and that is nobody’s fault', async () => {
  await using at = await limited({ invalidRequests: 1 })
  const ask = () => at.call('GET', `/guilds/${at.simulator.world.guilds()[0]!.id}/emojis`)
  for (let n = 0; n < 30; n++) await ask()
  const { status, headers } = await ask()
  expect([status, headers.get('x-ratelimit-scope')]).toEqual([429, 'shared'])
  // One such answer would have been the ban.
  expect((await at.call('GET', '/users/@me')).status).toBe(200)
})

describe('the ban', () => {
  const raw = async ({ simulator }: { simulator: Simulator }, authorization: string) => {
    const response = await fetch(`${simulator.apiUrl}/v10/users/@me`, { headers: { authorization } })
    return { status: response.status, text: await response.text(), retry: response.headers.get('retry-after') }
  }

  test('comes after too many requests that should not have been sent, and ends', async () => {
    await using at = await limited({ invalidRequests: 3 })
    const bot = `Bot ${at.simulator.botToken}`
    for (let n = 0; n < 2; n++) expect((await raw(at, 'Bot wrong')).status).toBe(401)
    expect((await raw(at, bot)).status).toBe(200)
    expect((await raw(at, 'Bot wrong')).status).toBe(401)
    expect(await raw(at, bot)).toEqual({ status: 429, text: 'error code: 1015', retry: '3600' })
    at.clock.advance(3_600_000)
    expect((await raw(at, bot)).status).toBe(200)
  })

  test('forgets after ten minutes', async () => {
    await using at = await limited({ invalidRequests: 3 })
    for (let n = 0; n < 2; n++) await raw(at, 'Bot wrong')
    at.clock.advance(600_000)
    for (let n = 0; n < 2; n++) await raw(at, 'Bot wrong')
    expect((await raw(at, `Bot ${at.simulator.botToken}`)).status).toBe(200)
  })
})

test('what was forbidden did not count for the ban', async () => {
  await using at = await limited({ invalidRequests: 3 })
  for (let n = 0; n < 3; n++) {
    const { id, owner_id } = at.simulator.world.guilds()[0]!
    expect((await at.call('DELETE', `/guilds/${id}/members/${owner_id}`)).status).toBe(403)
  }
  const banned = await fetch(`${at.simulator.apiUrl}/v10/users/@me`)
  expect([banned.status, await banned.text()]).toEqual([429, 'error code: 1015'])
})

test('a global 429 named a bucket that it is not of', async () => {
  await using at = await limited({ globalPerSecond: 1 })
  const bucket = (headers: Headers) =>
    [...headers.keys()].filter((name) => /^x-ratelimit-(limit|remaining|reset|bucket)/.test(name))
  expect(bucket((await at.call('GET', '/users/@me')).headers)).toHaveLength(5)
  expect(bucket((await at.call('GET', '/users/@me')).headers)).toEqual([])
  at.clock.advance(1_000)
  const asked = { kind: 'rest', answer: 429, times: 1 } as const
  at.simulator.faults.inject({ ...asked, scope: 'global' })
  const global = await at.call('GET', '/users/@me')
  expect([global.status, global.body.global, bucket(global.headers)]).toEqual([429, true, []])
  at.simulator.faults.inject({ ...asked, scope: 'user' })
  expect(bucket((await at.call('GET', '/users/@me')).headers)).toHaveLength(5)
})
