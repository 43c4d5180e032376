import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it, vi } from 'vitest'
import { DiscordOAuth } from '../../src/server/auth/discord-oauth.ts'

const cleanUps: (() => unknown)[] = []
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp()
})

const ANSWERS: Readonly<Record<string, object>> = {
  '/v10/oauth2/token': { token_type: 'Bearer', access_token: 't', expires_in: 604_800, scope: 'identify guilds' },
  '/v10/users/@me': { id: '5', username: 'ada', avatar: null },
  '/v10/users/@me/guilds': [{ id: '1' }],
  '/v10/oauth2/token/revoke': {},
}

/** A Discord that takes nothing at the first time, and says when to ask again, in seconds. */
async function setUp(retryAfter: string | null) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push(path)
    const isFirst = asked.filter((one) => one === path).length === 1
    response.writeHead(isFirst ? 429 : 200, {
      'content-type': 'application/json',
      ...(isFirst && retryAfter !== null && { 'retry-after': retryAfter }),
    })
    response.end(JSON.stringify(isFirst ? { message: 'You are being rate limited.' } : ANSWERS[path]))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanUps.push(
    () => server.close(),
    () => server.closeAllConnections(),
  )
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const oauth = new DiscordOAuth({ apiUrl, authorizeUrl: `${apiUrl}/authorize`, clientId: '1', clientSecret: 's' })
  const onLeft = vi.fn<(error: unknown) => void>()
  const callback = new URL('http://localhost/auth/discord/callback?code=c&state=s')
  return { asked, onLeft, identify: () => oauth.identify(callback, { state: 's', verifier: 'v'.repeat(43) }, onLeft) }
}

it('asks again when Discord says that it may, and revokes the token then', async () => {
  const { asked, onLeft, identify } = await setUp('0')
  expect(await identify()).toEqual({ user: { id: '5', username: 'ada', avatar: null }, guilds: ['1'] })
  expect(onLeft).not.toHaveBeenCalled()
  expect(asked.toSorted()).toEqual(
    Object.keys(ANSWERS)
      .flatMap((path) => [path, path])
      .toSorted(),
  )
})

it.each([['600'], [null], ['soon'], ['-1']])('does not wait where that is %s', async (retryAfter) => {
  const { asked, identify } = await setUp(retryAfter)
  await expect(identify()).rejects.toMatchObject({ code: 'OAUTH_RESPONSE_IS_NOT_CONFORM' })
  expect(asked).toEqual(['/v10/oauth2/token'])
})
