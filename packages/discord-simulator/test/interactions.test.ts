import { PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { PEOPLE } from '../src/index.ts'
import { refused, scene } from './scene.ts'
import type { Scene } from './scene.ts'

const COMMAND = { name: 'fire', description: 'x', options: [{ type: 6, name: 'who', description: 'x' }] }
const register = (at: Scene) => at.call('PUT', `/applications/${at.bot.id}/guilds/${at.guild.id}/commands`, [COMMAND])
const run = (at: Scene) => {
  const options = [{ name: 'who', value: PEOPLE.saltmarsh.id }]
  const place = { user_id: PEOPLE.pikelet.id, channel_id: at.channel('general') }
  return at.simulator.interact({ ...place, command: 'fire', options })
}
const answer = (at: Scene, { id, token }: { id: string; token: string }, body: object) =>
  at.call('POST', `/interactions/${id}/${token}/callback`, body)

test('a command reaches the bot, is answered once, and followed up', async () => {
  await using at = await scene()
  await register(at)
  const ran = run(at)
  expect(await at.heard('INTERACTION_CREATE')).toMatchObject({
    ...ran,
    type: 2,
    member: { user: { id: PEOPLE.pikelet.id } },
    data: {
      name: 'fire',
      options: [{ name: 'who', type: 6, value: PEOPLE.saltmarsh.id }],
      resolved: { users: { [PEOPLE.saltmarsh.id]: { username: 'saltmarsh' } } },
    },
  })
  expect((await answer(at, ran, { type: 6 })).body.code).toBe(50035)
  expect((await answer(at, ran, { type: 5 })).status).toBe(204)
  const original = await at.heard('MESSAGE_CREATE')
  expect(original).toMatchObject({ flags: 128, author: { id: at.bot.id }, interaction_metadata: { id: ran.id } })
  expect((await answer(at, ran, { type: 4, data: { content: 'x' } })).body.code).toBe(40060)

  const hook = `/webhooks/${at.bot.id}/${ran.token}`
  await at.call('PATCH', `${hook}/messages/@original`, { content: 'lit' })
  expect(await at.heard('MESSAGE_UPDATE')).toMatchObject({ id: original.id, content: 'lit', flags: 0 })
  const more = (await at.call('POST', hook, { content: 'hot' })).body
  expect(await at.heard('MESSAGE_CREATE')).toMatchObject({ id: more.id, content: 'hot' })
  await at.call('DELETE', `${hook}/messages/${more.id}`)
  expect(await at.heard('MESSAGE_DELETE')).toMatchObject({ id: more.id })
  at.clock.advance(16 * 60_000)
  expect((await at.call('POST', hook, { content: 'x' })).body.code).toBe(50027)
})

test('an ephemeral answer reaches the bot without a guild, and is in no history', async () => {
  await using at = await scene()
  await register(at)
  const ran = run(at)
  await answer(at, ran, { type: 4, data: { content: 'psst', flags: 64 } })
  const heard = await at.heard('MESSAGE_CREATE')
  expect(heard).toMatchObject({ content: 'psst', flags: 64 })
  expect(heard).not.toHaveProperty('guild_id')
  expect(heard).not.toHaveProperty('member')
  const { body } = await at.call('GET', `/channels/${at.channel('general')}/messages?limit=1`)
  expect(body[0].id).not.toBe(heard.id)
  const { body: original } = await at.call('GET', `/webhooks/${at.bot.id}/${ran.token}/messages/@original`)
  expect(original.content).toBe('psst')
})

test('a button is pressed, and its message changes', async () => {
  await using at = await scene()
  const components = [{ type: 1, components: [{ type: 2, style: 1, label: 'Stop', custom_id: 'stop' }] }]
  const { id: message_id, channel_id } = await at.post('general', { content: 'burning', components })
  const pressed = at.simulator.interact({ user_id: PEOPLE.pikelet.id, channel_id, message_id, custom_id: 'stop' })
  expect(await at.heard('INTERACTION_CREATE')).toMatchObject({ type: 3, message: { id: message_id } })
  await answer(at, pressed, { type: 7, data: { content: 'out', components: [] } })
  expect(await at.heard('MESSAGE_UPDATE')).toMatchObject({ id: message_id, content: 'out', components: [] })
})

test('after three seconds it is too late, and who may not does not', async () => {
  await using at = await scene()
  expect(() => run(at)).toThrow('no command fire')
  await register(at)
  const ran = run(at)
  at.clock.advance(3_001)
  expect((await answer(at, ran, { type: 4, data: { content: 'x' } })).body.code).toBe(10062)
  const place = { user_id: PEOPLE.pikelet.id, channel_id: at.channel('keyholders') }
  expect(() => at.simulator.interact({ ...place, command: 'fire' })).toThrow('cannot see')
  const control = await fetch(`${at.simulator.url}/_simulator/interactions`, {
    method: 'POST',
    body: JSON.stringify({ ...place, channel_id: at.channel('general'), command: 'fire' }),
  })
  expect([control.status, Object.keys((await control.json()) as object)]).toEqual([201, ['id', 'token']])
})

test('a webhook speaks without the bot’s token, and only with its own', async () => {
  await using at = await scene()
  const path = `/channels/${at.channel('general')}/webhooks`
  const { id, token } = (await at.call('POST', path, { name: 'Kiln' })).body
  expect(await at.heard('WEBHOOKS_UPDATE')).toEqual({ guild_id: at.guild.id, channel_id: at.channel('general') })
  const said = await fetch(`${at.simulator.apiUrl}/v10/webhooks/${id}/${token}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ content: '900 °C', username: 'Thermocouple' }),
  })
  expect(said.status).toBe(204)
  expect(await at.heard('MESSAGE_CREATE')).toMatchObject({
    webhook_id: id,
    author: { id, username: 'Thermocouple', bot: true },
  })
  expect((await at.call('POST', `/webhooks/${id}/wrong`, { content: 'x' })).body.code).toBe(50027)
  at.forbid(Bit.ManageWebhooks)
  expect(await at.call('POST', path, { name: 'x' })).toMatchObject(refused(50013))
  expect(await at.call('DELETE', `/webhooks/${id}`)).toMatchObject(refused(50013))
})
