import type { APIMessage } from 'discord-api-types/v10'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareSnowflakes } from '../src/snowflake.ts'
import { MESSAGES_PER_CHANNEL, MessageStore } from '../src/world/message-store.ts'

const message = (id: string, fields: Partial<APIMessage> = {}) =>
  ({ id, channel_id: '1', content: id, type: 0, ...fields }) as APIMessage

const stored = (ids: Iterable<string>) => {
  const store = new MessageStore('99')
  for (const id of ids) store.put(message(id))
  return store
}
const ids = (list: APIMessage[]) => list.map(({ id }) => id)

/** Snowflakes of different lengths, for as text they sort otherwise. */
const snowflake = fc.bigInt(1n, 10n ** 12n).map(String)

describe('listing', () => {
  test('is by id, newest first, in whatever order they came', () => {
    fc.assert(
      fc.property(fc.uniqueArray(snowflake), fc.integer({ min: 1, max: 20 }), (all, limit) => {
        const expected = all.toSorted(compareSnowflakes).toReversed().slice(0, limit)
        expect(ids(stored(all).list('1', { limit }))).toEqual(expected)
      }),
    )
  })

  test('pages with before and after meet without a seam', () => {
    fc.assert(
      fc.property(fc.uniqueArray(snowflake), snowflake, (all, pivot) => {
        const store = stored(all)
        const newer = all.filter((id) => BigInt(id) > BigInt(pivot)).toSorted(compareSnowflakes)
        const older = all.filter((id) => BigInt(id) < BigInt(pivot)).toSorted(compareSnowflakes)
        expect(ids(store.list('1', { limit: 3, after: pivot }))).toEqual(newer.slice(0, 3).toReversed())
        expect(ids(store.list('1', { limit: 3, before: pivot }))).toEqual(older.slice(-3).toReversed())
      }),
    )
  })

  test('around has the message in its middle', () => {
    const store = stored(['1', '2', '3', '4', '5', '6', '7'])
    expect(ids(store.list('1', { limit: 3, around: '4' }))).toEqual(['5', '4', '3'])
    expect(ids(store.list('1', { limit: 3, around: '1' }))).toEqual(['3', '2', '1'])
  })
})

test('a channel keeps no more than its bound, and forgets the oldest', () => {
  const store = stored(Array.from({ length: MESSAGES_PER_CHANNEL + 3 }, (_, index) => String(index + 1)))
  expect(store.get('1', '3')).toBeUndefined()
  expect(store.get('1', '4')?.id).toBe('4')
})

test('a reply shows what it answers as it is now, and null when that is gone', () => {
  const store = stored(['1'])
  store.put(message('2', { type: 19, message_reference: { channel_id: '1', message_id: '1' } }))
  store.patch('1', '1', { content: 'edited' })
  expect(store.get('1', '2')?.referenced_message?.content).toBe('edited')
  store.delete('1', '1')
  expect(store.get('1', '2')?.referenced_message).toBeNull()
})

test('reactions are counted by emoji, each user once', () => {
  const store = stored(['1'])
  const fire = { id: null, name: '🔥' }
  const custom = { id: '5', name: 'kiln' }
  for (const user of ['7', '7', '99']) store.react('1', user, fire)
  store.react('1', '7', custom)
  expect(store.get('1', '1')?.reactions).toMatchObject([
    { emoji: fire, count: 2, me: true, count_details: { normal: 2, burst: 0 } },
    { emoji: custom, count: 1, me: false },
  ])
  store.unreact('1', '99', fire)
  store.unreact('1', '7', custom)
  expect(store.get('1', '1')?.reactions).toMatchObject([{ emoji: fire, count: 1, me: false }])
  store.clearReactions('1')
  expect(store.get('1', '1')).not.toHaveProperty('reactions')
})
