import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { channelTree, firstChannel, voiceByChannel } from '../../src/live/view/channel-tree.ts'
import { eventNames } from '../../src/live/stream/event-table.ts'
import { GuildStore, type StoreEnvironment } from '../../src/live/guild-store.ts'
import { directSource } from './direct-source.ts'
import { Unsent } from '../../src/live/unsent.ts'
import { AT, channel, CHANNEL, GUILD, guildCreate, idAt, member, message, voiceState } from './fixtures.ts'
import { FakeBrowser } from './fake-environment.ts'

function open(more: Partial<StoreEnvironment> = {}) {
  const browser = new FakeBrowser()
  const frames: (() => void)[] = []
  const send = () => Promise.resolve({ ok: true as const, messageId: message(5).id })
  const act = () => Promise.resolve({ ok: true as const })
  const unsent = new Unsent(GUILD, { send, act, newId: () => 'r-1', now: browser.now })
  const environment = {
    open: directSource(browser),
    now: browser.now,
    soon: (run: () => void) => frames.push(run),
    ...more,
  }
  const store = new GuildStore(GUILD, environment, unsent)
  const frame = () => {
    for (const run of frames.splice(0)) run()
    return store.getSnapshot()
  }
  store.start()
  browser.source.say('sync', { state: 'snapshot', reason: 'fresh' })
  browser.source.say('GUILD_CREATE', guildCreate(), 'k-1')
  browser.source.say('sync', { state: 'live', id: 'k-1' })
  return { browser, store, frame, frames, unsent, environment }
}

const comeBack = (browser: FakeBrowser, replayed: number) => {
  browser.source.break()
  browser.pass(3_000)
  browser.source.say('sync', { state: 'resumed' })
  for (let index = 0; index < replayed; index += 1)
    browser.source.say('MESSAGE_CREATE', message(index), `k-${index + 2}`)
  browser.source.say('sync', { state: 'live' })
}

describe('the store', () => {
  test('tells its listeners once for all that came in a frame', () => {
    const { store, browser, frames, frame } = open()
    let told = 0
    store.subscribe(() => {
      told += 1
    })
    browser.source.say('MESSAGE_CREATE', message(0), 'k-2')
    browser.source.say('MESSAGE_CREATE', message(1), 'k-3')
    expect(frames).toHaveLength(1)
    expect(frame().view.messages[CHANNEL]?.items).toHaveLength(2)
    expect(told).toBe(1)
  })

  test.each([
    ['an id that is no number', { ...message(1), id: 'abc' }],
    ['no author', { ...message(1), author: null }],
    ['mentions that are no list', { ...message(1), mentions: {} }],
    ['nothing', null],
  ])('a message with %s is not shown, and takes nothing with it', (_what, odd) => {
    const { browser, frame } = open()
    browser.source.say('MESSAGE_CREATE', message(0), 'k-2')
    browser.source.say('MESSAGE_CREATE', odd, 'k-3')
    browser.source.say('MESSAGE_UPDATE', { ...message(0), author: null }, 'k-4')
    browser.source.say('MESSAGE_CREATE', message(2), 'k-5')
    const items = frame().view.messages[CHANNEL]?.items ?? []
    expect(items.map(({ id }) => id)).toEqual([message(0).id, message(2).id])
    expect(items[0]?.payload.author).not.toBeNull()
    browser.source.break()
    browser.pass(3_000)
    expect(browser.source.url).toContain('@k-5')
  })

  test('whatever an event brings, the stream goes on from behind it', () => {
    const odd = fc.oneof(
      fc.jsonValue(),
      fc.tuple(fc.constantFrom(message(1), guildCreate()), fc.string(), fc.jsonValue()).map(([payload, key, value]) => {
        const keys = Object.keys(payload)
        return { ...payload, [keys[key.length % keys.length] ?? '']: value }
      }),
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...eventNames), odd), { maxLength: 8 }), (events) => {
        const { browser, frame } = open()
        for (const [name, payload] of events) browser.source.say(name, payload, 'k-2')
        browser.source.say('MESSAGE_CREATE', message(3), 'k-3')
        frame()
        browser.source.break()
        browser.pass(3_000)
        expect(browser.source.url).toContain('@k-3')
      }),
      { numRuns: 300 },
    )
  })

  test('an event that is odd anywhere leaves a page that can be shown, with all that was there and is not odd', () => {
    const templates: [string, object][] = [
      [
        'GUILD_CREATE',
        guildCreate({ voice_states: [voiceState('300', '202')], threads: [channel('203', { type: 11 })] }),
      ],
      ['GUILD_UPDATE', guildCreate()],
      ['CHANNEL_CREATE', channel('201', { permission_overwrites: [{ id: GUILD, type: 0, allow: '0', deny: '0' }] })],
      ['THREAD_UPDATE', channel('203', { type: 11, parent_id: CHANNEL, thread_metadata: { archived: false } })],
      ['GUILD_ROLE_UPDATE', { guild_id: GUILD, role: { id: '400', name: 'crew', hoist: true, position: 2 } }],
      ['GUILD_MEMBER_UPDATE', member('301', { roles: ['400'] })],
      ['VOICE_STATE_UPDATE', voiceState('301', '202', { member: member('301') })],
      ['STAGE_INSTANCE_CREATE', { id: '500', channel_id: '202', guild_id: GUILD, topic: 'Demo' }],
      ['CHANNEL_UPDATE', channel('204', { type: 15, available_tags: [{ id: '600', name: 'wood', emoji_name: '🪵' }] })],
      ['TYPING_START', { channel_id: CHANNEL, user_id: '301', timestamp: AT / 1000, member: member('301') }],
    ]
    const odd = fc
      .tuple(fc.constantFrom(...templates), fc.nat(), fc.oneof(fc.jsonValue(), fc.constant(undefined)))
      .map(([[name, payload], place, value]) => [name, replaced(payload, place, value)] as const)
    fc.assert(
      fc.property(fc.array(odd, { maxLength: 8 }), (events) => {
        const { browser, frame } = open()
        for (const [name, payload] of templates) browser.source.say(name, payload, 'k-2')
        for (const [name, payload] of events) browser.source.say(name, payload, 'k-2')
        const { view } = frame()
        channelTree(view.channels)
        firstChannel(view.channels)
        voiceByChannel(view.voice, view.people)
        for (const part of ['channels', 'roles', 'people', 'voice', 'stages'] as const) {
          for (const [id, thing] of Object.entries(view[part])) {
            expect(id).toMatch(/^\d+$/)
            const isShown = (value: unknown) => value === null || typeof value !== 'object' || Array.isArray(value)
            expect(Object.values(thing).filter((value) => !isShown(value))).toEqual([])
          }
        }
        if (!events.some(([name]) => name === 'GUILD_CREATE')) expect(Object.keys(view.channels)).toContain('201')
      }),
      { numRuns: 500 },
    )
  })

  test('leaves parts alone that an event does not touch', () => {
    const { browser, frame } = open()
    const before = frame().view
    browser.source.say('MESSAGE_CREATE', message(0), 'k-2')
    const after = frame().view
    expect(after).not.toBe(before)
    expect(after.channels).toBe(before.channels)
    expect(after.voice).toBe(before.voice)
  })

  test('says how many events one missed, once one has caught up', () => {
    const { browser, frame } = open()
    comeBack(browser, 3)
    expect(frame()).toMatchObject({ caughtUp: { count: 3 }, replayed: 0, status: { phase: 'live' } })
  })

  test('says nothing of a return that missed nothing', () => {
    const { browser, frame } = open()
    comeBack(browser, 0)
    expect(frame().caughtUp).toBeNull()
  })

  test.each([
    [0, 'sync: resumed'],
    [1, 'sync: resumed, 1 event replayed'],
    [14, 'sync: resumed, 14 events replayed'],
  ])('of %i events that were replayed the row says %s', (replayed, says) => {
    const { store, browser } = open()
    comeBack(browser, replayed)
    const notes = store.log.rows.filter(({ kind }) => kind === 'sync').map(({ name }) => name)
    expect(notes.slice(-2)).toEqual([says, 'sync: live'])
  })

  test('a hole in the midst of a replay ends no count', () => {
    const { store, browser, frame } = open()
    browser.source.break()
    browser.pass(3_000)
    browser.source.say('sync', { state: 'resumed' })
    browser.source.say('MESSAGE_CREATE', message(0), 'k-2')
    const [from, to] = ['2026-11-20T14:02:00Z', '2026-11-20T14:05:00Z']
    browser.source.say('sync', { state: 'gap', reason: 'upstream', id: 'k-3', from, to })
    browser.source.say('MESSAGE_CREATE', message(1), 'k-4')
    browser.source.say('sync', { state: 'live' })
    expect(store.log.rows.map(({ name }) => name)).toContain('sync: resumed, 2 events replayed')
    expect(frame().caughtUp?.count).toBe(2)
  })

  test('a quiet guild’s positions are no events', () => {
    const { store, browser } = open()
    const rows = store.log.rows.length
    browser.source.say('sync', { state: 'live', id: 'k-40' })
    expect(store.log.rows).toHaveLength(rows)
  })

  test('a gap is kept in its place, and stands in the log', () => {
    const { store, browser, frame } = open()
    const gap = {
      state: 'gap',
      reason: 'upstream',
      id: 'k-2',
      from: '2026-11-20T14:02:00Z',
      to: '2026-11-20T14:05:00Z',
    }
    browser.source.say('sync', gap)
    expect(frame().view.gaps).toMatchObject([{ id: 'k-2', unrestored: false }])
    expect(store.log.rows.at(-1)?.kind).toBe('gap')

    browser.source.say('sync', { ...gap, id: 'k-9', guild_id: store.guildId })
    expect(frame().view.gaps).toMatchObject([{ id: 'k-2', unrestored: true }])
    expect(store.log.rows.at(-1)?.name).toMatch(/^Gap: not all of .* could be read back$/)
  })

  test('a gap that is told once more has the id of its record, in its place and in the log while that is kept', () => {
    const { store, browser, frame } = open()
    const gap = { state: 'gap', reason: 'upstream', from: '2026-11-20T14:02:00Z', to: '2026-11-20T14:05:00Z' }
    browser.source.say('sync', { ...gap, gap_id: 'k-2' })
    expect(frame().view.gaps).toMatchObject([{ id: 'k-2' }])
    expect(store.log.has('k-2')).toBe(true)
    for (let turn = 0; turn < 11_000; turn += 1) browser.source.say('TYPING_START', {}, `k-${turn + 3}`)
    expect(store.log.has('k-2')).toBe(false)
  })

  test('why the state was replaced is said', () => {
    const { browser, frame } = open()
    browser.source.say('sync', { state: 'gap', reason: 'permissions_changed' })
    expect(frame().replaced?.reason).toBe('permissions_changed')
    browser.source.say('sync', { state: 'snapshot', reason: 'expired' })
    expect(frame().replaced?.reason).toBe('expired')
  })

  test('of what was seen before permissions changed nothing is kept as it came', () => {
    const { store, browser, frame } = open()
    browser.source.say('MESSAGE_CREATE', message(0), 'k-2')
    browser.source.say('sync', { state: 'gap', reason: 'permissions_changed' })
    browser.source.say('GUILD_CREATE', guildCreate({ channels: [channel('209')] }), 'k-3')
    const names = store.log.rows.map(({ name }) => name)
    expect(names).toEqual(['sync: snapshot, fresh', 'sync: live', 'sync: permissions changed', 'GUILD_CREATE'])
    expect(frame().view.messages[CHANNEL]).toBeUndefined()
  })

  test('nor where a channel is gone by a snapshot that does not say why; where it was deleted, it is', () => {
    const { store, browser } = open()
    const [kept, other] = [channel('209'), channel('210')]
    browser.source.say('CHANNEL_CREATE', kept, 'k-2')
    browser.source.say('CHANNEL_CREATE', other, 'k-3')
    browser.source.say('MESSAGE_CREATE', message(0), 'k-4')
    browser.source.say('CHANNEL_DELETE', other, 'k-5')
    browser.source.say('GUILD_CREATE', guildCreate({ channels: [channel(CHANNEL), kept] }), 'k-6')
    expect(store.log.rows.map(({ name }) => name)).toContain('MESSAGE_CREATE')
    browser.source.say('GUILD_CREATE', guildCreate({ channels: [kept] }), 'k-7')
    expect(store.log.rows.filter(({ kind }) => kind === 'event').map(({ id }) => id)).toEqual(['k-7'])
  })

  test('where the record was started anew stays after its notice has gone', () => {
    const { store, browser, frame } = open()
    browser.source.say('sync', { state: 'snapshot', reason: 'foreign' })
    store.dismissReplaced()
    expect(frame()).toMatchObject({ replaced: null, anew: [{ reason: 'foreign', at: browser.time }] })
    browser.source.say('sync', { state: 'gap', reason: 'permissions_changed' })
    expect(frame().anew).toHaveLength(1)
  })

  test('signed out, it keeps nothing that was private', async () => {
    const { store, browser, frame } = open()
    browser.source.say('MESSAGE_CREATE', message(0), 'k-2')
    store.drafts.set(CHANNEL, 'half a thought')
    store.answered.set(CHANNEL, idAt(0))
    await store.outbox.send(CHANNEL, 'hello')
    browser.source.refuse()
    browser.probes[0]?.answer(401)
    await new Promise<void>((resolve) => queueMicrotask(resolve))
    expect(frame()).toMatchObject({
      status: { phase: 'signed-out' },
      view: { guild: null, messages: {} },
      report: null,
    })
    expect(store.log.rows).toEqual([])
    expect([store.drafts.size, store.answered.size, frame().sent.size]).toEqual([0, 0, 0])
  })

  test('a message of one’s own leaves the outbox when the stream brings it', async () => {
    const { store, browser, frame } = open()
    await store.outbox.send(CHANNEL, 'hello')
    expect(frame()).toMatchObject({ outgoing: [{ state: 'sent' }], sent: new Set([frame().outgoing[0]?.messageId]) })
    browser.source.say('MESSAGE_CREATE', message(5), 'k-2')
    expect(frame().outgoing).toEqual([])
  })

  test('a message that the stream brings before the answer does not stay', async () => {
    const { store, browser, frame } = open()
    browser.source.say('MESSAGE_CREATE', message(5), 'k-2')
    await store.outbox.send(CHANNEL, 'hello')
    expect(frame().outgoing).toEqual([])
  })

  test('a draft, what it answers and a message that was not sent are still there after a look at another server', async () => {
    const { store, unsent, environment } = open()
    store.drafts.set(CHANNEL, 'half a thought')
    store.answered.set(CHANNEL, idAt(0))
    store.stop()
    await store.outbox.send(CHANNEL, 'hello')
    const back = new GuildStore(GUILD, environment, unsent)
    back.start()
    expect(back.drafts.get(CHANNEL)).toBe('half a thought')
    expect(back.answered.get(CHANNEL)).toBe(idAt(0))
    expect(back.outbox.items).toMatchObject([{ content: 'hello', state: 'sent' }])
  })

  test('removed from the server, it keeps nothing that was written there', async () => {
    const { store, browser, frame } = open()
    store.drafts.set(CHANNEL, 'half a thought')
    await store.outbox.send(CHANNEL, 'hello')
    browser.source.say('GUILD_DELETE', { id: GUILD }, 'k-2')
    expect(store.drafts.size).toBe(0)
    expect(frame().outgoing).toEqual([])
  })

  test.each([-3_600_000, 0, 3_600_000])('a server whose clock is off by %i ms is shown by one’s own', (skew) => {
    const { browser, frame } = open()
    const ts = browser.time + skew
    const waiting = { rttMs: null, clockMs: null, attempt: 3, nextAttemptAt: ts + 4_000 }
    const gateway = { state: 'reconnecting', since: ts - 3_000, ...waiting }
    const discord = { state: 'unknown', since: ts - 5_000, pingMs: null, detail: null, clockMs: null, shards: [] }
    browser.source.say('hops', { ts, by: 'web', discord, gateway })
    const { report } = frame()
    expect(report?.gateway).toMatchObject({ since: browser.time - 3_000, nextAttemptAt: browser.time + 4_000 })
    expect(report?.discord.since).toBe(browser.time - 5_000)
    comeBack(browser, 1)
    expect(frame().caughtUp?.at).toBe(ts)
  })

  test('what is read is not unread', () => {
    const { store, browser, frame } = open()
    browser.source.say('MESSAGE_CREATE', message(0), 'k-2')
    expect(frame().view.unread[CHANNEL]?.count).toBe(1)
    store.setOpenChannel(CHANNEL)
    browser.source.say('MESSAGE_CREATE', message(1), 'k-3')
    expect(frame().view.unread[CHANNEL]?.count).toBe(0)
  })
})

/** The payload with one of its values, however deep, replaced. */
function replaced(payload: object, place: number, value: unknown): unknown {
  const places: (string | number)[][] = []
  const visit = (at: unknown, path: (string | number)[]) => {
    if (typeof at !== 'object' || at === null) return
    for (const [key, inner] of Object.entries(at)) {
      places.push([...path, key])
      visit(inner, [...path, key])
    }
  }
  visit(payload, [])
  const copy = structuredClone(payload)
  const path = places[place % places.length] ?? []
  const holder = path.slice(0, -1).reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], copy)
  Object.assign(holder as object, { [path.at(-1) ?? '']: value })
  return copy
}

describe('what an event took', () => {
  const report = (by: string) => ({
    ts: 1_000_000,
    by,
    discord: { state: 'connected', since: null, pingMs: 38, detail: null, clockMs: -2_000, shards: [] },
    gateway: { state: 'connected', since: null, rttMs: 1, clockMs: 700, attempt: null, nextAttemptAt: null },
  })
  const said = { ...message(1), edited_timestamp: new Date(1_000_000 - 30 - 1_300 - 5_000).toISOString() }
  const times = { web: 1_000_000 - 5 - 5_000, at: [['k-2', 1_000_000 - 10 - 4_300]] }

  test.each([
    [
      'is told by this browser’s clock',
      'web',
      { discord: 999_970, gateway: 999_990, web: 999_995, browser: 1_000_000 },
    ],
    ['is not known where web’s clock is not', 'other', { discord: null, gateway: null, web: null, browser: 1_000_000 }],
  ])('%s', (_name, by, expected) => {
    const { browser, store } = open({ webAheadOf: (which) => (which === 'web' ? -5_000 : null) })
    browser.source.say('hops', report(by))
    browser.source.say('times', times)
    browser.source.say('MESSAGE_UPDATE', said, 'k-2')
    expect(store.log.rows.at(-1)).toMatchObject({ name: 'MESSAGE_UPDATE', times: expected })
    expect(store.hops.figures(browser.time).total).toEqual(by === 'web' ? { p50: 30, p99: null } : null)
  })

  test('is not told of what did not happen as it came', () => {
    const { browser, store } = open({ webAheadOf: () => 0 })
    browser.source.say('hops', report('web'))
    browser.source.say('times', times)
    browser.source.say('MESSAGE_UPDATE', said, 'k-3')
    expect(store.log.rows.at(-1)?.times).toBeNull()
  })
})

describe('a slow connection', () => {
  const LATE_MS = 1_900
  /** A word twice a second, each on its way for so long; web's clock is an hour ahead. */
  function hear(browser: FakeBrowser, forMs: number, lateMs = LATE_MS) {
    for (let left = forMs; left > 0; left -= 500) {
      browser.pass(500)
      browser.source.hops(browser.time - lateMs + HOUR_MS)
    }
  }
  const HOUR_MS = 3_600_000
  const opened = (ahead: number | null) => {
    const { browser, frame } = open({ webAheadOf: () => ahead })
    return { browser, frame, lateMs: () => frame().lateMs }
  }

  test('is one from the first word on, once it has lasted, and no longer than that', () => {
    const { browser, lateMs } = opened(HOUR_MS)
    hear(browser, 10_000)
    expect(lateMs()).toBeNull()
    hear(browser, 500)
    expect(lateMs()).toBe(LATE_MS)
    hear(browser, 500, 900)
    expect(lateMs()).toBeNull()
  })

  test('is one again after the stream came back', () => {
    const { browser, frame, lateMs } = opened(HOUR_MS)
    hear(browser, 5_000, 5)
    comeBack(browser, 0)
    hear(browser, 10_500)
    expect(frame().status.phase).toBe('live')
    expect(lateMs()).toBe(LATE_MS)
  })

  test('is where clocks are not known only what is later than the quickest', () => {
    const { browser, lateMs } = opened(null)
    hear(browser, 20_000)
    expect(lateMs()).toBeNull()
    hear(browser, 11_000, LATE_MS + 1_300)
    expect(lateMs()).toBe(1_300)
  })
})
