import { describe, expect, test } from 'vitest'
import { applyEvent, applyGap } from '../../src/live/view/guild-view.ts'
import { applyHistory } from '../../src/live/view/view-messages.ts'
import { emptyView, type GuildView } from '../../src/live/view/view-types.ts'
import { AT, CHANNEL, GUILD, guildCreate, idAt, message } from './fixtures.ts'

type Event = [name: string, payload: unknown]
const start = applyEvent(emptyView(GUILD, '300'), 'GUILD_CREATE', guildCreate(), 'k-1', AT)
const apply = (view: GuildView, ...events: Event[]): GuildView =>
  events.reduce((next, [name, payload]) => applyEvent(next, name, payload, 'k-2', AT), view)

const poll = (results?: object) => ({
  question: { text: 'Which glaze?' },
  answers: [
    { answer_id: 1, poll_media: { text: 'Celadon', emoji: { id: null, name: '🫖' } } },
    { answer_id: 2, poll_media: { text: 'Tenmoku' } },
  ],
  expiry: new Date(AT + 3_600_000).toISOString(),
  allow_multiselect: true,
  layout_type: 1,
  ...(results && { results }),
})
const asked = (results?: object) => message(0, { content: '', poll: poll(results) as never })
const vote = (userId: string, answer_id: number, taken = false): Event => [
  taken ? 'MESSAGE_POLL_VOTE_REMOVE' : 'MESSAGE_POLL_VOTE_ADD',
  { user_id: userId, channel_id: CHANNEL, message_id: idAt(0), guild_id: GUILD, answer_id },
]
const counts = (view: GuildView) =>
  view.messages[CHANNEL]!.items.find(({ id }) => id === idAt(0))!.poll?.answers.map(({ count }) => count)

describe('a poll', () => {
  test('says what is asked and when it ends', () => {
    const view = apply(start, ['MESSAGE_CREATE', asked()])
    expect(view.messages[CHANNEL]!.items[0]!.poll).toMatchObject({
      question: 'Which glaze?',
      answers: [
        { id: 1, text: 'Celadon', emoji: { id: null, name: '🫖' } },
        { id: 2, text: 'Tenmoku', emoji: null },
      ],
      several: true,
      endsAt: AT + 3_600_000,
      counted: false,
    })
  })

  test('has no votes when it begins, and each that comes once', () => {
    const view = apply(start, ['MESSAGE_CREATE', asked()])
    expect(counts(view)).toEqual([0, 0])
    const voted = apply(view, vote('301', 1), vote('301', 1), vote('302', 1), vote('302', 2))
    expect(counts(voted)).toEqual([2, 1])
    expect(counts(apply(voted, vote('301', 1, true), vote('301', 1, true)))).toEqual([1, 1])
  })

  test('of before without results has votes that nobody knows, and none is made up of those that come', () => {
    const view = applyHistory(start, CHANNEL, { messages: [asked()], limit: 50 })
    expect(counts(view)).toEqual([null, null])
    expect(counts(apply(view, vote('301', 1)))).toEqual([null, null])
    const restored = apply(
      applyGap(start, { id: null, from: AT - 1, to: AT + 1, reason: 'upstream', unrestored: false }),
      ['MESSAGE_CREATE', asked()],
    )
    expect(counts(restored)).toEqual([null, null])
  })

  test('with results has those, and answers that are left out have none', () => {
    const results = { is_finalized: false, answer_counts: [{ id: 2, count: 4, me_voted: false }] }
    const view = applyHistory(start, CHANNEL, { messages: [asked(results)], limit: 50 })
    expect(counts(view)).toEqual([0, 4])
    expect(counts(apply(view, vote('301', 2)))).toEqual([0, 5])
  })

  test('that is told again without results keeps its votes, and with them takes those', () => {
    const view = apply(start, ['MESSAGE_CREATE', asked()], vote('301', 1))
    expect(counts(apply(view, ['MESSAGE_UPDATE', { ...asked(), pinned: true }]))).toEqual([1, 0])
    const ended = { is_finalized: true, answer_counts: [{ id: 1, count: 7, me_voted: false }] }
    const over = apply(view, ['MESSAGE_UPDATE', asked(ended)])
    expect(counts(over)).toEqual([7, 0])
    expect(counts(apply(over, vote('302', 1)))).toEqual([7, 0])
  })

  test('that history brings again keeps the votes that events told since', () => {
    const view = apply(start, ['MESSAGE_CREATE', asked()], vote('301', 1), vote('302', 1))
    const results = { is_finalized: false, answer_counts: [{ id: 1, count: 1, me_voted: false }] }
    expect(counts(applyHistory(view, CHANNEL, { messages: [asked(results)], limit: 50 }))).toEqual([2, 0])
  })

  test('goes with its message', () => {
    const view = apply(start, ['MESSAGE_CREATE', asked()], ['MESSAGE_DELETE', { id: idAt(0), channel_id: CHANNEL }])
    expect(view.messages[CHANNEL]!.items[0]!.poll).toBeNull()
  })
})
