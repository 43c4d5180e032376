import { PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { refused, scene } from './scene.ts'
import type { Scene } from './scene.ts'

async function aForum(at: Scene, fields: object = {}) {
  const available_tags = [
    { name: 'Kiln', emoji_name: '🔥' },
    { name: 'Solved', moderated: true },
  ]
  const body = { name: 'Help Desk', type: 15, available_tags, topic: 'Ask here.', ...fields }
  const forum = (await at.call('POST', `/guilds/${at.guild.id}/channels`, body)).body
  return { ...forum, path: `/channels/${forum.id}`, tags: forum.available_tags.map(({ id }: { id: string }) => id) }
}

test('a post is a thread with its first message, and is told as both', async () => {
  await using at = await scene()
  const forum = await aForum(at)
  expect(await at.heard('CHANNEL_CREATE')).toMatchObject({
    id: forum.id,
    name: 'help-desk',
    type: 15,
    available_tags: [
      { id: forum.tags[0], name: 'Kiln', moderated: false, emoji_id: null, emoji_name: '🔥' },
      { id: forum.tags[1], name: 'Solved', moderated: true, emoji_id: null, emoji_name: null },
    ],
    default_sort_order: null,
    default_forum_layout: 0,
    default_reaction_emoji: null,
  })
  const body = { name: 'It will not light', message: { content: 'help' }, applied_tags: [forum.tags[0]] }
  const { body: post } = await at.call('POST', `${forum.path}/threads`, body)
  expect(post).toMatchObject({ type: 11, parent_id: forum.id, applied_tags: [forum.tags[0]], owner_id: at.bot.id })
  expect(post.message).toMatchObject({ id: post.id, channel_id: post.id, content: 'help' })
  expect(await at.heard('THREAD_CREATE')).toMatchObject({
    id: post.id,
    newly_created: true,
    applied_tags: [forum.tags[0]],
  })
  expect(await at.heard('MESSAGE_CREATE')).toMatchObject({ id: post.id, channel_id: post.id, guild_id: at.guild.id })
  expect((await at.call('GET', forum.path)).body.last_message_id).toBe(post.id)
  await at.call('POST', `/channels/${post.id}/messages`, { content: 'anybody?' })
  expect((await at.call('GET', `/channels/${post.id}`)).body).toMatchObject({ message_count: 1, total_message_sent: 1 })

  const solved = { applied_tags: forum.tags, flags: 2 }
  expect((await at.call('PATCH', `/channels/${post.id}`, solved)).body).toMatchObject(solved)
  expect(await at.heard('THREAD_UPDATE')).toMatchObject({ id: post.id, ...solved })
})

test('a post with a file has it', async () => {
  await using at = await scene()
  const forum = await aForum(at)
  const form = new FormData()
  form.set(
    'payload_json',
    JSON.stringify({ name: 'Look', message: { attachments: [{ id: 0, description: 'cracks' }] } }),
  )
  form.set('files[0]', new Blob(['x'], { type: 'image/png' }), 'pot.png')
  const { body: post } = await at.call('POST', `${forum.path}/threads`, form)
  expect(post.message.attachments).toMatchObject([{ filename: 'pot.png', description: 'cracks' }])
})

test('a forum takes posts only, with its own tags, from those who may', async () => {
  await using at = await scene()
  const forum = await aForum(at, { flags: 16 })
  expect(forum.flags).toBe(16)
  const post = (fields: object) =>
    at.call('POST', `${forum.path}/threads`, { name: 'x', message: { content: 'x' }, ...fields })
  expect((await at.call('POST', `${forum.path}/messages`, { content: 'x' })).body.code).toBe(50008)
  expect((await post({})).body.code).toBe(40067)
  expect((await post({ applied_tags: ['1'] })).body.code).toBe(10087)
  expect((await post({ applied_tags: forum.tags, message: undefined })).body).toMatchObject({
    code: 50035,
    errors: { message: { _errors: [{ code: 'BASE_TYPE_REQUIRED' }] } },
  })
  expect((await post({ applied_tags: forum.tags, message: {} })).body.code).toBe(50006)
  expect((await at.call('PATCH', forum.path, { available_tags: [{ name: 'x'.repeat(21) }] })).body).toMatchObject({
    errors: { available_tags: { 0: { name: { _errors: [{ code: 'BASE_TYPE_BAD_LENGTH' }] } } } },
  })
  const aside = (await at.call('POST', `/channels/${at.channel('general')}/threads`, { name: 'x', type: 11 })).body
  expect((await at.call('PATCH', `/channels/${aside.id}`, { applied_tags: [] })).body.code).toBe(50024)
  const sorted = { default_sort_order: 1, default_reaction_emoji: { emoji_name: '🔥' } }
  expect((await at.call('PATCH', forum.path, sorted)).body).toMatchObject({ default_sort_order: 1 })
  expect((await at.call('PATCH', forum.path, { default_sort_order: null })).body).toMatchObject({
    default_sort_order: null,
    default_reaction_emoji: { emoji_id: null, emoji_name: '🔥' },
    available_tags: [{ id: forum.tags[0] }, { id: forum.tags[1] }],
    flags: 16,
  })

  at.forbid(Bit.ManageThreads)
  expect(await post({ applied_tags: forum.tags })).toMatchObject(refused(50013))
  expect((await post({ applied_tags: [forum.tags[0]] })).status).toBe(201)
  at.forbid(Bit.SendMessages)
  expect(await post({ applied_tags: [forum.tags[0]] })).toMatchObject(refused(50013))
})
