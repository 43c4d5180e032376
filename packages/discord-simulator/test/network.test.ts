import { connect } from 'node:net'
import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { networkInterfaces } from 'node:os'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { PEOPLE, startSimulator } from '../src/index.ts'
import type { Simulator } from '../src/index.ts'
import { tokenOf } from './oauth-client.ts'
import { identified } from './raw-client.ts'

const portOf = (simulator: Simulator) => Number(new URL(simulator.url).port)

async function ask(simulator: Simulator, path: string, headers: Record<string, string>, method = 'GET') {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const options = { host: '127.0.0.1', port: portOf(simulator), path, method, headers }
  request(options, resolve).on('error', reject).end()
  const response = await promise
  return { status: response.statusCode, headers: response.headers, body: await text(response) }
}

test('whoever offered h2c, as java.net.http and curl --http2 do, was taken for a gateway client and got 404', async () => {
  await using simulator = await startSimulator()
  const offer = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABkAAQAoAAAAAIAAAAA' }
  const authorization = `Bot ${simulator.botToken}`
  const answer = await ask(simulator, '/api/v10/users/@me', { ...offer, authorization })
  expect([answer.status, JSON.parse(answer.body)]).toMatchObject([200, { id: simulator.world.bot.id }])
  expect((await ask(simulator, '/_simulator/world', offer)).status).toBe(200)
  expect((await ask(simulator, '/', offer)).status).toBe(200)
  const { client } = await identified(simulator)
  await client[Symbol.asyncDispose]()
})

const origin = 'http://localhost:3000'

test('a page of another port could not ask with its own token', async () => {
  await using simulator = await startSimulator({ rateLimits: { invalidRequests: 1 } })
  const authorization = `Bearer ${await tokenOf(simulator, PEOPLE.pikelet.id)}`
  const asked = { origin, 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' }
  const first = await ask(simulator, '/api/v10/users/@me', asked, 'OPTIONS')
  expect([first.status, first.body]).toEqual([200, ''])
  expect(first.headers).toMatchObject({
    'access-control-allow-origin': origin,
    'access-control-allow-headers': expect.stringMatching(/\bAuthorization\b.*\bX-Audit-Log-Reason\b/),
    'access-control-allow-methods': 'POST, GET, PUT, PATCH, DELETE',
    vary: 'Origin',
  })
  const answer = await ask(simulator, '/api/v10/users/@me', { origin, authorization })
  expect([answer.status, JSON.parse(answer.body)]).toMatchObject([200, { id: PEOPLE.pikelet.id }])
  expect(answer.headers).toMatchObject({
    'access-control-allow-origin': origin,
    'access-control-expose-headers': expect.stringContaining('X-RateLimit-Reset-After'),
  })
  // A refusal, and the ban that follows it, can be read too.
  for (const status of [401, 429]) {
    const refused = await ask(simulator, '/api/v10/users/@me', { origin })
    expect([refused.status, refused.headers['access-control-allow-origin']]).toEqual([status, origin])
  }
})

test('pages from elsewhere are let read nothing, and nobody what is no API of Discord’s', async () => {
  await using simulator = await startSimulator()
  for (const method of ['OPTIONS', 'GET']) {
    const headers = { origin: 'https://example.com', 'access-control-request-method': 'GET' }
    const refused = await ask(simulator, '/api/v10/gateway', headers, method)
    expect([refused.status, refused.headers['access-control-allow-origin']]).toEqual([403, undefined])
  }
  const steering = await ask(simulator, '/_simulator/world', { origin })
  expect(steering.headers['access-control-allow-origin']).toBeUndefined()
  // Who is no browser is told nothing of it.
  const plain = await ask(simulator, '/api/v10/gateway', {})
  expect(plain.headers['access-control-allow-origin']).toBeUndefined()
  expect((await ask(simulator, '/api/v10/gateway', {}, 'OPTIONS')).status).toBe(405)
})

/** What is known of a connection that is tried: nobody is there, or somebody. */
const tried = (host: string, port: number) =>
  new Promise<string>((resolve) => {
    const socket = connect(port, host, () => resolve('connected')).on('error', () => resolve('refused'))
    socket.on('connect', () => socket.destroy())
  })

test('it listens on 127.0.0.1 alone', async () => {
  await using simulator = await startSimulator()
  expect(await tried('127.0.0.1', portOf(simulator))).toBe('connected')
  const others = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  const addresses = others
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address)
  // All of 127.0.0.0/8 is this machine on Linux, so that there is always one to try.
  if (process.platform === 'linux') addresses.push('127.0.0.2')
  for (const host of addresses) expect([host, await tried(host, portOf(simulator))]).toEqual([host, 'refused'])
})
