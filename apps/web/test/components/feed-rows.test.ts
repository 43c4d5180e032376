import { snowflakeTime } from '@repo/discord-integration/types'
import { describe, expect, test } from 'vitest'
import { continuedOutgoing, feedRows, gapsSince, runOf } from '../../src/components/feed/feed-rows.ts'
import { messageOf } from '../../src/live/view/message-list.ts'
import { AT, idAt, message } from '../live/fixtures.ts'

const MINUTE = 60_000

type Given = Parameters<typeof feedRows>
const noMarkers: Given[1] = {
  gaps: [],
  anew: [],
  caughtUp: null,
  complete: true,
  newFrom: null,
  unfolded: new Set(),
  own: new Set(),
}
const feed = (messages: Given[0], markers: Partial<Given[1]> = {}) => feedRows(messages, { ...noMarkers, ...markers })
const rows = (messages: Parameters<typeof messageOf>[0][], markers: Partial<Given[1]> = {}): string[] =>
  feed(
    messages.map((payload) => messageOf(payload, null)),
    markers,
  ).map((row) => (row.kind === 'message' && row.continued ? 'continued' : row.kind))

const other = { id: '301', username: 'quillwort', discriminator: '0', global_name: null, avatar: null }

describe('groups', () => {
  test('one person within five minutes stands under one name', () => {
    expect(rows([message(0), message(4 * MINUTE), message(10 * MINUTE)])).toEqual([
      'day',
      'message',
      'continued',
      'message',
    ])
  })

  test('another person, a reply and a system line begin anew', () => {
    expect(rows([message(0), message(1, { author: other }), message(2), message(3, { type: 19 })])).toEqual([
      'day',
      'message',
      'message',
      'message',
      'message',
    ])
    expect(rows([message(0), message(1, { type: 7 }), message(2)])).toEqual(['day', 'message', 'system', 'message'])
  })

  test('what the bot wrote for the viewer stands apart from what it wrote for others', () => {
    const bot = { ...other, username: 'gantry', bot: true }
    const given = [0, 1, 2, 3].map((offset) => message(offset, { author: bot }))
    expect(rows(given, { own: new Set([idAt(1), idAt(2)]) })).toEqual([
      'day',
      'message',
      'message',
      'continued',
      'message',
    ])
  })

  test('what is on its way is grouped as it will be', () => {
    const before = (own: readonly string[], restored = false) =>
      feed([messageOf(message(0), null, restored)], { own: new Set(own) })
    const item = (offset: number, more: { replyTo?: string; state?: 'failed' } = {}) => ({
      at: AT + offset,
      replyTo: null,
      state: 'pending' as const,
      ...more,
    })
    const own = [idAt(0)]
    expect(continuedOutgoing(before(own), [item(MINUTE), item(5 * MINUTE), item(11 * MINUTE)])).toEqual([
      true,
      true,
      false,
    ])
    expect(continuedOutgoing(before([]), [item(MINUTE), item(2 * MINUTE)])).toEqual([false, true])
    expect(continuedOutgoing(before(own), [item(MINUTE, { replyTo: idAt(0) }), item(2 * MINUTE)])).toEqual([
      false,
      true,
    ])
    expect(continuedOutgoing(before([]), [item(MINUTE, { state: 'failed' }), item(2 * MINUTE)])).toEqual([false, false])
    expect(continuedOutgoing(before(own, true), [item(MINUTE)])).toEqual([false])
    expect(continuedOutgoing([], [item(0)])).toEqual([false])
  })

  test('a day line stands before each day', () => {
    expect(rows([message(0), message(24 * 60 * MINUTE)])).toEqual(['day', 'message', 'day', 'message'])
  })
})

describe('marks', () => {
  const gap = { id: null, from: AT + 30_000, to: AT + 40_000, reason: 'upstream', unrestored: false }

  test('a gap and what was missed stand in their place in time', () => {
    expect(rows([message(0), message(MINUTE)], { gaps: [gap] })).toEqual(['day', 'message', 'gap', 'message'])
    const caughtUp = { at: AT + 2 * MINUTE, count: 14 }
    expect(rows([message(0), message(MINUTE)], { caughtUp })).toEqual(['day', 'message', 'continued', 'caught-up'])
  })

  test('where the record was started anew there is a mark, and a group ends', () => {
    const anew = [{ reason: 'foreign' as const, at: AT + 30_000 }]
    expect(rows([message(0), message(MINUTE)], { anew })).toEqual(['day', 'message', 'anew', 'message'])
    expect(rows([message(MINUTE)], { anew, complete: false })).toEqual(['day', 'message'])
  })

  test('a gap before what is loaded waits for its page', () => {
    expect(rows([message(MINUTE)], { gaps: [gap], complete: false })).toEqual(['day', 'message'])
  })
})

describe('what is new', () => {
  test('begins at the oldest unread message, whichever of it is there', () => {
    expect(rows([message(0), message(1), message(2)], { newFrom: idAt(1) })).toEqual([
      'day',
      'message',
      'new',
      'message',
      'continued',
    ])
    expect(rows([message(0), message(2)], { newFrom: idAt(1) })).toEqual(['day', 'message', 'new', 'message'])
    expect(rows([message(0)], { newFrom: idAt(1) })).toEqual(['day', 'message'])
  })
})

describe('restored messages', () => {
  const restoredRows = (restored: readonly boolean[], unfolded: readonly string[] = []) =>
    feed(
      restored.map((is, index) => messageOf(message(index), null, is)),
      { unfolded: new Set(unfolded) },
    ).map((row) => (row.kind === 'folded' ? `${row.count} folded` : row.kind))

  test('are folded behind the first of them, run by run', () => {
    expect(restoredRows([true, true, true, true, false, true, true])).toEqual([
      'day',
      'message',
      '3 folded',
      'message',
      'message',
      'message',
    ])
  })

  describe('are folded where they lie', () => {
    const shown = (at: readonly number[], markers: Partial<Given[1]>) =>
      feed(
        at.map((offset) => messageOf(message(offset), null, true)),
        markers,
      ).map((row) => (row.kind === 'folded' ? `${row.count} folded` : row.kind))
    const gapAt = (from: number) => ({
      id: null,
      from: AT + from,
      to: AT + from + MINUTE,
      reason: 'upstream',
      unrestored: false,
    })

    test('those of one gap not behind those of another', () => {
      const gaps = [gapAt(0), gapAt(10 * MINUTE)]
      const two = ['gap', 'message', 'message']
      expect(shown([1, 2, 10 * MINUTE + 1, 10 * MINUTE + 2], { gaps })).toEqual(['day', ...two, ...two])
      expect(shown([1, 2, 3, 10 * MINUTE + 1, 10 * MINUTE + 2], { gaps })).toEqual([
        'day',
        'gap',
        'message',
        '2 folded',
        ...two,
      ])
    })

    test('those of one day not behind those of another', () => {
      const day = 24 * 60 * MINUTE
      const two = ['day', 'message', 'message']
      expect(shown([0, 1, day, day + 1], {})).toEqual([...two, ...two])
    })

    test('those that are new not behind those that were read', () => {
      expect(shown([0, 1, 2, 3], { newFrom: idAt(2) })).toEqual([
        'day',
        'message',
        'message',
        'new',
        'message',
        'message',
      ])
    })
  })

  test('are found by the run that they are folded in', () => {
    const given = [true, true, true, false, true, true, true].map((is, index) => messageOf(message(index), null, is))
    const folded = feed(given)
    expect([0, 2, 6].map((index) => runOf(folded, idAt(index)))).toEqual([null, idAt(0), idAt(4)])
  })

  test('are all there once one asks, also those that come to them', () => {
    expect(restoredRows([true, true, true, true], [idAt(0)])).toEqual([
      'day',
      'message',
      'message',
      'message',
      'message',
    ])
  })
})

test('a channel lacks nothing of before it was made', () => {
  const at = snowflakeTime('1187340632864063488')
  const gap = (to: number) => ({ id: null, from: at - MINUTE, to, reason: 'upstream', unrestored: false })
  expect(gapsSince([gap(at - 1), gap(at + 1)], '1187340632864063488')).toEqual([gap(at + 1)])
})
