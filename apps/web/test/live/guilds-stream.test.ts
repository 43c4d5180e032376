import { describe, expect, test } from 'vitest'
import { GUILDS_MAX, GuildsStream, type Frame, type GuildsHandlers } from '../../src/live/stream/guilds-stream.ts'
import type { StreamStatus } from '../../src/live/stream/stream-types.ts'
import { GUILDS_MAX as GUILDS_SERVED } from '../../src/server/realtime/asked-guilds.ts'
import { NO_PLACE } from '../../src/server/realtime/stream-bytes.ts'
import { GUILD, guildCreate } from './fixtures.ts'
import { FakeBrowser } from './fake-environment.ts'

const OTHER = '100000000000000002'

const open = (...guilds: string[]) => openFor(null, ...guilds)

function openFor(viewer: string | null, ...guilds: string[]) {
  const browser = new FakeBrowser()
  const frames: Frame[] = []
  const hops: string[] = []
  const times: [string, string][] = []
  const statuses: StreamStatus[] = []
  const statusesOf: Record<string, StreamStatus[]> = {}
  const handlers: GuildsHandlers = {
    onFrame: (frame) => frames.push(frame),
    onHops: (data) => hops.push(data),
    onTimes: (guildId, data) => times.push([guildId, data]),
    onStatus: (guildId, said) => {
      if (guildId === GUILD) statuses.push(said)
      ;(statusesOf[guildId] ??= []).push(said)
    },
  }
  const stream = new GuildsStream(browser, handlers, viewer)
  for (const guildId of guilds.length === 0 ? [GUILD] : guilds) stream.add(guildId, null)
  stream.start()
  const status = () => statuses.at(-1)!
  const events = { map: <T>(of: (frame: Frame) => T) => frames.filter(({ name }) => name !== 'sync').map(of) }
  const goLive = () => {
    browser.source.say('sync', { state: 'snapshot', reason: 'fresh' })
    browser.source.say('GUILD_CREATE', guildCreate(), 'k-1')
    browser.source.say('sync', { state: 'live', id: 'k-1' }, 'k-1')
  }
  return { browser, stream, frames, events, hops, times, statuses, statusesOf, status, goLive }
}

const base = `/api/events?guild=${GUILD}&hops=1`
const from = (id: string) => `/api/events?guild=${GUILD}@${id}&hops=1`
const microtasks = () => new Promise<void>((resolve) => queueMicrotask(resolve))

describe('position', () => {
  test('the first source asks for no position', () => {
    expect(open().browser.source.url).toBe(base)
  })

  test('each source says for whom it is, where that is known', () => {
    const { browser, goLive } = openFor('70')
    goLive()
    browser.source.break()
    browser.pass(1_000)
    expect(browser.sources.map(({ url }) => url)).toEqual([
      `/api/events?guild=${GUILD}&viewer=70&hops=1`,
      `/api/events?guild=${GUILD}@k-1&viewer=70&hops=1`,
    ])
  })

  test('events that are named reach the page with their ids', () => {
    const { browser, events, goLive } = open()
    goLive()
    browser.source.say('MESSAGE_CREATE', { id: '1' }, 'k-2')
    expect(events.map(({ name, id }) => [name, id])).toEqual([
      ['GUILD_CREATE', 'k-1'],
      ['MESSAGE_CREATE', 'k-2'],
    ])
  })

  test('an id of a snapshot is not resumed from before the snapshot is whole', () => {
    const { browser, stream } = open()
    browser.source.say('sync', { state: 'snapshot', reason: 'fresh' })
    browser.source.say('GUILD_CREATE', guildCreate(), 'k-1')
    expect(stream.placeOf(GUILD)).toBeNull()
    browser.source.break()
    browser.pass(1_000)
    expect(browser.source.url).toBe(base)
  })

  test('a snapshot that replaces a state keeps the position from before it until it is whole', () => {
    const { browser, stream, goLive } = open()
    goLive()
    browser.source.say('sync', { state: 'snapshot', reason: 'lagged' })
    browser.source.say('GUILD_CREATE', guildCreate(), 'k-90')
    expect(stream.placeOf(GUILD)).toBe('k-1')
    browser.source.say('sync', { state: 'live' })
    expect(stream.placeOf(GUILD)).toBe('k-90')
  })

  test('a replay commits event by event', () => {
    const { browser, goLive } = open()
    goLive()
    browser.source.break()
    browser.pass(1_000)
    browser.source.say('sync', { state: 'resumed' })
    browser.source.say('TYPING_START', {}, 'k-7')
    browser.source.break()
    browser.pass(1_000)
    expect(browser.source.url).toBe(from('k-7'))
  })

  test('`live` alone moves the position of a quiet guild', () => {
    const { browser, stream, goLive } = open()
    goLive()
    browser.source.say('sync', { state: 'live', id: 'k-55' })
    expect(stream.placeOf(GUILD)).toBe('k-55')
  })

  test('what cannot be read is left out, and the stream goes on', () => {
    const { browser, events, goLive } = open()
    goLive()
    browser.source.say('sync', 'nonsense')
    browser.source.say('guild', '{"cut')
    browser.source.say('guild', { guild_id: GUILD })
    browser.source.say('MESSAGE_CREATE', {}, 'k-3')
    expect(events.map(({ id }) => id)).toEqual(['k-1', 'k-3'])
  })
})

describe('phases', () => {
  test('opening, waiting for web to have a state, catching up, live', () => {
    const { browser, statuses, goLive } = open()
    browser.source.hops(browser.time)
    goLive()
    expect(statuses.map(({ phase }) => phase)).toEqual(['opening', 'waiting', 'catching-up', 'live'])
  })

  test('stopped, it closes its source and opens no other', () => {
    const { browser, stream, goLive, status } = open()
    goLive()
    stream.stop()
    browser.pass(60_000)
    expect(browser.source.readyState).toBe(2)
    expect(browser.sources).toHaveLength(1)
    expect(status().phase).toBe('idle')
  })

  test('started again after a stop, it resumes', () => {
    const { browser, stream, goLive } = open()
    goLive()
    stream.stop()
    stream.start()
    expect(browser.source.url).toBe(from('k-1'))
  })
})

describe('silence', () => {
  test('nearly two seconds without a word are a broken hop, though the socket looks open', () => {
    const { browser, goLive, status } = open()
    goLive()
    browser.pass(900)
    browser.source.hops(browser.time)
    browser.pass(1_699)
    expect(browser.sources).toHaveLength(1)
    const heardAt = browser.time - 1_699
    browser.pass(1)
    expect(status()).toMatchObject({ phase: 'reconnecting', attempt: 1, since: heardAt })
    browser.pass(500)
    expect(browser.sources).toHaveLength(2)
    expect(browser.sources[0]?.readyState).toBe(2)
  })

  test('any word counts, not only reports', () => {
    const { browser, goLive } = open()
    goLive()
    for (let index = 0; index < 10; index += 1) {
      browser.pass(1_500)
      browser.source.say('TYPING_START', {}, `k-${index + 2}`)
    }
    expect(browser.sources).toHaveLength(1)
  })

  test('a timer that woke late looks again before it judges: what was sent may lie unread', () => {
    const { browser, goLive } = open()
    goLive()
    browser.sleep(30_000)
    browser.pass(0)
    expect(browser.sources).toHaveLength(1)
    browser.source.hops(browser.time)
    browser.pass(1_600)
    expect(browser.sources).toHaveLength(1)
  })

  test('a source that never says a word is given up too', () => {
    const { browser, status } = open()
    browser.pass(9_000)
    expect(browser.sources.length).toBeGreaterThan(1)
    expect(status().phase).toBe('reconnecting')
  })
})

describe('coming back', () => {
  test('a loss that is over at once is not shown', () => {
    const { browser, goLive, statuses } = open()
    goLive()
    browser.source.break()
    browser.pass(600)
    browser.source.say('sync', { state: 'resumed' })
    browser.source.say('sync', { state: 'live' })
    expect(statuses.map(({ phase }) => phase)).not.toContain('reconnecting')
  })

  test('waits double up to ten seconds, and begin anew once a source has held', () => {
    const { browser, goLive } = open()
    goLive()
    browser.pass(1_000)
    const waits: number[] = []
    for (let index = 0; index < 8; index += 1) {
      browser.source.break()
      const lostAt = browser.time
      const opened = browser.sources.length
      while (browser.sources.length === opened) browser.pass(50)
      waits.push(browser.time - lostAt)
    }
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000])
    for (let second = 0; second < 5; second += 1) {
      browser.pass(1_000)
      browser.source.hops(browser.time)
    }
    browser.source.break()
    browser.pass(500)
    expect(browser.sources).toHaveLength(10)
  })

  test('a source that falls silent after its first word is shown, and waited for longer each time', () => {
    const { browser, goLive, status } = open()
    goLive()
    browser.pass(1_700 + 500)
    browser.source.hops(browser.time)
    browser.pass(1_700)
    expect(status()).toMatchObject({ phase: 'reconnecting', attempt: 2 })
    browser.pass(999)
    expect(browser.sources).toHaveLength(2)
    browser.pass(1)
    expect(browser.sources).toHaveLength(3)
  })

  test('short freezes, one after the other, are waited for two seconds at most, and not less each time', () => {
    const { browser, goLive, status } = open()
    goLive()
    const waits: number[] = []
    for (let index = 0; index < 6; index += 1) {
      browser.pass(1_700)
      expect(status().phase).toBe('reconnecting')
      const [lostAt, opened] = [browser.time, browser.sources.length]
      while (browser.sources.length === opened) browser.pass(50)
      waits.push(browser.time - lostAt)
      browser.source.say('sync', { state: 'resumed' })
      browser.source.say('sync', { state: 'live' })
    }
    expect(waits).toEqual([500, 1_000, 2_000, 2_000, 2_000, 2_000])
  })

  test('a server that breaks off right after `live` is not hammered', () => {
    const { browser, goLive } = open()
    goLive()
    for (let index = 0; index < 4; index += 1) {
      browser.source.break()
      browser.pass(500 * 2 ** index)
      browser.source.say('sync', { state: 'live' })
    }
    const opened = browser.sources.length
    browser.source.break()
    browser.pass(7_999)
    expect(browser.sources).toHaveLength(opened)
  })

  test('half of each wait is left to chance', () => {
    const { browser, goLive } = open()
    goLive()
    browser.chance = 0
    browser.source.break()
    browser.pass(250)
    expect(browser.sources).toHaveLength(2)
  })

  test('after a 502, which ends an EventSource for good, it opens another from where it was', async () => {
    const { browser, goLive, status } = open()
    goLive()
    browser.source.refuse()
    expect(browser.probes.map(({ url }) => url)).toEqual([base])
    browser.probes[0]?.answer(502)
    await microtasks()
    browser.pass(500)
    expect(browser.source.url).toBe(from('k-1'))
    browser.source.say('sync', { state: 'resumed' })
    browser.source.say('sync', { state: 'live' })
    expect(status().phase).toBe('live')
  })

  test('a 401 is final: signed out', async () => {
    const { browser, goLive, status, stream } = open()
    goLive()
    browser.source.refuse()
    browser.probes[0]?.answer(401)
    await microtasks()
    browser.pass(60_000)
    expect(status().phase).toBe('signed-out')
    expect(browser.sources).toHaveLength(1)
    expect(stream.placeOf(GUILD)).toBeNull()
  })

  test('a connection that merely broke is not asked why', () => {
    const { browser, goLive } = open()
    goLive()
    browser.source.break()
    expect(browser.probes).toHaveLength(0)
  })

  test('stopped while it asks why, it does not come back', async () => {
    const { browser, goLive, stream } = open()
    goLive()
    browser.source.refuse()
    stream.stop()
    expect(browser.probes[0]?.signal.aborted).toBe(true)
    browser.probes[0]?.answer(502)
    await microtasks()
    browser.pass(60_000)
    expect(browser.sources).toHaveLength(1)
  })

  test('online again, it does not wait for its time', () => {
    const { browser, goLive, stream } = open()
    goLive()
    browser.source.break()
    stream.retryNow()
    expect(browser.sources).toHaveLength(2)
    browser.pass(500)
    expect(browser.sources).toHaveLength(2)
  })

  test('a source that was given up says nothing any more', () => {
    const { browser, goLive, events } = open()
    goLive()
    const old = browser.source
    old.break()
    browser.pass(500)
    old.say('MESSAGE_CREATE', {}, 'k-9')
    expect(events.map(({ id }) => id)).toEqual(['k-1'])
  })
})

describe('several guilds', () => {
  const live = (browser: FakeBrowser, guildId: string, id: string) => {
    browser.source.say('guild', { guild_id: guildId })
    browser.source.say('sync', { state: 'snapshot', reason: 'fresh' })
    browser.source.say('GUILD_CREATE', { id: guildId }, id)
    browser.source.say('sync', { state: 'live', id }, id)
  }
  const both = () => {
    const scene = open(GUILD, OTHER)
    live(scene.browser, GUILD, 'k-1')
    live(scene.browser, OTHER, 'k-2')
    return scene
  }

  test('are asked for at once, and each goes on from its own place', () => {
    const { browser } = both()
    expect(browser.source.url).toBe(`/api/events?guild=${GUILD}&guild=${OTHER}&hops=1`)
    browser.source.say('MESSAGE_CREATE', {}, 'k-3')
    browser.source.break()
    browser.pass(500)
    expect(browser.source.url).toBe(`/api/events?guild=${GUILD}@k-1&guild=${OTHER}@k-3&hops=1`)
  })

  test('are as many at most as web serves', () => {
    expect(GUILDS_MAX).toBe(GUILDS_SERVED)
  })

  test('a frame is of the guild that was named last', () => {
    const { browser, frames, times } = both()
    browser.source.say('MESSAGE_CREATE', {}, 'k-3')
    browser.source.say('guild', { guild_id: GUILD })
    browser.source.say('times', { web: 1, at: [] })
    browser.source.say('MESSAGE_CREATE', {}, 'k-4')
    expect(frames.slice(-2).map(({ guildId, id }) => [guildId, id])).toEqual([
      [OTHER, 'k-3'],
      [GUILD, 'k-4'],
    ])
    expect(times).toEqual([[GUILD, '{"web":1,"at":[]}']])
  })

  test('an id that EventSource repeats on a frame without one does not become another guild’s place', () => {
    const { browser, stream, frames } = both()
    browser.source.say('guild', { guild_id: GUILD })
    browser.source.say('MESSAGE_CREATE', {}, 'k-900')
    browser.source.say('guild', { guild_id: OTHER })
    browser.source.say('GUILD_CREATE', { id: OTHER })
    expect(frames.at(-1)).toMatchObject({ guildId: OTHER, id: null })
    expect(stream.placeOf(OTHER)).toBe('k-2')
  })

  test('an id that is the same as another guild’s was told before is taken for what it is, where web took that back', () => {
    const { browser, frames } = both()
    browser.source.say('guild', { guild_id: GUILD }, NO_PLACE)
    browser.source.say('sync', { state: 'live', id: 'k-7' }, 'k-7')
    browser.source.say('guild', { guild_id: OTHER }, NO_PLACE)
    browser.source.say('MESSAGE_CREATE', {}, 'k-7')
    expect(frames.at(-1)).toMatchObject({ guildId: OTHER, id: 'k-7' })
  })

  test('what is of no guild that is known is nobody’s', () => {
    const { browser, frames } = both()
    const before = frames.length
    browser.source.say('guild', { guild_id: '100000000000000009' })
    browser.source.say('MESSAGE_CREATE', {}, 'k-5')
    expect(frames).toHaveLength(before)
  })

  test('one that is ended ends alone', () => {
    const { browser, statusesOf, stream } = both()
    browser.source.say('guild', { guild_id: OTHER, ended: 'NOT_FOUND' })
    expect(statusesOf[OTHER]?.at(-1)?.phase).toBe('no-access')
    expect(stream.statusOf(GUILD).phase).toBe('live')
    browser.source.break()
    browser.pass(500)
    expect(browser.source.url).toBe(from('k-1'))
  })

  test('one of which nobody can tell now is asked for again when it was said, the others unmoved', () => {
    const { browser, statusesOf } = open(GUILD, OTHER)
    live(browser, GUILD, 'k-1')
    browser.source.say('guild', { guild_id: OTHER, ended: 'LATER', retry_ms: 1_200 })
    expect(statusesOf[OTHER]?.at(-1)?.phase).toBe('waiting')
    browser.pass(1_000)
    browser.source.hops(browser.time)
    browser.pass(230)
    expect(browser.sources).toHaveLength(2)
    expect(browser.source.url).toBe(`/api/events?guild=${GUILD}@k-1&guild=${OTHER}&hops=1`)
    expect(statusesOf[GUILD]?.at(-1)?.phase).toBe('live')
  })

  test('another that is wanted comes over another response, which is no news of those that were live', () => {
    const { browser, stream, statuses, frames } = open()
    live(browser, GUILD, 'k-1')
    stream.add(OTHER, null)
    stream.add('100000000000000003', 'k-0')
    browser.pass(30)
    expect(browser.sources).toHaveLength(2)
    expect(browser.sources[0]?.readyState).toBe(2)
    expect(browser.source.url).toBe(`/api/events?guild=${GUILD}@k-1&guild=${OTHER}&guild=100000000000000003@k-0&hops=1`)
    browser.source.say('guild', { guild_id: GUILD })
    browser.source.say('sync', { state: 'resumed' })
    browser.source.say('MESSAGE_CREATE', {}, 'k-2')
    browser.source.say('sync', { state: 'live', id: 'k-2' }, 'k-2')
    expect(statuses.map(({ phase }) => phase)).toEqual(['opening', 'waiting', 'catching-up', 'live'])
    expect(frames.map(({ notice, id }) => notice?.state ?? id)).toEqual(['snapshot', 'k-1', 'live', 'k-2', 'live'])
  })

  test('a response that breaks while guilds are changed is opened again once, for all of them', () => {
    const { browser, stream } = open()
    live(browser, GUILD, 'k-1')
    stream.add(OTHER, null)
    browser.source.break()
    browser.pass(1_000)
    expect(browser.sources).toHaveLength(2)
    expect(browser.source.url).toContain(OTHER)
  })

  test('a change that takes longer than a loss may be hidden is shown as one', () => {
    const { browser, stream, status } = open()
    live(browser, GUILD, 'k-1')
    stream.add(OTHER, null)
    browser.pass(30 + 1_700)
    expect(status().phase).toBe('reconnecting')
    browser.source.hops(browser.time)
    expect(status().phase).toBe('live')
  })

  test('where the last is wanted no more, nothing is held open', () => {
    const { browser, stream } = open()
    live(browser, GUILD, 'k-1')
    stream.remove(GUILD)
    browser.pass(60_000)
    expect(browser.source.readyState).toBe(2)
    expect(browser.sources).toHaveLength(1)
  })
})
