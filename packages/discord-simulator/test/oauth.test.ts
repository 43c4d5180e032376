import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { PEOPLE } from '../src/index.ts'
import { REDIRECT, authorizeUrl, exchange, sentTo, tokenOf } from './oauth-client.ts'
import { restClient } from './rest-client.ts'
import { scene } from './scene.ts'

const grant_type = 'authorization_code'

test('the page asks who you are, and sends you back as them', async () => {
  await using at = await scene()
  const page = await (await fetch(authorizeUrl(at.simulator, { state: '"><b>' }))).text()
  expect(page).toContain(`value="${PEOPLE.pikelet.id}"`)
  expect(page).not.toContain('"><b>')
  expect(page).not.toContain(`name="user_id" value="${at.bot.id}"`)
  const choose = async (fields: Record<string, string>) => {
    const body = new URL(authorizeUrl(at.simulator, { state: 's 1', ...fields })).searchParams
    const options = { method: 'POST', body, redirect: 'manual' } as const
    return (await fetch(`${at.simulator.url}/oauth2/authorize`, options)).headers.get('location')
  }
  expect(await choose({ user_id: PEOPLE.pikelet.id })).toMatch(
    /^http:\/\/127.0.0.1:3000\/callback\?code=\w+&state=s\+1$/,
  )
  expect(await choose({ cancel: '1' })).toBe(`${REDIRECT}?error=access_denied&state=s+1`)
  expect(await choose({ user_id: '1' })).toBe(null)
})

test.each([
  [{ client_id: '1' }, 'Unknown Application'],
  [{ redirect_uri: 'https://example.com/' }, 'Invalid OAuth2 redirect_uri'],
  [{ redirect_uri: 'javascript:alert(1)' }, 'Invalid OAuth2 redirect_uri'],
  [{ scope: 'everything' }, 'Invalid scope'],
  [{ response_type: 'token' }, 'Only response_type=code is served'],
  [{ code_challenge: 'x' }, 'Only code_challenge_method=S256 is served'],
  [{ login_hint: 'nobody' }, 'Nobody is called nobody'],
])('%j is refused', async (fields, message) => {
  await using at = await scene()
  const response = await fetch(authorizeUrl(at.simulator, fields), { redirect: 'manual' })
  expect([response.status, await response.json()]).toEqual([400, { message, code: 0 }])
})

test('a code is good once, for a while, and with the verifier that it was asked with', async () => {
  await using at = await scene()
  const verifier = 'v'.repeat(43)
  const pkce = {
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }
  const ask = async () =>
    (await sentTo(at.simulator, { login_hint: 'pikelet', ...pkce })).searchParams.get('code') ?? ''
  const code = await ask()
  expect((await exchange(at.simulator, { grant_type, code, code_verifier: verifier })).body).toMatchObject({
    token_type: 'Bearer',
    expires_in: 604_800,
    scope: 'identify guilds guilds.members.read',
  })
  const invalid = { status: 400, body: { error: 'invalid_grant' } }
  expect(await exchange(at.simulator, { grant_type, code, code_verifier: verifier })).toMatchObject(invalid)
  expect(await exchange(at.simulator, { grant_type, code: await ask(), code_verifier: 'wrong' })).toMatchObject(invalid)
  expect(await exchange(at.simulator, { grant_type, code: await ask() })).toMatchObject(invalid)
  const elsewhere = { redirect_uri: 'http://localhost/', code_verifier: verifier }
  expect(await exchange(at.simulator, { grant_type, code: await ask(), ...elsewhere })).toMatchObject(invalid)
  const old = await ask()
  at.clock.advance(600_001)
  expect(await exchange(at.simulator, { grant_type, code: old, code_verifier: verifier })).toMatchObject(invalid)
  const wrong = await exchange(at.simulator, { grant_type, code: await ask(), client_secret: 'x' })
  expect(wrong).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
})

test('a token shows its owner what its scopes allow, until it is refreshed, revoked or over', async () => {
  await using at = await scene()
  const code = (await sentTo(at.simulator, { login_hint: PEOPLE.pikelet.id })).searchParams.get('code') ?? ''
  const first = (await exchange(at.simulator, { grant_type, code })).body
  const as = (token: string | undefined) => restClient(at.simulator, `Bearer ${token}`)
  const call = as(first['access_token'])
  expect((await call('GET', '/users/@me')).body).toMatchObject({ id: PEOPLE.pikelet.id, username: 'pikelet' })
  expect((await call('GET', '/users/@me')).body).not.toHaveProperty('email')
  expect((await call('GET', '/users/@me/guilds')).body).toMatchObject([{ name: 'Tidewater Makers', owner: false }])
  expect((await call('GET', `/users/@me/guilds/${at.guild.id}/member`)).body.user.id).toBe(PEOPLE.pikelet.id)
  expect((await call('GET', `/guilds/${at.guild.id}`)).status).toBe(401)
  // What is one's own, the bot has not.
  expect((await at.call('GET', `/users/@me/guilds/${at.guild.id}/member`)).status).toBe(401)

  const refresh = { grant_type: 'refresh_token', refresh_token: first['refresh_token'] ?? '' }
  const second = (await exchange(at.simulator, refresh)).body
  expect((await call('GET', '/users/@me')).status).toBe(401)
  expect((await exchange(at.simulator, refresh)).status).toBe(400)
  expect((await as(second['access_token'])('GET', '/users/@me')).status).toBe(200)
  await exchange(at.simulator, { token: second['access_token'] ?? '' }, '/oauth2/token/revoke')
  expect((await as(second['access_token'])('GET', '/users/@me')).status).toBe(401)

  const third = as(await tokenOf(at.simulator, 'pikelet'))
  at.clock.advance(604_800_000)
  expect((await third('GET', '/users/@me')).status).toBe(401)
})

test('a token without the scope is refused', async () => {
  await using at = await scene()
  const place = { login_hint: 'pikelet', scope: 'identify email' }
  const code = (await sentTo(at.simulator, place)).searchParams.get('code') ?? ''
  const { body } = await exchange(at.simulator, { grant_type, code })
  const call = restClient(at.simulator, `Bearer ${body['access_token']}`)
  expect((await call('GET', '/users/@me')).body.email).toBe('pikelet@example.invalid')
  expect(await call('GET', '/users/@me/guilds')).toMatchObject({ status: 403, body: { code: 50026 } })
})
