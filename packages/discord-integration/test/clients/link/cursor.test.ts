import { describe, expect, it } from 'vitest'
import { Cursor } from '../../../src/clients/link/cursor.ts'
import type { SyncData } from '../../../src/types/index.ts'

const sync = (data: SyncData) => ({ type: 'sync', data, ts: 1 }) as const
const event = (id?: string) =>
  ({ type: 'event', data: { event: 'GUILD_CREATE', payload: {} }, ts: 1, ...(id !== undefined && { id }) }) as const

describe('Cursor', () => {
  it('commits no id of a snapshot before it is live', () => {
    const cursor = new Cursor('a-1')
    cursor.connected()
    cursor.take(sync({ state: 'snapshot', reason: 'expired' }))
    cursor.take(event())
    cursor.take(event('a-50'))
    expect(cursor.lastEventId).toBe('a-1')
    cursor.take(sync({ state: 'live', id: 'a-50' }))
    expect(cursor.lastEventId).toBe('a-50')
    cursor.take(event('a-51'))
    expect(cursor.lastEventId).toBe('a-51')
  })

  it('commits each event after resumed, also before live', () => {
    const cursor = new Cursor('a-1')
    cursor.connected()
    cursor.take(sync({ state: 'resumed', id: 'a-1' }))
    cursor.take(event('a-2'))
    expect(cursor.lastEventId).toBe('a-2')
  })

  it('forgets a snapshot that was cut off, and what came before the first sync of a connection', () => {
    const cursor = new Cursor(null)
    cursor.connected()
    cursor.take(sync({ state: 'snapshot', reason: 'fresh' }))
    cursor.take(event('a-50'))
    cursor.connected()
    cursor.take(event('a-60'))
    expect(cursor.lastEventId).toBeNull()
  })

  it('treats a snapshot in mid-stream like one at the beginning', () => {
    const cursor = new Cursor(null)
    cursor.take(sync({ state: 'live', id: 'a-5' }))
    cursor.take(sync({ state: 'snapshot', reason: 'lagged' }))
    cursor.take(event('a-90'))
    cursor.take(sync({ state: 'gap', reason: 'upstream', id: 'a-91' }))
    expect(cursor.lastEventId).toBe('a-5')
  })

  it('moves with a live said again on a quiet guild, and with a gap', () => {
    const cursor = new Cursor(null)
    cursor.take(sync({ state: 'live', id: 'a-5' }))
    cursor.take(sync({ state: 'live', id: 'a-900' }))
    expect(cursor.lastEventId).toBe('a-900')
    cursor.take(sync({ state: 'gap', reason: 'upstream', id: 'a-901' }))
    expect(cursor.lastEventId).toBe('a-901')
  })
})
