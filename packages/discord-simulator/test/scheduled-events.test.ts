import { PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { PEOPLE } from '../src/index.ts'
import { START_MS, refused, scene } from './scene.ts'
import type { Scene } from './scene.ts'

const hoursOn = (hours: number) => new Date(START_MS + hours * 3_600_000).toISOString()
const events = (at: Scene) => `/guilds/${at.guild.id}/scheduled-events`
const firing = (at: Scene, fields: object = {}) => ({
  name: 'Firing',
  entity_type: 2,
  channel_id: at.channel('Loft'),
  privacy_level: 2,
  scheduled_start_time: hoursOn(1),
  ...fields,
})
const planned = async (at: Scene, fields: object = {}) => (await at.call('POST', events(at), firing(at, fields))).body

test('an event is planned, begins, ends, and is told', async () => {
  await using at = await scene()
  const event = await planned(at)
  const told = await at.heard('GUILD_SCHEDULED_EVENT_CREATE')
  expect(told).toEqual({
    id: event.id,
    guild_id: at.guild.id,
    channel_id: at.channel('Loft'),
    creator_id: at.bot.id,
    creator: at.bot,
    name: 'Firing',
    description: null,
    image: null,
    scheduled_start_time: '2026-11-20T15:08:00.000000+00:00',
    scheduled_end_time: null,
    privacy_level: 2,
    status: 1,
    entity_type: 2,
    entity_id: null,
    entity_metadata: null,
    recurrence_rule: null,
    guild_scheduled_event_exceptions: [],
    user_count: 0,
  })
  const path = `${events(at)}/${event.id}`
  expect((await at.call('PATCH', path, { status: 3 })).body).toMatchObject({
    code: 50035,
    errors: { status: { _errors: [{ code: 'BASE_TYPE_CHOICES' }] } },
  })
  expect((await at.call('PATCH', path, { status: 2, name: 'Fired' })).body).toMatchObject({ status: 2, name: 'Fired' })
  expect(await at.heard('GUILD_SCHEDULED_EVENT_UPDATE')).toMatchObject({ id: event.id, status: 2 })
  const listed = async () => (await at.call('GET', events(at))).body.map(({ id }: { id: string }) => id)
  expect(await listed()).toContain(event.id)
  await at.call('PATCH', path, { status: 3 })
  expect(await listed()).not.toContain(event.id)
  expect((await at.call('PATCH', path, { name: 'x' })).body.code).toBe(180000)
  await at.call('DELETE', path)
  expect(await at.heard('GUILD_SCHEDULED_EVENT_DELETE')).toMatchObject({ id: event.id })
  expect((await at.call('GET', path)).body.code).toBe(10070)
})

test('people become interested, and are counted and listed', async () => {
  await using at = await scene()
  const { id } = await planned(at)
  const path = `${events(at)}/${id}`
  at.simulator.people.follow(PEOPLE.saltmarsh.id, id)
  const event = { guild_scheduled_event_id: id, guild_id: at.guild.id, user_id: PEOPLE.saltmarsh.id }
  expect(await at.heard('GUILD_SCHEDULED_EVENT_USER_ADD')).toEqual(event)
  at.simulator.people.follow(PEOPLE.pikelet.id, id)
  expect((await at.call('GET', path)).body).not.toHaveProperty('user_count')
  expect((await at.call('GET', `${path}?with_user_count=true`)).body.user_count).toBe(2)
  const { body } = await at.call('GET', `${path}/users?with_member=true&after=${PEOPLE.pikelet.id}`)
  expect(body).toMatchObject([{ user_id: PEOPLE.saltmarsh.id, member: { user: { id: PEOPLE.saltmarsh.id } } }])
  expect((await at.call('GET', `${path}/users?before=${PEOPLE.saltmarsh.id}`)).body).toMatchObject([
    { user_id: PEOPLE.pikelet.id },
  ])
  at.simulator.people.follow(PEOPLE.saltmarsh.id, id, false)
  expect(await at.heard('GUILD_SCHEDULED_EVENT_USER_REMOVE')).toEqual(event)
  expect((await at.call('GET', `${path}?with_user_count=true`)).body.user_count).toBe(1)
  expect(() => at.simulator.people.follow(PEOPLE.pikelet.id, '1')).toThrow('no such event')
})

test('what an event lacks is named, and who may not plan is refused', async () => {
  await using at = await scene()
  const wrong = async (fields: object) => (await at.call('POST', events(at), firing(at, fields))).body
  const required = { _errors: [{ code: 'BASE_TYPE_REQUIRED' }] }
  expect(await wrong({ entity_type: 3, channel_id: null })).toMatchObject({
    code: 50035,
    errors: { entity_metadata: { location: required }, scheduled_end_time: required },
  })
  expect(await wrong({ channel_id: null })).toMatchObject({ errors: { channel_id: required } })
  expect(await wrong({ scheduled_start_time: hoursOn(-1) })).toMatchObject({
    errors: { scheduled_start_time: { _errors: [{ code: 'GUILD_SCHEDULED_EVENT_SCHEDULE_PAST' }] } },
  })
  expect(await wrong({ scheduled_end_time: hoursOn(0.5) })).toMatchObject({
    errors: { scheduled_end_time: { _errors: [{ code: 'GUILD_SCHEDULED_EVENT_SCHEDULE_INVALID' }] } },
  })
  expect(await wrong({ channel_id: at.channel('general') })).toMatchObject({ code: 50024 })
  const yard = { entity_metadata: { location: 'The yard' }, scheduled_end_time: hoursOn(2) }
  expect(await planned(at, { ...yard, entity_type: 3, channel_id: null })).toMatchObject({
    channel_id: null,
    entity_metadata: { location: 'The yard' },
  })
  const own = await planned(at)
  const theirs = at.guild.guild_scheduled_events[0]!.id
  at.forbid(Bit.ManageEvents)
  expect(await at.call('PATCH', `${events(at)}/${theirs}`, { name: 'x' })).toMatchObject(refused(50013))
  expect((await at.call('PATCH', `${events(at)}/${own.id}`, { name: 'x' })).status).toBe(200)
  at.forbid(Bit.CreateEvents)
  expect(await at.call('POST', events(at), firing(at))).toMatchObject(refused(50013))
  expect(await at.call('DELETE', `${events(at)}/${own.id}`)).toMatchObject(refused(50013))
})

test('an event on a stage is for its moderators', async () => {
  await using at = await scene()
  const stage = { entity_type: 1, channel_id: at.channel('Friday demo') }
  const path = `${events(at)}/${(await planned(at, stage)).id}`
  const inLoft = `${events(at)}/${(await planned(at)).id}`
  for (const bit of [Bit.ManageChannels, Bit.MuteMembers, Bit.MoveMembers]) {
    at.forbid(bit, 'Friday demo')
    expect(await at.call('POST', events(at), firing(at, stage))).toMatchObject(refused(50013))
    expect(await at.call('PATCH', path, { name: 'x' })).toMatchObject(refused(50013))
    expect(await at.call('PATCH', inLoft, stage)).toMatchObject(refused(50013))
    expect(await at.call('DELETE', path)).toMatchObject(refused(50013))
  }
  at.forbid(0n, 'Friday demo')
  expect((await at.call('PATCH', inLoft, stage)).status).toBe(200)
  expect((await at.call('DELETE', path)).status).toBe(204)
})

test('no more than a hundred are ahead', async () => {
  await using at = await scene()
  while (at.guild.guild_scheduled_events.length < 100) await planned(at)
  expect((await at.call('POST', events(at), firing(at))).body.code).toBe(30038)
})
