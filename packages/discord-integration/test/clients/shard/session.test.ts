import { describe, expect, it } from 'vitest'
import { isSameSession, memorySessionStore, type StoredSession } from '../../../src/clients/shard/session.ts'

const session: StoredSession = {
  sessionId: 'a',
  resumeUrl: 'wss://resume.example',
  botId: '42',
  apiOrigin: 'https://discord.com',
  intents: 1,
  shardCount: 2,
}

describe('memorySessionStore', () => {
  it('keeps a session for each shard until it is cleared', () => {
    const store = memorySessionStore()
    expect(store.load(0)).toBeNull()
    store.save(0, session)
    store.save(1, { ...session, sessionId: 'b' })
    store.clear(1)
    expect(store.load(0)).toEqual(session)
    expect(store.load(1)).toBeNull()
  })

  it('says the sequence of the last event that all handlers took, for that session only', () => {
    const store = memorySessionStore()
    expect(store.sequence(0, 'a')).toBeNull()
    store.delivered?.(0, 'a', 1)
    store.delivered?.(0, 'a', 2)
    expect(store.sequence(0, 'a')).toBe(2)
    expect(store.sequence(0, 'b')).toBeNull()
    expect(store.sequence(1, 'a')).toBeNull()
    store.delivered?.(0, 'b', 1)
    expect(store.sequence(0, 'b')).toBe(1)
  })

  it('never goes back when Discord replays', () => {
    const store = memorySessionStore()
    store.delivered?.(0, 'a', 5)
    store.delivered?.(0, 'a', 3)
    expect(store.sequence(0, 'a')).toBe(5)
  })
})

describe('isSameSession', () => {
  it.each([{ apiOrigin: 'http://127.0.0.1:1' }, { intents: 3 }, { shardCount: 3 }])('is not for %j', (change) => {
    expect(isSameSession(session, session)).toBe(true)
    expect(isSameSession(session, { ...session, ...change })).toBe(false)
  })
})
