import { describe, expect, it } from 'vitest'
import { formatEventId } from '@repo/discord-integration/types'
import { ALL_ENTRIES } from './entry-filter.ts'
import type { EntryFilter, EventLog, NewDispatch, NewLogEntry } from './event-log.ts'

/** What a log under test is opened with. It is a new one each time. */
export type ConformanceOptions = { maxAgeMs: number; maxBytes: number; now: () => number }

/** Long after the epoch, so that ages can be subtracted. */
const START = 1_700_000_000_000
const MUCH = 1_000_000_000

/**
 * What `EventLog` promises, as a suite of vitest tests: every log passes it.
 *
 * @param openLog opens a new, empty log that began at no other's place.
 */
export function logConformance(name: string, openLog: (options: ConformanceOptions) => Promise<EventLog>): void {
  /** The log and a clock that the test moves. */
  async function open(bounds: { maxAgeMs?: number; maxBytes?: number } = {}) {
    const clock = { now: START }
    const options = { maxAgeMs: bounds.maxAgeMs ?? MUCH, maxBytes: bounds.maxBytes ?? MUCH, now: () => clock.now }
    const log = await openLog(options)
    const idAt = (position: number) => formatEventId({ epoch: log.epoch, position })
    const dispatch = (guildId: string | null, more: Partial<NewDispatch> = {}): NewDispatch => ({
      kind: 'dispatch',
      event: 'MESSAGE_CREATE',
      guildId,
      payload: '{}',
      ts: clock.now,
      ...more,
    })
    return { log, clock, idAt, dispatch, [Symbol.asyncDispose]: () => log.close() }
  }

  /** Every entry after a position, page by page. */
  async function readAll(log: EventLog, after: number, filter: EntryFilter = ALL_ENTRIES, limit = 3) {
    const entries = []
    for (let at = after; at < log.to;) {
      const page = await log.read(at, { filter, limit, maxBytes: MUCH })
      expect(page.through).toBeGreaterThan(at)
      entries.push(...page.entries)
      at = page.through
    }
    return entries
  }

  const session = (sequence: number, sessionId = 'a', shardId = 0) => ({ session: { shardId, sessionId, sequence } })
  const gap = (shard: { id: number; count: number } | null): NewLogEntry => {
    return { kind: 'gap', reason: 'upstream', shard, fromTs: START - 5, toTs: START, ts: START }
  }

  describe(`${name} is a log`, () => {
    it('is empty at first, and its first place is before its first entry', async () => {
      await using given = await open()
      const { log, idAt, dispatch } = given
      expect(log.to).toBe(log.from)
      expect(log.size.entries).toBe(0)
      const start = log.from
      expect(log.locate(idAt(start))).toEqual({ at: 'here', position: start })
      await log.append([dispatch('1')])
      expect(log.from).toBe(start)
      expect(await readAll(log, start)).toHaveLength(1)
    })

    it('gives back what was appended, in order, byte for byte, with growing positions', async () => {
      await using given = await open()
      const { log, dispatch } = given
      const payloads = ['{"b":1, "a":2}', '"\\u00e9é😀"', '{"__proto__":{"x":1}}', '[1e400,-0.0]']
      const first = await log.append(payloads.slice(0, 2).map((payload) => dispatch('1', { payload })))
      const second = await log.append(payloads.slice(2).map((payload) => dispatch(null, { payload, backfilled: true })))
      const read = await readAll(log, log.from)
      expect(read).toEqual([...first, ...second])
      expect(read.map((entry) => entry.kind === 'dispatch' && entry.payload)).toEqual(payloads)
      expect(read.map((entry) => entry.kind === 'dispatch' && entry.backfilled)).toEqual([
        undefined,
        undefined,
        true,
        true,
      ])
      const positions = read.map(({ position }) => position)
      expect(positions).toEqual([...new Set(positions)].sort((a, b) => a - b))
      expect(log.to).toBe(positions.at(-1))
      expect(await log.append([])).toEqual([])
    })

    it('keeps the order of appends that were not waited for', async () => {
      await using given = await open()
      const { log, dispatch } = given
      const appends = Array.from({ length: 20 }, (_, index) => log.append([dispatch('1', { payload: `${index}` })]))
      await Promise.all(appends)
      const read = await readAll(log, log.from)
      expect(read.map((entry) => entry.kind === 'dispatch' && Number(entry.payload))).toEqual([...Array(20).keys()])
    })

    it('reads by guild, by event and without a guild', async () => {
      await using given = await open()
      const { log, dispatch } = given
      const events = ['MESSAGE_CREATE', 'TYPING_START', 'SOMETHING_NEW']
      const guilds = ['1', '2', '__proto__', null]
      for (const guildId of guilds) await log.append(events.map((event) => dispatch(guildId, { event })))
      const count = async (filter: Partial<EntryFilter>) =>
        (await readAll(log, log.from, { guilds: null, events: null, guildless: false, ...filter })).length
      expect(await count({})).toBe(9)
      expect(await count({ guildless: true })).toBe(12)
      expect(await count({ guilds: new Set(['1']) })).toBe(3)
      expect(await count({ guilds: new Set(['1', '__proto__']) })).toBe(6)
      expect(await count({ guilds: new Set(['3']) })).toBe(0)
      expect(await count({ guilds: new Set(), guildless: true })).toBe(3)
      expect(await count({ guilds: new Set(['2']), events: new Set(['SOMETHING_NEW']) })).toBe(1)
      const many = new Set(Array.from({ length: 1_000 }, (_, index) => `${index + 2}`))
      expect(await count({ guilds: many })).toBe(3)
    })

    it('reads hundreds of entries of some guilds, in their order and without a hole, however they are paged', async () => {
      await using given = await open()
      const { log, dispatch } = given
      const guilds = ['1', '2', '3', null]
      const entries = Array.from({ length: 1_200 }, (_, n) => dispatch(guilds[((n * n) % 7) % 4] ?? null))
      const stored = await log.append(entries)
      for (const limit of [7, 64, 2_000]) {
        const filter = { guilds: new Set(['1', '3']), events: null, guildless: false }
        const wanted = stored.filter((entry) => entry.guildId === '1' || entry.guildId === '3')
        expect(await readAll(log, log.from, filter, limit)).toEqual(wanted)
      }
    })

    it('passes a gap to the readers of its shard’s guilds, whatever events they want', async () => {
      await using given = await open()
      const { log } = given
      const guildOfShard = (shardId: number) => `${BigInt(shardId) << 22n}`
      await log.append([gap({ id: 1, count: 2 }), gap(null)])
      const read = (guildId: string) =>
        readAll(log, log.from, { guilds: new Set([guildId]), events: new Set(['X']), guildless: false })
      expect(await read(guildOfShard(1))).toMatchObject([gap({ id: 1, count: 2 }), gap(null)])
      expect(await read(guildOfShard(2))).toMatchObject([gap(null)])
      expect(await readAll(log, log.from)).toHaveLength(2)
    })

    it('passes a gap of one guild to that guild’s readers', async () => {
      await using given = await open()
      const { log } = given
      const entry = { ...gap({ id: 0, count: 1 }), guildId: '1', channels: ['11', '12'] }
      await log.append([entry])
      const read = (guildId: string) =>
        readAll(log, log.from, { guilds: new Set([guildId]), events: null, guildless: false })
      expect(await read('1')).toEqual([{ ...entry, position: log.to }])
      expect(await read('2')).toEqual([])
      expect(await readAll(log, log.from)).toHaveLength(1)
    })

    it('reads in pages bounded by entries and bytes, and says how far it has read', async () => {
      await using given = await open()
      const { log, dispatch } = given
      const filter = { ...ALL_ENTRIES, guilds: new Set(['1']) }
      await log.append(
        ['1', '2', '1', '1', '2'].map((guildId) => dispatch(guildId, { payload: `"${'x'.repeat(98)}"` })),
      )
      const start = log.from
      const byCount = await log.read(start, { filter, limit: 2, maxBytes: MUCH })
      expect(byCount.entries).toHaveLength(2)
      const byBytes = await log.read(start, { filter, limit: 10, maxBytes: 250 })
      expect(byBytes.entries).toEqual(byCount.entries)
      const atLeastOne = await log.read(start, { filter, limit: 10, maxBytes: 1 })
      expect(atLeastOne.entries).toHaveLength(1)
      const rest = await log.read(byCount.through, { filter, limit: 10, maxBytes: MUCH })
      expect(rest).toMatchObject({ entries: [{ guildId: '1' }], through: log.to })
      expect(await log.read(log.to, { filter, limit: 10, maxBytes: MUCH })).toEqual({ entries: [], through: log.to })
    })

    it('stores an entry of a session once', async () => {
      await using given = await open()
      const { log, clock, dispatch } = given
      expect(log.sequence(0, 'a')).toBeNull()
      const append = async (...entries: NewLogEntry[]) => (await log.append(entries)).length
      expect(await append({ ...dispatch('1'), ...session(1) }, { ...dispatch('1'), ...session(2) })).toBe(2)
      expect(log.sequence(0, 'a')).toBe(2)
      expect(await append({ ...dispatch('1'), ...session(2) }, { ...dispatch('1'), ...session(3) })).toBe(1)
      expect(await append({ ...dispatch('1'), ...session(5) }, { ...dispatch('1'), ...session(5) })).toBe(1)
      expect(await append({ ...dispatch('1'), ...session(4) })).toBe(0)
      expect(log.sequence(0, 'a')).toBe(5)
      expect(await append({ ...dispatch('1'), ...session(1, 'b') }, { ...dispatch('1'), ...session(1, 'a', 1) })).toBe(
        2,
      )
      expect([log.sequence(0, 'a'), log.sequence(0, 'b'), log.sequence(1, 'a')]).toEqual([5, 1, 1])
      expect(await append(dispatch('1'), dispatch('1'))).toBe(2)
      expect([...log.lastHeard]).toEqual([
        [0, { sessionId: 'b', ts: START }],
        [1, { sessionId: 'a', ts: START }],
      ])
      clock.now += 1_000
      expect(await append({ ...dispatch('1'), ...session(6) })).toBe(1)
      expect(log.lastHeard.get(0)).toEqual({ sessionId: 'a', ts: START + 1_000 })
      const read = await readAll(log, log.from)
      expect(read).toHaveLength(9)
      for (const entry of read) expect(entry).not.toHaveProperty('session')
    })

    it('does not take what is replayed for news of that moment', async () => {
      await using given = await open()
      const { log, dispatch } = given
      const heard = (sequence: number, ts: number, replayed: boolean): NewLogEntry => ({
        ...dispatch('1', { ts: START + ts }),
        session: { shardId: 0, sessionId: 'a', sequence, replayed },
      })
      const until = () => log.lastHeard.get(0)?.ts
      await log.append([heard(1, 100, false)])
      await log.append([heard(2, 900, true), heard(3, 950, true)])
      expect([until(), log.sequence(0, 'a')]).toEqual([START + 100, 3])
      await log.append([heard(4, 970, true), heard(5, 980, false), heard(6, 990, true)])
      expect([until(), log.sequence(0, 'a')]).toEqual([START + 980, 6])
    })

    it('forgets the oldest by age, and says so to who comes from there', async () => {
      await using given = await open({ maxAgeMs: 1_000 })
      const { log, clock, idAt, dispatch } = given
      const [first] = await log.append([dispatch('1')])
      clock.now += 600
      const [second] = await log.append([dispatch('1')])
      expect(log.locate(idAt(log.from))).toMatchObject({ at: 'here' })
      const start = log.from
      clock.now += 600
      const [third] = await log.append([dispatch('2')])
      expect(log.locate(idAt(start))).toEqual({ at: 'expired' })
      expect(log.locate(idAt(first?.position ?? NaN))).toMatchObject({ at: 'here' })
      expect(log.from).toBe(first?.position)
      expect(log.size.entries).toBe(2)
      expect(await readAll(log, log.from)).toEqual([second, third])
      await expect(log.read(start, { filter: ALL_ENTRIES, limit: 1, maxBytes: 1 })).rejects.toThrow(RangeError)
      clock.now += 5_000
      await log.append([dispatch('2')])
      expect(await readAll(log, log.from)).toHaveLength(1)
    })

    it('forgets the oldest by bytes', async () => {
      await using given = await open({ maxBytes: 20_000 })
      const { log, dispatch } = given
      const payload = `"${'é'.repeat(500)}"`
      for (let index = 0; index < 100; index++) await log.append([dispatch(`${index % 3}`, { payload })])
      expect(log.size.bytes).toBeLessThanOrEqual(20_000)
      expect(log.size.entries).toBeGreaterThan(5)
      expect(log.size.entries).toBeLessThanOrEqual(20)
      expect(log.to).toBe(log.from + log.size.entries)
      expect(await readAll(log, log.from)).toHaveLength(log.size.entries)
      const one = await readAll(log, log.from, { ...ALL_ENTRIES, guilds: new Set(['1']) })
      expect(one.length).toBeGreaterThan(0)
      for (const { position } of one) expect(position).toBeGreaterThan(log.from)
    })

    it('knows where an id stands', async () => {
      await using given = await open()
      const { log, idAt, dispatch } = given
      await log.append([dispatch('1'), dispatch('2')])
      expect(log.locate(idAt(log.to))).toEqual({ at: 'here', position: log.to })
      expect(log.locate(idAt(log.to + 1))).toEqual({ at: 'ahead', position: log.to + 1 })
      for (const foreign of [`other-${log.to}`, '', 'x', `${log.epoch}-`, `${log.epoch}--1`, `${idAt(1)}\n`]) {
        expect(log.locate(foreign)).toEqual({ at: 'foreign' })
      }
    })

    it('knows where a backlog of some length begins', async () => {
      await using given = await open()
      const { log, clock, dispatch } = given
      expect(log.positionBefore(0)).toBe(log.from)
      const positions: number[] = []
      for (let index = 0; index < 5; index++) {
        const [stored] = await log.append([dispatch('1')])
        positions.push(stored?.position ?? NaN)
        clock.now += 1_000
      }
      expect(log.positionBefore(0)).toBe(positions[4])
      expect(log.positionBefore(1_000)).toBe(positions[4])
      expect(log.positionBefore(1_001)).toBe(positions[3])
      expect(log.positionBefore(60_000)).toBe(log.from)
    })

    it('knows when the entry next after a position was received', async () => {
      await using given = await open()
      const { log, clock, dispatch } = given
      expect(log.receivedAfter(log.from)).toBeNull()
      const first = clock.now
      const [one] = await log.append([dispatch('1')])
      clock.now += 1_000
      await log.append([dispatch('2')])
      expect(log.receivedAfter(log.from)).toBe(first)
      expect(log.receivedAfter(one?.position ?? NaN)).toBe(first + 1_000)
      expect(log.receivedAfter(log.to)).toBeNull()
    })

    it('mirrors another log: its epoch, its place, its positions with their holes', async () => {
      await using given = await open()
      const { log, dispatch } = given
      await log.append([{ ...dispatch('1'), ...session(7) }])
      await log.reset({ epoch: 'followed', position: 40 })
      expect(log).toMatchObject({ epoch: 'followed', from: 40, to: 40, size: { entries: 0 } })
      expect(log.sequence(0, 'a')).toBeNull()
      expect(await readAll(log, 40)).toEqual([])
      const at = (position: number): NewLogEntry => ({ ...dispatch('1'), position })
      await log.append([at(41), at(50), { ...dispatch('2'), position: 51 }])
      expect(log.to).toBe(51)
      const guild = { ...ALL_ENTRIES, guilds: new Set(['1']) }
      expect(await readAll(log, 45, guild)).toMatchObject([{ position: 50 }])
      expect(log.locate('followed-45')).toEqual({ at: 'here', position: 45 })
      expect(log.locate('followed-39')).toEqual({ at: 'expired' })
      expect(log.locate('followed-52')).toEqual({ at: 'ahead', position: 52 })
    })

    it('refuses a mirrored position that is not above the last, and with it the whole append', async () => {
      await using given = await open()
      const { log, dispatch } = given
      await log.reset({ epoch: 'followed', position: 40 })
      const at = (position: number): NewLogEntry => ({ ...dispatch('1'), position })
      for (const positions of [[40], [41, 41], [50, 49], [41, 1.5], [41, Number.MAX_SAFE_INTEGER + 1]]) {
        await expect(log.append(positions.map(at))).rejects.toThrow(RangeError)
      }
      await expect(log.append([{ ...at(41), ...session(3) }, at(2)])).rejects.toThrow(RangeError)
      expect(log).toMatchObject({ from: 40, to: 40, size: { entries: 0 } })
      expect(log.sequence(0, 'a')).toBeNull()
      await log.append([at(41)])
      expect(log.to).toBe(41)
    })

    it('can be told that a mirrored log has come further without an entry for it', async () => {
      await using given = await open()
      const { log, idAt, dispatch } = given
      await log.reset({ epoch: 'followed', position: 40 })
      await log.advance(60)
      expect(log).toMatchObject({ from: 40, to: 60 })
      expect(log.locate(idAt(60))).toEqual({ at: 'here', position: 60 })
      expect(await readAll(log, 40)).toEqual([])
      await log.advance(50)
      expect(log.to).toBe(60)
      await log.append([{ ...dispatch('1'), position: 61 }])
      expect(await readAll(log, 60)).toMatchObject([{ position: 61 }])
    })
  })
}
