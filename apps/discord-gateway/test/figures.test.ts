import type { ShardStatus } from '@repo/discord-integration/clients'
import { FiguresSchema, latencyBucket, LATENCY_BUCKETS, type FigureRange } from '@repo/discord-integration/types'
import { EventFeed, MemoryLog, type NewDispatch, type NewGap, type Notes } from '@repo/event-feed'
import { expect, it } from 'vitest'
import type { Consumer } from '../src/figures/consumers.ts'
import { Figures } from '../src/figures/figures.ts'
import { Tally } from '../src/figures/tally.ts'
import { collectingLogger, memoryNotes } from './helpers.ts'

/** On a step of every length, so that what is counted in one is in one. */
const START = 1_700_000_640_000
const SECOND_MS = 1_000

/** The figures over a feed in memory, with a clock that the test moves. */
function figuresOver(given: { notes?: Notes; now?: number; shardCount?: number } = {}) {
  const clock = { now: given.now ?? START }
  const now = () => clock.now
  const notes = given.notes ?? memoryNotes()
  const log = new MemoryLog({ maxAgeMs: 3_600_000, maxBytes: 512 * 1024 * 1024, epoch: 'e', now })
  const tally = new Tally()
  const consumers: Consumer[] = []
  let shards: ShardStatus[] = []
  const guilds = ['4194304', '8388608']
  const feed = new EventFeed({ log, applied: (entry) => figures.stored(entry) })
  const figures = new Figures({
    tally,
    log,
    notes,
    limits: { bytes: 512, ageMs: 3_600_000 },
    consumers: () => consumers,
    shards: () => shards,
    shardCount: () => given.shardCount ?? 1,
    guildIds: () => guilds,
    identifies: () => ({ total: 1_000, remaining: 962, reserve: 100, refilledAt: 5, exhausted: false }),
    logger: collectingLogger().logger,
    now,
  })
  return {
    figures,
    clock,
    notes,
    tally,
    consumers,
    feed,
    log,
    /** Seconds pass, in each of which `each` happens. */
    pass(seconds: number, each: () => void = () => {}) {
      for (let n = 0; n < seconds; n++) {
        each()
        clock.now += SECOND_MS
        figures.second()
      }
    },
    allShards(all: ShardStatus[]) {
      shards = all
    },
    shard(change: Partial<ShardStatus>) {
      const before = shards[0] ?? { id: 0, state: 'connecting', since: 0, pingMs: null, sessionId: null, heardAt: null }
      const { detail: _, ...rest } = before
      shards = [{ ...rest, ...change, since: clock.now }]
      figures.shardsChanged(shards)
    },
    read: (range?: FigureRange) => FiguresSchema.parse(figures.read(range)),
    [Symbol.dispose]: () => figures.close(),
  }
}

const consumer = (more: Partial<Consumer>): Consumer => ({
  id: 1,
  name: 'web',
  version: 2,
  connectedAt: START,
  standing: 'live',
  position: 0,
  lag: 0,
  bytesSent: 0,
  ...more,
})

const dispatch = (ts: number, guildId = '4194304'): NewDispatch => ({
  kind: 'dispatch',
  event: 'TYPING_START',
  guildId,
  payload: '{}',
  ts,
})

const last = <T>(items: readonly T[]) => items.at(-1)

it('events and commands are told by the second, those that ask the gateway about itself left out', () => {
  using f = figuresOver()
  f.pass(20, () => {
    for (let n = 0; n < 3; n++) f.tally.countEvent('MESSAGE_CREATE')
    f.tally.countEvent('MESSAGE_REACTION_ADD')
    f.tally.countCommand('send_message', 'ack')
    f.tally.countCommand('delete_invite', 'ack')
    f.tally.countCommand('get_status', 'ack')
    f.tally.countCommand('get_figures', 'ack')
    f.tally.countCommand('made-up', 'UNKNOWN_COMMAND')
  })
  f.tally.countCommand('send_message', 'OUTCOME_UNKNOWN')
  f.pass(5)
  const { events_per_second, history } = f.read('15m')
  // Of the last ten seconds half were silent.
  expect(events_per_second).toEqual({ messages: 1.5, presence: 0, voice: 0, reactions: 0.5, other: 0 })
  expect(history?.events.messages.slice(-4)).toEqual([null, 3, 3, 0])
  expect(history?.events.reactions.slice(-2)).toEqual([1, 0])
  expect(history?.commands.done.slice(-3)).toEqual([2, 2, 0])
  expect(history?.commands.refused.slice(-3)).toEqual([1, 1, 0])
  expect(last(history?.commands.unknown ?? [])).toBe(0.2)
})

it('the history is of fixed length, whatever the range, and each point at its place by the clock', () => {
  using f = figuresOver()
  f.pass(60)
  f.clock.now += 60_000
  f.figures.second()
  for (const [range, points, step] of [
    ['15m', 90, 10_000],
    ['30m', 180, 10_000],
    ['6h', 180, 120_000],
    ['24h', 180, 480_000],
  ] as const) {
    const { history } = f.read(range)
    expect(history).toMatchObject({ range, step_ms: step })
    expect(history?.log_bytes).toHaveLength(points)
    const from = history?.from ?? NaN
    expect(from + points * step).toBeGreaterThanOrEqual(f.clock.now)
    expect(from + (points - 1) * step).toBeLessThan(f.clock.now)
  }
})

it('a day of counting takes no more room than an hour', () => {
  using f = figuresOver()
  const size = () => f.notes.get('figures history')?.length ?? 0
  f.pass(40 * 60)
  f.clock.now += 5 * 3_600_000
  f.pass(150)
  const before = size()
  expect(before).toBeGreaterThan(0)
  for (let hour = 0; hour < 30; hour++) {
    f.clock.now += 3_600_000
    f.pass(130)
  }
  expect(size()).toBeLessThan(120_000)
})

it('the history outlives the process, with a hole where it was away', () => {
  const before = figuresOver()
  before.pass(30, () => before.tally.countEvent('VOICE_STATE_UPDATE'))
  before.figures.close()
  using after = figuresOver({ notes: before.notes, now: before.clock.now + 60_000 })
  after.pass(10, () => after.tally.countEvent('VOICE_STATE_UPDATE'))
  const voice = after.read('15m').history?.events.voice ?? []
  expect(voice.slice(-11)).toEqual([null, 1, 1, 1, null, null, null, null, null, null, 1])
})

it('a clock that is set back takes with it what would lie ahead', () => {
  using f = figuresOver()
  f.pass(60, () => f.tally.countEvent('MESSAGE_CREATE'))
  f.clock.now -= 45_000
  f.figures.second()
  f.pass(2, () => f.tally.countEvent('MESSAGE_CREATE'))
  const { history } = f.read('15m')
  expect(history?.events.messages.slice(-3)).toEqual([null, 1, 1])
})

it('a note that makes no sense is as if there were none', () => {
  const notes = memoryNotes()
  for (const name of ['history', 'shards', 'gaps']) notes.set(`figures ${name}`, '{"rings":[{"stepMs":10000}]')
  using f = figuresOver({ notes })
  expect(f.read('24h').gaps).toEqual([])
})

it('how late events reach browsers is the sum of what backends counted since each began', () => {
  using f = figuresOver()
  f.consumers.push(consumer({ id: 1 }), consumer({ id: 2 }))
  const bucket = latencyBucket(10)
  const report = (id: number, process: string, count: number) =>
    f.figures.report(id, { process, streams: 7, latency: [[bucket, count]] })
  // What it counted before it was heard of first is of nobody knows when.
  report(1, 'a', 1_000)
  report(2, 'b', 0)
  f.pass(1)
  expect(f.read().latency).toBeNull()
  report(1, 'a', 1_030)
  report(2, 'b', 70)
  f.pass(1)
  const { latency } = f.read('15m')
  expect(latency?.count).toBe(100)
  expect(latency?.p50_ms).toBeGreaterThan(8)
  expect(latency?.p99_ms).toBeLessThan(12)
  // The same again, of a link that broke before the answer, changes nothing; nor does a process that begins anew.
  report(1, 'a', 1_030)
  report(2, 'c', 3)
  f.pass(1)
  expect(f.read().latency?.count).toBe(100)
  expect(last(f.read('15m').history?.p99_ms ?? [])).toBeGreaterThan(8)
  f.pass(60)
  expect(f.read().latency).toBeNull()
})

it('a report a second is taken of each backend, and holds as long as it is fresh', () => {
  using f = figuresOver()
  f.consumers.push(consumer({ id: 1 }))
  const report = { process: 'a', streams: 12, latency: [] }
  f.figures.report(1, report)
  expect(() => f.figures.report(1, report)).toThrow(expect.objectContaining({ code: 'RATE_LIMITED', retryAfter: 1 }))
  expect(f.read().consumers).toMatchObject([{ streams: 12 }])
  f.pass(16)
  expect(f.read().consumers).toMatchObject([{ streams: null }])
})

it('a backend is slow when it was caught up, and has not taken for a second what happened', async () => {
  using f = figuresOver()
  await f.feed.publish(dispatch(f.clock.now))
  const held = f.log.to
  f.clock.now += 500
  await f.feed.publish(dispatch(f.clock.now))
  f.consumers.push(
    consumer({ id: 1, lag: 1, position: held, standing: 'behind' }),
    consumer({ id: 2, lag: 2, position: 0, standing: 'catching_up' }),
    consumer({ id: 3 }),
  )
  const states = () => f.read().consumers.map(({ state, lag_ms }) => [state, lag_ms])
  expect(states()).toEqual([
    ['live', 0],
    ['catching_up', 500],
    ['live', 0],
  ])
  f.clock.now += 2_310
  expect(states()).toEqual([
    ['slow', 2_310],
    ['catching_up', 2_810],
    ['live', 0],
  ])
})

it('bytes are of the last ten seconds, and of those alone that are connected', () => {
  using f = figuresOver()
  let bytes = 0
  f.consumers.push({
    ...consumer({}),
    get bytesSent() {
      return bytes
    },
  })
  f.pass(20, () => (bytes += 1_900))
  expect(f.read().consumers[0]?.bytes_per_second).toBe(1_900)
  f.pass(10)
  expect(f.read().consumers[0]?.bytes_per_second).toBe(0)
  f.consumers.pop()
  f.pass(1)
  expect(f.read()).toMatchObject({ consumers: [], consumers_total: 0 })
})

it('of very many backends those are listed that are furthest behind, and it is said how many there are', () => {
  using f = figuresOver()
  for (let id = 1; id <= 300; id++) f.consumers.push(consumer({ id, lag: id }))
  const { consumers, consumers_total } = f.read()
  expect(consumers).toHaveLength(200)
  expect(consumers_total).toBe(300)
  expect(consumers[0]?.behind).toBe(300)
})

it('of very many shards those are listed that are not ready, and it is said how many there are', () => {
  using f = figuresOver({ shardCount: 300 })
  const status = (id: number): ShardStatus => ({
    id,
    state: id === 299 ? 'reconnecting' : 'ready',
    since: 0,
    pingMs: null,
    sessionId: null,
    heardAt: null,
  })
  f.allShards(Array.from({ length: 300 }, (_, id) => status(id)))
  const { shards, shards_total } = f.read()
  expect(shards).toHaveLength(256)
  expect(shards_total).toBe(300)
  expect(shards[0]?.id).toBe(299)
})

it('a shard tells of its session, its resumes and its identifies of a day, also of those before this process', async () => {
  const notes = memoryNotes()
  const f = figuresOver({ notes })
  f.shard({ state: 'identifying' })
  f.shard({ state: 'ready', sessionId: 's', pingMs: 38 })
  const began = f.clock.now
  await f.feed.publish(dispatch(began))
  expect(f.read().shards).toMatchObject([
    { ping_ms: 38, identifies: 1, resumes: 0, guilds: 2, session_since: began, last_event_id: 'e-1' },
  ])
  f.clock.now += 5_000
  f.shard({ state: 'reconnecting', pingMs: null, detail: 'a heartbeat was not acknowledged' })
  f.shard({ state: 'resuming' })
  f.shard({ state: 'ready' })
  expect(f.read().shards).toMatchObject([{ identifies: 1, resumes: 1, session_since: began }])
  f.figures.close()

  using after = figuresOver({ notes, now: f.clock.now + 1_000 })
  after.shard({ state: 'resuming', sessionId: 's' })
  after.shard({ state: 'ready', sessionId: 's' })
  expect(after.read().shards).toMatchObject([{ identifies: 1, resumes: 2, session_since: began, last_event_id: null }])
  after.clock.now += 25 * 3_600_000
  expect(after.read().shards).toMatchObject([{ identifies: 0, resumes: 0 }])
})

it('the last event of a shard is of its own guilds', async () => {
  using f = figuresOver({ shardCount: 2 })
  f.shard({ id: 1, state: 'ready', sessionId: 's' })
  // 4194304 is of shard 1 of 2, 8388608 of shard 0.
  await f.feed.publish(dispatch(f.clock.now, '4194304'))
  await f.feed.publish(dispatch(f.clock.now, '8388608'))
  expect(f.read().shards).toMatchObject([{ id: 1, guilds: 1, last_event_id: 'e-1' }])
})

const gapOf = (from: number, to: number, more: Partial<NewGap> = {}): NewGap => ({
  kind: 'gap',
  reason: 'upstream',
  shard: { id: 0, count: 1 },
  fromTs: from,
  toTs: to,
  ts: to,
  ...more,
})

/** A message of that time. */
const messageAt = (at: number) => String((BigInt(at) - 1_420_070_400_000n) << 22n)

it('a gap says why, and what was read back of it, after a restart too', async () => {
  const notes = memoryNotes()
  const f = figuresOver({ notes })
  f.clock.now += 10_000
  const from = f.clock.now
  f.shard({ state: 'ready', sessionId: 's' })
  f.clock.now += 1_000
  f.shard({ state: 'reconnecting', detail: 'closed with 4009: the session timed out' })
  const gap = gapOf(from, f.clock.now)
  f.figures.gapFound(gap, { within: false, isFilled: true })
  expect(f.read().gaps).toEqual([])
  await f.feed.publish(gap)
  const hole = { shard: { id: 0 }, gaps: [gap] }
  f.figures.restored(hole, [messageAt(from + 1), messageAt(from + 2)])
  const told = {
    id: 'e-1',
    reason: 'not_resumed',
    detail: 'closed with 4009: the session timed out',
    from,
    to: from + 1_000,
    shard: 0,
  }
  expect(f.read().gaps).toEqual([{ ...told, restored: { messages: 2, done: false, channels_left: 0 } }])
  f.figures.close()

  using after = figuresOver({ notes, now: f.clock.now })
  after.figures.restored(hole, [messageAt(from + 3)])
  after.figures.filled(hole, 2)
  expect(after.read().gaps).toEqual([{ ...told, restored: { messages: 3, done: true, channels_left: 2 } }])
  after.clock.now += 8 * 24 * 3_600_000
  expect(after.read().gaps).toEqual([])
})

it('of two gaps that are filled as one, each message belongs to the one in which it was written', async () => {
  using f = figuresOver()
  const [one, two] = [gapOf(START + 100, START + 200), gapOf(START + 5_000, START + 5_300)]
  for (const gap of [one, two]) {
    f.figures.gapFound(gap, { within: false, isFilled: true })
    await f.feed.publish(gap)
  }
  f.figures.restored({ shard: { id: 0 }, gaps: [one, two] }, [START + 150, START + 5_100, START + 5_200].map(messageAt))
  expect(f.read().gaps.map(({ restored }) => restored?.messages)).toEqual([2, 1])
})

it('a gap that began before the process did is for want of the gateway; one within a session is Discord’s', async () => {
  using f = figuresOver()
  const away = gapOf(START - 60_000, START)
  f.figures.gapFound(away, { within: false, isFilled: false })
  await f.feed.publish(away)
  const missing = gapOf(START + 5, START + 6)
  f.figures.gapFound(missing, { within: true, isFilled: false })
  await f.feed.publish(missing)
  await f.feed.publish(gapOf(START + 7, START + 7, { reason: 'too_large', shard: null, guildId: '4194304' }))
  // What a backfill could not read of a guild is a part of the gap that it filled.
  await f.feed.publish(gapOf(START - 60_000, START, { guildId: '4194304', channels: ['5'] }))
  expect(f.read().gaps.map(({ reason, shard, restored }) => [reason, shard, restored])).toEqual([
    ['too_large', 0, null],
    ['missing', 0, null],
    ['away', 0, null],
  ])
})

it('of very many gaps the newest are told', async () => {
  using f = figuresOver()
  for (let n = 0; n < 120; n++) {
    await f.feed.publish(gapOf(START + n, START + n, { reason: 'too_large', shard: null, guildId: '4194304' }))
  }
  const { gaps } = f.read()
  expect(gaps).toHaveLength(100)
  expect(gaps[0]?.from).toBe(START + 119)
})

it('an answer is bounded, however much there is to tell', () => {
  using f = figuresOver()
  for (let id = 1; id <= 1_000; id++) f.consumers.push(consumer({ id, name: 'n'.repeat(64), lag: id }))
  for (let bucket = 0; bucket < LATENCY_BUCKETS; bucket++) f.tally.countEvent(`MADE_UP_${bucket}`)
  f.pass(1)
  expect(JSON.stringify(f.read('24h')).length).toBeLessThan(100_000)
})
