import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { PEOPLE, STRANGER } from '../src/index.ts'
import { REDIRECT, authorizeUrl, exchange, sentTo, tokenOf } from './oauth-client.ts'
import { restClient } from './rest-client.ts'
import { scene } from './scene.ts'
import type { Scene } from './scene.ts'

const grant_type = 'authorization_code'

test('the page asks who you are, and sends you back as them', async () => {
  await using at = await scene()
  const page = await (await fetch(authorizeUrl(at.simulator, { state: '"><b>' }))).text()
  expect(page).toContain(`value="${PEOPLE.pikelet.id}"`)
  // Whoever is in no guild here has an account all the same.
  expect(page).toContain(`value="${STRANGER.id}"`)
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
  expect(await choose({ cancel: '1' })).toMatch(/\?error=access_denied&error_description=[\w+]+&state=s\+1$/)
  expect(await choose({ user_id: '1' })).toBe(null)
})

test.each([
  [{ client_id: '1' }, 'Unknown Application'],
  [{ redirect_uri: 'https://example.com/' }, 'Invalid OAuth2 redirect_uri'],
  [{ redirect_uri: 'javascript:alert(1)' }, 'Invalid OAuth2 redirect_uri'],
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
  const another = { grant_type, code: await ask(), code_verifier: 'w'.repeat(43) }
  expect(await exchange(at.simulator, another)).toMatchObject(invalid)
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

test.each([
  [{ scope: 'everything' }, 'invalid_scope'],
  [{ scope: '' }, 'invalid_scope'],
  [{ response_type: 'id_token' }, 'unsupported_response_type'],
  [{ code_challenge: 'x' }, 'invalid_request'],
])('%j got a plain 400, although the redirect was good', async (fields, error) => {
  await using at = await scene()
  const target = await sentTo(at.simulator, { state: 's', ...fields })
  expect(target.href.startsWith(REDIRECT)).toBe(true)
  expect(Object.fromEntries(target.searchParams)).toMatchObject({
    error,
    state: 's',
    error_description: expect.any(String),
  })
})

test('response_type=token was refused; the token comes behind the #, without one to refresh it', async () => {
  await using at = await scene()
  const asked = { response_type: 'token', login_hint: 'pikelet', scope: 'identify connections guilds.join', state: 's' }
  const target = await sentTo(at.simulator, asked)
  const { access_token, ...rest } = Object.fromEntries(new URLSearchParams(target.hash.slice(1)))
  expect(target.search).toBe('')
  expect(rest).toEqual({ token_type: 'Bearer', expires_in: '604800', scope: asked.scope, state: 's' })
  const me = await restClient(at.simulator, `Bearer ${access_token}`)('GET', '/users/@me')
  expect(me.body).toMatchObject({ username: 'pikelet' })
})

test('client_credentials was unsupported; it is a token of the bot’s owner', async () => {
  await using at = await scene()
  const scope = 'identify applications.commands.update'
  const { status, body } = await exchange(at.simulator, { grant_type: 'client_credentials', scope })
  expect([status, body]).toMatchObject([200, { token_type: 'Bearer', scope }])
  expect(body).not.toHaveProperty('refresh_token')
  const me = await restClient(at.simulator, `Bearer ${body['access_token']}`)('GET', '/users/@me')
  expect(me.body).toMatchObject({ id: at.guild.owner_id })
  const none = await exchange(at.simulator, { grant_type: 'client_credentials', scope: 'everything' })
  expect(none).toMatchObject({ status: 400, body: { error: 'invalid_scope' } })
  const wrong = await exchange(at.simulator, { grant_type: 'client_credentials', scope, client_secret: 'x' })
  expect(wrong.status).toBe(401)
})

test('the bot alone could not be asked for, without a redirect', async () => {
  await using at = await scene()
  const url = `${at.simulator.url}/oauth2/authorize?client_id=${at.bot.id}&scope=bot+applications.commands&permissions=8`
  expect(await (await fetch(url)).text()).toContain(`value="${PEOPLE.pikelet.id}"`)
  const authorized = await fetch(`${url}&login_hint=pikelet`, { redirect: 'manual' })
  expect([authorized.status, await authorized.text()]).toEqual([200, expect.stringContaining('Authorized')])
  const more = await fetch(url.replace('scope=bot', 'scope=identify+bot'), { redirect: 'manual' })
  expect(more.status).toBe(400)
})

test('prompt=none showed the page to who had said yes before', async () => {
  await using at = await scene()
  const ask = (fields: Record<string, string>, cookie?: string) =>
    fetch(authorizeUrl(at.simulator, fields), { redirect: 'manual', headers: { ...(cookie && { cookie }) } })
  const prompt = { prompt: 'none' }
  expect((await ask(prompt)).status).toBe(200)
  const first = await ask({ login_hint: 'pikelet' })
  const cookie = `other=1; ${first.headers.get('set-cookie')?.split(';')[0]}`
  expect((await ask({}, cookie)).status).toBe(200)
  const silent = await ask({ prompt: 'none' }, cookie)
  const code = new URL(silent.headers.get('location') ?? '').searchParams.get('code') ?? ''
  expect((await exchange(at.simulator, { grant_type, code })).status).toBe(200)
  // Something new to ask for, or the bot itself: then they are asked.
  expect((await ask({ ...prompt, scope: 'identify email' }, cookie)).status).toBe(200)
  expect((await ask({ ...prompt, scope: 'identify bot' }, cookie)).status).toBe(200)
})

test('a public client, with PKCE and without a secret, was refused', async () => {
  const verifier = 'v'.repeat(43)
  const code_challenge = createHash('sha256').update(verifier).digest('base64url')
  const trade = async (at: Scene, pkce: Record<string, string>) => {
    const code = (await sentTo(at.simulator, { login_hint: 'pikelet', ...pkce })).searchParams.get('code') ?? ''
    const asked = { client_id: at.bot.id, grant_type, code, code_verifier: verifier, redirect_uri: REDIRECT }
    const body = new URLSearchParams(asked)
    return (await fetch(`${at.simulator.apiUrl}/oauth2/token`, { method: 'POST', body })).status
  }
  await using open = await scene({ publicClient: true })
  const pkce = { code_challenge, code_challenge_method: 'S256' }
  expect(await trade(open, pkce)).toBe(200)
  expect(await trade(open, {})).toBe(401)
  // As at Discord, it is nothing that every client may do.
  await using closed = await scene()
  expect(await trade(closed, pkce)).toBe(401)
})
