import { expect, test } from 'vitest'
import { DEFAULT_CLIENT_SECRET } from '../src/index.ts'
import { RawClient, identity } from './raw-client.ts'
import { scene } from './scene.ts'

test('the URL that a webhook was given with, which names no version, said 404', async () => {
  await using at = await scene()
  const { body } = await at.call('POST', `/channels/${at.channel('general')}/webhooks`, { name: 'hook' })
  const response = await fetch(body.url as string, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ content: 'by its own URL' }),
  })
  expect(response.status).toBe(204)
  expect(await at.heard('MESSAGE_CREATE')).toMatchObject({ content: 'by its own URL' })
})

test.each(['', '/v9', '/v10'])('REST under /api%s answered 404 or 50041', async (version) => {
  await using at = await scene()
  const headers = { authorization: `Bot ${at.simulator.botToken}` }
  const me = await fetch(`${at.simulator.apiUrl}${version}/users/@me`, { headers })
  expect([me.status, await me.json()]).toMatchObject([200, { id: at.bot.id }])
  const client = { client_id: at.bot.id, client_secret: DEFAULT_CLIENT_SECRET, token: 'x' }
  const body = new URLSearchParams(client)
  const revoked = await fetch(`${at.simulator.apiUrl}${version}/oauth2/token/revoke`, { method: 'POST', body })
  expect(revoked.status).toBe(200)
})

test('version 9 of the gateway was closed with 4012', async () => {
  await using at = await scene()
  await using client = new RawClient(at.simulator.gatewayUrl, '?v=9&encoding=json')
  expect((await client.op(10)).d).toMatchObject({ heartbeat_interval: 41_250 })
  client.send(2, identity(at.simulator))
  expect((await client.event('READY')).d).toMatchObject({ user: { id: at.bot.id } })
})
