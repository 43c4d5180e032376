import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { parseEventId } from '@repo/discord-integration/types'
import { describe, expect, it, vi } from 'vitest'
import { MembershipUnknown } from '../../src/server/membership/membership.ts'
import { GUILDS_MAX } from '../../src/server/realtime/asked-guilds.ts'
import { NO_PLACE } from '../../src/server/realtime/stream-bytes.ts'
import type { Admission, AdmissionOptions } from '../../src/server/sight/admission.ts'
import { demultiplexed } from './demultiplexed.ts'
import type { OpenStream } from './open-stream.ts'
import { ada, bob, eve, events, member, setUp, stateOf } from './stream-scene.ts'

const several = (...places: string[]) => `/api/events?${places.map((place) => `guild=${place}`).join('&')}`
const linesOf = (stream: OpenStream, guildId: string) => demultiplexed(stream.messages).get(guildId) ?? []
/** Until that was said of that guild. */
const hears = (stream: OpenStream, guildId: string, line: string) =>
  stream.until(() => linesOf(stream, guildId).some((heard) => heard.startsWith(line)))

describe('a stream of several guilds', () => {
  it('begins with each guild as it is, then tells what happens, and says whose it is where that changes', async () => {
    const { open, publish } = await setUp()
    const stream = await open(several('1', '2'))
    expect(stream.status).toBe(200)
    expect(stream.header('content-type')).toBe('text/event-stream')
    expect(stream.header('cache-control')).toBe('no-store, no-transform')
    for (const id of ['1', '2']) await hears(stream, id, 'sync live')
    await publish('TYPING_START', '1')
    await publish('TYPING_START', '1')
    await publish('TYPING_START', '2')
    await hears(stream, '2', 'TYPING_START')
    const snapshot = ['guild', 'sync snapshot', 'GUILD_CREATE e-0', 'sync live e-0']
    const happening = ['guild', 'TYPING_START e-1', 'TYPING_START e-2', 'guild', 'TYPING_START e-3']
    expect(stream.heard).toEqual([...snapshot, ...snapshot, ...happening])
    expect(demultiplexed(stream.messages)).toEqual(
      new Map([
        ['1', ['sync snapshot', 'GUILD_CREATE e-0', 'sync live e-0', 'TYPING_START e-1', 'TYPING_START e-2']],
        ['2', ['sync snapshot', 'GUILD_CREATE e-0', 'sync live e-0', 'TYPING_START e-3']],
      ]),
    )
  })

  it('says it of one guild too', async () => {
    const { open } = await setUp()
    const stream = await open(several('2'))
    await hears(stream, '2', 'sync live')
    expect(stream.messages[0]).toEqual({ event: 'guild', id: NO_PLACE, data: '{"guild_id":"2"}' })
  })

  it('resumes each at its own place', async () => {
    const { open, publish } = await setUp({ guilds: ['1', '2', '3'] })
    for (let index = 0; index < 3; index++) for (const id of ['1', '2', '3']) await publish('TYPING_START', id)
    const stream = await open(several('1@e-0', '2@e-5', '3'))
    for (const id of ['1', '2', '3']) await hears(stream, id, 'sync live')
    expect(demultiplexed(stream.messages)).toEqual(
      new Map([
        ['1', ['sync resumed', 'TYPING_START e-1', 'TYPING_START e-4', 'TYPING_START e-7', 'sync live e-9']],
        ['2', ['sync resumed', 'TYPING_START e-8', 'sync live e-9']],
        ['3', ['sync snapshot', 'GUILD_CREATE e-9', 'sync live e-9']],
      ]),
    )
  })

  it('begins anew where an EventSource came back by itself, whose places are old', async () => {
    const { open, publish } = await setUp()
    await publish('TYPING_START', '1')
    const stream = await open(several('1@e-0', '2'), { headers: { 'Last-Event-ID': 'e-1' } })
    for (const id of ['1', '2']) await hears(stream, id, 'sync live')
    expect(linesOf(stream, '1')).toEqual(['sync snapshot', 'GUILD_CREATE e-1', 'sync live e-1'])
  })

  it('is one of a person’s streams, however many guilds it has', async () => {
    const { open, streams, feed } = await setUp({ streamsPerUser: 1 })
    const stream = await open(several('1', '2'))
    await hears(stream, '2', 'sync live')
    expect([streams.size, streams.openOf(ada.user.id), feed.consumers]).toEqual([1, 1, 2])
    const full = await open(several('1'))
    await full.end()
    expect(full.comments.join()).toContain('you have 1 streams open')
    stream.socket.destroy()
    await expect.poll(() => [streams.size, feed.consumers]).toEqual([0, 0])
  })

  it('ends with the session, with all its guilds', async () => {
    const { open, streams, feed } = await setUp()
    const stream = await open(several('1', '2'))
    await hears(stream, '2', 'sync live')
    streams.endOf(ada.sessionId)
    expect(feed.consumers).toBe(0)
    await stream.end()
  })

  it('is drained as one', async () => {
    const { open, streams } = await setUp()
    const stream = await open(several('1', '2'))
    await hears(stream, '2', 'sync live')
    await streams.drain({ overMs: 1, retryMs: 4_000 })
    await stream.end()
    expect(stream.retries.slice(1)).toEqual([4_000])
  })

  it('is reached by what is told past the log, with whose it is', async () => {
    const { open, streams } = await setUp()
    const stream = await open(several('1', '2'))
    await hears(stream, '2', 'sync live')
    for (const id of ['1', '2']) streams.broadcastToGuild(id, 'TYPING_START', { guild_id: id, channel_id: '10' })
    await hears(stream, '2', 'TYPING_START')
    expect(linesOf(stream, '1').at(-1)).toBe('TYPING_START')
  })

  it('has hop reports whatever guild was said last', async () => {
    const { open } = await setUp({ ready: false })
    const stream = await open(`${several('1', '2')}&hops=1`)
    await stream.hears('hops')
    expect(stream.heard).toEqual(expect.arrayContaining(['hops']))
    expect(stream.heard).not.toContain('guild')
  })

  it('leaves nothing behind when the browser goes away while guilds are waited for', async () => {
    const { open, feed, streams } = await setUp({ ready: false })
    const stream = await open(several(...Array.from({ length: 30 }, (_, index) => String(index + 1))))
    await expect.poll(() => streams.size).toBe(1)
    stream.socket.destroy()
    await expect.poll(() => [feed.consumers, streams.size]).toEqual([0, 0])
  })
})

/** How often a socket has had the system write, from now on. */
function writesOf(socket: Socket): () => number {
  const spies = [vi.spyOn(socket, '_write'), vi.spyOn(socket as Required<Pick<Socket, '_writev'>>, '_writev')]
  return () => spies.reduce((sum, { mock }) => sum + mock.calls.length, 0)
}

describe('what happens in one turn of the event loop', () => {
  const guilds = Array.from({ length: 16 }, (_, index) => `${index + 1}`)

  it('is one write, of however many guilds, and has been written when the feed is done', async () => {
    const { open, publish, sockets } = await setUp({ guilds })
    const stream = await open(several(...guilds))
    for (const id of guilds) await hears(stream, id, 'sync live')
    const writes = Array.from(sockets, writesOf)
    await Promise.all(guilds.map((id) => publish('TYPING_START', id)))
    expect(writes.map((count) => count())).toEqual([1])
    await publish('TYPING_START', '16')
    expect(writes.map((count) => count())).toEqual([2])
    await stream.hears('TYPING_START e-17')
    const told = guilds.flatMap((_, index) => ['guild', `TYPING_START e-${index + 1}`])
    expect(stream.heard.slice(-told.length - 1)).toEqual([...told, 'TYPING_START e-17'])
  })

  it('is one write for each browser also where many are told how far they are in all the guilds that are quiet', async () => {
    const ids = Array.from({ length: GUILDS_MAX }, (_, index) => `${index + 1}`)
    const { open, publish, feed, sockets } = await setUp({ guilds: [...ids, '101'] })
    const opened: OpenStream[] = []
    for (let count = 0; count < 6; count++) {
      const stream = await open(several(...ids))
      for (const id of ids) await hears(stream, id, 'sync live')
      opened.push(stream)
    }
    await publish('TYPING_START', '101')
    const writes = Array.from(sockets, writesOf)
    await feed.announcePositions()
    for (const stream of opened) for (const id of ids) await hears(stream, id, 'sync live e-1')
    expect(writes.map((count) => count())).toEqual(opened.map(() => 1))
  })
})

describe('what a cohort is sent', () => {
  it('is the same bytes on every stream, of one guild or of several, and is made once', async () => {
    const { open, publish, sockets } = await setUp({
      viewerOf: ({ headers }) => Promise.resolve(headers['cookie'] === 'bob' ? bob : ada),
    })
    const bobs = { headers: { Cookie: 'bob' } }
    const opened = [
      await open(several('1', '2')),
      await open(several('2', '1'), bobs),
      await open(events('1')),
      await open(`${several('1')}&hops=1`),
      await open(events('1', '?hops=1'), bobs),
    ]
    for (const stream of opened) await stream.until(() => stream.raw.includes('"guild 1"') && /live/.test(stream.raw))
    const written = Array.from(sockets, (socket) => vi.spyOn(socket, 'write'))
    await publish('TYPING_START', '1', { user_id: 'as it was written' })
    for (const stream of opened) await stream.hears('TYPING_START')
    const chunks = written.map(({ mock }) => mock.calls.map(([bytes]) => bytes as Buffer).filter(isOfEvent))
    expect(chunks.map(({ length }) => length)).toEqual([1, 1, 1, 1, 1])
    const [plain, timed] = [chunks[0]?.[0], chunks[3]?.[0]]
    for (const index of [1, 2]) expect(chunks[index]?.[0]).toBe(plain)
    expect(chunks[4]?.[0]).toBe(timed)
    expect(timed?.toString()).toContain('event: times')
    expect(plain?.toString()).not.toContain('event: times')
  })

  it('is one piece, made once, for those who are told the same of several guilds one after the other', async () => {
    const { open, publish, sockets } = await setUp()
    const paths = [several('1', '2'), several('1', '2'), several('2', '1'), several('1', '2')]
    const opened: OpenStream[] = []
    for (const path of paths) {
      const stream = await open(path)
      for (const id of ['1', '2']) await hears(stream, id, 'sync live')
      opened.push(stream)
    }
    const written = Array.from(sockets, (socket) => vi.spyOn(socket, 'write'))
    const both = async (last: string) => {
      for (const { mock } of written) mock.calls.splice(0)
      await Promise.all(['1', '2'].map((id) => publish('TYPING_START', id)))
      for (const stream of opened) await stream.hears(last)
      return written.map(({ mock }) => mock.calls.map(([bytes]) => bytes))
    }

    // To the third, guild 1 has been said last.
    const [first, second, third, fourth] = await both('TYPING_START e-2')
    expect([first, second, third, fourth].map((pieces) => pieces?.length)).toEqual([4, 1, 3, 4])
    expect(second?.[0]).toEqual(Buffer.concat(first as Buffer[]))
    const [, ...others] = await both('TYPING_START e-4')
    expect(others.map((pieces) => pieces.length)).toEqual([1, 1, 1])
    expect(new Set(others.flat()).size).toBe(1)

    const told = [
      'TYPING_START e-1',
      'guild',
      'TYPING_START e-2',
      'guild',
      'TYPING_START e-3',
      'guild',
      'TYPING_START e-4',
    ]
    for (const stream of opened) expect(stream.heard.slice(-told.length)).toEqual(told)
  })
})

const isOfEvent = (bytes: Buffer) => bytes.includes('as it was written')

describe('one guild of several that ends', () => {
  it('is not there, or somebody else’s: the same, and the others go on', async () => {
    const { open, publish, feed } = await setUp({ guilds: ['1', '2'] })
    feed.state.apply('GUILD_CREATE', '8', { id: '8', members: [], roles: [], channels: [], owner_id: '9' })
    const stream = await open(several('7', '1', '8'))
    await hears(stream, '1', 'sync live')
    await publish('TYPING_START', '1')
    await hears(stream, '1', 'TYPING_START')
    expect(linesOf(stream, '7')).toEqual(['ended NOT_FOUND'])
    expect(linesOf(stream, '8')).toEqual(['ended NOT_FOUND'])
    expect(stream.messages.filter(({ data }) => data.includes('ended')).map(({ data }) => data)).toEqual([
      '{"guild_id":"7","ended":"NOT_FOUND"}',
      '{"guild_id":"8","ended":"NOT_FOUND"}',
    ])
    expect(feed.consumers).toBe(1)
  })

  it.each([
    ['they are no member any more, which is not told them', 'GUILD_MEMBER_REMOVE', { user: { id: '5' } }, []],
    ['the bot is gone, of which they hear', 'GUILD_DELETE', { id: '1' }, ['GUILD_DELETE e-1']],
  ])('because %s', async (_, event, payload, last) => {
    const { open, publish, feed } = await setUp()
    const stream = await open(several('1', '2'))
    for (const id of ['1', '2']) await hears(stream, id, 'sync live')
    await publish(event, '1', payload)
    await publish('TYPING_START', '1')
    await publish('TYPING_START', '2')
    await hears(stream, '2', 'TYPING_START')
    expect(linesOf(stream, '1').slice(3)).toEqual([...last, 'ended NOT_FOUND'])
    expect(stream.ended).toBe(false)
    expect(feed.consumers).toBe(1)
  })

  it('says whose it is again after the end of another', async () => {
    const { open, publish } = await setUp()
    const stream = await open(several('1', '2'))
    for (const id of ['1', '2']) await hears(stream, id, 'sync live')
    await publish('TYPING_START', '2')
    await publish('GUILD_MEMBER_REMOVE', '1', { user: { id: '5' } })
    await publish('TYPING_START', '2')
    await stream.hears('TYPING_START e-3')
    expect(stream.heard.slice(-4)).toEqual(['TYPING_START e-1', 'guild', 'guild', 'TYPING_START e-3'])
  })

  it('is to be asked for again where it cannot be told who they are there', async () => {
    const wait: Admission['wait'] = (guildId) =>
      guildId === '1'
        ? Promise.reject(new MembershipUnknown('TOO_MANY_REQUESTS', 7))
        : Promise.resolve({ member: member('5'), threads: new Set() })
    const { open } = await setUp({ admission: { ask: vi.fn(), wait }, random: () => 0.5 })
    const stream = await open(several('1', '2'))
    await hears(stream, '2', 'sync live')
    const end = stream.messages.find(({ data }) => data.includes('ended'))
    expect(JSON.parse(end?.data ?? '')).toEqual({ guild_id: '1', ended: 'LATER', retry_ms: 10_500 })
  })

  it('is waited for while nobody knows the guilds, each by itself', async () => {
    const { open, feed, publish } = await setUp({ ready: false })
    const stream = await open(several('1', '3'))
    await feed.restart({ epoch: 'e', position: 4 }, stateOf('1'), 'fresh')
    await hears(stream, '1', 'sync live e-4')
    await hears(stream, '3', 'ended NOT_FOUND')
    await publish('TYPING_START', '1').catch(() => {})
    expect(stream.ended).toBe(false)
  })

  it('because its events cannot be read on: it is to be asked for again, and the others go on', async () => {
    const { open, feed, publish, sockets } = await setUp()
    const stream = await open(several('1', '2'))
    for (const id of ['1', '2']) await hears(stream, id, 'sync live')
    // One that has fallen behind reads the log.
    const read = vi.spyOn(feed.log, 'read').mockRejectedValue(new Error('the log is broken'))
    const late = await open(several('1@e-0', '2'))
    await publish('TYPING_START', '1')
    const later = await open(several('1@e-0', '2'))
    await hears(later, '1', 'ended LATER')
    await hears(later, '2', 'sync live')
    read.mockRestore()
    await publish('TYPING_START', '2')
    for (const one of [stream, later]) await hears(one, '2', 'TYPING_START')
    late.socket.destroy()
    expect(sockets.size).toBe(3)
  })

  it('is followed no more once the stream is over, though it was still asked who they are there', async () => {
    const asked = Promise.withResolvers<ReadonlySet<string>>()
    const { open, feed, streams } = await setUp({ threadsOf: () => asked.promise })
    const stream = await open(several('1', '2'))
    const subscribe = vi.spyOn(feed, 'subscribe')
    streams.endOf(ada.sessionId)
    asked.resolve(new Set())
    await stream.end()
    await expect.poll(() => streams.size).toBe(0)
    expect(subscribe).not.toHaveBeenCalled()
  })

  it('hears nothing of a stream that is over: whoever has signed out meanwhile', async () => {
    let isSignedIn = true
    const wait = vi.fn<Admission['wait']>()
    const { open } = await setUp({
      viewerOf: () => {
        const answer = isSignedIn ? ada : null
        isSignedIn = false
        return Promise.resolve(answer)
      },
      admission: { ask: vi.fn(), wait },
    })
    const stream = await open(several('1', '2'))
    await stream.end()
    expect(wait).not.toHaveBeenCalled()
  })
})

describe('who lost a role while it is asked in which private threads they are', () => {
  it('sees of that guild what they may see now', async () => {
    const asked = Promise.withResolvers<ReadonlySet<string>>()
    const threadsOf = vi.fn<AdmissionOptions['threadsOf']>((guildId) =>
      guildId === '1' ? asked.promise : Promise.resolve(new Set()),
    )
    const { open, publish } = await setUp({ threadsOf })
    const stream = await open(several('1', '2'))
    await hears(stream, '2', 'sync live')
    await publish('GUILD_MEMBER_REMOVE', '1', { user: { id: '5' } })
    asked.resolve(new Set())
    await hears(stream, '1', 'ended NOT_FOUND')
    expect(linesOf(stream, '1')).toEqual(['ended NOT_FOUND'])
  })
})

describe('refusals', () => {
  it.each([
    ['no guild', '/api/events', 'guild: expected 1 to 100 of them, got 0'],
    ['too many', several(...Array.from({ length: GUILDS_MAX + 1 }, (_, index) => `${index + 1}`)), 'got 101'],
    ['one twice', several('1', '2', '1@e-4'), 'guild: number 3 is there twice'],
    ['no id', several('1', 'x'), 'guild: number 2 is not <id>'],
    ['an empty one', several(''), 'guild: number 1 is not <id>'],
    ['an empty place', several('1@'), 'guild: number 1 is not <id>'],
    ['a place that no id can be', several('1@e-1%0a'), 'guild: number 1 is not <id>'],
    ['a place that is too long', several(`1@${'e'.repeat(65)}`), 'guild: number 1 is not <id>'],
  ])('%s: it is said what is wrong, and nothing is opened', async (_, path, message) => {
    const { port, streams } = await setUp()
    const answer = await fetch(`http://127.0.0.1:${port}${path}`)
    expect(answer.status).toBe(400)
    const { error } = (await answer.json()) as { error: { code: string; message: string } }
    expect(error.code).toBe('BAD_REQUEST')
    expect(error.message).toContain(message)
    expect(streams.size).toBe(0)
  })

  it('docs/STREAM.md says how many there may be', () => {
    const text = readFileSync(new URL('../../../../docs/STREAM.md', import.meta.url), 'utf8')
    expect(text).toContain(`1 to ${GUILDS_MAX} servers`)
    expect(text).toContain(`more than ${GUILDS_MAX}`)
  })

  it('as many as there may be are taken', async () => {
    const ids = Array.from({ length: GUILDS_MAX }, (_, index) => `${index + 1}`)
    const { open, feed } = await setUp({ guilds: ids })
    const stream = await open(several(...ids))
    for (const id of ids) await hears(stream, id, 'sync live')
    expect(feed.consumers).toBe(GUILDS_MAX)
  })

  it.each([['HEAD'], ['POST']])('%s', async (method) => {
    const { open } = await setUp()
    const answer = await open(several('1'), { method })
    expect([answer.status, answer.header('allow')]).toEqual([405, 'GET'])
  })

  it('nobody signed in, whatever they ask for', async () => {
    const { open } = await setUp({ viewerOf: () => Promise.resolve(null) })
    for (const path of [several('1'), several('x'), '/api/events']) expect((await open(path)).status).toBe(401)
  })

  it('a stranger hears the same of every guild', async () => {
    const { open } = await setUp({ viewerOf: () => Promise.resolve(eve) })
    const stream = await open(several('1', '3'))
    await hears(stream, '3', 'ended')
    expect(demultiplexed(stream.messages)).toEqual(
      new Map([
        ['1', ['ended NOT_FOUND']],
        ['3', ['ended NOT_FOUND']],
      ]),
    )
  })
})

describe('a browser that does not read', () => {
  const padding = 'x'.repeat(100_000)
  const idsOf = (stream: OpenStream, guildId: string) =>
    linesOf(stream, guildId).flatMap((line) => (line.startsWith('MESSAGE_CREATE') ? [line.split(' ')[1]] : []))

  it('costs one socket’s worth of memory, however many guilds it looks at, and misses nothing of any', async () => {
    const guilds = Array.from({ length: 20 }, (_, index) => `${index + 1}`)
    const { open, publish, sockets } = await setUp({ guilds })
    const slow = await open(several(...guilds))
    for (const id of guilds) await hears(slow, id, 'sync live')
    slow.socket.pause()
    const rounds = 12
    for (let round = 0; round < rounds; round++)
      for (const id of guilds) await publish('MESSAGE_CREATE', id, { padding })
    // 24 MB were to be sent, and each guild has had its event while another's had filled the socket.
    const held = Math.max(...[...sockets].map(({ writableLength }) => writableLength))
    expect(held).toBeGreaterThan(0)
    expect(held).toBeLessThan(400_000)
    slow.socket.resume()
    const due = (id: string) => Array.from({ length: rounds }, (_, round) => `e-${round * guilds.length + Number(id)}`)
    for (const id of guilds) await hears(slow, id, `MESSAGE_CREATE ${due(id).at(-1)}`)
    for (const id of guilds) expect(idsOf(slow, id)).toEqual(due(id))
  })

  it('hears one guild from far behind, and another from now, both in order and each once', async () => {
    const { open, publish } = await setUp()
    const count = 150
    for (let index = 0; index < count; index++) await publish('MESSAGE_CREATE', '1', { padding })
    const stream = await open(several('1@e-0', '2'))
    await hears(stream, '2', 'sync live')
    for (let index = 0; index < 20; index++) await publish('TYPING_START', '2')
    await publish('MESSAGE_CREATE', '1', { padding })
    await hears(stream, '1', `MESSAGE_CREATE e-${count + 21}`)
    await hears(stream, '2', `TYPING_START e-${count + 20}`)
    expect(idsOf(stream, '1')).toEqual([
      ...Array.from({ length: count }, (_, index) => `e-${index + 1}`),
      `e-${count + 21}`,
    ])
    const positions = linesOf(stream, '2').flatMap((line) => parseEventId(line.split(' ').at(-1) ?? '')?.position ?? [])
    expect(positions).toEqual(positions.toSorted((one, other) => one - other))
    expect(linesOf(stream, '2').filter((line) => line.startsWith('TYPING_START'))).toHaveLength(20)
  })
})

describe('one connection for several requests', () => {
  it('a stream that is asked for while another answer is under way begins when that is done', async () => {
    const first = Promise.withResolvers<typeof ada>()
    let asked = 0
    const { port, publish, streams } = await setUp({
      viewerOf: () => (asked++ === 0 ? first.promise : Promise.resolve(ada)),
    })
    const socket = connect(port, '127.0.0.1')
    let text = ''
    socket.on('data', (bytes: Buffer) => (text += bytes.toString()))
    socket.write(`GET ${several('x')} HTTP/1.1\r\nHost: a\r\n\r\nGET ${several('1', '2')} HTTP/1.1\r\nHost: a\r\n\r\n`)
    await expect.poll(() => streams.size).toBe(1)
    expect(text).toBe('')
    await publish('TYPING_START', '2')
    first.resolve(ada)
    await expect.poll(() => text).toMatch(/TYPING_START/)
    expect(text).toMatch(/^HTTP\/1\.1 400 /)
    expect(text.indexOf('HTTP/1.1 200')).toBeGreaterThan(0)
    expect(text.indexOf('{"guild_id":"2"}')).toBeLessThan(text.indexOf('TYPING_START'))
    const closed = once(socket, 'close')
    socket.destroy()
    await closed
    await expect.poll(() => streams.size).toBe(0)
  })

  it('speaks to a client of HTTP/1.0, which knows no chunks', async () => {
    const { open, publish } = await setUp()
    const stream = await open(several('1', '2'), { version: '1.0' })
    await hears(stream, '2', 'sync live')
    await publish('TYPING_START', '1')
    await hears(stream, '1', 'TYPING_START')
    expect(stream.header('transfer-encoding')).toBeUndefined()
  })
})
