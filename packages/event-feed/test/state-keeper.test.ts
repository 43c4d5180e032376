import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { EventFeed, guildIdOf, StateKeeper } from '../src/index.ts'
import type { GuildState } from '../src/index.ts'
import { SqliteLog } from '../src/sqlite-log.ts'
import { Clock } from './clock.ts'
import { dispatchOf } from './dispatches.ts'
import { killedCopy } from './killed-copy.ts'
import { newFolder } from './new-folder.ts'

const newPath = () => join(newFolder(), 'events.db')

/** A log, a state that it keeps, a feed over both, as a process has them. */
async function start(path: string, maxBytes: number) {
  const clock = new Clock()
  const errors: unknown[] = []
  const log = await SqliteLog.open({ path, maxAgeMs: Infinity, maxBytes })
  const keeper = await StateKeeper.restore({
    store: log,
    from: () => log.from,
    onError: (error) => errors.push(error),
    timers: clock,
  })
  const feed = new EventFeed({ log, state: keeper.state, applied: (entry) => keeper.applied(entry) })
  let sequence = 0
  return {
    log,
    feed,
    clock,
    errors,
    keeper,
    publish: (event: string, payload: unknown) => {
      const guildId = guildIdOf(event, payload)
      const session = { shardId: 0, sessionId: 'a', sequence: ++sequence }
      return feed.publish(
        { kind: 'dispatch', event, guildId, payload: JSON.stringify(payload), ts: 1, session },
        payload,
      )
    },
    [Symbol.asyncDispose]: async () => {
      await feed.close()
      await keeper.close()
      await log.close()
    },
  }
}

const told = (state: GuildState) => ({
  guilds: [...state.guildIds()].sort().map((id) => state.guildCreate(id)),
  pending: [...state.pendingGuilds].sort(),
  unavailable: [...state.unavailableGuilds].sort(),
})

const ready = (...ids: string[]) => ({ guilds: ids.map((id) => ({ id, unavailable: true })), shard: [0, 1] })
const guild = (id: string, more: object = {}) => ({ id, name: `guild ${id}`, channels: [], members: [], ...more })

describe('StateKeeper', () => {
  it('builds the state after a restart from what was saved and the entries since', async () => {
    const path = newPath()
    await using first = await start(path, 3_000)
    await first.publish('READY', ready('1', '2', '3', '4', '5'))
    await first.publish('GUILD_DELETE', { id: '4', unavailable: true })
    await first.publish('GUILD_DELETE', { id: '5' })
    await first.publish('GUILD_CREATE', guild('1'))
    await first.publish('GUILD_CREATE', guild('2'))
    for (let n = 0; n < 100; n++)
      await first.publish('CHANNEL_CREATE', { guild_id: '1', id: `${n}`, name: 'x'.repeat(50) })
    await first.keeper.save()
    expect(first.log.from).toBeGreaterThan(60)
    expect(first.log.savedThrough).toBe(first.log.to)
    await first.publish('CHANNEL_DELETE', { guild_id: '1', id: '5' })

    await using second = await start(killedCopy(path, newPath()), 3_000)
    expect(told(second.feed.state)).toEqual(told(first.feed.state))
    expect(second.feed.state.guildCreate('1')?.channels).toHaveLength(99)
    expect([...second.feed.state.pendingGuilds]).toEqual(['3'])
    expect([...second.feed.state.unavailableGuilds].sort()).toEqual(['3', '4'])
    expect(first.errors).toEqual([])
  })

  it('has nothing deleted that it still needs', async () => {
    const path = newPath()
    await using first = await start(path, 3_000)
    await first.publish('GUILD_CREATE', guild('1'))
    for (let n = 0; n < 500; n++) await first.publish('MESSAGE_CREATE', { guild_id: '2', id: `${n}`, channel_id: '9' })
    expect(first.log.entriesAfter(0, 1)).toMatchObject([{ event: 'GUILD_CREATE' }])
    await using second = await start(killedCopy(path, newPath()), 3_000)
    expect(second.feed.state.guildCreate('1')?.name).toBe('guild 1')
  })

  it('has of an event for every guild what each of them lacks, and no more', async () => {
    const path = newPath()
    const nameIn = (state: GuildState, id: string) => state.get(id)?.collections.members.get('51')?.['user']
    await using first = await start(path, 1)
    const bot = (username: string) => ({ user: { id: '51', username }, roles: [] })
    await first.publish('GUILD_CREATE', guild('1', { members: [bot('old')] }))
    await first.publish('GUILD_CREATE', guild('2', { members: [bot('old')] }))
    await first.keeper.save()
    await first.publish('USER_UPDATE', { id: '51', username: 'new' })
    await first.publish('GUILD_CREATE', guild('2', { members: [bot('newest')] }))
    // Only what has fallen off the log is due: this saves one of the two, and what concerns neither.
    await first.log.saveGuilds(
      [
        { id: '2', position: first.log.to, payload: first.feed.state.guildCreateText('2') ?? '' },
        { id: '', position: first.log.to, payload: '[]' },
      ],
      [],
      first.log.savedThrough,
    )
    await using second = await start(killedCopy(path, newPath()), 1)
    expect([nameIn(second.feed.state, '1'), nameIn(second.feed.state, '2')]).toMatchObject([
      { username: 'new' },
      { username: 'newest' },
    ])
  })

  it('loses nothing of what happens while it saves', async () => {
    const path = newPath()
    await using first = await start(path, 1)
    await first.publish('GUILD_CREATE', guild('1'))
    const channel = (id: string) => first.publish('CHANNEL_CREATE', { guild_id: '1', id })
    await channel('1')
    const saving = first.keeper.save()
    await channel('2')
    await saving
    await using second = await start(killedCopy(path, newPath()), 1)
    expect(second.feed.state.guildCreate('1')?.channels).toEqual([{ id: '1' }, { id: '2' }])
    await first.keeper.save()
    await channel('3')
    await using third = await start(killedCopy(path, newPath()), 1)
    expect(told(third.feed.state)).toEqual(told(first.feed.state))
  })

  it('tries again what could not be saved', async () => {
    const path = newPath()
    await using first = await start(path, 1)
    await first.publish('GUILD_CREATE', guild('1'))
    const full = vi.spyOn(first.log, 'saveGuilds').mockRejectedValue(new Error('the disk is full'))
    first.clock.pass(1_000)
    await expect.poll(() => first.errors).toHaveLength(1)
    full.mockRestore()
    await first.publish('CHANNEL_CREATE', { guild_id: '1', id: '7' })
    await first.keeper.save()
    expect([...first.log.savedGuilds()].map(({ id }) => id)).toEqual(['', '1'])
    expect(first.log.savedThrough).toBe(first.log.to)
  })

  it('stands where the process stood, wherever that was killed', async () => {
    const step = fc.oneof(
      { weight: 12, arbitrary: dispatchOf('1', '2', '3', '__proto__') },
      {
        weight: 1,
        arbitrary: fc
          .subarray(['1', '2', '3', '4'])
          .map((ids) => ({ event: 'READY', guildId: null, payload: ready(...ids) })),
      },
      {
        weight: 1,
        arbitrary: fc
          .record({ id: fc.constantFrom('51', '52'), username: fc.string({ maxLength: 3 }) })
          .map((payload) => ({ event: 'USER_UPDATE', guildId: null, payload })),
      },
      { weight: 3, arbitrary: fc.constant('save' as const) },
      { weight: 1, arbitrary: fc.constant('kill' as const) },
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 60 }),
        fc.constantFrom(1, 1_000, 1_000_000),
        async (steps, maxBytes) => {
          let path = newPath()
          let running = await start(path, maxBytes)
          for (const given of steps) {
            if (given === 'save') await running.keeper.save()
            else if (given !== 'kill') await running.publish(given.event, given.payload)
            else {
              path = killedCopy(path, newPath())
              const again = await start(path, maxBytes)
              expect(told(again.feed.state)).toEqual(told(running.feed.state))
              await running[Symbol.asyncDispose]()
              running = again
            }
          }
          const last = told(running.feed.state)
          await running[Symbol.asyncDispose]()
          await using again = await start(path, maxBytes)
          expect(told(again.feed.state)).toEqual(last)
        },
      ),
      { numRuns: 60 },
    )
  }, 60_000)
})
