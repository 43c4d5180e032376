import { PresenceUpdateStatus, type GatewayPresenceUpdateData } from 'discord-api-types/v10'
import { describe, expect, it } from 'vitest'
import { discordCloseCodes } from '../../../src/clients/shard/close-codes.ts'
import { memorySessionStore, type GatewayEventData, type SessionStore } from '../../../src/clients/index.ts'
import { FIRST_WAIT_MS, IDENTIFY_SPACING_MS, LEAVE_VOICE, startClient, TOKEN } from '../helpers/connected-client.ts'
import { Inbox } from '../helpers/inbox.ts'
import { settle } from '../helpers/manual-timers.ts'

type Setup = Awaited<ReturnType<typeof startClient>>

const comeBack = (setup: Setup, waitMs = FIRST_WAIT_MS) => setup.comeBack(waitMs)

describe('a session begins', () => {
  it('with IDENTIFY after HELLO, at the address Discord gave, version 10 and JSON', async () => {
    await using setup = await startClient({ intents: 513 })
    await setup.client.connect()
    const peer = await setup.discord.connections.next()
    expect(peer.url.pathname).toBe('/gateway')
    expect(Object.fromEntries(peer.url.searchParams)).toEqual({ v: '10', encoding: 'json' })
    await settle()
    expect(peer.received.size).toBe(0)
    const { op, d } = await peer.greet()
    expect(op).toBe(2)
    expect(d).toMatchObject({ token: TOKEN, intents: 513, shard: [0, 1] })
    await setup.state('identifying')
    peer.dispatch('READY', 1, setup.discord.ready())
    expect((await setup.state('ready'))[0]).toMatchObject({ id: 0, sessionId: 'session-1' })
  })

  it('and begins as the bot is shown then', async () => {
    let presence: GatewayPresenceUpdateData | null = null
    await using setup = await startClient({ presence: () => presence })
    await setup.client.connect()
    const first = await setup.discord.connections.next()
    expect((await first.greet()).d).not.toHaveProperty('presence')
    presence = { since: null, activities: [], status: PresenceUpdateStatus.Idle, afk: false }
    first.cut()
    expect((await comeBack(setup)).answer.d).toMatchObject({ presence })
  })

  it('and its events come in order, each with what Discord wrote', async () => {
    await using setup = await startClient()
    const peer = await setup.ready()
    peer.sendText('{"t":"MESSAGE_CREATE","s":2,"op":0,"d":{"id":12345678901234567890}}')
    peer.dispatch('AN_EVENT_OF_TOMORROW', 3, [1])
    expect(await setup.events.take(2)).toEqual([
      {
        type: 'MESSAGE_CREATE',
        data: { id: Number('12345678901234567890') },
        raw: '{"id":12345678901234567890}',
        shardId: 0,
        sessionId: 'session-1',
        sequence: 2,
        receivedAt: setup.timers.now(),
      },
      expect.objectContaining({ type: 'AN_EVENT_OF_TOMORROW', data: [1], sequence: 3 }),
    ])
  })

  it('again after a wait that the log has in whole milliseconds', async () => {
    await using setup = await startClient({ random: () => 0.4321 })
    const peer = await setup.ready()
    peer.cut()
    await setup.state('reconnecting')
    const waits = setup.logger.lines.flatMap(({ fields }) => ('waitMs' in fields ? [fields.waitMs] : []))
    expect(waits).toEqual([expect.toSatisfy(Number.isInteger)])
  })

  it('again when READY does not come', async () => {
    await using setup = await startClient()
    await setup.client.connect()
    await setup.next()
    await setup.state('identifying')
    setup.timers.advance(29_999)
    await settle()
    expect(setup.statuses.size).toBe(0)
    setup.timers.advance(1)
    const { answer } = await comeBack(setup)
    expect(answer.op).toBe(2)
  })

  it('again when HELLO does not come, or makes no sense', async () => {
    await using setup = await startClient()
    await setup.client.connect()
    const peer = await setup.discord.connections.next()
    peer.send({ op: 10, d: null })
    peer.send({ op: 10, d: { heartbeat_interval: 'often' } })
    peer.send({ op: 10 })
    await peer.flushed()
    setup.timers.advance(15_000)
    const { answer } = await comeBack(setup)
    expect(answer.op).toBe(2)
  })

  it('again when READY has no session id, without a session being kept', async () => {
    await using setup = await startClient()
    await setup.client.connect()
    const peer = await setup.next()
    peer.dispatch('READY', 1, { v: 10 })
    const { answer } = await comeBack(setup)
    expect(answer.op).toBe(2)
  })

  it('again when READY cannot be read, though events go on coming', async () => {
    await using setup = await startClient()
    await setup.client.connect()
    const peer = await setup.next()
    peer.sendText('{"t":"READY","s":1,"op":0,"d":{"session_id":')
    peer.dispatch('GUILD_CREATE', 2, { id: '1' })
    const { answer } = await comeBack(setup)
    expect(answer.op).toBe(2)
    expect(setup.events.size).toBe(0)
  })

  it('with the gateway’s own address to resume at, when READY’s is none', async () => {
    await using setup = await startClient()
    await setup.client.connect()
    const first = await setup.next()
    first.dispatch('READY', 1, { session_id: 'session-1', resume_gateway_url: 'javascript:alert(1)' })
    await setup.state('ready')
    first.cut()
    const { peer, answer } = await comeBack(setup)
    expect([answer.op, peer.url.pathname]).toEqual([6, '/gateway'])
  })
})

describe('a session that was stored', () => {
  it.each([
    ['by the same', {}, 6],
    ['at another API', { apiOrigin: 'https://discord.com' }, 2],
    ['with other intents', { intents: 513 }, 2],
    ['with another shard count', { shardCount: 2 }, 2],
  ])('%s is answered HELLO with the right op', async (_what, change, op) => {
    const sessions = memorySessionStore()
    await using setup = await startClient({ sessions })
    const apiOrigin = new URL(setup.discord.apiUrl).origin
    const { resumeUrl } = setup.discord
    const stored = { sessionId: 'stored', resumeUrl, botId: '42', apiOrigin, intents: 1, shardCount: 1, ...change }
    sessions.save(0, stored)
    sessions.delivered?.(0, 'stored', 7)
    await setup.client.connect()
    const peer = await setup.discord.connections.next()
    const answer = await peer.greet()
    expect(answer.op).toBe(op)
    expect(peer.url.pathname).toBe(op === 6 ? '/resume' : '/gateway')
    if (op === 6) expect(answer.d).toMatchObject({ session_id: 'stored', seq: 7 })
  })
})

describe('heartbeats', () => {
  it('begin after interval × random, carry the last sequence, and measure the way', async () => {
    await using setup = await startClient()
    const peer = await setup.ready()
    peer.dispatch('MESSAGE_CREATE', 2)
    await setup.events.next()
    setup.timers.advance(41_250 * 0.5)
    expect(await peer.received.next()).toEqual({ op: 1, d: 2 })
    setup.timers.advance(30)
    peer.ack()
    expect(await setup.statuses.next()).toEqual([expect.objectContaining({ state: 'ready', pingMs: 30 })])
  })

  it('have no sequence before the first dispatch', async () => {
    await using setup = await startClient()
    await setup.client.connect()
    const peer = await setup.next()
    peer.send({ op: 1, d: null })
    expect(await peer.received.next()).toEqual({ op: 1, d: null })
  })

  it('are sent at once when Discord asks', async () => {
    await using setup = await startClient()
    const peer = await setup.ready()
    peer.send({ op: 1 })
    expect(await peer.received.next()).toEqual({ op: 1, d: 1 })
  })

  it('that are not acknowledged end the connection in a way that keeps the session, which is resumed', async () => {
    await using setup = await startClient()
    const peer = await setup.ready()
    setup.timers.advance(41_250 * 1.5)
    const code = await peer.closed
    expect(code).toBeGreaterThan(1001)
    expect(code).not.toBe(1006)
    const { answer } = await comeBack(setup)
    expect(answer.op).toBe(6)
  })
})

describe('a connection that was cut', () => {
  it('is resumed at the resume URL, from the last event taken, and nothing is missed', async () => {
    await using setup = await startClient()
    const first = await setup.ready()
    first.dispatch('MESSAGE_CREATE', 2)
    await setup.events.next()
    first.cut()
    const { peer, answer } = await comeBack(setup)
    expect(answer).toEqual({ op: 6, d: { token: TOKEN, session_id: 'session-1', seq: 2 } })
    expect(peer.url.pathname).toBe('/resume')
    expect(Object.fromEntries(peer.url.searchParams)).toEqual({ v: '10', encoding: 'json' })
    await setup.state('resuming')
    peer.dispatch('MESSAGE_CREATE', 3)
    peer.dispatch('RESUMED', 4)
    await setup.state('ready')
    const events = await setup.events.take(2)
    expect(events.map(({ type, sequence, sessionId }) => [type, sequence, sessionId])).toEqual([
      ['MESSAGE_CREATE', 3, 'session-1'],
      ['RESUMED', 4, 'session-1'],
    ])
  })

  it('is tried again when RESUMED does not come, the wait starting over with each event', async () => {
    await using setup = await startClient()
    const first = await setup.ready()
    first.cut()
    const { peer } = await comeBack(setup)
    await setup.state('resuming')
    setup.timers.advance(29_000)
    peer.dispatch('MESSAGE_CREATE', 2)
    await setup.events.next()
    setup.timers.advance(15_000)
    await settle()
    expect(setup.statuses.drain().map(([shard]) => shard?.state)).not.toContain('reconnecting')
    setup.timers.advance(15_000)
    const { answer } = await comeBack(setup, 60_000)
    expect(answer.d).toMatchObject({ seq: 2 })
  })

  it('is resumed once more when RESUMED does not come though events do, for that is no replay any more', async () => {
    await using setup = await startClient()
    const first = await setup.ready()
    first.cut()
    const { peer } = await comeBack(setup)
    const say = (sequence: number) => {
      setup.timers.advance(20_000)
      peer.ack()
      peer.dispatch('MESSAGE_CREATE', sequence)
    }
    for (let sequence = 2; sequence < 16; sequence++) {
      say(sequence)
      await setup.events.next()
    }
    say(16)
    const { answer } = await comeBack(setup, 60_000)
    expect(answer).toMatchObject({ op: 6, d: { seq: 15 } })
    expect(setup.events.size).toBe(0)
  })

  it('is waited for longer and longer, and at once again after RESUMED', async () => {
    await using setup = await startClient()
    const first = await setup.ready()
    setup.discord.refuse = 502
    const waits: number[] = []
    for (const wait of [625, 1125, 2125, 4125]) {
      if (waits.length === 0) first.cut()
      await setup.state('reconnecting')
      waits.push(...setup.timers.delays.filter((ms) => ms === wait))
      if (wait === 4125) setup.discord.refuse = null
      setup.timers.advance(wait)
    }
    expect(waits).toEqual([625, 1125, 2125, 4125])
    const second = await setup.next()
    second.dispatch('RESUMED', 2)
    await setup.state('ready')
    second.cut()
    await setup.state('reconnecting')
    expect(setup.timers.delays).toContain(625)
  })

  it('tries the gateway’s own address too, when the resume URL does not answer', async () => {
    await using setup = await startClient()
    const first = await setup.ready()
    setup.discord.requests.drain()
    setup.discord.refuse = 502
    first.cut()
    for (let i = 0; i < 5; i += 1) {
      await setup.state('reconnecting')
      setup.timers.advance(60_000)
    }
    const paths = (await setup.discord.requests.take(5)).map(({ url }) => url?.split('?')[0])
    expect(paths).toEqual(['/resume', '/resume', '/resume', '/gateway', '/resume'])
  })

  it('is not believed at READY alone: a server that drops every new session is asked less and less often', async () => {
    await using setup = await startClient()
    let peer = await setup.ready()
    for (const wait of [3_000, 3_000, 3_000, 4_125, 8_125]) {
      peer.send({ op: 9, d: false })
      await setup.state('reconnecting')
      expect(setup.timers.delays).toContain(wait)
      setup.timers.advance(wait)
      await settle()
      setup.timers.advance(IDENTIFY_SPACING_MS)
      peer = await setup.next()
      peer.dispatch('READY', 1, setup.discord.ready())
      await setup.state('ready')
    }
    peer.ack()
    await setup.statuses.next()
    peer.send({ op: 9, d: true })
    await setup.state('reconnecting')
    expect(setup.timers.delays).toContain(FIRST_WAIT_MS)
  })
})

describe('op 7', () => {
  it('is followed at once: close without ending the session, and resume', async () => {
    await using setup = await startClient()
    const first = await setup.ready()
    first.send({ op: 7, d: null })
    expect(await first.closed).toBe(4200)
    const { answer } = await comeBack(setup)
    expect(answer.op).toBe(6)
  })

  it('may come before HELLO', async () => {
    await using setup = await startClient()
    const first = await setup.ready()
    first.cut()
    await setup.state('reconnecting')
    setup.timers.advance(FIRST_WAIT_MS)
    const second = await setup.discord.connections.next()
    second.send({ op: 7, d: null })
    const { answer } = await comeBack(setup, 60_000)
    expect(answer).toMatchObject({ op: 6, d: { seq: 1 } })
  })

  it('ends the listening: what still comes is resumed for', async () => {
    await using setup = await startClient()
    const first = await setup.ready()
    first.send({ op: 7, d: null })
    first.dispatch('MESSAGE_CREATE', 2)
    const { answer } = await comeBack(setup)
    expect(answer.d).toMatchObject({ seq: 1 })
    expect(setup.events.size).toBe(0)
  })
})

describe('op 9', () => {
  it('true: the session is resumed', async () => {
    await using setup = await startClient()
    const first = await setup.ready()
    first.send({ op: 9, d: true })
    const { answer } = await comeBack(setup)
    expect(answer.op).toBe(6)
  })

  it.each([{ op: 9, d: false }, { op: 9 }, { op: 9, d: null }])('%j: a new session, after 1 to 5 s', async (frame) => {
    const sessions = memorySessionStore()
    await using setup = await startClient({ sessions })
    const first = await setup.ready()
    setup.timers.advance(10_000)
    first.send(frame)
    await setup.state('reconnecting')
    expect(sessions.load(0)).toBeNull()
    setup.timers.advance(2_999)
    await settle()
    expect(setup.discord.connections.size).toBe(0)
    setup.timers.advance(1)
    const second = await setup.discord.connections.next()
    expect(second.url.pathname).toBe('/gateway')
    expect((await second.greet()).op).toBe(2)
    second.dispatch('READY', 1, setup.discord.ready('session-2'))
    expect((await setup.state('ready'))[0]?.sessionId).toBe('session-2')
  })

  it('after an outage is not waited for as long as the outage was', async () => {
    await using setup = await startClient()
    const first = await setup.ready()
    first.send({ op: 1 })
    first.ack()
    await first.received.until(({ op }) => op === 1)
    setup.discord.refuse = 503
    first.cut()
    await setup.state('reconnecting')
    for (const wait of [625, 1_125, 2_125, 4_125, 8_125]) {
      await expect.poll(() => setup.timers.delays).toContain(wait)
      setup.timers.advance(wait)
    }
    await expect.poll(() => setup.timers.delays).toContain(16_125)
    setup.discord.refuse = null
    setup.timers.advance(16_125)
    const back = await setup.next()
    back.send({ op: 9, d: false })
    await expect.poll(() => setup.timers.delays).toContain(3_000)
  })
})

describe('a close by Discord', () => {
  const codes = Object.entries(discordCloseCodes).map(([name, { code, next }]) => ({ name, code, next }))

  it.each(codes.filter(({ next }) => next !== 'never'))('with $code $name: $next', async ({ code, next }) => {
    await using setup = await startClient()
    const first = await setup.ready()
    first.close(code)
    const { answer } = await comeBack(setup)
    expect(answer.op).toBe(next === 'resume' ? 6 : 2)
  })

  it.each(codes.filter(({ next }) => next === 'never'))('with $code $name: never again', async ({ code, name }) => {
    await using setup = await startClient({ intents: 1 | (1 << 15) })
    const first = await setup.ready()
    first.close(code)
    const [shard] = await setup.state('stopped')
    expect(shard?.detail).toContain(String(code))
    expect(setup.logger.lines.filter(({ level }) => level === 'error')).toHaveLength(1)
    if (name === 'AUTHENTICATION_FAILED') expect(shard?.detail).toMatch(/bot token.*Reset Token/)
    if (name === 'DISALLOWED_INTENTS')
      expect(shard?.detail).toMatch(/Privileged Gateway Intents.*Message Content Intent$/)
    setup.timers.advance(600_000)
    await settle()
    expect(setup.discord.connections.size).toBe(0)
    expect(() => setup.client.send(0, LEAVE_VOICE)).toThrow('stopped')
  })

  it.each([1000, 1001, 1011])('with %d: resume', async (code) => {
    await using setup = await startClient()
    const first = await setup.ready()
    first.close(code)
    expect((await comeBack(setup)).answer.op).toBe(6)
  })
})

describe('what was not stored', () => {
  it('is asked for again: a handler rejects, and the session resumes from before', async () => {
    await using setup = await startClient()
    const failing = new Set([3])
    setup.client.onAnyEvent(async ({ sequence }) => {
      await settle()
      if (failing.delete(sequence)) throw new Error('disk full')
    })
    const first = await setup.ready()
    for (const s of [2, 3, 4]) first.dispatch('MESSAGE_CREATE', s)
    const { peer, answer } = await comeBack(setup)
    expect(answer).toMatchObject({ op: 6, d: { seq: 2 } })
    expect(setup.events.drain().map(({ sequence }) => sequence)).toEqual([2, 3, 4])
    peer.dispatch('MESSAGE_CREATE', 3)
    expect((await setup.events.next()).sequence).toBe(3)
    expect(setup.logger.text()).toContain('disk full')
  })

  it('does not make the shard hammer: the wait grows for as long as it fails', async () => {
    await using setup = await startClient()
    const first = await setup.ready()
    setup.client.onAnyEvent(() => Promise.reject(new Error('disk full')))
    first.dispatch('MESSAGE_CREATE', 2)
    await setup.state('reconnecting')
    for (const wait of [625, 1125, 2125]) {
      expect(setup.timers.delays).toContain(wait)
      setup.timers.advance(wait)
      const peer = await setup.next()
      peer.dispatch('RESUMED', 2)
      await setup.state('reconnecting')
    }
  })

  it('is the log’s to say: a handler that fails at a stored event costs nothing', async () => {
    const stored: GatewayEventData[] = []
    const base = memorySessionStore()
    const sessions: SessionStore = {
      ...base,
      delivered: () => {},
      sequence: () => stored.at(-1)?.sequence ?? null,
    }
    await using setup = await startClient({ sessions })
    setup.client.onAnyEvent((event) => void stored.push(event))
    setup.client.onAnyEvent(() => {
      throw new Error('a metric')
    })
    const peer = await setup.ready()
    peer.dispatch('MESSAGE_CREATE', 2)
    await setup.events.next()
    peer.send({ op: 1 })
    expect(await peer.received.next()).toEqual({ op: 1, d: 2 })
    expect(setup.client.shards[0]?.state).toBe('ready')
    expect(setup.logger.text()).toContain('a metric')
  })

  it('waits for what is on its way to the log before it resumes', async () => {
    await using setup = await startClient()
    const answer = Promise.withResolvers<void>()
    const first = await setup.ready()
    setup.client.onAnyEvent(() => answer.promise)
    first.dispatch('MESSAGE_CREATE', 2)
    await setup.events.next()
    first.cut()
    await setup.state('reconnecting')
    setup.timers.advance(FIRST_WAIT_MS)
    await settle()
    expect(setup.discord.connections.size).toBe(0)
    answer.resolve()
    const peer = await setup.discord.connections.next()
    expect((await peer.greet()).d).toMatchObject({ seq: 2 })
  })

  it('does not keep it from resuming for ever', async () => {
    await using setup = await startClient()
    const first = await setup.ready()
    setup.client.onAnyEvent(() => new Promise(() => {}))
    first.dispatch('MESSAGE_CREATE', 2)
    await setup.events.next()
    first.cut()
    await setup.state('reconnecting')
    setup.timers.advance(3_000)
    const peer = await setup.discord.connections.next()
    expect((await peer.greet()).d).toMatchObject({ seq: 1 })
  })
})

describe('a session store that throws', () => {
  const base = memorySessionStore()
  const broken = (method: keyof SessionStore): SessionStore => ({
    ...base,
    [method]: () => {
      throw new Error(`${method} is broken`)
    },
  })

  it.each(['load', 'sequence'] as const)('in %s costs time, not the session', async (method) => {
    let down = false
    const sessions = memorySessionStore()
    const fragile: SessionStore = {
      ...sessions,
      load: (...args) => (down && method === 'load' ? broken(method).load(...args) : sessions.load(...args)),
      sequence: (...args) => (down ? broken(method).sequence(...args) : sessions.sequence(...args)),
    }
    await using setup = await startClient({ sessions: fragile })
    const first = await setup.ready()
    down = true
    first.cut()
    await setup.state('reconnecting')
    setup.timers.advance(FIRST_WAIT_MS)
    await setup.state('reconnecting')
    expect(setup.logger.text()).toContain(`${method} is broken`)
    expect(setup.discord.connections.size).toBe(0)
    down = false
    setup.timers.advance(60_000)
    const peer = await setup.discord.connections.next()
    expect((await peer.greet()).op).toBe(6)
  })

  it('in delivered costs the connection, and the event comes again', async () => {
    let down = false
    const sessions = memorySessionStore()
    await using setup = await startClient({
      sessions: {
        ...sessions,
        delivered: (...args) => (down ? broken('delivered').delivered?.(...args) : sessions.delivered?.(...args)),
      },
    })
    const first = await setup.ready()
    down = true
    first.dispatch('MESSAGE_CREATE', 2)
    const { answer } = await comeBack(setup)
    expect(answer).toMatchObject({ op: 6, d: { seq: 1 } })
    expect(setup.logger.text()).toContain('delivered is broken')
  })

  it('in save or clear is said, and the session goes on', async () => {
    await using setup = await startClient({ sessions: { ...broken('save'), clear: (id) => broken('clear').clear(id) } })
    const first = await setup.ready()
    first.close(4009)
    const { answer } = await comeBack(setup)
    expect(answer.op).toBe(2)
    expect(setup.logger.text()).toContain('save is broken')
    expect(setup.logger.text()).toContain('clear is broken')
  })
})

describe('a slow handler', () => {
  it('pauses the socket at a bound, heartbeats go on, and nothing is lost when it drains', async () => {
    await using setup = await startClient()
    const answers = new Inbox<() => void>()
    const peer = await setup.ready()
    let slow = true
    setup.client.onAnyEvent(() => (slow ? new Promise<void>((resolve) => answers.push(resolve)) : undefined))
    const text = 'x'.repeat(64 * 1024)
    const count = 400
    for (let s = 2; s < count + 2; s += 1) peer.dispatch('MESSAGE_CREATE', s, { text })
    await setup.events.take(128)
    await settle()

    setup.timers.advance(41_250 * 4)
    const beats = await peer.received.take(4)
    expect(beats.every(({ op }) => op === 1)).toBe(true)
    expect(setup.client.shards[0]?.state).toBe('ready')
    expect(128 + setup.events.drain().length).toBeLessThan(count / 2)

    slow = false
    const last = setup.events.until(({ sequence }) => sequence === count + 1)
    for (const resolve of answers.drain()) resolve()
    await last
    peer.send({ op: 7 })
    const { answer } = await comeBack(setup)
    expect(answer.d).toMatchObject({ seq: count + 1 })
  })
})

describe('a slow handler in a replay', () => {
  it('is not taken for a RESUMED that does not come', async () => {
    await using setup = await startClient()
    const first = await setup.ready()
    first.cut()
    const { peer } = await comeBack(setup)
    await setup.state('resuming')
    const open = new Inbox<() => void>()
    const off = setup.client.onAnyEvent(() => new Promise<void>((resolve) => open.push(resolve)))
    peer.dispatch('GUILD_CREATE', 2, { text: 'x'.repeat(9 * 1024 * 1024) })
    await setup.events.next()
    setup.timers.advance(60_000)
    await settle()
    expect(setup.client.shards[0]?.state).toBe('resuming')
    off()
    peer.dispatch('RESUMED', 3)
    for (const resolve of open.drain()) resolve()
    await setup.state('ready')
  })
})

describe('what the bot says', () => {
  it('waits for READY, and after a cut for RESUMED', async () => {
    await using setup = await startClient()
    await setup.client.connect()
    const first = await setup.next()
    setup.client.send(0, LEAVE_VOICE)
    await settle()
    expect(first.received.size).toBe(0)
    first.dispatch('READY', 1, setup.discord.ready())
    expect(await first.received.next()).toEqual(LEAVE_VOICE)
    await setup.state('ready')
    first.cut()
    const { peer } = await comeBack(setup)
    setup.client.send(0, LEAVE_VOICE)
    peer.dispatch('MESSAGE_CREATE', 2)
    await setup.events.until(({ sequence }) => sequence === 2)
    expect(peer.received.size).toBe(0)
    peer.dispatch('RESUMED', 3)
    expect(await peer.received.next()).toEqual(LEAVE_VOICE)
  })
})
