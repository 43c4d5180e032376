import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { applyEvent, applyGap, markRead } from '../../src/live/view/guild-view.ts'
import { isMine } from '../../src/live/view/message-reactions.ts'
import { compareSnowflakes } from '@repo/discord-integration/types'
import { applyHistory } from '../../src/live/view/view-messages.ts'
import { emptyView, type GuildView } from '../../src/live/view/view-types.ts'
import { AT, channel, CHANNEL, GUILD, guildCreate, idAt, member, message, voiceState } from './fixtures.ts'

type Event = [name: string, payload: unknown]

const apply = (view: GuildView, ...events: Event[]): GuildView =>
  events.reduce((next, [name, payload], index) => applyEvent(next, name, payload, `e-${index}`, AT), view)
const live = (...events: Event[]): GuildView =>
  apply(emptyView(GUILD, '999'), ['GUILD_CREATE', guildCreate()], ...events)
const contents = (view: GuildView): string[] =>
  (view.messages[CHANNEL]?.items ?? []).map((item) => item.payload.content)
const page = (view: GuildView, messages: ReturnType<typeof message>[], limit = 50, before?: string): GuildView =>
  applyHistory(view, CHANNEL, { messages: messages.toReversed(), limit, ...(before === undefined ? {} : { before }) })

describe('the guild', () => {
  test('a snapshot replaces what was there, and asks for messages to be read again', () => {
    const before = live(
      ['CHANNEL_CREATE', channel('201')],
      ['VOICE_STATE_UPDATE', voiceState('300', '202')],
      ['MESSAGE_CREATE', message(0)],
    )
    const after = apply(before, ['GUILD_CREATE', guildCreate({ name: 'Renamed' })])
    expect(after.guild?.name).toBe('Renamed')
    expect(Object.keys(after.channels)).toEqual([CHANNEL])
    expect(after.voice).toEqual({})
    expect(after.messages[CHANNEL]).toMatchObject({ stale: true })
  })

  test('a snapshot of another guild changes nothing', () => {
    const view = live()
    expect(apply(view, ['GUILD_CREATE', guildCreate({ id: '1' })])).toBe(view)
  })

  test('an outage keeps the state, a removal says so', () => {
    expect(live(['GUILD_DELETE', { id: GUILD, unavailable: true }])).toMatchObject({
      removed: false,
      guild: { unavailable: true },
    })
    expect(live(['GUILD_DELETE', { id: GUILD }]).removed).toBe(true)
  })

  test('who joins, moves and leaves a voice channel', () => {
    const joined = live(['VOICE_STATE_UPDATE', voiceState('301', '202', { self_mute: true, member: member('301') })])
    expect(joined.voice['301']).toMatchObject({ channelId: '202', muted: true, deafened: false })
    expect(joined.people['301']?.name).toBe('user-301')
    const moved = apply(joined, ['VOICE_STATE_UPDATE', voiceState('301', '203', { deaf: true })])
    expect(moved.voice['301']).toMatchObject({ channelId: '203', muted: false, deafened: true })
    expect(apply(moved, ['VOICE_STATE_UPDATE', voiceState('301', null)]).voice).toEqual({})
  })

  test('a channel that is hidden from everyone is marked, one that is deleted takes its threads along', () => {
    const overwrites = [{ id: GUILD, type: 0, allow: '0', deny: '1024' }]
    const view = live(
      ['CHANNEL_CREATE', channel('201', { permission_overwrites: overwrites })],
      ['THREAD_CREATE', channel('210', { type: 11, parent_id: '201' })],
    )
    expect(view.channels['201']?.isPrivate).toBe(true)
    expect(Object.keys(apply(view, ['CHANNEL_DELETE', channel('201')]).channels)).toEqual([CHANNEL])
  })

  test('the channels of a deleted category stay', () => {
    const view = live(
      ['CHANNEL_CREATE', channel('205', { type: 4 })],
      ['CHANNEL_CREATE', channel('206', { parent_id: '205' })],
      ['CHANNEL_DELETE', channel('205', { type: 4 })],
    )
    expect(Object.keys(view.channels).sort()).toEqual([CHANNEL, '206'].sort())
  })

  test('members are counted once', () => {
    const add: Event = ['GUILD_MEMBER_ADD', member('305')]
    const remove: Event = ['GUILD_MEMBER_REMOVE', member('305')]
    expect(live(add, add).guild?.memberCount).toBe(13)
    expect(live(add, remove, remove).guild?.memberCount).toBe(12)
  })

  test('an event that the page does not show returns the same view', () => {
    const view = live()
    expect(apply(view, ['PRESENCE_UPDATE', { user: { id: '300' } }], ['INVITE_CREATE', {}])).toBe(view)
  })
})

describe('messages', () => {
  test('an edit, a deletion, and what a deletion leaves', () => {
    const edited = live(
      ['MESSAGE_CREATE', message(0)],
      ['MESSAGE_UPDATE', message(0, { content: 'corrected', edited_timestamp: '2026-11-20T14:01:00Z' })],
    )
    expect(contents(edited)).toEqual(['corrected'])
    const gone = apply(edited, ['MESSAGE_DELETE', { id: idAt(0), channel_id: CHANNEL }])
    expect(gone.messages[CHANNEL]?.items[0]).toMatchObject({ deletedAt: AT, payload: { content: '' } })
    const again = apply(gone, ['MESSAGE_UPDATE', message(0, { content: 'late' })], ['MESSAGE_CREATE', message(0)])
    expect(contents(again)).toEqual([''])
  })

  test('an older edit does not undo a newer one', () => {
    const view = live(
      ['MESSAGE_CREATE', message(0)],
      ['MESSAGE_UPDATE', message(0, { content: 'second', edited_timestamp: '2026-11-20T14:02:00Z' })],
      ['MESSAGE_UPDATE', message(0, { content: 'first', edited_timestamp: '2026-11-20T14:01:00Z' })],
    )
    expect(contents(view)).toEqual(['second'])
  })

  test('many deleted at once', () => {
    const view = live(['MESSAGE_CREATE', message(0)], ['MESSAGE_CREATE', message(1)], ['MESSAGE_CREATE', message(2)])
    const ids = [idAt(0), idAt(2)]
    expect(contents(apply(view, ['MESSAGE_DELETE_BULK', { ids, channel_id: CHANNEL }]))).toEqual([
      '',
      'written at 1',
      '',
    ])
  })

  test('reactions: each person once, and one’s own is marked', () => {
    const fire = { id: null, name: '🔥' }
    const by = (user_id: string) => ({ channel_id: CHANNEL, message_id: idAt(0), user_id, emoji: fire })
    const view = live(
      ['MESSAGE_CREATE', message(0)],
      ['MESSAGE_REACTION_ADD', by('301')],
      ['MESSAGE_REACTION_ADD', by('301')],
      ['MESSAGE_REACTION_ADD', by('999')],
    )
    const reactions = (of: GuildView) => of.messages[CHANNEL]?.items[0]?.reactions
    expect(reactions(view)).toMatchObject([{ key: '🔥', count: 2 }])
    const own = (of: GuildView) => isMine(reactions(of)![0]!, of.viewerId)
    expect(own(view)).toBe(true)
    const taken = apply(view, ['MESSAGE_REACTION_REMOVE', by('999')])
    expect(reactions(taken)).toMatchObject([{ count: 1 }])
    expect(own(taken)).toBe(false)
    const emoji = { channel_id: CHANNEL, message_id: idAt(0), emoji: fire }
    expect(reactions(apply(view, ['MESSAGE_REACTION_REMOVE_EMOJI', emoji]))).toEqual([])
  })

  test.each([null, '999'])('history read by the bot: its own reaction is not that of viewer %s', (viewerId) => {
    const reaction = {
      emoji: { id: null, name: '🔥' },
      count: 2,
      count_details: { burst: 0, normal: 2 },
      me: true,
      me_burst: false,
      burst_colors: [],
    }
    const read = page({ ...live(), viewerId }, [message(10, { reactions: [reaction] })])
    const [shown] = read.messages[CHANNEL]!.items[0]!.reactions
    expect(shown?.count).toBe(2)
    expect(isMine(shown!, viewerId)).toBe(false)
  })

  test('what history brings of a gap is restored, whichever is heard of first', () => {
    const gap = { id: null, from: AT, to: AT + 1000, reason: 'upstream', unrestored: false }
    const read = [message(500), message(2000)]
    const restoredIn = (view: GuildView) => view.messages[CHANNEL]?.items.map(({ restored }) => restored)
    expect(restoredIn(page(applyGap(live(), gap), read))).toEqual([true, false])
    const view = applyGap(page(live(), read), gap)
    expect(restoredIn(view)).toEqual([true, false])
    // Once more, as each snapshot says it.
    expect(restoredIn(page(view, read))).toEqual([true, false])
  })

  test('what came as it happened is not restored, though a clock may say so', () => {
    const gap = { id: null, from: AT, to: AT + 1000, reason: 'upstream', unrestored: false }
    const view = applyGap(apply(live(), ['MESSAGE_CREATE', message(500)]), gap)
    expect(view.messages[CHANNEL]?.items.map(({ restored }) => restored)).toEqual([false])
  })

  test('what comes after a gap and was written in it is restored', () => {
    const gap = { id: 'e-1', from: AT, to: AT + 1000, reason: 'upstream', unrestored: false }
    const view = apply(applyGap(live(), gap), ['MESSAGE_CREATE', message(500)], ['MESSAGE_CREATE', message(2000)])
    expect(view.messages[CHANNEL]?.items.map((item) => item.restored)).toEqual([true, false])
    expect(applyGap(view, gap)).toBe(view)

    // It is the same hole of which it is said later that not all could be read back.
    const after = applyGap(view, { ...gap, id: 'e-9', unrestored: true })
    expect(after.gaps).toEqual([{ ...gap, unrestored: true }])
    expect(applyGap(after, gap)).toBe(after)
  })

  test('unread counts what others write, until it is read', () => {
    const own = message(5, { author: { ...message(5).author, id: '999' } })
    const view = live(['MESSAGE_CREATE', message(0)], ['MESSAGE_CREATE', message(0)], ['MESSAGE_CREATE', own])
    expect(view.unread[CHANNEL]?.count).toBe(1)
    expect(markRead(view, CHANNEL).unread[CHANNEL]?.count).toBe(0)
  })
})

describe('history', () => {
  test('meets what came meanwhile without a seam', () => {
    const view = page(live(['MESSAGE_CREATE', message(30)], ['MESSAGE_CREATE', message(40)]), [
      message(10),
      message(20),
      message(30),
    ])
    expect(contents(view)).toEqual([10, 20, 30, 40].map((ms) => `written at ${ms}`))
    expect(view.messages[CHANNEL]).toMatchObject({ loaded: true, complete: true, stale: false })
    expect(view.messages[CHANNEL]?.items[2]?.eventId).not.toBeNull()
  })

  test('does not bring back what was deleted while it was read', () => {
    const view = live(['MESSAGE_CREATE', message(10)], ['MESSAGE_DELETE', { id: idAt(10), channel_id: CHANNEL }])
    expect(contents(page(view, [message(10), message(20)]))).toEqual(['', 'written at 20'])
  })

  test('drops what was deleted while nobody listened', () => {
    const read = page(live(), [message(10), message(20), message(30)])
    const after = apply(read, ['GUILD_CREATE', guildCreate()])
    expect(contents(page(after, [message(10), message(30)]))).toEqual(['written at 10', 'written at 30'])
  })

  test('an older page goes on top', () => {
    const read = page(live(), [message(30), message(40)], 2)
    expect(read.messages[CHANNEL]?.complete).toBe(false)
    const older = page(read, [message(20)], 2, idAt(30))
    expect(contents(older)).toEqual([20, 30, 40].map((ms) => `written at ${ms}`))
    expect(older.messages[CHANNEL]?.complete).toBe(true)
  })

  test('leaves no hole: what is older than the page waits for its own', () => {
    const view = live(['MESSAGE_CREATE', message(1)], ['MESSAGE_CREATE', message(90)])
    expect(contents(page(view, [message(80), message(90)], 2))).toEqual(['written at 80', 'written at 90'])
  })
})

const times = fc.integer({ min: 0, max: 12 })
const users = fc.constantFrom('301', '302', '999')
const emoji = fc.constantFrom('🔥', '👍').map((name) => ({ id: null, name }))
const anyEvent: fc.Arbitrary<Event> = fc.oneof(
  times.map((ms): Event => ['MESSAGE_CREATE', message(ms)]),
  fc
    .tuple(times, fc.integer({ min: 0, max: 9 }))
    .map(([ms, n]): Event => [
      'MESSAGE_UPDATE',
      message(ms, { content: `edit ${n}`, edited_timestamp: `2026-11-20T15:0${n}:00Z` }),
    ]),
  times.map((ms): Event => ['MESSAGE_DELETE', { id: idAt(ms), channel_id: CHANNEL }]),
  fc
    .tuple(times, users, emoji, fc.boolean())
    .map(([ms, user_id, of, added]): Event => [
      added ? 'MESSAGE_REACTION_ADD' : 'MESSAGE_REACTION_REMOVE',
      { channel_id: CHANNEL, message_id: idAt(ms), user_id, emoji: of },
    ]),
  fc
    .tuple(users, fc.constantFrom('202', '203', null))
    .map(([user, to]): Event => ['VOICE_STATE_UPDATE', voiceState(user, to, { member: member(user) })]),
  users.map((user): Event => ['GUILD_MEMBER_ADD', member(user)]),
  users.map((user): Event => ['GUILD_MEMBER_REMOVE', member(user)]),
  fc.constantFrom('201', '204').map((id): Event => ['CHANNEL_CREATE', channel(id)]),
  fc.constantFrom('201', '204').map((id): Event => ['CHANNEL_DELETE', channel(id)]),
)

describe('for any events', () => {
  test('each applied twice is each applied once', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
        const once = live(...events)
        const twice = events.reduce((view, event) => {
          const [name, payload] = event
          const first = applyEvent(view, name, payload, 'same', AT)
          return applyEvent(first, name, payload, 'same', AT)
        }, live())
        const plain = events.reduce((view, [name, payload]) => applyEvent(view, name, payload, 'same', AT), live())
        expect(twice).toEqual(plain)
        expect(contents(once)).toEqual(contents(twice))
      }),
    )
  })

  test('messages stand in the order of their ids, each once', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 40 }), fc.uniqueArray(times), (events, paged) => {
        const read = paged.sort((a, b) => a - b).map((ms) => message(ms))
        const ids = (page(live(...events), read).messages[CHANNEL]?.items ?? []).map((item) => item.id)
        expect(ids).toEqual([...new Set(ids)].sort(compareSnowflakes))
      }),
    )
  })
})
