import { expect, test } from 'vitest'
import { PEOPLE } from '../src/index.ts'
import { scene } from './scene.ts'
import type { Scene } from './scene.ts'

const COMMANDS = [
  { name: 'fire', description: 'x', options: [{ type: 1, name: 'old', description: 'x' }] },
  { name: 'Thank', type: 2 },
  { name: 'Pin', type: 3 },
]
const EPHEMERAL = 64
const LOADING = 128
const BUTTON = [{ type: 1, components: [{ type: 2, style: 1, label: 'Stop', custom_id: 'stop' }] }]
const FORM = {
  custom_id: 'why',
  title: 'Why',
  components: [{ type: 18, label: 'Why', component: { type: 4, custom_id: 'text', style: 1, required: false } }],
}

interface Interaction {
  id: string
  token: string
}

/** A scene with commands, and what is done there. */
async function answering() {
  const at = await scene()
  await at.call('PUT', `/applications/${at.bot.id}/guilds/${at.guild.id}/commands`, COMMANDS)
  const place = (who: keyof typeof PEOPLE = 'pikelet') => ({
    user_id: PEOPLE[who].id,
    channel_id: at.channel('general'),
  })
  return Object.assign(at, {
    place,
    run: (who?: keyof typeof PEOPLE) =>
      at.simulator.interact({ ...place(who), command: 'fire', options: [{ name: 'old' }] }),
    answer: ({ id, token }: Interaction, type: number, data?: object) =>
      at.call('POST', `/interactions/${id}/${token}/callback`, { type, ...(data && { data }) }),
    follow: async ({ token }: Interaction, body: object) =>
      (await at.call('POST', `/webhooks/${at.bot.id}/${token}`, body)).body,
    messages: ({ token }: Interaction, which: string, method = 'GET', body?: object) =>
      at.call(method, `/webhooks/${at.bot.id}/${token}/messages/${which}`, body),
  }) satisfies Scene
}

test('the first follow-up to a deferred answer was a message of its own', async () => {
  await using at = await answering()
  const ran = at.run()
  await at.answer(ran, 5)
  const deferred = await at.heard('MESSAGE_CREATE')
  expect(deferred.flags).toBe(LOADING)
  const said = await at.follow(ran, { content: 'lit', flags: EPHEMERAL })
  expect(said).toMatchObject({ id: deferred.id, content: 'lit', flags: 0, type: 20 })
  expect(await at.heard('MESSAGE_UPDATE')).toMatchObject({ id: deferred.id, content: 'lit', flags: 0 })
  expect((await at.messages(ran, '@original')).body).toMatchObject({ id: deferred.id, content: 'lit' })
  // The second is one.
  const more = await at.follow(ran, { content: 'hot' })
  expect(more.id).not.toBe(deferred.id)
  expect(await at.heard('MESSAGE_CREATE')).toMatchObject({ id: more.id, content: 'hot' })
})

test('what was deferred for one person’s eyes was shown to all', async () => {
  await using at = await answering()
  const ran = at.run()
  await at.answer(ran, 5, { flags: EPHEMERAL })
  const deferred = await at.heard('MESSAGE_CREATE')
  expect(await at.follow(ran, { content: 'psst' })).toMatchObject({ id: deferred.id, flags: EPHEMERAL })
  const { body } = await at.call('GET', `/channels/${at.channel('general')}/messages?limit=5`)
  expect(body.map(({ content }: { content: string }) => content)).not.toContain('psst')
  expect(at.simulator.interaction(ran.id)?.messages).toMatchObject([{ id: deferred.id, content: 'psst' }])
})

test('what was edited or deleted after a deferral is followed by a message of its own', async () => {
  await using at = await answering()
  const [edited, deleted] = [at.run(), at.run()]
  for (const ran of [edited, deleted]) await at.answer(ran, 5)
  const { id } = (await at.messages(edited, '@original', 'PATCH', { content: 'lit' })).body
  expect((await at.follow(edited, { content: 'hot' })).id).not.toBe(id)
  await at.messages(deleted, '@original', 'DELETE')
  expect(await at.follow(deleted, { content: 'hot' })).toMatchObject({ content: 'hot', flags: 0 })
})

test('a deferred answer may become a poll, another message not', async () => {
  await using at = await answering()
  const ran = at.run()
  await at.answer(ran, 5)
  const poll = { question: { text: 'Which?' }, answers: [{ poll_media: { text: 'old' } }], duration: 1 }
  const made = (await at.messages(ran, '@original', 'PATCH', { poll })).body
  expect(made.poll).toMatchObject({ question: { text: 'Which?' } })
  at.clock.advance(3_600_000)
  expect(await at.heard('MESSAGE_UPDATE')).toMatchObject({ id: made.id })
  const other = at.run()
  await at.answer(other, 4, { content: 'lit' })
  expect((await at.messages(other, '@original', 'PATCH', { content: 'x', poll })).body).not.toHaveProperty('poll')
})

test('the answer to a command did not say that it is one', async () => {
  await using at = await answering()
  const ran = at.run()
  await at.answer(ran, 4, { content: 'lit' })
  const original = await at.heard('MESSAGE_CREATE')
  expect(original).toMatchObject({
    type: 20,
    interaction: { id: ran.id, type: 2, name: 'fire old', user: { id: PEOPLE.pikelet.id } },
    interaction_metadata: { id: ran.id, type: 2, user: { id: PEOPLE.pikelet.id } },
  })
  const thanked = at.simulator.interact({ ...at.place(), command: 'Thank', target_id: PEOPLE.saltmarsh.id })
  await at.answer(thanked, 4, { content: 'thanks' })
  expect(await at.heard('MESSAGE_CREATE')).toMatchObject({
    type: 23,
    interaction: { name: 'Thank' },
    interaction_metadata: { target_user: { id: PEOPLE.saltmarsh.id } },
  })
  const pinned = at.simulator.interact({ ...at.place(), command: 'Pin', target_id: original.id })
  await at.answer(pinned, 4, { content: 'pinned' })
  expect((await at.heard('MESSAGE_CREATE')).interaction_metadata).toMatchObject({ target_message_id: original.id })

  const more = await at.follow(ran, { content: 'hot' })
  expect(more).toMatchObject({
    type: 19,
    message_reference: { message_id: original.id, channel_id: at.channel('general'), guild_id: at.guild.id },
    referenced_message: { id: original.id, content: 'lit' },
    interaction_metadata: { id: ran.id, original_response_message_id: original.id },
  })
  expect(more).not.toHaveProperty('interaction')
})

test('the answer to a component did not say to which message it belongs', async () => {
  await using at = await answering()
  const { id: message_id } = await at.post('general', { content: 'burning', components: BUTTON })
  const pressed = at.simulator.interact({ ...at.place(), message_id, custom_id: 'stop' })
  await at.answer(pressed, 4, { content: 'out' })
  const said = (await at.messages(pressed, '@original')).body
  expect(said).toMatchObject({
    type: 19,
    message_reference: { message_id },
    referenced_message: { id: message_id, content: 'burning' },
    interaction_metadata: { id: pressed.id, type: 3, interacted_message_id: message_id },
  })
  expect(said).not.toHaveProperty('interaction')
})

test('the answer to a form names what opened it', async () => {
  await using at = await answering()
  const ran = at.run()
  await at.answer(ran, 9, FORM)
  const sent = at.simulator.interact({ ...at.place(), modal: 'why' })
  await at.answer(sent, 4, { content: 'noted' })
  expect((await at.messages(sent, '@original')).body).toMatchObject({
    interaction: { id: sent.id, type: 5, name: 'fire old' },
    interaction_metadata: { type: 5, triggering_interaction_metadata: { id: ran.id, type: 2 } },
  })
})

test('an interaction’s token reached what was written with others', async () => {
  await using at = await answering()
  const [mine, other] = [at.run(), at.run('saltmarsh')]
  for (const ran of [mine, other]) await at.answer(ran, 4, { content: 'lit' })
  const followed = await at.follow(other, { content: 'hot' })
  const original = (await at.messages(other, '@original')).body
  const plain = await at.post('general')
  for (const { id } of [followed, original, plain]) {
    for (const [method, body] of [['GET'], ['PATCH', { content: 'forged' }], ['DELETE']] as const) {
      expect(await at.messages(mine, id, method, body)).toMatchObject({ status: 404, body: { code: 10008 } })
    }
  }
  const own = await at.follow(mine, { content: 'hot' })
  expect((await at.messages(mine, own.id, 'PATCH', { content: 'hotter' })).body.content).toBe('hotter')
  expect((await at.messages(mine, own.id, 'DELETE')).status).toBe(204)
})

test('a message for one person’s eyes is edited and deleted by who presses its button', async () => {
  await using at = await answering()
  const ran = at.run()
  await at.answer(ran, 4, { content: 'sure?', flags: EPHEMERAL, components: BUTTON })
  const { id: message_id } = (await at.messages(ran, '@original')).body
  const pressed = at.simulator.interact({ ...at.place(), message_id, custom_id: 'stop' })
  await at.answer(pressed, 6)
  const edited = (await at.messages(pressed, '@original', 'PATCH', { content: 'sure.' })).body
  expect(edited).toMatchObject({ id: message_id, content: 'sure.', flags: EPHEMERAL })
  expect(at.simulator.interaction(ran.id)?.messages).toMatchObject([{ content: 'sure.' }])
  expect((await at.messages(pressed, '@original', 'DELETE')).status).toBe(204)
  expect(at.simulator.interaction(ran.id)?.messages).toEqual([])
})
