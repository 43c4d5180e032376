import { describe, expect, it } from 'vitest'
import { memorySessionStore, type GatewayEventData } from '../../../src/clients/index.ts'
import { startClient } from '../helpers/connected-client.ts'
import type { DiscordPeer } from '../helpers/fake-discord.ts'

/** What can come in the place of event 3. */
const spoilt: Record<string, (peer: DiscordPeer) => void> = {
  'is cut': (peer) => peer.sendText('{"t":"MESSAGE_CREATE","s":3,"op":0,"d":{"id":"3"}'),
  'has no name': (peer) => peer.sendText('{"t":null,"s":3,"op":0,"d":{"id":"3"}}'),
  'has no number': (peer) => peer.sendText('{"t":"MESSAGE_CREATE","op":0,"d":{"id":"3"}}'),
  'has a number that is none': (peer) => peer.sendText('{"t":"MESSAGE_CREATE","s":3.5,"op":0,"d":{"id":"3"}}'),
  'has no op': (peer) => peer.sendText('{"t":"MESSAGE_CREATE","s":3,"d":{"id":"3"}}'),
  'is binary': (peer) => peer.sendBinary(Buffer.from('{"t":"MESSAGE_CREATE","s":3,"op":0,"d":{"id":"3"}}')),
  'does not come': () => {},
}

const told = (events: readonly GatewayEventData[]) =>
  events.map(({ sequence, missing }) => (missing ? [sequence, missing.after] : sequence))

/** A session in which events 2 and 4 have come, and in the place of 3 something else. */
async function withHole(spoil: ((peer: DiscordPeer) => void) | undefined) {
  const setup = await startClient()
  const peer = await setup.ready()
  const since = setup.timers.now()
  peer.dispatch('MESSAGE_CREATE', 2)
  spoil?.(peer)
  peer.dispatch('MESSAGE_CREATE', 4)
  const { peer: second, answer } = await setup.comeBack()
  return { setup, since, first: peer, second, answer }
}

describe('an event of Discord’s that', () => {
  it.each(Object.keys(spoilt))('%s is asked for again, by a RESUME from before it', async (name) => {
    const { setup, first, second, answer } = await withHole(spoilt[name])
    await using _ = setup
    expect(await first.closed).toBe(4200)
    expect(answer).toMatchObject({ op: 6, d: { session_id: 'session-1', seq: 2 } })
    for (const s of [3, 4]) second.dispatch('MESSAGE_CREATE', s)
    second.dispatch('RESUMED', 5)
    const events = await setup.events.take(4)
    expect(told(events)).toEqual([2, 3, 4, 5])
    // Until RESUMED nobody knows when it was.
    expect(events.map(({ replayed }) => replayed)).toEqual([undefined, true, true, undefined])
    expect(setup.logger.lines.filter(({ level }) => level === 'error')).toEqual([])
  })

  it.each(Object.keys(spoilt))('%s, and again, is said to be missing, and the session goes on', async (name) => {
    const { setup, since, second } = await withHole(spoilt[name])
    await using _ = setup
    spoilt[name]?.(second)
    second.dispatch('MESSAGE_CREATE', 4)
    second.dispatch('RESUMED', 5)
    second.dispatch('MESSAGE_CREATE', 6)
    const events = await setup.events.take(4)
    expect(told(events)).toEqual([2, [4, 2], 5, 6])
    expect(events[1]?.missing?.since).toBe(since)
    expect(setup.client.shards[0]).toMatchObject({ state: 'ready', sessionId: 'session-1' })
    expect(setup.logger.text()).toContain('events of the session are missing')
    expect(setup.discord.connections.size).toBe(0)
  })

  it.each([
    ['is larger than any may be', (peer: DiscordPeer) => peer.sendText(`"${'x'.repeat(64 * 1024 * 1024)}"`)],
    ['is no text', (peer: DiscordPeer) => peer.sendInvalidUtf8()],
  ])('%s ends its session when it is there again, for there is no way past it', async (_name, send) => {
    await using setup = await startClient()
    const first = await setup.ready()
    first.dispatch('MESSAGE_CREATE', 2)
    await setup.events.next()
    send(first)
    const second = await setup.comeBack()
    expect(second.answer).toMatchObject({ op: 6, d: { seq: 2 } })
    send(second.peer)
    const third = await setup.comeBack()
    expect(third.answer.op).toBe(2)
    expect(setup.logger.text()).toContain('the session is given up')
  })
})

describe('a RESUMED', () => {
  it('that was not stored, and is not replayed, is no hole', async () => {
    const sessions = memorySessionStore()
    let stored = 0
    const store = { ...sessions, sequence: () => stored }
    {
      await using before = await startClient({ sessions: store })
      const peer = await before.ready()
      stored = 1
      peer.cut()
      const back = await before.comeBack()
      // It takes number 2, and the process ends before anything of it is stored.
      back.peer.dispatch('RESUMED', 2)
      back.peer.dispatch('MESSAGE_CREATE', 3)
      await before.events.take(2)
      store.save(0, { ...(sessions.load(0) ?? expect.fail()), resumes: 1 })
    }
    // Another process.
    await using after = await startClient({ sessions: store })
    const saved = sessions.load(0)
    if (saved)
      sessions.save(0, {
        ...saved,
        apiOrigin: new URL(after.discord.apiUrl).origin,
        resumeUrl: after.discord.resumeUrl,
      })
    await after.client.connect()
    const peer = await after.next()
    peer.dispatch('MESSAGE_CREATE', 3)
    peer.dispatch('RESUMED', 4)
    expect(told(await after.events.take(2))).toEqual([3, 4])
    await expect.poll(() => sessions.load(0)?.resumes).toBe(0)
  })

  it('is counted from the moment at which it is asked for', async () => {
    const sessions = memorySessionStore()
    await using setup = await startClient({ sessions })
    const first = await setup.ready()
    first.cut()
    const { peer } = await setup.comeBack()
    expect(sessions.load(0)?.resumes).toBe(1)
    peer.cut()
    const again = await setup.comeBack()
    expect(sessions.load(0)?.resumes).toBe(2)
    again.peer.dispatch('RESUMED', 3)
    await expect.poll(() => sessions.load(0)?.resumes).toBe(0)
    expect(told(await setup.events.take(1))).toEqual([3])
  })

  it('is not asked for when that cannot be counted', async () => {
    const sessions = memorySessionStore()
    let down = false
    await using setup = await startClient({
      sessions: {
        ...sessions,
        save: (...args) => {
          if (down) throw new Error('the disk is full')
          sessions.save(...args)
        },
      },
    })
    const first = await setup.ready()
    down = true
    first.cut()
    await setup.state('reconnecting')
    setup.timers.advance(60_000)
    const second = await setup.discord.connections.next()
    second.hello()
    expect(await second.closed).toBe(4200)
    expect(second.received.size).toBe(0)
    down = false
    expect((await setup.comeBack()).answer.op).toBe(6)
  })
})
