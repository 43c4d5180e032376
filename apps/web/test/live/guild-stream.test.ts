import { describe, expect, test } from 'vitest'
import type { HopReport } from '../../src/hop-report.ts'
import { GuildStream, type StreamEvent, type StreamStatus } from '../../src/live/stream/guild-stream.ts'
import type { SyncNotice } from '../../src/live/stream/sync-notice.ts'
import { GUILD, guildCreate } from './fixtures.ts'
import { FakeBrowser } from './fake-environment.ts'

function open() {
  const browser = new FakeBrowser()
  const events: StreamEvent[] = []
  const notices: SyncNotice[] = []
  const reports: HopReport[] = []
  const statuses: StreamStatus[] = []
  const stream = new GuildStream(GUILD, browser, {
    onEvent: (event) => events.push(event),
    onSync: (notice) => notices.push(notice),
    onHops: (report) => reports.push(report),
    onStatus: (status) => statuses.push(status),
  })
  stream.start()
  const status = () => statuses.at(-1)!
  const goLive = () => {
    browser.source.say('sync', { state: 'snapshot', reason: 'fresh' })
    browser.source.say('GUILD_CREATE', guildCreate(), 'k-1')
    browser.source.say('sync', { state: 'live', id: 'k-1' }, 'k-1')
  }
  return { browser, stream, events, notices, reports, statuses, status, goLive }
}

const base = `/api/guilds/${GUILD}/events?hops=1`
const microtasks = () => new Promise<void>((resolve) => queueMicrotask(resolve))

describe('position', () => {
  test('the first source asks for no position', () => {
    expect(open().browser.source.url).toBe(base)
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
    expect(stream.lastEventId).toBeNull()
    browser.source.break()
    browser.pass(1_000)
    expect(browser.source.url).toBe(base)
  })

  test('a snapshot that replaces a state keeps the position from before it until it is whole', () => {
    const { browser, stream, goLive } = open()
    goLive()
    browser.source.say('sync', { state: 'snapshot', reason: 'lagged' })
    browser.source.say('GUILD_CREATE', guildCreate(), 'k-90')
    expect(stream.lastEventId).toBe('k-1')
    browser.source.say('sync', { state: 'live' })
    expect(stream.lastEventId).toBe('k-90')
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
    expect(browser.source.url).toBe(`${base}&last_event_id=k-7`)
  })

  test('`live` alone moves the position of a quiet guild', () => {
    const { browser, stream, goLive } = open()
    goLive()
    browser.source.say('sync', { state: 'live', id: 'k-55' })
    expect(stream.lastEventId).toBe('k-55')
  })

  test('what cannot be read is left out, and the stream goes on', () => {
    const { browser, events, goLive } = open()
    goLive()
    browser.source.say('MESSAGE_CREATE', '{"cut', 'k-2')
    browser.source.say('sync', 'nonsense')
    browser.source.say('hops', '{}')
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
    expect(browser.source.url).toBe(`${base}&last_event_id=k-1`)
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
    expect(browser.source.url).toBe(`${base}&last_event_id=k-1`)
    browser.source.say('sync', { state: 'resumed' })
    browser.source.say('sync', { state: 'live' })
    expect(status().phase).toBe('live')
  })

  test.each([
    [401, 'signed-out'],
    [404, 'no-access'],
  ] as const)('a %i is final: %s', async (answer, phase) => {
    const { browser, goLive, status, stream } = open()
    goLive()
    browser.source.refuse()
    browser.probes[0]?.answer(answer)
    await microtasks()
    browser.pass(60_000)
    expect(status().phase).toBe(phase)
    expect(browser.sources).toHaveLength(1)
    expect(stream.lastEventId).toBeNull()
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
