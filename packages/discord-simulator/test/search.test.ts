import { PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { PEOPLE } from '../src/index.ts'
import { refused, scene } from './scene.ts'
import type { Scene } from './scene.ts'

interface Hit {
  id: string
  content: string
  hit: boolean
}

const ask = (at: Scene, query: string) => at.call('GET', `/guilds/${at.guild.id}/messages/search?${query}`)
/** What is found, as it was written. */
async function found(at: Scene, query: string): Promise<string[]> {
  const { status, body } = await ask(at, query)
  expect(status).toBe(200)
  return (body.messages as Hit[][]).map(([message]) => message!.content)
}

/** Messages of which no other has the word: said in turn, each a second later. */
async function said(at: Scene) {
  const post = async (name: string, body: object) => {
    at.clock.advance(1_000)
    return at.post(name, body)
  }
  const first = await post('general', { content: 'zircon glaze is done' })
  const answer = await post('general', {
    content: 'zircon: see https://kiln.example/a?b=1',
    message_reference: { message_id: first.id },
  })
  await post('cone 6 schedule', {
    content: 'a zircon, and then some more glaze',
    embeds: [{ title: 'x', image: { url: 'https://x.example/a.png' } }],
  })
  const poll = { question: { text: 'Which?' }, answers: [{ poll_media: { text: 'This' } }] }
  await post('general', { content: 'zircon?', poll })
  at.clock.advance(1_000)
  const spoken = at.simulator.people.speak({
    user_id: PEOPLE.pikelet.id,
    channel_id: at.channel('general'),
    content: `Zircon, <@${PEOPLE.tessellate.id}>`,
  })
  return { first, answer, spoken }
}

test('what was said in a guild could not be searched', async () => {
  await using at = await scene()
  const { first, spoken } = await said(at)
  const all = [
    `Zircon, <@${PEOPLE.tessellate.id}>`,
    'zircon?',
    'a zircon, and then some more glaze',
    'zircon: see https://kiln.example/a?b=1',
    'zircon glaze is done',
  ]
  const is = (...indexes: number[]) => indexes.map((index) => all[index])
  const general = at.channel('general')
  for (const [query, expected] of [
    ['', is(0, 1, 2, 3, 4)],
    ['&sort_order=asc', is(4, 3, 2, 1, 0)],
    ['&limit=2&offset=1', is(1, 2)],
    [`&channel_id=${general}`, is(0, 1, 3, 4)],
    [`&channel_id=${general}&channel_id=${at.channel('cone 6 schedule')}`, is(0, 1, 2, 3, 4)],
    [`&author_id=${PEOPLE.pikelet.id}`, is(0)],
    ['&author_type=user', is(0)],
    ['&author_type=-user', is(1, 2, 3, 4)],
    [`&mentions=${PEOPLE.tessellate.id}`, is(0)],
    ['&has=poll', is(1)],
    ['&has=poll&has=image', is(1, 2)],
    ['&has=link', is(3)],
    ['&has=-link&has=-poll', is(0, 2, 4)],
    ['&link_hostname=kiln.example', is(3)],
    ['&embed_type=image', is(2)],
    [`&replied_to_message_id=${first.id}`, is(3)],
    [`&replied_to_user_id=${at.bot.id}`, is(3)],
    [`&max_id=${spoken.id}&min_id=${first.id}`, is(1, 2, 3)],
    ['&pinned=true', []],
    ['&mention_everyone=false', is(0, 1, 2, 3, 4)],
  ] as const) {
    expect([query, await found(at, `content=zircon${query}`)]).toEqual([query, expected])
  }
  // Words in their order, with no more than so many between them; by relevance the nearest first.
  expect(await found(at, 'content=zircon%20glaze')).toEqual(is(4))
  expect(await found(at, 'content=zircon%20glaze&slop=10')).toEqual(is(2, 4))
  expect(await found(at, 'content=zircon%20glaze&slop=10&sort_by=relevance')).toEqual(is(4, 2))
  const { body } = await ask(at, 'content=zircon&limit=3')
  expect(body).toMatchObject({
    total_results: 5,
    doing_deep_historical_index: false,
    threads: [{ name: 'cone 6 schedule' }],
  })
  expect(body.messages[0]).toMatchObject([{ id: spoken.id, hit: true }])
})

test('a search finds nothing that the bot may not read, or that is kept from the young', async () => {
  await using at = await scene()
  await said(at)
  const { parent_id } = at.guild.threads.find(({ name }) => name === 'cone 6 schedule')!
  const { name: parent } = at.guild.channels.find(({ id }) => id === parent_id)!
  const adult = (id: string) => at.simulator.dispatch('CHANNEL_UPDATE', { id, guild_id: at.guild.id, nsfw: true })
  adult(at.channel('general'))
  expect(await found(at, 'content=zircon')).toHaveLength(1)
  // A thread is what its channel is.
  adult(parent_id!)
  expect(await found(at, 'content=zircon')).toEqual([])
  expect(await found(at, 'content=zircon&include_nsfw=true')).toHaveLength(5)
  at.forbid(Bit.ReadMessageHistory, 'general')
  expect(await found(at, 'content=zircon&include_nsfw=true')).toHaveLength(1)
  at.forbid(Bit.ViewChannel, parent)
  expect(await found(at, 'content=zircon&include_nsfw=true')).toEqual([])
  expect(await ask(at, `content=zircon&channel_id=${at.channel('general')}`)).toMatchObject(refused(50013))
  expect(await ask(at, 'channel_id=1')).toMatchObject(refused(10003))
  at.forbid(Bit.ReadMessageHistory)
  expect(await ask(at, 'content=zircon')).toMatchObject(refused(50013))
})

test('a search asks for MESSAGE_CONTENT, and names what is wrong of it', async () => {
  {
    await using at = await scene({ privileged: [] }, { intents: 1 })
    expect(await ask(at, 'content=x')).toMatchObject(refused(50001))
  }
  await using at = await scene()
  for (const [query, field] of [
    ['limit=26', 'limit'],
    ['offset=9976', 'offset'],
    ['author_id=pikelet', 'author_id'],
    ['has=hope', 'has'],
    ['pinned=maybe', 'pinned'],
    ['sort_by=luck', 'sort_by'],
  ] as const) {
    const { status, body } = await ask(at, query)
    expect([query, status, Object.keys(body.errors ?? {})]).toEqual([query, 400, [field]])
  }
})

async function aForum(at: Scene) {
  const available_tags = [{ name: 'Kiln' }, { name: 'Glaze' }]
  const forum = (await at.call('POST', `/guilds/${at.guild.id}/channels`, { name: 'Help', type: 15, available_tags }))
    .body
  const tags = (forum.available_tags as { id: string }[]).map(({ id }) => id)
  const posts: string[] = []
  for (const [name, applied_tags] of [
    ['It will not light', [tags[0]]],
    ['It will not cool', tags],
    ['Blue', []],
  ] as const) {
    at.clock.advance(1_000)
    const { body } = await at.call('POST', `/channels/${forum.id}/threads`, {
      name,
      applied_tags,
      message: { content: name },
    })
    posts.push(body.id)
  }
  return { id: forum.id as string, tags, posts }
}

test('the posts of a forum could not be searched', async () => {
  await using at = await scene()
  const { id, tags, posts } = await aForum(at)
  const search = async (query: string) => (await at.call('GET', `/channels/${id}/threads/search?${query}`)).body
  const names = async (query: string) => ((await search(query)).threads as { name: string }[]).map(({ name }) => name)
  const [light, cool, blue] = ['It will not light', 'It will not cool', 'Blue']
  expect(await names('')).toEqual([blue, cool, light])
  expect(await names('name=will%20not')).toEqual([cool, light])
  expect(await names(`tag=${tags[0]}`)).toEqual([cool, light])
  expect(await names(`tag=${tags[0]}&tag=${tags[1]}&tag_setting=match_all`)).toEqual([cool])
  expect(await names(`max_id=${posts[2]}&sort_by=creation_time&sort_order=asc`)).toEqual([light, cool])
  at.clock.advance(1_000)
  await at.call('POST', `/channels/${posts[0]}/messages`, { content: 'anybody?' })
  expect(await names('')).toEqual([light, blue, cool])
  await at.call('PATCH', `/channels/${posts[1]}`, { archived: true })
  expect(await names('archived=true')).toEqual([cool])
  expect(await names('archived=false')).toEqual([light, blue])
  expect(await search('limit=1&offset=1')).toMatchObject({
    total_results: 3,
    has_more: true,
    members: [{ id: posts[2], user_id: at.bot.id }],
    first_messages: [{ id: posts[2], content: blue }],
  })
})

test('the bot’s own archived private threads could not be listed', async () => {
  await using at = await scene()
  at.forbid(Bit.ManageThreads)
  const channel = `/channels/${at.channel('general')}`
  const open = async (name: string) => {
    at.clock.advance(1_000)
    const { id } = (await at.call('POST', `${channel}/threads`, { name, type: 12 })).body
    await at.call('PATCH', `/channels/${id}`, { archived: true })
    return id as string
  }
  const ids = [await open('one'), await open('two'), await open('three')]
  at.simulator.dispatch('THREAD_CREATE', {
    ...(await at.call('GET', `/channels/${ids[0]}`)).body,
    id: '900',
    name: 'of others',
    owner_id: PEOPLE.pikelet.id,
  })
  const list = async (query = '') =>
    (await at.call('GET', `${channel}/users/@me/threads/archived/private${query}`)).body
  const shown = await list()
  expect(shown).toMatchObject({ has_more: false, members: [{}, {}, {}] })
  expect(shown.threads.map(({ id }: { id: string }) => id)).toEqual(ids.toReversed())
  expect(await list(`?before=${ids[2]}&limit=2`)).toMatchObject({ threads: [{ id: ids[1] }, { id: ids[0] }] })
  expect(await list('?limit=2')).toMatchObject({ has_more: true })
  // All of the channel's are for moderators.
  expect(await at.call('GET', `${channel}/threads/archived/private`)).toMatchObject(refused(50013))
})
