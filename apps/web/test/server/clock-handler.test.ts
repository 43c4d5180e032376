import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it, vi } from 'vitest'
import { createClockHandler } from '../../src/server/realtime/clock-handler.ts'
import type { ClockHandlerOptions } from '../../src/server/realtime/clock-handler.ts'
import { ada } from './stream-scene.ts'

const cleanUps: (() => unknown)[] = []
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp()
})

async function setUp(options: Partial<ClockHandlerOptions> = {}) {
  const handle = createClockHandler({
    by: 'this one',
    now: () => 1_700_000_000_123,
    viewerOf: () => Promise.resolve(ada),
    onFailure: (response) => void response.writeHead(500).end(),
    ...options,
  })
  const server = createServer((request, response) => {
    if (!handle(request, response)) response.writeHead(418).end()
  }).listen(0, '127.0.0.1')
  cleanUps.push(() => server.close())
  await once(server, 'listening')
  return (path: string, method = 'GET') =>
    fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, { method })
}

it('says its own clock, and whose it is, and is kept by nobody', async () => {
  const ask = await setUp()
  for (const path of ['/api/clock', '/api/clock?again=1']) {
    const answer = await ask(path)
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(await answer.json()).toEqual({ ts: 1_700_000_000_123, by: 'this one' })
  }
})

it.each([
  ['/api/clock', 'POST', 405],
  ['/api/clock', 'HEAD', 405],
  ['/api/clocks', 'GET', 418],
  ['/api/clock/', 'GET', 418],
])('%s %s: %i', async (path, method, status) => {
  expect((await (await setUp())(path, method)).status).toBe(status)
})

it('says nothing to who is not signed in', async () => {
  const ask = await setUp({ viewerOf: () => Promise.resolve(null) })
  expect((await ask('/api/clock')).status).toBe(401)
})

it('costs who cannot be looked up that answer alone', async () => {
  const viewerOf = vi.fn<ClockHandlerOptions['viewerOf']>().mockRejectedValueOnce(new Error('the store is away'))
  const ask = await setUp({ viewerOf: viewerOf.mockResolvedValue(ada) })
  expect([(await ask('/api/clock')).status, (await ask('/api/clock')).status]).toEqual([500, 200])
})
