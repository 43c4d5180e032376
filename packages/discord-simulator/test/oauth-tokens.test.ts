import { expect, test } from 'vitest'
import { DEFAULT_CLIENT_SECRET, PEOPLE } from '../src/index.ts'
import { sentTo, tokenOf } from './oauth-client.ts'
import { restClient } from './rest-client.ts'
import { scene } from './scene.ts'
import type { Scene } from './scene.ts'

/* What Discord refuses of who asks for tokens, and was taken. */

const client = (at: Scene) => ({ client_id: at.bot.id, client_secret: DEFAULT_CLIENT_SECRET })

const limited = (rateLimits: { invalidRequests?: number }) => scene({ rateLimits })
const scope = 'identify'
const ask = (at: Scene, fields: Record<string, string> = {}) =>
  fetch(`${at.simulator.apiUrl}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({ ...client(at), grant_type: 'client_credentials', scope, ...fields }),
  })

test('whoever asked for tokens without end was never told to wait', async () => {
  await using at = await limited({})
  for (let n = 0; n < 10; n++) {
    const response = await ask(at)
    // What is left, Discord does not tell here.
    expect([response.status, response.headers.get('x-ratelimit-remaining')]).toEqual([200, null])
  }
  const response = await ask(at)
  expect([response.status, await response.json()]).toEqual([
    429,
    { message: 'You are being rate limited.', retry_after: 2, global: false, code: 0 },
  ])
  expect(response.headers.get('retry-after')).toBe('2')
  at.clock.advance(2_000)
  expect((await ask(at)).status).toBe(200)
})

test('a wrong secret did not count for the ban, and who was banned got tokens', async () => {
  await using at = await limited({ invalidRequests: 3 })
  const login = { login_hint: PEOPLE.pikelet.id }
  const token = await tokenOf(at.simulator, PEOPLE.pikelet.id)
  for (let n = 0; n < 3; n++) expect((await ask(at, { client_secret: 'wrong' })).status).toBe(401)
  const banned = [429, 'error code: 1015']
  const revoked = await fetch(`${at.simulator.apiUrl}/v10/oauth2/token/revoke`, {
    method: 'POST',
    body: new URLSearchParams({ ...client(at), token }),
  })
  for (const response of [await ask(at), revoked]) expect([response.status, await response.text()]).toEqual(banned)
  // Who signs in asks from elsewhere.
  expect((await sentTo(at.simulator, login)).searchParams.has('code')).toBe(true)
  at.clock.advance(3_600_000)
  expect((await restClient(at.simulator, `Bearer ${token}`)('GET', '/users/@me')).status).toBe(200)
  expect((await ask(at)).status).toBe(200)
})

test('tokens were given beside the API, where Discord has only pages', async () => {
  await using at = await scene()
  const body = new URLSearchParams({ ...client(at), grant_type: 'client_credentials', scope })
  expect((await fetch(`${at.simulator.url}/oauth2/token`, { method: 'POST', body })).status).toBe(404)
})
