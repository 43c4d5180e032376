import { PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { PEOPLE } from '../src/index.ts'
import { refused, scene } from './scene.ts'
import type { Scene } from './scene.ts'

test('a guild could not close its invites during a raid', async () => {
  await using at = await scene()
  const path = `/guilds/${at.guild.id}/incident-actions`
  const until = '2026-11-20T20:00:00+00:00'
  const closed = { invites_disabled_until: '2026-11-20T20:00:00.000000+00:00', dms_disabled_until: null }
  expect((await at.call('PUT', path, { invites_disabled_until: until })).body).toEqual(closed)
  expect(await at.heard('GUILD_UPDATE')).toMatchObject({ id: at.guild.id, incidents_data: closed })
  expect((await at.call('GET', `/guilds/${at.guild.id}`)).body.incidents_data).toEqual(closed)
  // What is not said is over.
  await at.call('PUT', path, {})
  expect(await at.heard('GUILD_UPDATE')).toMatchObject({ incidents_data: null })
  const late = await at.call('PUT', path, { dms_disabled_until: '2026-11-21T14:08:01+00:00' })
  expect(late).toMatchObject({ status: 400, body: { errors: { dms_disabled_until: {} } } })
  expect((await at.call('PUT', path, { dms_disabled_until: 'soon' })).status).toBe(400)
  at.forbid(Bit.ManageGuild)
  expect(await at.call('PUT', path, {})).toMatchObject(refused(50013))
})

function users(text: string, field = 'target_users_file'): FormData {
  const form = new FormData()
  form.set('payload_json', JSON.stringify({ max_age: 0 }))
  form.set(field, new Blob([text]), 'users.csv')
  return form
}
const invite = async (at: Scene, body: object) =>
  (await at.call('POST', `/channels/${at.channel('general')}/invites`, body)).body as { code: string; roles?: object[] }

test('for whom an invite is could neither be said nor asked', async () => {
  await using at = await scene()
  const { pikelet, tessellate, umberfox } = PEOPLE
  const path = `/invites/${(await invite(at, users(`user_id\r\n${pikelet.id}\r\n`))).code}/target-users`
  const csv = async () => (await at.call('GET', path)).body as string
  expect(await csv()).toBe(`user_id\n${pikelet.id}\n`)
  expect((await at.call('PUT', `${path}/${tessellate.id}`)).status).toBe(204)
  expect((await at.call('DELETE', `${path}/${pikelet.id}`)).status).toBe(204)
  expect(await csv()).toBe(`user_id\n${tessellate.id}\n`)
  await at.call('POST', `${path}/bulk-add`, { user_ids: [pikelet.id, umberfox.id] })
  await at.call('POST', `${path}/bulk-delete`, { user_ids: [tessellate.id, umberfox.id] })
  expect(await csv()).toBe(`user_id\n${pikelet.id}\n`)
  expect((await at.call('PUT', path, users(`${umberfox.id}\n${tessellate.id}`))).status).toBe(204)
  expect(await csv()).toBe(`user_id\n${umberfox.id}\n${tessellate.id}\n`)
  expect((await at.call('GET', `${path}/job-status`)).body).toMatchObject({ status: 2, total_users: 2 })

  const wrong = await at.call('PUT', path, users(`user_id\n${pikelet.id}\npikelet\n`))
  expect(wrong).toMatchObject({ status: 400, body: { target_users_file: [expect.stringContaining('Line 3')] } })
  expect(Object.keys(wrong.body)).toEqual(['target_users_file'])
  expect((await at.call('PUT', path, {})).status).toBe(400)
  expect((await at.call('PUT', path, users(`${umberfox.id}\n`, 'file'))).status).toBe(400)
  expect((await at.call('POST', `${path}/bulk-add`, { user_ids: [] })).status).toBe(400)
  expect(await at.call('GET', '/invites/none/target-users')).toMatchObject(refused(10006))
  const named = await invite(at, { target_user_ids: [pikelet.id] })
  expect((await at.call('GET', `/invites/${named.code}/target-users`)).body).toBe(`user_id\n${pikelet.id}\n`)
  // One that is for some is not given again to whoever asks for any.
  expect((await invite(at, { max_age: 0 })).code).not.toBe(path.split('/')[2])
})

test('roles that an invite is to give were dropped', async () => {
  await using at = await scene()
  const maker = at.role('Maker')
  const made = await invite(at, { role_ids: [maker.id] })
  expect(made.roles).toMatchObject([{ id: maker.id, name: 'Maker' }])
  expect(await at.heard('INVITE_CREATE')).toMatchObject({ code: made.code, role_ids: [maker.id] })
  expect((await at.call('GET', `/invites/${made.code}`)).body.roles).toHaveLength(1)
  expect((await invite(at, {})).code).not.toBe(made.code)
  expect(await invite(at, { role_ids: ['5'] })).toMatchObject({ code: 10011 })
  at.forbid(Bit.ManageRoles)
  expect(await invite(at, { role_ids: [maker.id] })).toMatchObject({ code: 50013 })
})

test('a pack of stickers could not be asked for, nor one of its stickers sent', async () => {
  await using at = await scene()
  const { sticker_packs: packs } = (await at.call('GET', '/sticker-packs')).body
  const pack = (await at.call('GET', `/sticker-packs/${packs[0].id}`)).body
  expect(pack).toEqual(packs[0])
  const [sticker] = pack.stickers
  expect((await at.call('GET', `/stickers/${sticker.id}`)).body).toEqual(sticker)
  expect(await at.post('general', { sticker_ids: [sticker.id] })).toMatchObject({ sticker_items: [{ id: sticker.id }] })
  expect(await at.call('GET', '/sticker-packs/1')).toMatchObject(refused(10061))
})

test('how many are interested in an event could not be asked', async () => {
  await using at = await scene()
  const event = {
    name: 'Firing',
    entity_type: 2,
    channel_id: at.channel('Loft'),
    privacy_level: 2,
    scheduled_start_time: '2026-11-21T14:08:00Z',
  }
  const path = `/guilds/${at.guild.id}/scheduled-events`
  const { id } = (await at.call('POST', path, event)).body
  at.simulator.people.follow(PEOPLE.pikelet.id, id)
  expect((await at.call('GET', `${path}/${id}/users/counts`)).body).toEqual({
    guild_scheduled_event_count: 1,
    guild_scheduled_event_exception_counts: {},
  })
})

test('the bot’s application has an id too, and others’ are not the bot’s to see', async () => {
  await using at = await scene()
  const own = `/applications/${at.bot.id}`
  expect((await at.call('PATCH', own, { description: 'Lifts.' })).body).toMatchObject({ description: 'Lifts.' })
  expect((await at.call('GET', own)).body).toEqual((await at.call('GET', '/applications/@me')).body)
  expect(await at.call('GET', `/applications/${PEOPLE.pikelet.id}`)).toMatchObject(refused(50001))
})
