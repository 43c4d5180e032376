import { describe, expect, it } from 'vitest'
import { GuildState } from '../src/index.ts'
import { Consumer, EVERYTHING, say } from './consumer.ts'
import { given, dispatch, guild, message, only, publish, texts, settled } from './given.ts'

describe('a new consumer', () => {
  it('gets a GUILD_CREATE per guild, the last with the id, then what happens next', async () => {
    await using all = given()
    const { feed } = all
    await publish(feed, guild('1'), message('1'), guild('2'))
    const consumer = new Consumer(feed)
    await consumer.untilLive()
    await publish(feed, message('2'))
    expect(consumer.said).toEqual(['snapshot fresh', 'guild 1', 'guild 2@e-3', 'live@e-3', 'MESSAGE_CREATE 2@e-4'])
    expect(texts(consumer.state)).toEqual(texts(feed.state))
    expect(consumer.committed).toBe('e-4')
  })

  it('is told nothing before subscribe has returned', async () => {
    await using all = given()
    const consumer = new Consumer(all.feed)
    expect(consumer.said).toEqual([])
    expect(consumer.subscription.position).toBeNull()
    await consumer.untilLive()
    expect(consumer.subscription.position).toBe(0)
  })

  it('learns the id from live where there are no guilds', async () => {
    await using all = given()
    const consumer = new Consumer(all.feed)
    await consumer.untilLive()
    expect(consumer.said).toEqual(['snapshot fresh', 'live@e-0'])
  })

  it('is told of the guilds that are down, as Discord tells of them, before those that are not', async () => {
    await using all = given()
    const { feed } = all
    await publish(feed, guild('1'), dispatch('GUILD_DELETE', '2', { unavailable: true }))
    const consumers = [{}, { filter: only('2') }, { filter: only('3') }].map((options) => new Consumer(feed, options))
    const eventless = new Consumer(feed, { filter: { ...EVERYTHING, events: new Set(['GUILD_CREATE']) } })
    for (const consumer of [...consumers, eventless]) await consumer.untilLive()
    expect(consumers[0]?.said).toEqual(['snapshot fresh', 'GUILD_DELETE 2', 'guild 1@e-2', 'live@e-2'])
    expect(consumers[1]?.said).toEqual(['snapshot fresh', 'GUILD_DELETE 2', 'live@e-2'])
    expect(consumers[2]?.said).toEqual(['snapshot fresh', 'live@e-2'])
    expect(eventless.said).toEqual(['snapshot fresh', 'guild 1@e-2', 'live@e-2'])
    expect(texts(consumers[0]?.state ?? new GuildState())).toEqual(texts(feed.state))
    await publish(feed, guild('2'))
    expect(texts(consumers[0]?.state ?? new GuildState())).toEqual(texts(feed.state))
  })

  it('is told of a guild that grew too large without presences, and with members as there is room', async () => {
    await using all = given({ payloadMaxBytes: 600 })
    const { feed } = all
    const member = (index: number) => ({ user: { id: `${index}` }, roles: [] })
    await publish(feed, guild('1'), guild('2'))
    for (let index = 100; index < 150; index++) {
      await publish(feed, dispatch('GUILD_MEMBER_ADD', '1', member(index)))
      await publish(feed, dispatch('PRESENCE_UPDATE', '1', { user: { id: `${index}` }, status: 'idle' }))
    }
    await publish(feed, dispatch('VOICE_STATE_UPDATE', '1', { user_id: '149', channel_id: '11', member: member(149) }))
    const consumer = new Consumer(feed)
    await consumer.untilLive()
    const item = consumer.items.find(({ kind }) => kind === 'guild')
    const payload = item?.kind === 'guild' ? item.payload : ''
    expect(Buffer.byteLength(payload)).toBeLessThanOrEqual(600)
    const { members, ...rest } = JSON.parse(payload) as { members: object[] }
    expect(rest).toMatchObject({ large: true, presences: [], channels: [{ id: '11' }], voice_states: [{}] })
    expect(members.slice(0, 3)).toEqual([member(149), member(100), member(101)])
    expect(members.length).toBeGreaterThan(5)
    expect(consumer.said.slice(1, 3)).toEqual(['guild 1', `guild 2@e-103`])
    expect(feed.state.guildCreate('1')?.members).toHaveLength(50)
    // With its channels alone too large it cannot be told, and is not gone.
    for (let index = 0; index < 20; index++) {
      await publish(feed, dispatch('CHANNEL_CREATE', '1', { id: `5${index}`, name: 'x'.repeat(50) }))
    }
    const next = new Consumer(feed)
    await next.untilLive()
    expect(next.said.slice(1, 3)).toEqual(['GUILD_DELETE 1', 'guild 2@e-123'])
  })

  it('gets the guilds of its filter that there are, and their events', async () => {
    await using all = given()
    const { feed } = all
    await publish(feed, guild('1'), guild('2'))
    const consumer = new Consumer(feed, { filter: only('2', '3') })
    const eventless = new Consumer(feed, { filter: { ...EVERYTHING, events: new Set(['MESSAGE_CREATE']) } })
    await consumer.untilLive()
    await publish(feed, message('1'), message('2'), message(null), guild('3'))
    expect(consumer.said.slice(2)).toEqual(['live@e-2', 'MESSAGE_CREATE 2@e-4', 'GUILD_CREATE 3@e-6'])
    const messages = ['MESSAGE_CREATE 1@e-3', 'MESSAGE_CREATE 2@e-4', 'MESSAGE_CREATE -@e-5']
    expect(eventless.said).toEqual(['snapshot fresh', 'live@e-2', ...messages])
  })

  it('goes live at once where it wants no snapshot', async () => {
    await using all = given()
    const { feed } = all
    await publish(feed, guild('1'))
    const fresh = new Consumer(feed, { snapshot: false })
    const foreign = new Consumer(feed, { snapshot: false, lastEventId: 'f-1' })
    await publish(feed, message('1'))
    expect(fresh.said).toEqual(['snapshot fresh', 'live@e-1', 'MESSAGE_CREATE 1@e-2'])
    expect(foreign.said).toEqual(['snapshot foreign', 'live@e-1', 'MESSAGE_CREATE 1@e-2'])
  })

  it('waits while the feed is not ready', async () => {
    await using all = given({ ready: false })
    const { feed } = all
    const fresh = new Consumer(feed)
    const returning = new Consumer(feed, { lastEventId: 'up-7' })
    await settled()
    expect(fresh.said).toEqual([])
    const state = new GuildState()
    state.apply('GUILD_CREATE', '1', { id: '1' })
    await feed.restart({ epoch: 'up', position: 7 }, state, 'fresh')
    expect(feed.ready).toBe(true)
    expect(fresh.said).toEqual(['snapshot fresh', 'guild 1@up-7', 'live@up-7'])
    await returning.untilLive()
    expect(returning.said).toEqual(['resumed', 'live@up-7'])
  })

  it('with a backlog gets first, with their ids, the entries from before', async () => {
    await using all = given()
    const { feed, clock } = all
    await publish(feed, { ...guild('1'), ts: clock.ms }, { ...message('1'), ts: clock.ms })
    clock.pass(10_000)
    await publish(feed, { ...message('1'), ts: clock.ms }, { ...guild('2'), ts: clock.ms })
    const consumer = new Consumer(feed, { backlogMs: 5_000 })
    await consumer.untilLive()
    const backlog = ['MESSAGE_CREATE 1@e-3', 'GUILD_CREATE 2@e-4']
    expect(consumer.said).toEqual(['snapshot fresh', ...backlog, 'guild 1', 'guild 2@e-4', 'live@e-4'])
  })
})

describe('a snapshot and what happens meanwhile meet without a seam', () => {
  /** More than one batch's worth, so that a sink can be full between them. */
  const big = (id: string) =>
    dispatch('GUILD_CREATE', id, { padding: 'x'.repeat(300_000), channels: [{ id: `${id}1` }] })

  it('holding delivery between any two guilds', async () => {
    await using all = given()
    const { feed } = all
    await publish(feed, big('1'), big('2'), big('3'))
    const consumer = new Consumer(feed)
    consumer.full = true
    await consumer.until((said) => said.includes('guild 1'))
    await publish(feed, message('1'), message('2'), message('3'), message(null))
    consumer.resume(2)
    await consumer.until((said) => said.includes('guild 2'))
    await publish(feed, message('1', '6'), message('3', '6'), dispatch('GUILD_DELETE', '2'), guild('4'))
    await publish(feed, message('4', '6'))
    consumer.resume()
    await consumer.untilLive()
    expect(consumer.said).toEqual([
      'snapshot fresh',
      'guild 1',
      'MESSAGE_CREATE 1',
      'MESSAGE_CREATE -',
      'guild 2',
      'MESSAGE_CREATE 1',
      'GUILD_DELETE 2',
      'GUILD_CREATE 4',
      'MESSAGE_CREATE 4',
      'guild 3@e-12',
      'live@e-12',
    ])
    expect(texts(consumer.state)).toEqual(texts(feed.state))
    expect(consumer.committed).toBe('e-12')
  })

  it('leaves out a guild that is gone before its turn, and tells when it comes again', async () => {
    await using all = given()
    const { feed } = all
    await publish(feed, big('1'), big('2'))
    const consumer = new Consumer(feed)
    consumer.full = true
    await consumer.until((said) => said.includes('guild 1'))
    await publish(feed, message('2'), dispatch('GUILD_DELETE', '2'))
    consumer.resume()
    await consumer.untilLive()
    await publish(feed, guild('2'))
    expect(consumer.said).toEqual(['snapshot fresh', 'guild 1', 'live@e-4', 'GUILD_CREATE 2@e-5'])
  })

  it('tells of a guild that was gone at its turn and came again before the end', async () => {
    await using all = given()
    const { feed } = all
    await publish(feed, big('1'), big('2'), big('3'), big('4'))
    const consumer = new Consumer(feed)
    consumer.full = true
    await consumer.until((said) => said.includes('guild 1'))
    await publish(feed, dispatch('GUILD_DELETE', '2'))
    consumer.resume(1)
    await consumer.until((said) => said.includes('guild 3'))
    await publish(feed, guild('2'), message('2'))
    consumer.resume()
    await consumer.untilLive()
    const again = ['GUILD_CREATE 2', 'MESSAGE_CREATE 2']
    expect(consumer.said).toEqual(['snapshot fresh', 'guild 1', 'guild 3', ...again, 'guild 4@e-7', 'live@e-7'])
    expect(texts(consumer.state)).toEqual(texts(feed.state))
  })

  it('commits no id before it is whole', async () => {
    await using all = given()
    const { feed } = all
    await publish(feed, big('1'), big('2'))
    const consumer = new Consumer(feed)
    consumer.full = true
    await consumer.until((said) => said.includes('guild 1'))
    await publish(feed, message('1'))
    consumer.resume(1)
    await settled()
    expect(consumer.said).toEqual(['snapshot fresh', 'guild 1', 'MESSAGE_CREATE 1'])
    expect(consumer.committed).toBeNull()
    for (const item of consumer.items) expect(say(item)).not.toContain('@')
  })

  it('begins again when the consumer falls off the log midway', async () => {
    await using all = given({ maxBytes: 1_000 })
    const { feed } = all
    await publish(feed, big('1'))
    await publish(feed, big('2'))
    const consumer = new Consumer(feed)
    consumer.full = true
    await consumer.until((said) => said.includes('guild 1'))
    for (let index = 0; index < 50; index++) await publish(feed, message('1', `${index}`))
    consumer.resume()
    await consumer.untilLive()
    expect(consumer.said.slice(2)).toEqual(['snapshot lagged', 'guild 1', 'guild 2@e-52', 'live@e-52'])
  })

  it('gives a backlog’s reader what happens meanwhile with its ids, also of guilds to come', async () => {
    await using all = given()
    const { feed } = all
    await publish(feed, big('1'), big('2'))
    const consumer = new Consumer(feed, { backlogMs: 1 })
    await consumer.until((said) => said.length > 0)
    consumer.full = 3
    await consumer.until((said) => said.includes('guild 1'))
    await settled()
    await publish(feed, message('2'), message('1'))
    consumer.resume()
    await consumer.untilLive()
    const meanwhile = consumer.said.filter((what) => what.startsWith('MESSAGE'))
    expect(meanwhile).toEqual(['MESSAGE_CREATE 2@e-3', 'MESSAGE_CREATE 1@e-4'])
  })
})
