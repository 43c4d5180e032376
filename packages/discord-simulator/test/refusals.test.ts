import { expect, test } from 'vitest'
import { scene } from './scene.ts'

/* What Discord refuses and was taken: each test is named after what was taken. */

test('somebody was moved into a text channel', async () => {
  await using at = await scene()
  const { user_id } = at.guild.voice_states[0]!
  const move = (name: string) =>
    at.call('PATCH', `/guilds/${at.guild.id}/members/${user_id}`, { channel_id: at.channel(name) })
  expect((await move('general')).body.code).toBe(50024)
  expect((await move('Channels')).body.code).toBe(50024)
  expect((await move('Loft')).status).toBe(200)
})

test('the quiet were sent to a channel that is none', async () => {
  await using at = await scene()
  const edit = (body: object) => at.call('PATCH', `/guilds/${at.guild.id}`, body)
  for (const id of ['5', at.channel('general'), at.channel('Friday demo')]) {
    expect((await edit({ afk_channel_id: id })).body.errors.afk_channel_id._errors[0].code).toBe('CHANNEL_INVALID')
  }
  expect((await edit({ afk_channel_id: at.channel('Loft') })).body.afk_channel_id).toBe(at.channel('Loft'))
  expect((await edit({ system_channel_id: at.channel('Loft') })).body.code).toBe(50035)
  expect((await edit({ system_channel_id: null })).body.system_channel_id).toBeNull()
})

test('webhooks were called discord and clyde', async () => {
  await using at = await scene()
  const path = `/channels/${at.channel('general')}/webhooks`
  for (const name of ['My Discord bridge', 'CLYDE']) {
    const { body } = await at.call('POST', path, { name })
    expect(body.errors.name._errors[0].code).toBe('USERNAME_INVALID_CONTAINS')
  }
  const hook = (await at.call('POST', path, { name: 'kiln' })).body
  expect((await at.call('PATCH', `/webhooks/${hook.id}`, { name: 'discord' })).body.code).toBe(50035)
  const said = await at.call('POST', `/webhooks/${hook.id}/${hook.token}`, { content: 'x', username: 'discord' })
  expect(said.body.errors.username._errors[0].message).toBe('Username cannot contain "discord"')
})

test('a list that was too short was called a number that is too small', async () => {
  await using at = await scene()
  const bulk = await at.call('POST', `/channels/${at.channel('general')}/messages/bulk-delete`, { messages: ['1'] })
  expect(bulk).toMatchObject({ status: 400, body: { code: 50016 } })
  const poll = { question: { text: 'Which?' }, answers: [] }
  const refusal = await at.call('POST', `/channels/${at.channel('general')}/messages`, { poll })
  expect(refusal.body.errors.poll.answers._errors).toEqual([
    { code: 'BASE_TYPE_BAD_LENGTH', message: 'Must be between 1 and 10 in length.' },
  ])
})
