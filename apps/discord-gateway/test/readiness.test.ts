import { describe, expect, it } from 'vitest'
import { GUILD_PATIENCE_MS, unreadyReasons, type Standing } from '../src/readiness.ts'

const ready = { id: 0, state: 'ready', since: 1000, pingMs: null, heardAt: null, sessionId: 's' } as const
const standing = (changes: Partial<Standing>): Standing => ({
  shards: [ready],
  sequence: () => 1,
  pendingGuilds: new Set(),
  draining: false,
  now: 1000,
  ...changes,
})

describe('unreadyReasons', () => {
  it('has none when every shard has its session and its guilds', () => {
    expect(unreadyReasons(standing({}))).toEqual([])
  })

  it('names each shard that has no session, and why', () => {
    const stopped = { ...ready, id: 1, state: 'stopped', detail: 'the token is wrong' } as const
    const away = { ...ready, id: 2, state: 'reconnecting' } as const
    expect(unreadyReasons(standing({ shards: [ready, stopped, away] }))).toEqual([
      'shard 1 is stopped: the token is wrong',
      'shard 2 is reconnecting',
    ])
  })

  it('does not know the guilds while READY is read and not stored: it could be no guilds, or all', () => {
    const sequence = (shardId: number, sessionId: string) => (shardId === 0 && sessionId === 'older' ? 9 : null)
    expect(unreadyReasons(standing({ sequence }))).toEqual(['the guilds of shard 0 are not known yet'])
    const resumed = { ...ready, sessionId: 'older' }
    expect(unreadyReasons(standing({ sequence, shards: [resumed] }))).toEqual([])
  })

  it('waits for the guilds, but not for ever for one that is down at Discord', () => {
    const pendingGuilds = new Set(['1'])
    expect(unreadyReasons(standing({ pendingGuilds }))).toHaveLength(1)
    expect(unreadyReasons(standing({ pendingGuilds, now: 1000 + GUILD_PATIENCE_MS }))).toHaveLength(1)
    expect(unreadyReasons(standing({ pendingGuilds, now: 1001 + GUILD_PATIENCE_MS }))).toEqual([])
  })

  it('is unready before there are shards, and while it ends', () => {
    expect(unreadyReasons(standing({ shards: [] }))).toHaveLength(1)
    expect(unreadyReasons(standing({ draining: true }))).toHaveLength(1)
  })
})
