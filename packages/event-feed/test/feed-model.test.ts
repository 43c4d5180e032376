import { setImmediate as nextTurn } from 'node:timers/promises'
import { parseEventId } from '@repo/discord-integration/types'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EventFeed, GuildState, MemoryLog, passes } from '../src/index.ts'
import type { EntryFilter, FeedItem, LogEntry, NewLogEntry } from '../src/index.ts'
import { Clock } from './clock.ts'
import { Consumer, Place } from './consumer.ts'
import { dispatchOf } from './dispatches.ts'

/** Far more than anyone needs to read what there is. */
const MANY_TURNS = 1_000

const GUILDS = ['1', '2', '3', '__proto__']

const filter: fc.Arbitrary<EntryFilter> = fc.record({
  guilds: fc.option(fc.subarray(GUILDS, { minLength: 1 }).map((ids) => new Set(ids))),
  events: fc.constant(null),
  guildless: fc.boolean(),
})

const anything = fc.oneof(
  { weight: 12, arbitrary: dispatchOf(...GUILDS) },
  {
    weight: 1,
    arbitrary: fc.constant({ event: 'MESSAGE_CREATE', guildId: null, payload: { id: '1', channel_id: '2' } }),
  },
  { weight: 1, arbitrary: fc.constant('gap' as const) },
)

const which = fc.nat(5)
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('publish' as const), entries: fc.array(anything, { maxLength: 6 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('subscribe' as const), filter, backlog: fc.boolean(), place: fc.nat(3) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('fillPlace' as const), which: fc.nat(1) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('resumePlace' as const), which: fc.nat(1), full: fc.nat(3) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('fill' as const), which }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('resume' as const), which, full: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reconnect' as const), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('announce' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const), epoch: fc.constantFrom('f', 'g', 'h') }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), turns: fc.nat(3) }) },
)

function newEntry(given: { event: string; guildId: string | null; payload: unknown } | 'gap', ts: number): NewLogEntry {
  if (given === 'gap') return { kind: 'gap', reason: 'upstream', shard: null, fromTs: 1, toTs: 2, ts }
  return { kind: 'dispatch', event: given.event, guildId: given.guildId, payload: JSON.stringify(given.payload), ts }
}

function copyOf(state: GuildState): GuildState {
  const copy = new GuildState()
  for (const id of state.guildIds()) copy.apply('GUILD_CREATE', id, JSON.parse(state.guildCreateText(id) ?? ''))
  for (const id of state.unavailableGuilds) copy.apply('GUILD_DELETE', id, { id, unavailable: true })
  return copy
}

function guildsOf(state: GuildState, { guilds }: EntryFilter) {
  const ids = [...state.guildIds(), ...state.unavailableGuilds].filter((id) => !guilds || guilds.has(id)).sort()
  return ids.map((id) => state.guildCreate(id) ?? id)
}

/** Log entries, by the id they were told with. */
function placeOf(item: FeedItem): { epoch: string; position: number } | null {
  if (item.kind === 'guild' || (item.kind === 'sync' && item.data.state !== 'gap')) return null
  const id = item.kind === 'entry' ? item.id : item.data.id
  return id === null || id === undefined ? null : parseEventId(id)
}

/**
 * Between one place and the next at which a consumer can stand, it was told exactly what the journal has there. A
 * snapshot's backlog ends at its `live`; what it was told before needs no beginning.
 */
function checkTold(items: readonly FeedItem[], isDue: (entry: LogEntry) => boolean, journal: Map<string, LogEntry[]>) {
  let stands: { epoch: string; position: number } | null = null
  let inSnapshot = false
  for (const item of items) {
    if (item.kind === 'sync' && item.data.state === 'snapshot') {
      inSnapshot = true
      stands = null
    }
    const place = placeOf(item)
    const live = item.kind === 'sync' && item.data.state === 'live' ? parseEventId(item.data.id ?? '') : null
    const next = place ?? live
    if (!next) continue
    if (stands) {
      const { position } = stands
      const due = (journal.get(next.epoch) ?? []).filter(isDue)
      const between = due.filter((entry) => entry.position > position && entry.position < next.position)
      expect(stands.epoch).toBe(next.epoch)
      expect(between.map((entry) => entry.position)).toEqual([])
      if (place) expect(place.position).toBeGreaterThan(position)
      else expect(next.position).toBeGreaterThanOrEqual(position)
      if (live && live.position > position) expect(due.some((entry) => entry.position === live.position)).toBe(false)
    }
    if (place) {
      const told = journal.get(place.epoch)?.find((entry) => entry.position === place.position)
      expect(told && isDue(told)).toBe(true)
      if (item.kind === 'entry') expect(item.entry).toEqual(told)
    }
    if (live || place || !inSnapshot) stands = next
    if (live) inSnapshot = false
  }
}

describe('a feed and its consumers, at random', () => {
  it('loses nothing, tells nothing twice, and everyone ends in the same state', async () => {
    let [resumed, lagged, told] = [0, 0, 0]
    const steps = fc.array(step, { minLength: 5, maxLength: 50 })
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1_500, max: 20_000 }), async (given, maxBytes) => {
        const clock = new Clock()
        const log = new MemoryLog({ maxAgeMs: 1e9, maxBytes, now: clock.now, epoch: 'e' })
        const feed = new EventFeed({ log, timers: clock, pageBytes: 150, pageEntries: 3 })
        const journal = new Map<string, LogEntry[]>()
        const append = log.append.bind(log)
        log.append = async (entries) => {
          const stored = await append(entries)
          journal.set(log.epoch, [...(journal.get(log.epoch) ?? []), ...stored])
          return stored
        }
        const consumers: { consumer: Consumer; filter: EntryFilter }[] = []
        const pick = (index: number) => consumers[index % consumers.length]?.consumer
        // Some write to a place of their own, some to one that is another's too.
        const places = [new Place(), new Place()]
        const waiting: Promise<unknown>[] = []
        let position = 0
        for (const now of given) {
          switch (now.do) {
            case 'publish':
              waiting.push(...now.entries.map((one) => feed.publish(newEntry(one, clock.ms))))
              break
            case 'subscribe':
              consumers.push({
                filter: now.filter,
                consumer: new Consumer(
                  feed,
                  { filter: now.filter, ...(now.backlog && { backlogMs: 1e6 }) },
                  places[now.place] ?? null,
                ),
              })
              break
            case 'fill':
              if (consumers.length > 0) Object.assign(pick(now.which) ?? {}, { full: true })
              break
            case 'fillPlace':
              Object.assign(places[now.which] ?? {}, { full: true })
              break
            case 'resumePlace':
              places[now.which]?.resume(now.full === 0 ? false : now.full)
              break
            case 'resume':
              pick(now.which)?.resume(now.full === 0 ? false : now.full)
              break
            case 'reconnect':
              pick(now.which)?.reconnect(feed)
              break
            case 'announce':
              waiting.push(feed.announcePositions())
              break
            case 'restart':
              position += 1_000
              await Promise.all(waiting)
              // A place is never used twice.
              if (!journal.has(now.epoch)) {
                waiting.push(feed.restart({ epoch: now.epoch, position }, copyOf(feed.state), 'upstream'))
              }
              break
            case 'wait':
              for (let turn = 0; turn < now.turns; turn++) await nextTurn()
          }
        }
        await Promise.all(waiting)
        for (const place of places) place.resume()
        for (const { consumer } of consumers) consumer.resume()
        const isThere = () => consumers.every(({ consumer }) => consumer.isLive && consumer.subscription.lag === 0)
        for (let turn = 0; !isThere(); turn++) {
          expect(turn).toBeLessThan(MANY_TURNS)
          await nextTurn()
        }
        for (const { consumer, filter: wanted } of consumers) {
          expect(guildsOf(consumer.state, wanted)).toEqual(guildsOf(feed.state, wanted))
          checkTold(consumer.items, (one) => passes(one, wanted), journal)
          resumed += consumer.said.filter((what) => what === 'resumed').length
          lagged += consumer.said.filter((what) => what === 'snapshot lagged').length
          told += consumer.positions.length
        }
        expect(places.map(({ isOverfilled }) => isOverfilled)).toEqual([false, false])
        await feed.close()
      }),
      { numRuns: 600 },
    )
    // The runs came across what they are there to come across.
    for (const count of [resumed, lagged, told]) expect(count).toBeGreaterThan(10)
  }, 60_000)
})
