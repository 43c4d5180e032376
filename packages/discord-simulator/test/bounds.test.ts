import { expect, test } from 'vitest'
import { PEOPLE } from '../src/index.ts'
import { codesOf } from './codes-of.ts'
import { scene } from './scene.ts'

test('a guild had any number of channels and roles', async () => {
  await using at = await scene()
  const [channels, roles] = [`/guilds/${at.guild.id}/channels`, `/guilds/${at.guild.id}/roles`]
  const full = (have: number, most: number) => Array.from({ length: most - have - 1 }, (_, n) => String(n + 1_000))
  for (const id of full(at.guild.channels.length, 500))
    at.simulator.dispatch('CHANNEL_CREATE', { id, guild_id: at.guild.id, name: 'x', type: 0 })
  for (const id of full(at.guild.roles.length, 250))
    at.simulator.dispatch('GUILD_ROLE_CREATE', { guild_id: at.guild.id, role: { id, name: 'x', permissions: '0' } })
  expect((await at.call('POST', channels, { name: 'last' })).status).toBe(201)
  expect(await at.call('POST', channels, { name: 'x' })).toMatchObject({ status: 400, body: { code: 30013 } })
  expect((await at.call('POST', roles, { name: 'last' })).status).toBe(200)
  expect(await at.call('POST', roles, { name: 'x' })).toMatchObject({ status: 400, body: { code: 30005 } })
  expect([at.guild.channels.length, at.guild.roles.length]).toEqual([500, 250])
})

test('a file sent along with the flags of another’s message was lost', async () => {
  await using at = await scene()
  const channel_id = at.channel('general')
  const { id } = at.simulator.people.speak({ user_id: PEOPLE.pikelet.id, channel_id, content: 'x' })
  const form = new FormData()
  form.set('payload_json', JSON.stringify({ flags: 4 }))
  form.set('files[0]', new Blob(['x']), 'x.txt')
  const path = `/channels/${channel_id}/messages/${id}`
  expect(await at.call('PATCH', path, form)).toMatchObject({ status: 403, body: { code: 50005 } })
  expect((await at.call('PATCH', path, { flags: 4 })).status).toBe(200)
})

test('a voice channel took any limit and any region', async () => {
  await using at = await scene()
  const [loft, stage] = [`/channels/${at.channel('Loft')}`, `/channels/${at.channel('Friday demo')}`]
  const faults = async (method: string, path: string, body: object) =>
    codesOf((await at.call(method, path, body)).body.errors)
  expect(await faults('PATCH', loft, { user_limit: 100 })).toEqual(['user_limit NUMBER_TYPE_MAX'])
  const made = { name: 'x', type: 2, user_limit: 100 }
  expect(await faults('POST', `/guilds/${at.guild.id}/channels`, made)).toEqual(['user_limit NUMBER_TYPE_MAX'])
  expect(await faults('PATCH', loft, { rtc_region: 'nope' })).toEqual(['rtc_region BASE_TYPE_CHOICES'])
  const right = { user_limit: 99, rtc_region: 'rotterdam' }
  expect((await at.call('PATCH', loft, right)).body).toMatchObject(right)
  expect((await at.call('PATCH', loft, { rtc_region: null })).body).toMatchObject({ rtc_region: null })
  expect((await at.call('PATCH', stage, { user_limit: 10_000 })).body).toMatchObject({ user_limit: 10_000 })
})

test('a picture or a sound that cannot be decoded was taken for one', async () => {
  await using at = await scene()
  for (const data of ['', '!!!', 'AA=', 'A A=']) {
    const avatar = `data:image/png;base64,${data}`
    const refusedPicture = await at.call('PATCH', '/users/@me', { avatar })
    expect([data, codesOf(refusedPicture.body.errors)]).toEqual([data, ['avatar IMAGE_INVALID']])
    const sound = { name: 'bell', sound: `data:audio/ogg;base64,${data}` }
    expect((await at.call('POST', `/guilds/${at.guild.id}/soundboard-sounds`, sound)).status).toBe(400)
  }
  expect((await at.call('PATCH', '/users/@me', { avatar: 'data:image/png;base64,AA==' })).status).toBe(200)
})
