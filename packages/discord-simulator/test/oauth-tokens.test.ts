import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DEFAULT_CLIENT_SECRET, PEOPLE } from '../src/index.ts'
import { REDIRECT, authorizeUrl, exchange, sentTo, tokenOf } from './oauth-client.ts'
import { restClient } from './rest-client.ts'
import { scene } from './scene.ts'
import type { Scene } from './scene.ts'

/* What Discord refuses of who asks for tokens, and was taken. */

const grant_type = 'authorization_code'
const FORM = 'application/x-www-form-urlencoded'

async function send(at: Scene, path: string, type: string | undefined, body: string | Uint8Array | FormData) {
  const headers = { ...(type !== undefined && { 'content-type': type }) }
  const response = await fetch(`${at.simulator.apiUrl}${path}`, { method: 'POST', headers, body })
  return [response.status, await response.json()] as const
}
const client = (at: Scene) => ({ client_id: at.bot.id, client_secret: DEFAULT_CLIENT_SECRET })
const asForm = (fields: Record<string, string>) => new URLSearchParams(fields).toString()
const bytes = (text: string) => new TextEncoder().encode(text)

test('tokens were given to who asked for them as plain text, and Discord reads nothing but a form', async () => {
  await using at = await scene()
  const ask = { ...client(at), grant_type: 'client_credentials', scope: 'identify' }
  const multipart = new FormData()
  for (const [name, value] of Object.entries(ask)) multipart.set(name, value)
  const refused = (type: string) => [
    400,
    {
      error: 'unsupported_grant_type',
      error_description: `Grant type None is not supported: the Content-Type must be ${FORM}, and is ${type}`,
    },
  ]
  const path = '/oauth2/token'
  expect(await send(at, path, 'application/json', JSON.stringify(ask))).toEqual(refused('application/json'))
  // A string alone goes out as text/plain, and bytes without any type.
  expect(await send(at, path, undefined, asForm(ask))).toEqual(refused('text/plain'))
  expect(await send(at, path, undefined, bytes(asForm(ask)))).toEqual(refused('missing'))
  expect(await send(at, path, undefined, multipart)).toEqual(refused('multipart/form-data'))
  for (const type of [FORM, `${FORM};charset=UTF-8`, FORM.toUpperCase()]) {
    expect(await send(at, path, type, asForm(ask))).toMatchObject([200, { token_type: 'Bearer' }])
  }
})

test('a token was revoked for who asked for it in JSON', async () => {
  await using at = await scene()
  const token = await tokenOf(at.simulator, 'pikelet')
  const path = '/oauth2/token/revoke'
  const ask = { ...client(at), token }
  const refused = [400, { error: 'invalid_request', error_description: expect.stringContaining(FORM) }]
  expect(await send(at, path, 'application/json', JSON.stringify(ask))).toEqual(refused)
  const me = () => restClient(at.simulator, `Bearer ${token}`)('GET', '/users/@me')
  expect((await me()).status).toBe(200)
  expect(await send(at, path, FORM, asForm(client(at)))).toMatchObject([400, { error: 'invalid_request' }])
  expect(await send(at, path, FORM, asForm(ask))).toEqual([200, {}])
  expect((await me()).status).toBe(401)
})

test.each([
  [{}, 'unsupported_grant_type', 'Grant type None is not supported'],
  [{ grant_type: 'constructor' }, 'unsupported_grant_type', 'Grant type constructor is not supported'],
  [{ grant_type }, 'invalid_request', 'Missing "code" in request.'],
  [{ grant_type: 'refresh_token' }, 'invalid_request', 'Missing "refresh_token" in request.'],
])('%j was first asked for its secret', async (fields, error, error_description) => {
  await using at = await scene()
  const asked = await exchange(at.simulator, { ...fields, client_secret: 'wrong' })
  expect(asked).toEqual({ status: 400, body: { error, error_description } })
})

const challengeOf = (verifier: string) => createHash('sha256').update(verifier).digest('base64url')
const VERIFIER = `${'v'.repeat(39)}-._~`

test.each([
  [{ code_challenge: 'x' }],
  [{ code_challenge: '' }],
  [{ code_challenge: VERIFIER }],
  [{ code_challenge: `${challengeOf(VERIFIER)}=` }],
  [{ code_challenge: createHash('sha256').update(VERIFIER).digest('hex') }],
  [{ code_challenge: challengeOf(VERIFIER), code_challenge_method: 'plain' }],
  [{}],
])('%j was taken for a challenge of PKCE', async (fields) => {
  await using at = await scene()
  const target = await sentTo(at.simulator, { login_hint: 'pikelet', code_challenge_method: 'S256', ...fields })
  expect(target.searchParams.get('error')).toBe('invalid_request')
  expect(target.searchParams.get('error_description')).toMatch(/code_challenge/)
})

test('verifiers of PKCE were taken that a guess would find', async () => {
  await using at = await scene()
  const trade = async (verifier: string) => {
    const pkce = { code_challenge: challengeOf(verifier), code_challenge_method: 'S256' }
    const code = (await sentTo(at.simulator, { login_hint: 'pikelet', ...pkce })).searchParams.get('code') ?? ''
    return exchange(at.simulator, { grant_type, code, code_verifier: verifier })
  }
  for (const verifier of ['', 'v', 'v'.repeat(42), 'v'.repeat(129), `${VERIFIER}+`, `${VERIFIER}\n`]) {
    const { status, body } = await trade(verifier)
    expect([verifier, status, body]).toEqual([
      verifier,
      400,
      { error: 'invalid_request', error_description: expect.stringMatching(/^code_verifier must be 43 to 128/) },
    ])
  }
  for (const verifier of [VERIFIER, 'v'.repeat(128)]) expect((await trade(verifier)).status).toBe(200)
})

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

test('the secret was wrong when it came encoded, as RFC 6749 asks of HTTP Basic', async () => {
  const clientSecret = 'it is a-secret: 100%+1'
  await using at = await scene({ clientSecret })
  const body = new URLSearchParams({ grant_type: 'client_credentials', scope })
  const basic = async (secret: string) => {
    const headers = { authorization: `Basic ${Buffer.from(`${at.bot.id}:${secret}`).toString('base64')}` }
    return (await fetch(`${at.simulator.apiUrl}/oauth2/token`, { method: 'POST', headers, body })).status
  }
  const form = new URLSearchParams({ '': clientSecret }).toString().slice(1)
  const all = Array.from(Buffer.from(clientSecret), (byte) => `%${byte.toString(16)}`).join('')
  for (const secret of [clientSecret, form, all]) expect([secret, await basic(secret)]).toEqual([secret, 200])
  for (const secret of ['', clientSecret.slice(1), `${form}&2=x`, '%zz']) {
    expect([secret, await basic(secret)]).toEqual([secret, 401])
  }
})

test('a wrong method was a page that is not there, and so was HEAD', async () => {
  await using at = await scene()
  const status = async (method: string, url: string) => (await fetch(url, { method })).status
  expect(await status('GET', `${at.simulator.apiUrl}/v10/oauth2/token`)).toBe(405)
  expect(await status('DELETE', `${at.simulator.apiUrl}/oauth2/authorize`)).toBe(405)
  expect(await status('HEAD', authorizeUrl(at.simulator, {}))).toBe(200)
})

/** Names and values of which some are right, so that many get past the first check. */
const name = fc.constantFrom(
  ...'client_id client_secret grant_type code refresh_token token scope redirect_uri state response_type prompt'.split(
    ' ',
  ),
  ...'code_verifier code_challenge code_challenge_method login_hint user_id cancel'.split(' '),
)
const likely = [
  'authorization_code',
  'refresh_token',
  'client_credentials',
  'identify',
  'bot',
  'code',
  'token',
  'S256',
  'none',
]
const value = (at: Scene) =>
  fc.oneof(
    fc.constantFrom(at.bot.id, DEFAULT_CLIENT_SECRET, REDIRECT, PEOPLE.pikelet.id, challengeOf(VERIFIER), ...likely),
    fc.constantFrom('', '__proto__', 'constructor', 'javascript:0', 'http://[', 'http://127.0.0.1\u0000'),
    fc.string({ unit: 'binary' }),
  )

test('whatever is asked for, it is granted or refused with a reason', { timeout: 60_000 }, async () => {
  await using at = await scene()
  const { url, apiUrl } = at.simulator
  const secret = { client_id: at.bot.id, client_secret: DEFAULT_CLIENT_SECRET, redirect_uri: REDIRECT }
  const fields = fc
    .tuple(fc.boolean(), fc.array(fc.tuple(name, value(at)), { maxLength: 8 }))
    .map(([known, pairs]) => new URLSearchParams([...Object.entries(known ? secret : {}), ...pairs]))
  await fc.assert(
    fc.asyncProperty(fields, async (body) => {
      const answers = await Promise.all([
        fetch(`${url}/oauth2/authorize?${body.toString()}`, { redirect: 'manual' }),
        fetch(`${url}/oauth2/authorize`, { method: 'POST', body, redirect: 'manual' }),
        fetch(`${apiUrl}/oauth2/token`, { method: 'POST', body }),
        fetch(`${apiUrl}/oauth2/token/revoke`, { method: 'POST', body }),
      ])
      for (const answer of answers) {
        const text = await answer.text()
        expect([200, 302, 400, 401]).toContain(answer.status)
        if (answer.status >= 400)
          expect(JSON.parse(text)).toHaveProperty(new URL(answer.url).pathname.includes('token') ? 'error' : 'message')
        if (answer.status === 302) expect(answer.headers.get('location')).toMatch(/^http:\/\/127\.0\.0\.1/)
      }
    }),
    { numRuns: 150 },
  )
})

test('a fault on the page where people sign in was taken, and never happened', async () => {
  await using at = await scene()
  const status = async () => (await fetch(authorizeUrl(at.simulator, {}))).status
  // It is no part of REST: who wants it down says so.
  at.simulator.faults.inject({ kind: 'rest', answer: 500 })
  expect([await status(), (await ask(at)).status]).toEqual([200, 500])
  at.simulator.faults.lift()
  at.simulator.faults.inject({ kind: 'rest', route: '/oauth2/authorize', answer: 503, times: 1 })
  expect([await status(), await status()]).toEqual([503, 200])
})
