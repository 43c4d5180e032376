import { PermissionFlagsBits as Bit } from 'discord-api-types/v10'
import { expect, test } from 'vitest'
import { PEOPLE } from '../src/index.ts'
import { START_MS, refused, scene } from './scene.ts'
import type { Scene } from './scene.ts'

const answer = (text: string) => ({ poll_media: { text } })
const POLL = { question: { text: 'Which kiln?' }, answers: [answer('Old'), answer('New')] }
const HOUR_MS = 3_600_000
const { pikelet, saltmarsh } = PEOPLE

/** A poll in #general, and how people vote in it. */
async function aPoll(at: Scene, fields: object = {}) {
  const { id, channel_id } = await at.post('general', { poll: { ...POLL, ...fields } })
  const vote = (userId: string, ...answer_ids: number[]) =>
    at.simulator.people.vote(userId, { channel_id, message_id: id, answer_ids })
  const shown = async () => (await at.call('GET', `/channels/${channel_id}/messages/${id}`)).body
  return { id, path: `/channels/${channel_id}/polls/${id}`, channel_id, vote, shown }
}

test('people vote, think again, and are counted', async () => {
  await using at = await scene()
  const poll = await aPoll(at)
  expect((await at.heard('MESSAGE_CREATE')).poll).toEqual({
    question: { text: 'Which kiln?' },
    answers: [
      { answer_id: 1, ...answer('Old') },
      { answer_id: 2, ...answer('New') },
    ],
    expiry: '2026-11-21T14:08:00.000000+00:00',
    allow_multiselect: false,
    layout_type: 1,
    results: { answer_counts: [], is_finalized: false },
  })
  const event = { channel_id: poll.channel_id, message_id: poll.id, guild_id: at.guild.id, user_id: pikelet.id }
  poll.vote(pikelet.id, 1)
  expect(await at.heard('MESSAGE_POLL_VOTE_ADD')).toEqual({ ...event, answer_id: 1 })
  poll.vote(pikelet.id, 2)
  expect(await at.heard('MESSAGE_POLL_VOTE_REMOVE')).toEqual({ ...event, answer_id: 1 })
  expect(await at.heard('MESSAGE_POLL_VOTE_ADD')).toEqual({ ...event, answer_id: 2 })
  poll.vote(saltmarsh.id, 2)
  expect((await poll.shown()).poll.results).toEqual({
    answer_counts: [{ id: 2, count: 2, me_voted: false }],
    is_finalized: false,
  })
  const voters = async (query = '') => (await at.call('GET', `${poll.path}/answers/2${query}`)).body.users
  expect(await voters()).toMatchObject([{ id: pikelet.id }, { id: saltmarsh.id }])
  expect(await voters(`?after=${pikelet.id}`)).toMatchObject([{ id: saltmarsh.id }])
  expect(() => poll.vote(pikelet.id, 1, 2)).toThrow('one answer')
  expect(() => poll.vote(pikelet.id, 3)).toThrow('no such answer')
  const many = await aPoll(at, { allow_multiselect: true })
  many.vote(pikelet.id, 1, 2)
  expect((await many.shown()).poll.results.answer_counts).toHaveLength(2)
})

test('a poll is ended by its author, once, and a message says who has won', async () => {
  await using at = await scene()
  const poll = await aPoll(at)
  await at.heard('MESSAGE_CREATE')
  poll.vote(pikelet.id, 2)
  at.clock.advance(HOUR_MS)
  const { body } = await at.call('POST', `${poll.path}/expire`)
  const results = { answer_counts: [{ id: 2, count: 1, me_voted: false }], is_finalized: true }
  expect(body.poll).toMatchObject({ results, expiry: '2026-11-20T15:08:00.000000+00:00' })
  expect(await at.heard('MESSAGE_UPDATE')).toMatchObject({ id: poll.id, poll: { results } })
  const said = await at.heard('MESSAGE_CREATE')
  expect(said).toMatchObject({
    type: 46,
    message_reference: { message_id: poll.id },
    mentions: [{ id: at.bot.id }],
    embeds: [{ type: 'poll_result' }],
  })
  expect(
    Object.fromEntries(
      said.embeds[0].fields.map((field: { name: string; value: string }) => [field.name, field.value]),
    ),
  ).toEqual({
    poll_question_text: 'Which kiln?',
    victor_answer_votes: '1',
    total_votes: '1',
    victor_answer_id: '2',
    victor_answer_text: 'New',
  })
  expect((await at.call('GET', `/channels/${poll.channel_id}/messages/${said.id}`)).status).toBe(200)
  expect((await at.call('POST', `${poll.path}/expire`)).body.code).toBe(520001)
  expect(() => poll.vote(pikelet.id, 1)).toThrow('over')
})

test('a poll ends by itself, also after more days than a timer takes', async () => {
  await using at = await scene()
  const poll = await aPoll(at, { duration: 768 })
  at.clock.advance(768 * HOUR_MS - 1)
  expect((await poll.shown()).poll.results.is_finalized).toBe(false)
  at.clock.advance(1)
  expect((await poll.shown()).poll).toMatchObject({
    results: { is_finalized: true },
    expiry: new Date(START_MS + 768 * HOUR_MS).toISOString().replace('Z', '000+00:00'),
  })
})

test('what is no poll, or not the bot’s, or not allowed, is refused', async () => {
  await using at = await scene()
  const { id, channel_id } = await at.post('general')
  expect((await at.call('POST', `/channels/${channel_id}/polls/${id}/expire`)).body.code).toBe(520006)
  expect((await at.call('POST', `/channels/${channel_id}/polls/1/expire`)).body.code).toBe(10008)
  const poll = await aPoll(at)
  expect((await at.call('PATCH', `/channels/${channel_id}/messages/${poll.id}`, { content: 'x' })).body.code).toBe(
    520003,
  )
  const posted = (fields: object) =>
    at.call('POST', `/channels/${channel_id}/messages`, { poll: { ...POLL, ...fields } })
  expect((await posted({ answers: Array(11).fill(answer('x')), duration: 769 })).body).toMatchObject({
    code: 50035,
    errors: {
      poll: {
        answers: { _errors: [{ code: 'BASE_TYPE_BAD_LENGTH' }] },
        duration: { _errors: [{ code: 'NUMBER_TYPE_MAX' }] },
      },
    },
  })
  const { message } = { message: (await at.call('GET', `/channels/${channel_id}/messages/${poll.id}`)).body }
  const theirs = { ...message, id: at.simulator.world.nextId(), author: pikelet, guild_id: at.guild.id }
  at.simulator.dispatch('MESSAGE_CREATE', theirs)
  expect((await at.call('POST', `/channels/${channel_id}/polls/${theirs.id}/expire`)).body.code).toBe(50005)
  at.forbid(Bit.SendPolls)
  expect(await posted({})).toMatchObject(refused(50013))
})
