import { PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import type { APIThreadChannel } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { PEOPLE } from '../src/index.ts'
import { identified } from './raw-client.ts'
import { refused, scene } from './scene.ts'
import type { Scene } from './scene.ts'

const THREAD = 'cone 6 schedule'
const HOUR_MS = 3_600_000

/** Archives the seed's thread, locks it, or both. */
function put(at: Scene, state: { archived?: boolean; locked?: boolean }, name = THREAD) {
  const thread = at.guild.threads.find((candidate) => candidate.name === name)!
  const payload = { ...thread, thread_metadata: { ...thread.thread_metadata, ...state } }
  at.simulator.dispatch('THREAD_UPDATE', payload)
  return thread.id
}

const stateOf = (at: Scene) => at.guild.threads.find(({ name }) => name === THREAD)!.thread_metadata!
const order = async (at: Scene) =>
  (await at.told('THREAD_UPDATE', 'MESSAGE_CREATE')).map(({ event, payload }) => [
    event,
    event === 'THREAD_UPDATE' ? payload.thread_metadata.archived : payload.content,
  ])

test('an archived thread that somebody wrote in stayed archived', async () => {
  await using at = await scene()
  const id = put(at, { archived: true })
  await at.told()
  await at.post(THREAD, { content: 'again' })
  expect(await order(at)).toEqual([
    ['THREAD_UPDATE', false],
    ['MESSAGE_CREATE', 'again'],
  ])
  put(at, { archived: true })
  await at.told()
  at.simulator.people.speak({ user_id: PEOPLE.pikelet.id, channel_id: id, content: 'me too' })
  expect(await order(at)).toEqual([
    ['THREAD_UPDATE', false],
    ['MESSAGE_CREATE', 'me too'],
  ])
  put(at, { archived: true, locked: true })
  const parent = at.guild.threads.find(({ name }) => name === THREAD)!.parent_id!
  const hook = (await at.call('POST', `/channels/${parent}/webhooks`, { name: 'kiln' })).body
  await at.told()
  await at.call('POST', `/webhooks/${hook.id}/${hook.token}?thread_id=${id}`, { content: 'warm' })
  expect(await order(at)).toEqual([
    ['THREAD_UPDATE', false],
    ['MESSAGE_CREATE', 'warm'],
  ])
})

test('a locked thread took messages from who does not manage threads', async () => {
  await using at = await scene()
  const said = await at.post(THREAD)
  const id = put(at, { archived: true, locked: true })
  const path = `/channels/${id}/messages`
  const speak = () => at.simulator.people.speak({ user_id: PEOPLE.pikelet.id, channel_id: id, content: 'x' })
  expect(speak).toThrow('Thread is locked')
  await at.told()
  // Who manages threads opens it by writing.
  await at.post(THREAD, { content: 'by a moderator' })
  expect(await order(at)).toEqual([
    ['THREAD_UPDATE', false],
    ['MESSAGE_CREATE', 'by a moderator'],
  ])
  put(at, { archived: true })
  at.forbid(Bit.ManageThreads)
  expect(await at.call('POST', path, { content: 'x' })).toMatchObject(refused(160005))
  expect((await at.call('DELETE', `${path}/${said.id}`)).body.code).toBe(50083)
  put(at, { archived: false })
  expect(await at.call('POST', path, { content: 'x' })).toMatchObject(refused(160005))
  expect(await at.call('PATCH', `${path}/${said.id}`, { content: 'x' })).toMatchObject(refused(160005))
  expect(await at.call('PATCH', `/channels/${id}`, { archived: false })).toMatchObject(refused(50013))
  // Reactions and deletions are for active threads, locked or not.
  expect((await at.call('PUT', `${path}/${said.id}/reactions/${encodeURIComponent('🔥')}/@me`)).status).toBe(204)
  expect((await at.call('DELETE', `${path}/${said.id}`)).status).toBe(204)
})

test('in an archived thread messages were edited, pinned and reacted to', async () => {
  await using at = await scene()
  const said = await at.post(THREAD)
  const id = put(at, { archived: true })
  const message = `/channels/${id}/messages/${said.id}`
  const fire = `${message}/reactions/${encodeURIComponent('🔥')}`
  const acts: [string, string, object?][] = [
    ['PATCH', message, { content: 'x' }],
    ['PUT', `/channels/${id}/messages/pins/${said.id}`],
    ['PUT', `${fire}/@me`],
    ['DELETE', `${fire}/@me`],
    ['DELETE', fire],
    ['DELETE', `${message}/reactions`],
    ['PUT', `/channels/${id}/thread-members/@me`],
    ['PUT', `/channels/${id}/thread-members/${PEOPLE.saltmarsh.id}`],
  ]
  for (const [method, path, body] of acts) {
    expect([path, (await at.call(method, path, body)).body?.code]).toEqual([path, 50083])
  }
  const react = { user_id: PEOPLE.pikelet.id, channel_id: id, message_id: said.id, emoji: '🔥' }
  expect(() => at.simulator.people.react(react)).toThrow('Thread is archived')
  expect((await at.call('DELETE', message)).status).toBe(204)
})

test('a thread was never archived by itself', async () => {
  await using at = await scene()
  const made = (
    await at.call('POST', `/channels/${at.channel('general')}/threads`, {
      name: 'short',
      type: 11,
      auto_archive_duration: 60,
    })
  ).body as APIThreadChannel
  const archived = async () =>
    (await at.told('THREAD_UPDATE')).map(({ payload }) => [payload.name, payload.thread_metadata.archived])
  await at.told()
  at.clock.advance(HOUR_MS - 1)
  expect(await archived()).toEqual([])
  // A message, and another duration, are activity.
  await at.post('short')
  at.clock.advance(HOUR_MS - 1)
  expect(await archived()).toEqual([])
  at.clock.advance(1)
  expect(await archived()).toEqual([['short', true]])
  await at.post('short')
  expect(await archived()).toEqual([['short', false]])
  const before = (await at.call('GET', `/channels/${made.id}`)).body.thread_metadata.archive_timestamp
  at.clock.advance(HOUR_MS / 2)
  const longer = (await at.call('PATCH', `/channels/${made.id}`, { auto_archive_duration: 1_440 })).body
  expect(longer.thread_metadata.archive_timestamp > before).toBe(true)
  await at.told()
  at.clock.advance(24 * HOUR_MS - 1)
  expect(await archived()).toEqual([])
  at.clock.advance(1)
  expect(await archived()).toEqual([['short', true]])
  // The seed's own, after three days.
  at.clock.advance(72 * HOUR_MS)
  expect(await archived()).toEqual([[THREAD, true]])
})

test('a session that began was told of archived threads', async () => {
  await using at = await scene()
  const listed = async () => {
    const { client } = await identified(at.simulator)
    await using _ = client
    return ((await client.event('GUILD_CREATE')).d as { threads: { name: string }[] }).threads.map(({ name }) => name)
  }
  expect(await listed()).toEqual([THREAD])
  put(at, { archived: true })
  expect(await listed()).toEqual([])
})

test('typing in a thread asked for what it takes in a channel', async () => {
  await using at = await scene()
  const type = (name: string) => at.call('POST', `/channels/${at.channel(name)}/typing`)
  at.forbid(Bit.SendMessages)
  expect((await type(THREAD)).status).toBe(204)
  expect(await type('general')).toMatchObject(refused(50013))
  at.forbid(Bit.SendMessagesInThreads)
  expect(await type(THREAD)).toMatchObject(refused(50013))
})

test('a thread was opened only by its owner, and slowed down by its owner too', async () => {
  await using at = await scene()
  const id = put(at, { archived: true })
  at.forbid(Bit.ManageThreads)
  expect((await at.call('PATCH', `/channels/${id}`, { archived: false })).status).toBe(200)
  expect(stateOf(at).archived).toBe(false)
  expect(await at.call('PATCH', `/channels/${id}`, { name: 'x' })).toMatchObject(refused(50013))
  const own = (await at.call('POST', `/channels/${at.channel('general')}/threads`, { name: 'x', type: 11 })).body
  expect((await at.call('PATCH', `/channels/${own.id}`, { name: 'y' })).status).toBe(200)
  expect(await at.call('PATCH', `/channels/${own.id}`, { rate_limit_per_user: 5 })).toMatchObject(refused(50013))
})

test('what a dispatch says of a thread stops no clock', async () => {
  await using at = await scene()
  const thread = at.guild.threads[0]!
  for (const minutes of [1e300, -5, 'x', null]) {
    const thread_metadata = { archived: false, archive_timestamp: 'x', auto_archive_duration: minutes }
    at.simulator.dispatch('THREAD_UPDATE', { ...thread, thread_metadata })
    at.clock.advance(1_000)
  }
  expect((await at.call('GET', '/users/@me')).status).toBe(200)
})

test('who was kicked stayed in the threads', async () => {
  await using at = await scene()
  const { id } = (await at.call('POST', `/channels/${at.channel('general')}/threads`, { name: 'x', type: 11 })).body
  await at.call('PUT', `/channels/${id}/thread-members/${PEOPLE.pikelet.id}`)
  await at.call('DELETE', `/guilds/${at.guild.id}/members/${PEOPLE.pikelet.id}`)
  const left = (await at.call('GET', `/channels/${id}/thread-members`)).body as { user_id: string }[]
  expect(left.map(({ user_id }) => user_id)).toEqual([at.bot.id])
  expect((await at.call('GET', `/channels/${id}`)).body.member_count).toBe(1)
})
