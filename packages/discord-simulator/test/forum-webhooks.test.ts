import { expect, test } from 'vitest'
import { scene } from './scene.ts'
import type { Scene } from './scene.ts'

const make = async (at: Scene, body: object) => (await at.call('POST', `/guilds/${at.guild.id}/channels`, body)).body
const aForum = (at: Scene, fields: object = {}) =>
  make(at, { name: 'Help', type: 15, available_tags: [{ name: 'Solved', moderated: true }], ...fields })

async function aHook(at: Scene, channelId: string) {
  const { status, body } = await at.call('POST', `/channels/${channelId}/webhooks`, { name: 'kiln' })
  expect(status).toBe(200)
  const path = `/webhooks/${body.id}/${body.token}`
  const say = async (said: object, query = '') => (await at.call('POST', `${path}?wait=true${query}`, said)).body
  return { id: body.id as string, byId: `/webhooks/${body.id}`, path, say }
}

test('a webhook could not be made in a forum, nor begin a post there', async () => {
  await using at = await scene()
  const forum = await aForum(at)
  const { id, say } = await aHook(at, forum.id)
  const tags = [forum.available_tags[0].id]
  await at.told()
  const said = await say({ content: 'hot', thread_name: 'Kiln 2', applied_tags: tags })
  const thread = { parent_id: forum.id, owner_id: id, name: 'Kiln 2', applied_tags: tags, member_count: 0 }
  const events = await at.told('THREAD_CREATE', 'MESSAGE_CREATE', 'THREAD_MEMBERS_UPDATE')
  expect(events).toMatchObject([
    { event: 'THREAD_CREATE', payload: { ...thread, newly_created: true } },
    { event: 'MESSAGE_CREATE', payload: { content: 'hot', webhook_id: id } },
  ])
  expect(events[0]?.payload).not.toHaveProperty('member')
  expect(said).toMatchObject({ id: events[0]?.payload.id, channel_id: events[0]?.payload.id })
  expect((await at.call('GET', `/channels/${said.channel_id}`)).body).toMatchObject(thread)
  // And goes on in it.
  expect(await say({ content: 'cold' }, `&thread_id=${said.id}`)).toMatchObject({ channel_id: said.id })
})

test('a webhook spoke in a forum itself, or began posts outside of one', async () => {
  await using at = await scene()
  const forum = await aForum(at)
  const inForum = await aHook(at, forum.id)
  const inText = await aHook(at, at.channel('general'))
  expect(await inForum.say({ content: 'x' })).toMatchObject({ code: 220001 })
  const post = await inForum.say({ content: 'x', thread_name: 'y' })
  expect(await inForum.say({ content: 'x', thread_name: 'z' }, `&thread_id=${post.id}`)).toMatchObject({ code: 220002 })
  expect(await inText.say({ content: 'x', thread_name: 'y' })).toMatchObject({ code: 220003 })
  expect(await inText.say({ content: 'x', applied_tags: [forum.available_tags[0].id] })).toMatchObject({ code: 220003 })
  expect((await at.call('POST', `${inForum.path}/slack`, { text: 'x' })).body).toMatchObject({ code: 220004 })
  expect((await at.call('POST', `${inForum.path}/github`, { sender: { login: 'x' } })).body).toMatchObject({
    code: 220004,
  })
})

test('a post that cannot be is not begun', async () => {
  await using at = await scene()
  const { say } = await aHook(at, (await aForum(at, { flags: 1 << 4 })).id)
  await at.told()
  expect(await say({ content: 'x', thread_name: 'y' })).toMatchObject({ code: 40067 })
  expect(await say({ content: 'x', thread_name: 'y', applied_tags: ['5'] })).toMatchObject({ code: 10087 })
  expect(await say({ thread_name: 'y', applied_tags: [] })).toMatchObject({ code: 40067 })
  expect(await say({ content: 'x', thread_name: '' })).toMatchObject({ code: 50035 })
  expect(await at.told('THREAD_CREATE', 'MESSAGE_CREATE')).toEqual([])
})

test('a webhook was moved to where there can be none', async () => {
  await using at = await scene()
  const { byId } = await aHook(at, at.channel('general'))
  const move = async (channel_id: string) => (await at.call('PATCH', byId, { channel_id })).body
  const category = await make(at, { name: 'Attic', type: 4 })
  const other = at.simulator.world.guilds()[1]!.channels.find(({ name }) => name === 'front-desk')!
  expect(await move(category.id)).toMatchObject({ code: 50024 })
  expect(await move(other.id)).toMatchObject({ code: 10003 })
  const forum = await aForum(at)
  expect(await move(forum.id)).toMatchObject({ channel_id: forum.id })
  // What may be said follows where it is.
  expect((await at.call('GET', byId)).body).toMatchObject({ channel_id: forum.id })
  for (let n = 0; n < 15; n++) await aHook(at, at.channel('announcements'))
  expect(await move(at.channel('announcements'))).toMatchObject({ code: 30007 })
})
