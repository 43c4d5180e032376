import { describe, expect, it, vi } from 'vitest'
import type { NewDispatch, NewLogEntry } from '../src/index.ts'
import { Consumer, EVERYTHING } from './consumer.ts'
import { given, dispatch, guild, message, only, publish, settled } from './given.ts'

describe('publishing', () => {
  it('makes one append and one batch of what one turn brings, and sends a lone event at once', async () => {
    await using all = given()
    const { feed, log } = all
    const append = vi.spyOn(log, 'append')
    const consumers = [new Consumer(feed), new Consumer(feed), new Consumer(feed, { filter: only('1') })]
    await settled()
    await publish(feed, message('1'), message('1'), message('2'))
    await feed.publish(message('1'))
    expect(append.mock.calls.map(([entries]) => entries.length)).toEqual([3, 1])
    expect(consumers.map(({ batches }) => batches.length)).toEqual([3, 3, 3])
    const [first, second, filtered] = consumers
    expect(first?.batches[1]).toBe(second?.batches[1])
    expect(first?.batches[1]).not.toBe(filtered?.batches[1])
    expect(first?.batches[2]).toBe(filtered?.batches[2])
  })

  it('gives consumers that come at once the same snapshot and the same page', async () => {
    await using all = given()
    const { feed } = all
    await publish(feed, guild('1'), message('1'))
    const fresh = [new Consumer(feed), new Consumer(feed)]
    const returning = [new Consumer(feed, { lastEventId: 'e-1' }), new Consumer(feed, { lastEventId: 'e-1' })]
    await settled()
    expect(fresh[0]?.batches[0]).toBe(fresh[1]?.batches[0])
    expect(returning[0]?.batches[0]).toBe(returning[1]?.batches[0])
    expect(returning[0]?.said).toEqual(['resumed', 'MESSAGE_CREATE 1@e-2', 'live@e-2'])
  })

  it('rejects all of an append that the log refuses, and changes nothing', async () => {
    await using all = given()
    const { feed, log } = all
    const consumer = new Consumer(feed)
    await consumer.untilLive()
    vi.spyOn(log, 'append').mockRejectedValueOnce(new Error('the disk is full'))
    const results = await Promise.allSettled([feed.publish(guild('1')), feed.publish(guild('2'))])
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect([...feed.state.guildIds()]).toEqual([])
    expect(consumer.said).toHaveLength(2)
    await publish(feed, guild('3'))
    expect(consumer.said.slice(2)).toEqual(['GUILD_CREATE 3@e-1'])
  })

  it('never makes two appends of what was published as one, however much is in its way, or in it', async () => {
    await using all = given()
    const { feed, log } = all
    const append = vi.spyOn(log, 'append')
    const many = (count: number) => Array.from({ length: count }, () => ({ entry: message('1') }))
    await Promise.all([
      ...many(511).map(({ entry }) => feed.publish(entry)),
      feed.publishAll(many(2)),
      feed.publishAll(many(600)),
      feed.publish(message('1')),
    ])
    expect(append.mock.calls.map(([entries]) => entries.length)).toEqual([511, 2, 600, 1])
  })

  it('stores nothing that was published behind what the log refused', async () => {
    await using all = given()
    const { feed, log } = all
    const numbered = (sequence: number) => ({ ...message('1'), session: { shardId: 0, sessionId: 's', sequence } })
    const { promise: diskIsFull, reject } = Promise.withResolvers<never>()
    vi.spyOn(log, 'append').mockReturnValueOnce(diskIsFull)
    const first = feed.publish(numbered(5))
    await settled()
    const second = feed.publish(numbered(6))
    reject(new Error('the disk is full'))
    const results = await Promise.allSettled([first, second])
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(log.sequence(0, 's')).toBeNull()
    await publish(feed, numbered(5))
    expect(log.sequence(0, 's')).toBe(5)
  })

  it('applies and delivers a replayed event once', async () => {
    await using all = given()
    const { feed } = all
    const consumer = new Consumer(feed)
    await consumer.untilLive()
    await publish(feed, dispatch('GUILD_CREATE', '1', { member_count: 1 }))
    const add = (userId: string, sequence: number) => ({
      ...dispatch('GUILD_MEMBER_ADD', '1', { user: { id: userId } }),
      session: { shardId: 0, sessionId: 's', sequence },
    })
    await publish(feed, add('51', 1), add('52', 2))
    await publish(feed, add('51', 1), add('52', 2), add('53', 3))
    expect(feed.state.guildCreate('1')?.['member_count']).toBe(4)
    expect(consumer.positions).toEqual([1, 2, 3, 4])
  })

  it('uses the parsed payload where it is given one, also when others of the append are dropped', async () => {
    await using all = given()
    const { feed } = all
    const session = { shardId: 0, sessionId: 's', sequence: 1 }
    await feed.publish({ ...message('9'), session })
    const parse = vi.spyOn(JSON, 'parse')
    const entry = guild('1')
    const data = { id: '1', name: 'parsed' }
    await Promise.all([feed.publish({ ...message('9'), session }), feed.publish(entry, data), feed.publish(guild('2'))])
    expect(parse).toHaveBeenCalledTimes(1)
    parse.mockRestore()
    expect(feed.state.guildCreate('1')).toMatchObject(data)
    expect(feed.state.guildCreate('2')).toMatchObject({ name: 'guild 2' })
  })

  it('stores and passes on what is not JSON, and goes on', async () => {
    await using all = given()
    const { feed } = all
    await publish(feed, { ...guild('1'), payload: '{' }, guild('2'))
    expect([...feed.state.guildIds()]).toEqual(['2'])
    expect(feed.state.skipped).toBe(1)
    expect(feed.log.to).toBe(2)
  })

  it('may publish and subscribe from within a sink', async () => {
    await using all = given()
    const { feed } = all
    const consumer = new Consumer(feed)
    await consumer.untilLive()
    const write = consumer.write.bind(consumer)
    let late: Consumer | undefined
    let published: Promise<void> | undefined
    consumer.write = (batch) => {
      late ??= new Consumer(feed)
      published ??= feed.publish(message('2'))
      return write(batch)
    }
    await publish(feed, message('1'))
    await published
    expect(consumer.positions).toEqual([1, 2])
    expect(late?.said).toEqual(['snapshot fresh', 'live@e-1', 'MESSAGE_CREATE 2@e-2'])
  })
})

describe('a gap', () => {
  const gap = (shard: { id: number; count: number } | null): NewLogEntry => {
    return { kind: 'gap', reason: 'upstream', shard, fromTs: 10, toTs: 20, ts: 20 }
  }

  it('comes in its place to the consumers of its shard’s guilds', async () => {
    await using all = given()
    const { feed } = all
    const [even, odd] = [`${2n << 22n}`, `${3n << 22n}`]
    const consumers = [only(odd), only(even), EVERYTHING].map((filter) => new Consumer(feed, { filter }))
    await settled()
    await publish(feed, message(odd), gap({ id: 1, count: 2 }), message(odd), gap(null))
    expect(consumers.map(({ said }) => said.slice(2).filter((what) => what.startsWith('gap')))).toEqual([
      ['gap upstream@e-2', 'gap upstream@e-4'],
      ['gap upstream@e-4'],
      ['gap upstream@e-2', 'gap upstream@e-4'],
    ])
    const told = { state: 'gap', reason: 'upstream', from: 10, to: 20 }
    expect(consumers[0]?.syncs.slice(2)).toEqual([
      { ...told, shard: [1, 2], id: 'e-2' },
      { ...told, id: 'e-4' },
    ])
    const returning = new Consumer(feed, { lastEventId: 'e-1', filter: only(odd) })
    await returning.untilLive()
    const missed = ['gap upstream@e-2', `MESSAGE_CREATE ${odd}@e-3`, 'gap upstream@e-4']
    expect(returning.said).toEqual(['resumed', ...missed, 'live@e-4'])
  })
})

describe('an event that is too large for the hops behind', () => {
  it('is a gap of its guild, in its place, with its sequence, and is said', async () => {
    const tooLarge: NewDispatch[] = []
    await using all = given({ payloadMaxBytes: 200, tooLarge: (entry) => tooLarge.push(entry) })
    const { feed, log } = all
    const consumers = [EVERYTHING, only('1'), only('2')].map((filter) => new Consumer(feed, { filter }))
    await settled()
    const session = { shardId: 0, sessionId: 'a', sequence: 7 }
    const large = { ...guild('1', 'x'.repeat(200)), ts: 5, session }
    // Two bytes each.
    const twice = dispatch('TYPING_START', null, { text: 'ü'.repeat(90) })
    const named = dispatch('X'.repeat(257), '3')
    await publish(feed, message('1'), large, twice, message('2'), message('1'), named)
    const gap = { state: 'gap', reason: 'too_large' }
    expect(consumers[0]?.syncs.slice(2)).toMatchObject([
      { ...gap, from: 5, to: 5, guild_id: '1', id: 'e-2' },
      gap,
      { ...gap, guild_id: '3' },
    ])
    // The second was without a guild: to those who would not have got it nothing is missing.
    expect(consumers[1]?.said.slice(2)).toEqual(['MESSAGE_CREATE 1@e-1', 'gap too_large@e-2', 'MESSAGE_CREATE 1@e-5'])
    expect(consumers[2]?.said.slice(2)).toEqual(['MESSAGE_CREATE 2@e-4'])
    expect(log.sequence(0, 'a')).toBe(7)
    expect(tooLarge.map(({ event }) => event)).toEqual(['GUILD_CREATE', 'TYPING_START', 'X'.repeat(257)])
    expect(feed.state.has('1')).toBe(false)
  })
})

describe('closing', () => {
  it('delivers what was published, then ends everyone', async () => {
    const { feed, clock } = given()
    const consumer = new Consumer(feed)
    await consumer.untilLive()
    void feed.publish(message('1'))
    await feed.close()
    await settled()
    expect(consumer.positions).toEqual([1])
    expect(consumer.ended).toBe(true)
    expect(feed.consumers).toBe(0)
    expect(clock.running).toBe(0)
    await expect(feed.publish(message('1'))).rejects.toThrow('closed')
    const late = new Consumer(feed)
    await settled()
    expect(late.ended).toBe(true)
    expect(feed.consumers).toBe(0)
  })
})
