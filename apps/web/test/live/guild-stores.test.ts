import { expect, test } from 'vitest'
import { GuildStores } from '../../src/live/guild-stores.ts'
import type { StreamHandlers, StreamPhase } from '../../src/live/stream/stream-types.ts'
import { UnsentByGuild } from '../../src/live/unsent.ts'
import { CHANNEL, guildCreate, message } from './fixtures.ts'

const VIEWER = '999'

function open() {
  const live = new Set<string>()
  const hear: Record<string, StreamHandlers> = {}
  const stores = new GuildStores(
    {
      open: (guildId, handlers) => {
        hear[guildId] = handlers
        return { start: () => live.add(guildId), stop: () => live.delete(guildId), retryNow: () => {} }
      },
      now: () => 0,
      soon: (run) => run(),
    },
    new UnsentByGuild({ send: () => Promise.reject(new Error('not sent')), newId: () => 'r', now: () => 0 }),
  )
  stores.setViewer(VIEWER)
  const look = (guildId: string) => {
    const store = stores.of(guildId)
    const away = stores.show(store)
    hear[guildId]?.onEvent({ name: 'GUILD_CREATE', payload: guildCreate({ id: guildId }), id: null, size: 0 })
    return { store, away }
  }
  const say = (guildId: string, ms: number, fields = {}) =>
    hear[guildId]?.onEvent({ name: 'MESSAGE_CREATE', payload: message(ms, fields), id: `k-${ms}`, size: 0 })
  const become = (guildId: string, phase: StreamPhase) =>
    hear[guildId]?.onStatus({ phase, since: 0, attempt: 0, nextAttemptAt: null })
  return { stores, live, look, say, become }
}

test('a guild that is asked for does nothing before it is shown', () => {
  const { stores, live } = open()
  expect(stores.of('1')).toBe(stores.of('1'))
  expect(live.size).toBe(0)
})

test('one that was shown stays live, and is the same when one comes back', () => {
  const { stores, live, look } = open()
  const { store, away } = look('1')
  away()
  look('2')
  expect([...live]).toEqual(['1', '2'])
  expect(stores.of('1')).toBe(store)
})

test('five stay live, and the one that was shown longest ago goes', () => {
  const { stores, live, look } = open()
  const first = look('1')
  first.away()
  for (const id of ['2', '3', '4', '5']) look(id).away()
  look('1').away()
  look('6').away()
  expect([...live].sort()).toEqual(['1', '3', '4', '5', '6'])
  expect(stores.unreadOf('2')).toBeNull()
})

test('one that is looked at goes never, however many there are', () => {
  const { live, look } = open()
  look('1')
  for (const id of ['2', '3', '4', '5', '6', '7']) look(id).away()
  expect(live.has('1')).toBe(true)
  expect(live.size).toBe(5)
})

test('one of which nothing more comes goes when one looks away, and is asked for anew', () => {
  const { stores, live, look, become } = open()
  const { store, away } = look('1')
  become('1', 'no-access')
  expect(live.has('1')).toBe(true)
  away()
  expect(live.has('1')).toBe(false)
  expect(stores.of('1')).not.toBe(store)
})

test('what is new in one that nobody looks at is counted, with who is named, and told', () => {
  const { stores, look, say } = open()
  look('1').away()
  let told = 0
  stores.subscribe(() => (told += 1))
  say('1', 1)
  say('1', 2, { mentions: [{ id: VIEWER }] })
  say('1', 3, { author: { id: VIEWER, username: 'me' } })
  expect(stores.unreadOf('1')).toEqual({ count: 2, mentions: 1 })
  expect(told).toBeGreaterThan(1)
  expect(stores.of('1').getSnapshot().view.messages[CHANNEL]?.items).toHaveLength(3)
})

test('of one that this page never listened to nothing is said', () => {
  const { stores } = open()
  stores.of('1')
  expect(stores.unreadOf('1')).toBeNull()
  expect(stores.unreadOf('2')).toBeNull()
})
