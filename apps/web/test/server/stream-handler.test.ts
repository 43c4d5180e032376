import { once } from 'node:events'
import { connect } from 'node:net'
import { visibility } from '@repo/discord-permissions'
import { describe, expect, it, vi } from 'vitest'
import type { StreamHandlerOptions } from '../../src/server/realtime/stream-handler.ts'
import type { Admission, AdmissionOptions, Standing } from '../../src/server/sight/admission.ts'
import { ada, bob, eve, events, EVERYTHING, forRole, guild, member, setUp, stateOf } from './stream-scene.ts'

describe('a stream', () => {
  it('begins with the guild as it is, then tells what happens, as Discord wrote it, each with its id', async () => {
    const { open, publish } = await setUp()
    const stream = await open(events('1'))
    expect(stream.status).toBe(200)
    expect(stream.header('content-type')).toBe('text/event-stream')
    expect(stream.header('cache-control')).toBe('no-store, no-transform')
    expect(stream.header('x-accel-buffering')).toBe('no')
    expect(stream.header('access-control-allow-origin')).toBeUndefined()
    await stream.hears('sync live')
    expect(stream.heard).toEqual(['sync snapshot', 'GUILD_CREATE e-0', 'sync live e-0'])
    expect(JSON.parse(stream.messages[1]?.data ?? '')).toMatchObject(guild('1'))
    await publish('VOICE_STATE_UPDATE', '1', { user_id: '5', note: 'a\u2028b' })
    await stream.hears('VOICE_STATE_UPDATE')
    expect(stream.messages.at(-1)).toEqual({
      event: 'VOICE_STATE_UPDATE',
      id: 'e-1',
      data: JSON.stringify({ guild_id: '1', channel_id: '10', user_id: '5', note: 'a\u2028b' }),
    })
    expect(stream.retries).toHaveLength(1)
    expect(stream.retries[0]).toBeGreaterThanOrEqual(1_000)
  })

  it('tells of its own guild alone, and of nothing that has none', async () => {
    const { open, publish } = await setUp()
    const stream = await open(events('1'))
    await stream.hears('sync live')
    await publish('MESSAGE_CREATE', '2', { content: 'elsewhere' })
    await publish('MESSAGE_CREATE', null, { content: 'direct' })
    await publish('USER_UPDATE', null, { id: '7' })
    await publish('TYPING_START', '1')
    await stream.hears('TYPING_START')
    expect(stream.heard.slice(3)).toEqual(['TYPING_START e-4'])
    expect(stream.raw).not.toMatch(/elsewhere|direct/)
  })

  it('never tells what no browser may see, live or replayed, known or not, in whatever guild it says it is', async () => {
    const { open, publish } = await setUp()
    const live = await open(events('1'))
    await live.hears('sync live')
    const never = Object.entries(visibility).flatMap(([name, rule]) => (rule.kind === 'never' ? [name] : []))
    expect(never).toEqual(expect.arrayContaining(['INTERACTION_CREATE', 'VOICE_SERVER_UPDATE', 'READY', 'RESUMED']))
    for (const name of [...never, 'EVENT_OF_TOMORROW']) await publish(name, '1', { token: 'hush' })
    await publish('MESSAGE_CREATE', '1', { content: 'hush', embeds: [{ flags: 1 }], flags: 64 })
    await publish('MESSAGE_CREATE', '1', { content: 'aloud', flags: 0 })
    await live.hears('MESSAGE_CREATE')
    const replayed = await open(events('1', '?last_event_id=e-0'))
    await replayed.hears('sync live')
    for (const stream of [live, replayed]) {
      expect(stream.raw).not.toContain('hush')
      // What the bot has come to see may be what its guild's members now see: they are told the guild anew.
      const heard = stream.heard.filter((line) => !/^(?:sync|GUILD_CREATE)/.test(line))
      expect(heard).toEqual([expect.stringMatching(/^MESSAGE_CREATE e-/)])
    }
  })

  it.each<[string, string, Record<string, string>]>([
    ['the header', '', { 'Last-Event-ID': 'e-1' }],
    ['the query', '?last_event_id=e-1', {}],
    ['the header before the query', '?last_event_id=e-0', { 'Last-Event-ID': 'e-1' }],
  ])('resumes from %s', async (_, query, headers) => {
    const { open, publish } = await setUp()
    for (const id of ['a', 'b', 'c']) await publish('MESSAGE_CREATE', '1', { id })
    const stream = await open(events('1', query), { headers })
    await stream.hears('sync live')
    expect(stream.heard).toEqual(['sync resumed', 'MESSAGE_CREATE e-2', 'MESSAGE_CREATE e-3', 'sync live e-3'])
  })

  it('takes an id that means nothing for that of another log', async () => {
    const { open } = await setUp()
    const stream = await open(events('1'), { headers: { 'Last-Event-ID': 'nonsense' } })
    await stream.hears('sync live')
    expect(JSON.parse(stream.messages[0]?.data ?? '')).toMatchObject({ state: 'snapshot', reason: 'foreign' })
  })

  it('waits while nobody knows the guilds, then begins', async () => {
    const { open, feed } = await setUp({ ready: false })
    const stream = await open(events('1'))
    expect(stream.status).toBe(200)
    expect(stream.heard).toEqual([])
    await feed.restart({ epoch: 'e', position: 4 }, stateOf('1'), 'fresh')
    await stream.hears('sync live e-4')
    expect(stream.heard).toEqual(['sync snapshot', 'GUILD_CREATE e-4', 'sync live e-4'])
  })

  it('ends when it has waited for a guild that is not there, and the next try is told so', async () => {
    const { open, feed } = await setUp({ ready: false })
    const stream = await open(events('3'))
    await feed.restart({ epoch: 'e', position: 4 }, stateOf('1'), 'fresh')
    await stream.end()
    expect((await open(events('3'))).status).toBe(404)
  })

  it('ends when the bot leaves the guild, not when the guild is merely unavailable', async () => {
    const { open, publish, feed } = await setUp()
    const stream = await open(events('1'))
    await stream.hears('sync live')
    await publish('GUILD_DELETE', '1', { id: '1', unavailable: true })
    await stream.hears('GUILD_DELETE')
    expect(stream.ended).toBe(false)
    await publish('GUILD_DELETE', '1', { id: '1' })
    await stream.end()
    expect(stream.heard.filter((line) => line.startsWith('GUILD_DELETE'))).toHaveLength(2)
    expect(feed.consumers).toBe(0)
  })

  it('leaves nothing behind when the browser goes away', async () => {
    const { open, feed, streams } = await setUp()
    const opened = await Promise.all(Array.from({ length: 5 }, () => open(events('1', '?hops=1'))))
    for (const stream of opened) await stream.hears('sync live')
    expect([feed.consumers, streams.size]).toEqual([5, 5])
    for (const stream of opened) stream.socket.destroy()
    await expect.poll(() => [feed.consumers, streams.size]).toEqual([0, 0])
  })

  it('leaves nothing behind when the browser goes away while it waits', async () => {
    const { open, feed, streams } = await setUp({ ready: false })
    const stream = await open(events('1'))
    stream.socket.destroy()
    await expect.poll(() => [feed.consumers, streams.size]).toEqual([0, 0])
  })

  it('stops for a browser that does not read, and goes on where it was', async () => {
    const { open, publish, feed } = await setUp()
    const slow = await open(events('1'))
    const quick = await open(events('1'))
    await slow.hears('sync live')
    await quick.hears('sync live')
    slow.socket.pause()
    const padding = 'x'.repeat(100_000)
    const count = 120
    for (let index = 0; index < count; index += 1) await publish('MESSAGE_CREATE', '1', { padding })
    await quick.hears(`MESSAGE_CREATE e-${count}`)
    // 12 MB are more than the kernel takes for a socket that is not read.
    expect(slow.messages.length).toBeLessThan(count)
    expect(feed.consumers).toBe(2)
    slow.socket.resume()
    await slow.hears(`MESSAGE_CREATE e-${count}`)
    const ids = slow.messages.filter(({ event }) => event === 'MESSAGE_CREATE').map(({ id }) => id)
    expect(ids).toEqual(Array.from({ length: count }, (_, index) => `e-${index + 1}`))
  })

  it('costs a socket’s worth of memory for each browser that does not read, and no more', async () => {
    const { open, publish, sockets } = await setUp()
    const frozen = await Promise.all(Array.from({ length: 20 }, () => open(events('1'))))
    const quick = await open(events('1'))
    for (const stream of [...frozen, quick]) await stream.hears('sync live')
    for (const stream of frozen) stream.socket.pause()
    const held = () => [...sockets].map(({ writableLength }) => writableLength)
    const padding = 'x'.repeat(100_000)
    const count = 200
    for (let index = 1; index <= count; index += 1) await publish('MESSAGE_CREATE', '1', { padding })
    await quick.hears(`MESSAGE_CREATE e-${count}`)
    // 20 MB were to be sent to each. What a socket holds is what was written to it when it was full: one batch.
    expect(held().filter((bytes) => bytes > 0)).toHaveLength(frozen.length)
    expect(Math.max(...held())).toBeLessThan(400_000)
    for (const stream of frozen) stream.socket.destroy()
    quick.socket.destroy()
  })

  it('leaves nothing on a connection that outlives it', async () => {
    const { open, streams, sockets } = await setUp()
    const stream = await open(events('1'))
    await stream.hears('sync live')
    const [socket] = sockets
    const during = socket?.listenerCount('drain') ?? 0
    await streams.drain({ overMs: 1, retryMs: 1 })
    await stream.end()
    await expect.poll(() => socket?.listenerCount('drain')).toBe(during - 1)
    expect(socket?.destroyed).toBe(false)
  })

  it('spreads its end, and when a browser comes back', async () => {
    const lives: number[] = []
    const retries: (number | undefined)[] = []
    for (const random of [0, 1]) {
      const { open, streams } = await setUp({ random: () => random, now: () => 0 })
      const add = vi.spyOn(streams, 'add')
      retries.push((await open(events('1'))).retries[0])
      lives.push(add.mock.calls[0]?.[0].endsAt ?? 0)
      const full = await setUp({ random: () => random, streamsTotal: 0 })
      const refused = await full.open(events('1'))
      await refused.end()
      retries.push(refused.retries[0])
    }
    expect(lives).toEqual([8 * 60_000, 12 * 60_000])
    expect(retries).toEqual([1_000, 15_000, 3_000, 45_000])
  })

  it('speaks to a client of HTTP/1.0, which knows no chunks', async () => {
    const { open, publish } = await setUp()
    const stream = await open(events('1'), { version: '1.0' })
    expect(stream.header('transfer-encoding')).toBeUndefined()
    await publish('TYPING_START', '1')
    await stream.hears('TYPING_START')
    expect(stream.raw).toMatch(/^retry: \d+\n\n/)
  })
})

describe('whom a stream is for', () => {
  it('ends with their session, at once, and nobody else’s does', async () => {
    const other = { ...ada, sessionId: 'another of hers' }
    const viewerOf: StreamHandlerOptions['viewerOf'] = ({ headers }) =>
      Promise.resolve(headers['cookie'] === 'other' ? other : ada)
    const { open, streams, publish } = await setUp({ viewerOf })
    const hers = await open(events('1'))
    const elsewhere = await open(events('1'), { headers: { Cookie: 'other' } })
    for (const stream of [hers, elsewhere]) await stream.hears('sync live')
    streams.endOf(ada.sessionId)
    await publish('TYPING_START', '1')
    await hers.end()
    await elsewhere.hears('TYPING_START')
    expect(hers.heard).not.toContain('TYPING_START e-1')
  })

  it('ends where they sign out while it is asked who they are there, before the stream is one', async () => {
    let isSignedIn = true
    const answer = Promise.withResolvers<Standing>()
    const ask = vi.fn<Admission['ask']>(() => answer.promise)
    const wait = vi.fn<Admission['wait']>()
    const { open, streams } = await setUp({
      viewerOf: () => Promise.resolve(isSignedIn ? ada : null),
      admission: { ask, wait },
    })
    const opening = open(events('1'))
    await expect.poll(() => ask).toHaveBeenCalled()
    isSignedIn = false
    streams.endOf(ada.sessionId)
    answer.resolve({ is: 'member', member: member('5') })
    const stream = await opening
    await stream.end()
    expect(wait).not.toHaveBeenCalled()
  })

  it.each([
    ['has lost a role', 'GUILD_MEMBER_UPDATE', member('5'), ['GUILD_CREATE']],
    ['is gone', 'GUILD_MEMBER_REMOVE', { user: { id: '5' } }, []],
  ])('who %s while it is asked in which private threads they are', async (_, event, payload, heard) => {
    const asked = Promise.withResolvers<ReadonlySet<string>>()
    const threadsOf = vi.fn<AdmissionOptions['threadsOf']>(() => asked.promise)
    const { open, publish } = await setUp({ threadsOf })
    await publish('GUILD_ROLE_CREATE', '1', { role: { id: '20', permissions: EVERYTHING } })
    await publish('GUILD_MEMBER_UPDATE', '1', member('5', '20'))
    await publish('CHANNEL_CREATE', '1', { id: '11', type: 0, permission_overwrites: forRole('20') })
    const stream = await open(events('1'))
    await expect.poll(() => threadsOf).toHaveBeenCalled()
    await publish(event, '1', payload)
    asked.resolve(new Set())
    if (heard.length > 0) await stream.hears('sync live')
    else await stream.end()
    expect(stream.messages.map((one) => one.event).filter((name) => name !== 'sync')).toEqual(heard)
    expect(stream.raw).not.toContain('"id":"11"')
  })

  it('is ended when their session is over by itself', async () => {
    const { open, streams } = await setUp({
      now: () => 0,
      viewerOf: () => Promise.resolve({ ...ada, expiresAt: 60_000 }),
    })
    const add = vi.spyOn(streams, 'add')
    await open(events('1'))
    expect(add.mock.calls[0]?.[0].endsAt).toBe(60_000)
  })

  it('ends when they are no member any more, and does not tell them that', async () => {
    const { open, publish } = await setUp()
    const stream = await open(events('1'))
    await stream.hears('sync live')
    await publish('GUILD_MEMBER_REMOVE', '1', { user: { id: '5' } })
    await stream.end()
    expect(stream.heard).not.toContain('GUILD_MEMBER_REMOVE e-1')
    expect((await open(events('1'))).status).toBe(404)
  })

  it('who may be a member waits for the state, and is told nothing of the guild before it is known', async () => {
    const { open, feed } = await setUp({ ready: false, viewerOf: () => Promise.resolve(eve) })
    const [hers, theirs] = [await open(events('1')), await open(events('1'))]
    await feed.restart({ epoch: 'e', position: 4 }, stateOf('1'), 'fresh')
    await hers.end()
    await theirs.end()
    expect([...hers.heard, ...theirs.heard].join()).not.toContain('GUILD_CREATE')
  })

  it('who asks for a server that is down waits, and is not told that it is one of the bot’s', async () => {
    const { open, feed, publish, streams } = await setUp()
    feed.state.apply('GUILD_DELETE', '4', { id: '4', unavailable: true })
    const stream = await open(events('4'))
    await expect.poll(() => streams.size).toBe(1)
    expect(stream.heard).toEqual([])
    await publish('GUILD_CREATE', '4', guild('4'))
    await stream.hears('GUILD_CREATE')
    expect(stream.ended).toBe(false)
  })

  it('hears nothing of a guild of which nothing is known, though the log has it', async () => {
    let isLive = false
    const { open, publish, feed } = await setUp({ isLive: () => isLive })
    await publish('TYPING_START', '3', { secret: true })
    await publish('TYPING_START', '3', { secret: true })
    const stream = await open(events('3', '?last_event_id=e-0'))
    isLive = true
    await feed.restart({ epoch: 'e', position: 4 }, stateOf('1'), 'foreign')
    await stream.end()
    expect(stream.messages).toEqual([])
  })

  it('is not turned away while the link is away, and is once it is there', async () => {
    let isLive = false
    const { open, feed } = await setUp({ isLive: () => isLive, viewerOf: () => Promise.resolve(eve) })
    const stream = await open(events('1'))
    expect(stream.status).toBe(200)
    isLive = true
    await feed.restart({ epoch: 'e', position: 4 }, stateOf('1'), 'foreign')
    await stream.end()
    expect(stream.messages).toEqual([])
  })
})

describe('broadcastToGuild', () => {
  it('reaches those of that guild who may see it, without an id', async () => {
    const { open, streams, publish } = await setUp()
    const [one, other] = [await open(events('1')), await open(events('2'))]
    for (const stream of [one, other]) await stream.hears('sync live')
    const payload = { guild_id: '1', channel_id: '10', user_id: '5' }
    streams.broadcastToGuild('1', 'INTERACTION_CREATE', { guild_id: '1', token: 'hush' })
    streams.broadcastToGuild('1', 'TYPING_START\ndata: forged', payload)
    streams.broadcastToGuild('1', 'TYPING_START', { ...payload, channel_id: '11' })
    streams.broadcastToGuild('1', 'VOICE_STATE_UPDATE', payload)
    await publish('TYPING_START', '2')
    await one.hears('VOICE_STATE_UPDATE')
    await other.hears('TYPING_START')
    expect(one.messages.slice(3)).toEqual([
      { event: 'VOICE_STATE_UPDATE', id: undefined, data: JSON.stringify(payload) },
    ])
    expect(other.heard.slice(3)).toEqual(['TYPING_START e-1'])
  })
})

describe('hop reports', () => {
  it('come to who asked, without an id', async () => {
    const { open } = await setUp()
    const asked = await open(events('1', '?hops=1'))
    const other = await open(events('1'))
    await asked.until(() => asked.messages.some(({ data }) => data.includes('"pingMs":12')))
    const report = asked.messages.find(({ event }) => event === 'hops')
    expect(report?.id).toBeUndefined()
    await other.hears('sync live')
    expect(other.heard).not.toContain('hops')
  })

  it('come while the state is waited for', async () => {
    const { open } = await setUp({ ready: false })
    const stream = await open(events('1', '?hops=1'))
    await stream.hears('hops')
  })
})

describe('refusals', () => {
  it.each([
    ['another path', '/api/guilds/1', 'GET', 418],
    ['a path below', '/api/guilds/1/events/2', 'GET', 418],
    ['a guild that is not there', events('3'), 'GET', 404],
    ['a guild that is no id', events('..%2f1'), 'GET', 404],
    ['HEAD', events('1'), 'HEAD', 405],
    ['POST', events('1'), 'POST', 405],
  ])('%s', async (_, path, method, status) => {
    const { open } = await setUp()
    const answer = await open(path, { method })
    expect(answer.status).toBe(status)
    if (status === 405) expect(answer.header('allow')).toBe('GET')
  })

  it.each(['//', '/\\', 'http://[', '*', 'http://127.0.0.1/api/guilds/1/events', '/%', '?', '/api/guilds/%/events'])(
    'a target that is no path of ours: %s',
    async (target) => {
      const { port } = await setUp()
      const socket = connect(port, '127.0.0.1').end(`GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`)
      const [bytes] = (await once(socket, 'data')) as [Buffer]
      // Node's parser refuses some of them itself.
      expect(String(bytes)).toMatch(/^HTTP\/1.1 (?:418|400|404) /)
      expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(418)
    },
  )

  it.each([
    ['another', '?viewer=6'],
    ['nobody', '?viewer='],
    ['two', '?viewer=5&viewer=6'],
    ['another, and resumes', '?last_event_id=e-0&viewer=6'],
  ])('a page that was made for %s: as if nobody were signed in', async (_, query) => {
    const { open, streams, publish } = await setUp()
    await publish('MESSAGE_CREATE', '1', { content: 'hush' })
    for (const path of [events('1', query), `/api/events${query}&guild=1`]) {
      const answer = await open(path)
      await answer.until(() => answer.raw !== '')
      expect(answer.status).toBe(401)
      expect(JSON.parse(answer.raw)).toEqual({ error: { code: 'UNAUTHORIZED', message: 'you are not signed in' } })
    }
    expect(streams.size).toBe(0)
  })

  it('and not a page that was made for them, nor who does not say', async () => {
    const { open } = await setUp()
    for (const query of ['?viewer=5', '']) await (await open(events('1', query))).hears('sync live')
  })

  it('nobody signed in: the same for every guild', async () => {
    const { port } = await setUp({ viewerOf: () => Promise.resolve(null) })
    for (const id of ['1', '3']) {
      const answer = await fetch(`http://127.0.0.1:${port}${events(id)}`)
      expect(answer.status).toBe(401)
      expect(await answer.json()).toEqual({ error: { code: 'UNAUTHORIZED', message: 'you are not signed in' } })
    }
  })

  it('a guild that is somebody else’s: the same as for one that is not there', async () => {
    const { port } = await setUp({ viewerOf: () => Promise.resolve(eve) })
    const answers = await Promise.all(
      ['2', '3', 'x'].map(async (id) => {
        const answer = await fetch(`http://127.0.0.1:${port}${events(id)}`)
        const headers = [...answer.headers].filter(([name]) => name !== 'date')
        return [answer.status, headers, await answer.text()]
      }),
    )
    expect(answers[0]?.[0]).toBe(404)
    expect(answers[1]).toEqual(answers[0])
    expect(answers[2]).toEqual(answers[0])
  })

  it('one stream too many of one person: it says so, ends at once and leaves the others', async () => {
    const viewerOf: StreamHandlerOptions['viewerOf'] = ({ headers }) =>
      Promise.resolve(headers['cookie'] === 'bob' ? bob : ada)
    const { open, streams } = await setUp({ streamsPerUser: 2, viewerOf })
    const opened = [await open(events('1')), await open(events('2'))]
    const full = await open(events('1'))
    await full.end()
    expect(full.status).toBe(200)
    expect(full.comments.join()).toContain('you have 2 streams open')
    expect(full.retries[0]).toBeGreaterThanOrEqual(15_000)
    expect(full.messages).toEqual([])
    const other = await open(events('1'), { headers: { Cookie: 'bob' } })
    await other.hears('sync live')
    expect([streams.openOf('5'), streams.openOf('6'), streams.size]).toEqual([2, 1, 3])
    opened[0]?.socket.destroy()
    await expect.poll(() => streams.openOf('5')).toBe(1)
    const again = await open(events('1'))
    await again.hears('sync live')
  })

  it('who has Discord asked too often who they are: later, without its being asked', async () => {
    const { open, membership } = await setUp({ takeAsking: () => 7 })
    membership.keepsCurrent = false
    const stream = await open(events('1'))
    await stream.end()
    expect([stream.status, membership.asked]).toEqual([200, []])
    expect(stream.retries[0]).toBeGreaterThanOrEqual(7_000)
    membership.keepsCurrent = true
    await (await open(events('1'))).hears('sync live')
  })

  it('somebody who has left before it was known who they are is not counted', async () => {
    const { promise, resolve } = Promise.withResolvers<typeof ada>()
    const asked = vi.fn<StreamHandlerOptions['viewerOf']>(() => promise)
    const { port, streams, feed, sockets } = await setUp({ viewerOf: asked })
    const socket = connect(port, '127.0.0.1')
    socket.write(`GET ${events('1')} HTTP/1.1\r\nHost: a\r\n\r\n`)
    await expect.poll(() => asked.mock.calls.length).toBe(1)
    const [end] = sockets
    const closed = end && once(end, 'close')
    socket.destroy()
    await closed
    resolve(ada)
    await promise
    await expect.poll(() => [streams.size, feed.consumers]).toEqual([0, 0])
  })

  it('who cannot be looked up costs that request its answer', async () => {
    const { open } = await setUp({ viewerOf: () => Promise.reject(new Error('the store is away')) })
    expect((await open(events('1'))).status).toBe(500)
  })

  it('no room: a stream that ends at once and says when to come back, since a refusal would be for good', async () => {
    const { open, streams } = await setUp({ streamsTotal: 1 })
    await open(events('1'))
    const full = await open(events('1'))
    await full.end()
    expect(full.status).toBe(200)
    expect(full.retries[0]).toBeGreaterThanOrEqual(15_000)
    expect(streams.size).toBe(1)
  })
})
