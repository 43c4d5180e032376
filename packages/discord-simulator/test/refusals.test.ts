import { expect, onTestFinished, test, vi } from 'vitest'
import { PEOPLE } from '../src/index.ts'
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

test('a moment was refused without saying that it is to be ISO 8601', async () => {
  await using at = await scene()
  const path = `/guilds/${at.guild.id}/members/${PEOPLE.pikelet.id}`
  for (const moment of ['tomorrow', '', '2026-02-30T14:08:00Z', '2026-11-20T25:00:00Z', '9999-12-31T23:00:00-12:00']) {
    const { body } = await at.call('PATCH', path, { communication_disabled_until: moment })
    expect(body.errors?.communication_disabled_until._errors).toEqual([
      { code: 'DATE_TIME_TYPE_PARSE', message: `Could not parse ${moment}. Should be ISO8601.` },
    ])
  }
})

test('a moment without a zone was of the zone of this machine, or refused', async () => {
  vi.stubEnv('TZ', 'Pacific/Auckland')
  onTestFinished(() => void vi.unstubAllEnvs())
  expect(new Date(0).getTimezoneOffset()).toBe(-720)
  await using at = await scene()
  const path = `/guilds/${at.guild.id}/members/${PEOPLE.pikelet.id}`
  for (const [given, until] of [
    ['2026-11-20T15:00:00', '15:00:00'],
    ['2026-11-20 15:00', '15:00:00'],
    ['2026-11-20T15:00:00.123456+0030', '14:30:00.123'],
    ['2026-11-20t15:00:00z', '15:00:00'],
    ['2026-11-21', undefined],
  ] as const) {
    const { body } = await at.call('PATCH', path, { communication_disabled_until: given })
    const moment = until === undefined ? '2026-11-21T00:00:00' : `2026-11-20T${until}`
    expect([given, Date.parse(body.communication_disabled_until)]).toEqual([given, Date.parse(`${moment}Z`)])
    const embeds = [{ title: 'x', timestamp: given }]
    const said = await at.call('POST', `/channels/${at.channel('general')}/messages`, { embeds })
    expect(Date.parse(said.body.embeds[0].timestamp)).toBe(Date.parse(`${moment}Z`))
  }
  const old = await at.post('general', { embeds: [{ timestamp: '1914-07-01T12:00:00Z' }] })
  expect(old).toMatchObject({ embeds: [{ timestamp: '1914-07-01T12:00:00.000000+00:00' }] })
})
