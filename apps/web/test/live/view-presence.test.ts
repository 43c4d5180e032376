import { describe, expect, test } from 'vitest'
import { applyEvent, markRead } from '../../src/live/view/guild-view.ts'
import { postsOf } from '../../src/live/view/posts.ts'
import { emptyView, type GuildView } from '../../src/live/view/view-types.ts'
import { AT, channel, CHANNEL, GUILD, guildCreate, idAt, member, message, voiceState } from './fixtures.ts'

type Event = [name: string, payload: unknown, at?: number]
const apply = (view: GuildView, ...events: Event[]): GuildView =>
  events.reduce((next, [name, payload, at = AT]) => applyEvent(next, name, payload, 'k-2', at), view)
const start = (fields: Record<string, unknown> = {}): GuildView =>
  apply(emptyView(GUILD, '300'), ['GUILD_CREATE', guildCreate(fields)])

const typing = (userId: string, ms = 0): Event => [
  'TYPING_START',
  { channel_id: CHANNEL, guild_id: GUILD, user_id: userId, timestamp: (AT + ms) / 1000, member: member(userId) },
  AT + ms,
]
const writers = (view: GuildView) => (view.typing[CHANNEL] ?? []).map(({ userId }) => userId)

describe('who writes', () => {
  test('is known by name, once, and forgotten after a while', () => {
    const view = apply(start(), typing('301'), typing('302', 4_000), typing('301', 6_000))
    expect(writers(view)).toEqual(['302', '301'])
    expect(view.people['302']?.name).toBe('user-302')
    expect(writers(apply(view, typing('303', 15_000)))).toEqual(['301', '303'])
  })

  test('stays the same person while nothing about them changes, and is another when it does', () => {
    const view = apply(start(), typing('301'))
    const again = apply(view, typing('301', 1_000), ['VOICE_STATE_UPDATE', voiceState('301', '202')])
    expect(again.people).toBe(view.people)
    const [name, payload] = typing('301', 2_000)
    const nicked = { ...(payload as object), member: { ...member('301'), nick: 'Quill' } }
    expect(apply(again, [name, nicked]).people['301']?.name).toBe('Quill')
    const promoted = { ...(payload as object), member: { ...member('301'), roles: ['777'] } }
    expect(apply(again, [name, promoted]).people['301']?.roles).toEqual(['777'])
  })

  test('has written when the message comes', () => {
    const author = { id: '301', username: 'quillwort', discriminator: '0', global_name: null, avatar: null }
    const view = apply(start(), typing('301'), typing('302'), ['MESSAGE_CREATE', message(1, { author })])
    expect(writers(view)).toEqual(['302'])
  })

  test('is not the viewer, and nobody of a replay', () => {
    expect(writers(apply(start(), typing('300')))).toEqual([])
    const [name, payload] = typing('301')
    expect(writers(apply(start(), [name, payload, AT + 61_000]))).toEqual([])
  })
})

describe('a stage', () => {
  const stage = { id: '500', guild_id: GUILD, channel_id: '202', topic: 'Ten minutes each', privacy_level: 2 }

  test('is there from the snapshot, changes, and ends', () => {
    const view = start({ stage_instances: [stage] })
    expect(view.stages['202']?.topic).toBe('Ten minutes each')
    const changed = apply(view, ['STAGE_INSTANCE_UPDATE', { ...stage, topic: 'Five' }])
    expect(changed.stages['202']?.topic).toBe('Five')
    expect(apply(changed, ['STAGE_INSTANCE_DELETE', stage]).stages).toEqual({})
  })

  test('has people who ask to speak', () => {
    const asks = voiceState('301', '202', { suppress: true, request_to_speak_timestamp: '2026-11-20T14:00:00Z' })
    expect(start({ voice_states: [asks] }).voice['301']).toMatchObject({ suppressed: true, raisedHand: true })
  })
})

test('what a moderator did to somebody in voice is told from what they did themselves', () => {
  const states = [voiceState('301', '202', { mute: true }), voiceState('302', '202', { self_mute: true })]
  const { voice } = start({ voice_states: states })
  expect(voice['301']).toMatchObject({ muted: true, serverMuted: true })
  expect(voice['302']).toMatchObject({ muted: true, serverMuted: false })
})

test('a voice channel says what it is about, until it does not', () => {
  const view = start({ channels: [channel('202', { type: 2, status: 'Glazing' })] })
  expect(view.channels['202']?.status).toBe('Glazing')
  const gone = apply(view, ['VOICE_CHANNEL_STATUS_UPDATE', { id: '202', guild_id: GUILD, status: null }])
  expect(gone.channels['202']?.status).toBeNull()
})

describe('posts', () => {
  const post = (id: string, fields: Record<string, unknown> = {}) =>
    channel(id, { type: 11, parent_id: '204', owner_id: '301', thread_metadata: { archived: false }, ...fields })
  const view = start({
    channels: [channel('204', { type: 15, available_tags: [{ id: '600', name: 'wood', emoji_name: '🪵' }] })],
    threads: [
      post('210', { last_message_id: idAt(1), message_count: 3, applied_tags: ['600'] }),
      post('211', { last_message_id: idAt(5) }),
      post('212', { last_message_id: idAt(0), flags: 2 }),
      post('213', { thread_metadata: { archived: true } }),
    ],
  })

  test('stand by what was said last, pinned ones above, archived ones not at all', () => {
    expect(postsOf(view.channels, '204').map(({ id }) => id)).toEqual(['212', '211', '210'])
    expect(view.channels['210']).toMatchObject({ ownerId: '301', messageCount: 3, tags: ['600'] })
    expect(view.channels['204']?.tagNames).toEqual([{ id: '600', name: '🪵 wood' }])
  })

  test('move when something is said in them', () => {
    const said = apply(view, ['MESSAGE_CREATE', message(9, { channel_id: '210' })])
    expect(postsOf(said.channels, '204').map(({ id }) => id)).toEqual(['212', '210', '211'])
    expect(said.channels['210']?.messageCount).toBe(4)
    expect(apply(said, ['MESSAGE_CREATE', message(9, { channel_id: '210' })]).channels).toBe(said.channels)
  })

  test('do not count what they began with', () => {
    const begun = apply(
      view,
      ['THREAD_CREATE', post(idAt(7), { message_count: 0 })],
      ['MESSAGE_CREATE', message(7, { channel_id: idAt(7) })],
    )
    expect(begun.channels[idAt(7)]).toMatchObject({ messageCount: 0, lastMessageId: idAt(7) })
  })
})

test('where new begins is remembered until it is read', () => {
  const author = { id: '301', username: 'quillwort', discriminator: '0', global_name: null, avatar: null }
  const view = apply(start(), ['MESSAGE_CREATE', message(1, { author })], ['MESSAGE_CREATE', message(2, { author })])
  expect(view.unread[CHANNEL]).toMatchObject({ count: 2, first: idAt(1) })
  const later = apply(markRead(view, CHANNEL), ['MESSAGE_CREATE', message(3, { author })])
  expect(later.unread[CHANNEL]).toMatchObject({ count: 1, first: idAt(3) })
})

test('what was forwarded goes with the message that forwarded it', () => {
  const forwarded = message(1, { message_snapshots: [{ message: { content: 'secret' } }] as never })
  const view = apply(start(), ['MESSAGE_CREATE', forwarded], ['MESSAGE_DELETE', { id: idAt(1), channel_id: CHANNEL }])
  expect(JSON.stringify(view.messages)).not.toContain('secret')
})
